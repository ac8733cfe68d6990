package discuss

import (
	"cmp"
	"context"
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// Text is what the domain needs of the markup room.
type Text struct {
	// Clean normalises a body; Render makes safe HTML of it.
	Clean  func(body string) (string, error)
	Render func(ctx context.Context, body string) (string, error)
	// Plain is the text that readers see of a comment, spoilers covered.
	Plain func(html string) string
	// Words reads what somebody looks for.
	Words func(text string) Words
	// Images are the ids of images that a body names; RenderWith makes HTML of one
	// that may show these. nil: no text shows any.
	Images     func(body string) []string
	RenderWith func(ctx context.Context, body string, images []Image) (string, error)
	// Name normalises a display name, Skeleton folds look-alikes together.
	Name     func(name string) (string, error)
	Skeleton func(name string) string
	// Mentions are the names that each mention of rendered text may mean, the longest
	// first; LinkMentions makes links of those that mean somebody. Nil: none do.
	Mentions     func(html string) [][]string
	LinkMentions func(html string, people []Mentioned) string
	// Reserved reports that a guest may not have a name, which staff have or
	// which is one of those given.
	Reserved func(name string, more ...string) bool
}

// Service is the verbs. Each checks who asks, then makes one change or reads.
type Service struct {
	Store Store
	Text  Text
	// Draw makes an image of a file that somebody has sent; Alike says whether two
	// look the same.
	Draw  func(ctx context.Context, raw []byte) (Image, []byte, error)
	Alike func(a, b uint64) bool
	// Seal makes a secret of a site's settings unreadable but for whoever has the
	// key; nil keeps it as it is.
	Seal func(site ID, text string) string
	// Gate judges what is written. Nil publishes everything but what the mode holds.
	Gate Gate
	// Carries fetches a page of a site's and reports whether it has our tag for a
	// thread; nil: no page is fetched.
	Carries func(ctx context.Context, site Site, key, page string) (bool, error)
	// Network hashes an address, so that accounts of one network can be told
	// without keeping it, and gives its prefix; nil keeps nothing.
	Network func(ip netip.Addr) (hash []byte, prefix string)
	// NetworkHashes are all that an address's network is known by while its
	// hashes are kept: their key changes.
	NetworkHashes func(ctx context.Context, ip netip.Addr) ([][]byte, error)
}

// Gate judges comments before they are stored.
type Gate interface {
	// Read is the part that needs the text alone. It runs before the write and may take its time.
	Read(ctx context.Context, site Site, body, html string) (Reading, error)
	// Judge is called inside the write: it must not wait for anything.
	Judge(Case, Reading) Judgement
	// Check says what is wrong with words and rules; the error names the entry.
	Check(Policy) error
	// Train takes decisions in; Forget drops what is kept of a site, to be read again.
	Train(site ID, examples []TrainingExample)
	Forget(site ID)
}

// Reading is what a text says by itself.
type Reading struct {
	Policy      int64 // version of words and rules that read it
	Findings    []Finding
	Fingerprint int64 // equal for texts that are the same but for case, spacing and look-alikes; 0 for short ones
	Links       int
}

// Draft is what a stranger may say about a comment of his.
type Draft struct {
	ThreadKey, URL, Title string
	Parent                ID
	Body                  string
	GuestName             string // with it, a signed-out person writes as a guest
	GuestMark             []byte // hash of what a guest's browser holds: it and the name are who they are; nil for programs
	GuestEmail            string // where a guest wants to hear of answers; "" nowhere
	IP                    netip.Addr
	Agent                 string // of the browser, for outside services
	Team                  bool   // under the name of the site's team, by one of its staff
	Proof                 string // answer to a Puzzle; "" none
	Mentions              []Chosen

	images  []Image  // that the body shows
	illegal []string // of those, what was found to be illegal before

	network []byte // hash and prefix of the IP's network
	prefix  string
}

// Once makes a request happen once: see Service.Post.
type Once struct {
	Key    string // "" to do without
	Digest []byte // of the request's body
}

// Post puts a comment into a site's thread, which it makes if this is the
// first. It returns the comment, or the one that an earlier request with the same
// key by the same person has made, as it is by now. Errors name the field.
func (s *Service) Post(ctx context.Context, site Site, who Actor, d Draft, once Once) (made Comment, again bool, err error) {
	if !who.SignedIn() && d.GuestName == "" {
		return Comment{}, false, ErrSignedOut
	}
	guest := ""
	if !who.SignedIn() {
		name, err := s.Text.Name(d.GuestName)
		if err != nil {
			return Comment{}, false, err
		}
		guest = name
	}
	if len(once.Key) > MaxIdempotencyBytes || !utf8.ValidString(once.Key) || strings.ContainsFunc(once.Key, unicode.IsControl) {
		return Comment{}, false, Bad("Idempotency-Key", "must be at most 64 characters of UTF-8, without control characters")
	}
	actor := "guest " + guest // two guests have keys of their own
	if who.SignedIn() {
		actor = who.Account.String()
	}
	if once.Key != "" { // what was answered stays answered, whatever the site allows by now
		was, ok, err := s.Store.Remembered(ctx, site.ID, actor, once.Key)
		if err != nil || ok && string(was.Digest) != string(once.Digest) {
			return Comment{}, false, cmp.Or(err, error(ErrKeyReused))
		}
		if ok {
			made, err = s.Store.CommentByID(ctx, was.Comment)
			return made, true, err
		}
	}
	if !who.SignedIn() && !site.Settings.TakesGuests() {
		return Comment{}, false, ErrSignedOut
	}
	if d.ThreadKey == "" || len(d.ThreadKey) > MaxKeyBytes || !utf8.ValidString(d.ThreadKey) || hasControl(d.ThreadKey) {
		return Comment{}, false, Bad("thread", "must be a key of 1 to 2048 bytes without control characters")
	}
	body, html, images, err := s.text(ctx, site, who, 0, d.Body)
	if err != nil {
		return Comment{}, false, err
	}
	if err := s.mayBegin(ctx, site, who, d.ThreadKey, d.URL); err != nil {
		return Comment{}, false, err
	}
	read, err := s.read(ctx, site, body, html)
	if err != nil {
		return Comment{}, false, err
	}
	found, illegal, err := s.known(ctx, images)
	if err != nil {
		return Comment{}, false, err
	}
	if found != nil {
		read.Findings = append(read.Findings, *found)
	}
	d.images, d.illegal = images, illegal
	if s.Network != nil && d.IP.IsValid() {
		d.network, d.prefix = s.Network(d.IP)
	}
	var first ID // what an earlier request has made
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		first = 0
		if once.Key != "" {
			was, ok, err := r.Recall(site.ID, actor, once.Key)
			if err != nil {
				return nil, err
			}
			if ok {
				if string(was.Digest) != string(once.Digest) {
					return nil, ErrKeyReused
				}
				first = was.Comment
				return nil, nil
			}
		}
		if made, err = s.insert(r, &ch, site, who, guest, d, body, html, read); err != nil {
			return nil, err
		}
		if once.Key != "" {
			ch.Add(Remember{Site: site.ID, Actor: actor, Key: once.Key, Answer: Remembered{Digest: once.Digest, Comment: made.ID}})
		}
		return ch, nil
	})
	if err == nil && first != 0 {
		made, err = s.Store.CommentByID(ctx, first)
	}
	return made, first != 0, err
}

