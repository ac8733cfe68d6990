package discuss

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"unicode/utf8"
)

// Bounds of a search by readers.
const (
	MaxSearchRunes = 200
	MaxFound       = 50 // in one answer
	// searchNewest is how many of the newest comments are read one by one: what is
	// written often is found among them. Only what is not goes to the index of
	// words, where it stands seldom: so neither grows with what there is.
	searchNewest = 1_000
	searchChunk  = 250
	// searchHits is how many that hold the words are looked at for one answer; who
	// wants more goes on from there.
	searchHits = 1_000
	hitsAtOnce = 100
	// searchNamed is of how many people of one name comments are looked for.
	searchNamed = 20
)

// Words is what is looked for in texts.
type Words interface {
	In(text string) bool
	// Marks says where it stands, in UTF-16 code units.
	Marks(text string) [][2]int
	// Words are how the index is asked.
	Words() string
	Empty() bool
}

// SearchQuery asks for published comments, newest first.
type SearchQuery struct {
	Site   ID
	Thread ID // 0: of the whole site
	Text   string
	After  Cursor
	Limit  int
}

// Found is a comment that holds what was looked for. Text is what readers see of
// it, without marks and with its spoilers covered.
type Found struct {
	Comment
	Text  string
	Marks [][2]int
}

// SearchScope is where a search looks: a site, or one of its threads, or what
// some people have written there.
type SearchScope struct {
	Site, Thread ID
	People       []ID // nil: everybody
}

// SearchStore reads what searches look at. All of it is published.
type SearchStore interface {
	// NewestIn returns comments after a place, newest first.
	NewestIn(ctx context.Context, in SearchScope, after Cursor, limit int) ([]Comment, error)
	// Holding returns at most limit comments older than a place that hold words, by the index, the last
	// that came first; last is that with which it ended, 0 if there are no more.
	Holding(ctx context.Context, in SearchScope, words string, place Cursor, limit int) (found []Comment, last ID, err error)
	// PeopleCalled returns people of a site who have published comments and in whose name a text stands.
	PeopleCalled(ctx context.Context, site ID, name, skeleton string, limit int) ([]ID, error)
}

// sought is a query read: words, and what else a comment must be.
type sought struct {
	words       Words
	from        string // in its author's name
	link, image bool
}

// Search finds what was published on a site or in one of its threads, newest
// first. Words in quotes belong together as a name does; from:name, has:link and
// has:image narrow. next is where it goes on: it may have found nothing so far.
func (s *Service) Search(ctx context.Context, q SearchQuery) (out []Found, next Cursor, err error) {
	if n := utf8.RuneCountInString(q.Text); n == 0 || n > MaxSearchRunes || !utf8.ValidString(q.Text) {
		return nil, next, Bad("q", "must be 1 to 200 characters")
	}
	want, err := s.sought(q.Text)
	if err != nil || want.words.Empty() && want.from == "" && !want.link && !want.image {
		return nil, next, err
	}
	in := SearchScope{Site: q.Site, Thread: q.Thread}
	if want.from != "" {
		skeleton := ""
		if s.Text.Skeleton != nil {
			skeleton = s.Text.Skeleton(want.from)
		}
		if in.People, err = s.Store.PeopleCalled(ctx, q.Site, want.from, skeleton, searchNamed); err != nil || len(in.People) == 0 {
			return nil, next, err
		}
	}
	rows, next, err := s.search(ctx, in, want, q)
	for _, c := range rows {
		text := s.Text.Plain(c.HTML)
		out = append(out, Found{c, text, want.words.Marks(text)})
	}
	return out, next, err
}

func (s *Service) search(ctx context.Context, in SearchScope, want sought, q SearchQuery) (out []Comment, next Cursor, err error) {
	place := q.After
	if place.Key >= 0 { // else the newest have been read before
		read := 0
		for read < searchNewest {
			rows, err := s.Store.NewestIn(ctx, in, place, searchChunk)
			if err != nil {
				return nil, next, err
			}
			for _, c := range rows {
				if read++; !want.in(c) {
					place = CursorAt(c, SortNewest, ViewFlat)
					continue
				}
				if len(out) == q.Limit {
					return out, place, nil
				}
				out = append(out, c)
				place = CursorAt(c, SortNewest, ViewFlat)
			}
			if len(rows) < searchChunk {
				return out, next, nil // that was all there is
			}
		}
		if in.People != nil || want.words.Empty() { // the index knows neither names nor links
			return out, place, nil
		}
		place = Cursor{Sort: SortNewest, Key: -place.Key, ID: maxID}
	}
	last := place.ID
	for seen := 0; last != 0 && seen < searchHits && len(out) <= q.Limit; seen += hitsAtOnce {
		hits, end, err := s.Store.Holding(ctx, in, want.words.Words(), Cursor{Sort: SortNewest, Key: -place.Key, ID: last}, hitsAtOnce)
		if err != nil {
			return nil, next, err
		}
		for _, c := range hits {
			if want.fits(c) {
				if len(out) == q.Limit {
					end = last // it begins the next answer
					out = append(out, c)
					break
				}
				out = append(out, c)
			}
			last = c.ID
		}
		last = end
	}
	out = out[:min(len(out), q.Limit)]
	if last != 0 {
		next = Cursor{Sort: SortNewest, Key: place.Key, ID: last}
	}
	slices.SortStableFunc(out, func(a, b Comment) int { return cmp.Or(b.Created.Compare(a.Created), cmp.Compare(b.ID, a.ID)) })
	return out, next, nil
}

// maxID is above every id.
const maxID = ID(1<<63 - 1)

func (w sought) in(c Comment) bool {
	return w.fits(c) && (w.words.Empty() || w.words.In(c.Body))
}

func (w sought) fits(c Comment) bool {
	return (!w.link || strings.Contains(c.HTML, "<a href=")) && (!w.image || strings.Contains(c.HTML, "<img "))
}

// sought reads a query.
func (s *Service) sought(text string) (out sought, err error) {
	var rest []string
	for _, w := range findWords(text) {
		name, value, ok := strings.Cut(w, ":")
		switch name = strings.ToLower(name); {
		case ok && name == "from" && value != "":
			out.from = strings.ToLower(value)
		case ok && name == "has" && value == "link":
			out.link = true
		case ok && name == "has" && value == "image":
			out.image = true
		case ok && (name == "has" || name == "from"):
			return out, Bad("q", "takes from: with a name, has:link and has:image")
		default:
			rest = append(rest, w)
		}
	}
	words := strings.Join(rest, " ")
	if strings.HasSuffix(text, " ") {
		words += " "
	}
	out.words = s.Text.Words(words)
	return out, nil
}
