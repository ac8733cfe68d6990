package pages

import (
	"bytes"
	"context"
	"net/url"
	"unicode/utf16"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// hitPart is a piece of a text; what was looked for is marked.
type hitPart struct {
	Text   string
	Marked bool
}

// hit is a comment that was found, as the template shows it.
type hit struct {
	Name, Title, Link, When, Date string
	Parts                         []hitPart
}

// searchPage is what one search answers without a script.
type searchPage struct {
	W                        i18n.Words
	Site, Key, Q, Thread     string
	Problem, Next, Back, All string
	Asked                    bool
	Hits                     []hit
}

// search is /p/{site}?q=: what readers wrote on a site, or with thread on one
// page of it, newest first.
func (r Room) search(ctx context.Context, q *edge.Request, in standaloneIn) error {
	p := searchPage{W: r.Texts.Words(edge.Wanted(q.Ctx), "page"), Site: q.Site.Name, Key: q.Site.Key, Q: in.Q, Thread: string(in.Thread), Asked: in.Q != ""}
	if err := q.Door.Limits.Take("search", q.Door.ClientIP(q.Ctx)); err != nil {
		return err
	}
	query := discuss.SearchQuery{Site: q.Site.ID, Text: in.Q + " ", Limit: discuss.DefaultPageSize} // whoever sends a form has typed the last word
	if p.Thread != "" {
		p.Back = plainQuery{Thread: edge.ThreadKey(in.Thread)}.link()
		p.All = "?" + url.Values{"q": {in.Q}}.Encode()
		th, err := r.Discuss.Thread(ctx, q.Site.ID, p.Thread)
		if err != nil {
			return err
		}
		query.Thread = th.ID
	}
	var err error
	if query.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest); err != nil {
		return err
	}
	if p.Asked {
		if err := r.findHits(ctx, q.Site, query, &p); err != nil {
			de, err := refusal(err)
			if err != nil {
				return err
			}
			p.Problem = de.Detail
			if len(de.Fields) > 0 {
				p.Problem = de.Fields[0].Name + " " + de.Fields[0].Message
			}
			q.Status(edge.KindStatus[de.Kind])
		}
	}
	var b bytes.Buffer
	if err := documents.ExecuteTemplate(&b, "search.html", p); err != nil {
		return err
	}
	h := &q.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("X-Robots-Tag", "noindex")
	h.Set("Content-Security-Policy", q.Door.PageCSP(q.Site))
	h.SetContentType(edge.HTML)
	q.Response().SetBodyRaw(b.Bytes())
	return nil
}

// emptyPages is how many answers without a find one page looks through.
const emptyPages = 5

func (r Room) findHits(ctx context.Context, site discuss.Site, query discuss.SearchQuery, p *searchPage) error {
	for range emptyPages {
		found, next, err := r.Discuss.Search(ctx, query)
		if err != nil {
			return err
		}
		for _, f := range found {
			_, _, th, err := r.Discuss.Comment(ctx, f.ID)
			if discuss.KindOf(err) == discuss.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			p.Hits = append(p.Hits, hit{
				Name: f.Author.Name, Title: th.Called(site), Link: r.Shape.Base + "/c/" + f.ID.String(), When: shape.Time(f.Created), Date: plainTime(p.W, f.Created), Parts: parts(f),
			})
		}
		p.Next = ""
		if next.IsZero() {
			return nil
		}
		v := url.Values{"q": {p.Q}, "cursor": {next.String()}}
		if p.Thread != "" {
			v.Set("thread", p.Thread)
		}
		p.Next = "?" + v.Encode()
		if len(p.Hits) > 0 {
			return nil
		}
		query.After = next
	}
	return nil
}

// hitBefore and hitShown are how much of a text is shown, in UTF-16 code units.
const (
	hitBefore = 120
	hitShown  = 500
)

// parts cuts a text at its marks.
func parts(f discuss.Found) (out []hitPart) {
	units := utf16.Encode([]rune(f.Text))
	from := 0
	if len(f.Marks) > 0 && f.Marks[0][0] > hitBefore {
		from = f.Marks[0][0] - hitBefore
	}
	to := min(len(units), from+hitShown)
	add := func(a, b int, marked bool) {
		if b > a {
			out = append(out, hitPart{string(utf16.Decode(units[a:b])), marked})
		}
	}
	if from > 0 {
		out = append(out, hitPart{Text: "…"})
	}
	at := from
	for _, m := range f.Marks {
		if m[0] < at || m[1] > to {
			continue
		}
		add(at, m[0], false)
		add(m[0], m[1], true)
		at = m[1]
	}
	add(at, to, false)
	if to < len(units) {
		out = append(out, hitPart{Text: "…"})
	}
	return out
}