// insert decides about a new comment: whether it may stand there, how it
// stands, and what it owes.
func (s *Service) insert(r Reader, ch *Changes, site Site, who Actor, guest string, d Draft, body, html string, read Reading) (Comment, error) {
	author, err := s.author(r, ch, site, who, guest, string(d.GuestMark))
	if err != nil {
		return Comment{}, err
	}
	who.Author = author
	if err := checkBanned(r, site, who, d.IP); err != nil {
		return Comment{}, err
	}
	if err := requireTier(site, who, author); err != nil {
		return Comment{}, err
	}
	if err := requireWarningsRead(r, site, who, author); err != nil {
		return Comment{}, err
	}
	if err := requireAgreed(r, site, who); err != nil {
		return Comment{}, err
	}
	th, err := r.ThreadByKey(site.ID, d.ThreadKey)
	fresh := KindOf(err) == NotFound && d.Parent == 0
	if fresh {
		th, err = Thread{ID: r.NextID(), SiteID: site.ID, Key: d.ThreadKey, State: Open, Created: r.Now()}, nil
	}
	if err != nil {
		if KindOf(err) == NotFound {
			err = Bad("parent_id", "is not a comment of this thread")
		}
		return Comment{}, err
	}
	at := th
	if at.URL == "" {
		at.URL = d.pageName(site).URL // the page says where it is before the thread knows
	}
	told := pathOf(d.pageName(site).URL) // one key may stand on many pages: this one counts too
	if at.StateAt(site, r.Now()) != Open || site.Settings.ClosedPath(told) {
		return Comment{}, ErrThreadClosed
	}
	c := Comment{
		ID: r.NextID(), SiteID: site.ID, ThreadID: th.ID, Author: author, Body: body, HTML: html, Created: r.Now(), Fingerprint: read.Fingerprint,
	}
	c.Root = c.ID
	if d.Parent != 0 {
		p, err := parent(r, th, d.Parent)
		if err != nil {
			return Comment{}, err
		}
		c.Parent, c.Root, c.Depth, c.ToName = p.ID, p.Root, p.Depth+1, p.Author.Name
	}
	j, err := s.judge(r, site, th, who, c, d, read)
	if err != nil {
		return Comment{}, err
	}
	c.Status, c.Risk, c.Trace = j.Status, j.Risk, j.Trace
	if d.Team { // judged as who has written it, whom the audit log keeps
		if c.Author, err = asTeam(r, site, who); err != nil {
			return Comment{}, err
		}
		ch.Add(Entry{Site: site.ID, Actor: author, Action: "as team", Kind: "comment", Target: c.ID})
	}
	if !c.Author.Guest { // the first answer says what every later one does
		more := 0
		if c.Status == Published {
			more = 1
		}
		if c.Author.Badges, err = r.BadgesOf(c.Author, th.Key, more); err != nil {
			return Comment{}, err
		}
	}
	if c.Network = d.network; c.Network != nil {
		ch.Add(SeenOn{Author: author.ID, Hash: d.network, Prefix: d.prefix})
	}
	if fresh {
		ch.Add(NewThread{th})
	}
	var shows Changes
	if c.HTML, err = s.show(r, &shows, site, c, d.images, d.illegal); err != nil {
		return c, err
	}
	var people []Mentioned
	if c.HTML, people, err = s.mentions(r, site, c, d.Mentions); err != nil { // once it is judged: these links are ours
		return Comment{}, err
	}
	add := NewComment{Comment: c}
	if c.Author.Guest {
		add.GuestMark = d.GuestMark
	}
	ch.Add(add)
	ch.Add(shows...)
	addMentions(ch, c.ID, people)
	nameThread(ch, th, c, d.pageName(site))
	if err := owe(r, ch, site, c, j, d, len(people) > 0); err != nil {
		return Comment{}, err
	}
	if c.Status != Published {
		ch.Add(Hint{Site: site.ID, Type: HintWaiting, Subject: c.ID})
		return c, nil
	}
	ch.Add(c.event(CommentCreated, r), Hint{Site: site.ID, Type: HintPublished, Subject: c.ID})
	return c, nil
}

// parent finds the comment of a thread that a new one answers.
func parent(r CommentReader, th Thread, id ID) (Comment, error) {
	p, err := r.Comment(id)
	switch {
	case KindOf(err) == NotFound || err == nil && p.ThreadID != th.ID:
		return p, Bad("parent_id", "is not a comment of this thread")
	case err == nil && p.Status != Published:
		return p, ErrParentRemoved
	}
	return p, err
}

// event is a change of a comment, as readers are told of it.
func (c Comment) event(t EventType, at Moment) Event {
	return Event{ThreadID: c.ThreadID, Type: t, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: at.Now()}
}

func (s *Service) author(r Reader, ch *Changes, site Site, who Actor, guest, mark string) (Author, error) {
	if guest == "" {
		return member(r, ch, site, who)
	}
	if cleantext.Address(guest) {
		return Author{}, Bad("guest.name", "must be a name, not an address")
	}
	if s.Text.Reserved != nil && s.Text.Reserved(guest, site.Name) {
		return Author{}, Bad("guest.name", "is kept for those who run the site; please choose another")
	}
	taken, err := r.NameTaken(site.ID, s.Text.Skeleton(guest))
	if err != nil {
		return Author{}, err
	}
	if taken {
		return Author{}, Bad("guest.name", "belongs to a member of this site, or looks like it")
	}
	a, err := r.Guest(site.ID, guest, mark)
	if KindOf(err) == NotFound {
		a, err = Author{ID: r.NextID(), SiteID: site.ID, Name: guest, Role: Member, Guest: true, Mark: mark}, nil
		ch.Add(NewGuest{a})
	}
	return a, err
}

// text checks and renders a body under the site's limits, with the images that it
// shows: those of a comment's own, or for 0 of a new one's author.
func (s *Service) text(ctx context.Context, site Site, who Actor, of ID, body string) (clean, html string, images []Image, err error) {
	clean, err = s.Text.Clean(body)
	if err != nil {
		return "", "", nil, err
	}
	if !cleantext.Enough(clean) {
		return "", "", nil, Bad("body", "is too short: at least 2 characters")
	} else if n := utf8.RuneCountInString(clean); n > site.Settings.MaxRunes {
		return "", "", nil, Bad("body", "is too long for this site")
	}
	if images, err = s.pictured(ctx, site, who, of, clean); err != nil {
		return "", "", nil, err
	}
	if len(images) == 0 {
		html, err = s.Text.Render(ctx, clean)
		return clean, html, nil, err
	}
	html, err = s.Text.RenderWith(ctx, clean, images)
	return clean, html, shown(html, images), err
}
