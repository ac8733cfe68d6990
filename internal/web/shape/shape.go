// Package shape gives what the domain knows the form in which the outside sees
// it: each noun once, whoever answers with it.
package shape

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Shaper makes shapes. Base is the public address of this server, without an
// ending slash.
type Shaper struct {
	Base string
	Now  func() time.Time
	Key  []byte // with which addresses of images are signed for those who may see them before everybody does

	offers []string // reactions of the site that is spoken of
}

// On is s for what is said on a site: it tells of the reactions that the site offers.
func (s Shaper) On(site discuss.Site) Shaper {
	s.offers = site.Settings.Reactions
	return s
}

// Author is who wrote a comment.
type Author struct {
	ID     string   `json:"id"`
	Name   string   `json:"name"`
	Avatar string   `json:"avatar_url"`
	Badges []string `json:"badges"`
	Guest  bool     `json:"guest"`
}

// InReplyTo is the comment that another answers.
type InReplyTo struct {
	ID   string  `json:"id"`
	Name *string `json:"author_name"`
}

// Comment is a comment as its readers see it.
type Comment struct {
	ID       string     `json:"id"`
	Thread   string     `json:"thread_id"`
	Parent   *string    `json:"parent_id"`
	Root     string     `json:"root_id"`
	Depth    int        `json:"depth"`
	Author   *Author    `json:"author"`
	HTML     string     `json:"html"`
	Body     *string    `json:"body,omitempty"`    // to its author only
	Removal  *Removal   `json:"removal,omitempty"` // to its author, of one that moderators removed
	Held     string     `json:"held,omitempty"`    // to its author, of one that waits: "demoted" where much of his was removed of late, "night" where it is night
	Status   string     `json:"status"`
	Created  string     `json:"created_at"`
	Edited   *string    `json:"edited_at"`
	Up       int        `json:"up"`
	Down     int        `json:"down"`
	Count    int        `json:"reply_count"`
	Replies  []Comment  `json:"replies"`
	More     *string    `json:"replies_cursor"`
	Featured bool       `json:"featured"`
	Pinned   bool       `json:"pinned"`
	Low      bool       `json:"low"` // members' votes fold it
	To       *InReplyTo `json:"in_reply_to"`

	Reactions discuss.Reactions `json:"reactions"` // {} where the site has none
}

// Removal is what the author of a removed comment is told.
type Removal struct {
	Reason string `json:"reason"` // a clause's key, or what a moderator typed; "" where nobody said
	Public bool   `json:"public"` // readers could see it; else it was never published
	At     string `json:"decided_at"`
}

// Thread is what is said of a thread beside its comments.
type Thread struct {
	ID        string            `json:"id"`
	Key       string            `json:"key"`
	URL       string            `json:"url"`
	Title     string            `json:"title"`
	State     string            `json:"state"`
	Count     int               `json:"comment_count"`
	Seq       int64             `json:"seq"`
	Reactions discuss.Reactions `json:"reactions"`       // to the page; {} where the site has none
	Picks     bool              `json:"picks,omitempty"` // there are some, and they have a tab of their own
	Closes    *string           `json:"closes_at"`       // when it will close, or has; null: never, or nobody noted when

	ends time.Time // when it closes; zero if it does not, or has
}

// Until is when what t says stops being right by itself; zero: never.
func (t *Thread) Until() time.Time {
	if t == nil {
		return time.Time{}
	}
	return t.ends
}

// Site is what a widget needs to know of its site.
type Site struct {
	Key        string     `json:"key"`
	Name       string     `json:"name"`
	View       string     `json:"view"`
	Sort       string     `json:"sort"`
	Guests     bool       `json:"guests"`
	Ways       []auth.Way `json:"ways"`
	MaxLength  int        `json:"max_length"`
	EditWindow int        `json:"edit_window_seconds"`
	Votes      string     `json:"votes"` // "off" where readers react
	Reactions  []string   `json:"reactions,omitempty"`
	MaxDepth   int        `json:"max_depth"`
	Rules      string     `json:"rules_url"`
	Presence   *bool      `json:"presence,omitempty"`                      // false: readers are not shown how many of them there are
	Night      *Night     `json:"night"`                                   // in which comments on this page wait, the present or the next one; null where there is none
	Write      string     `json:"write,omitempty" enum:"members,tiers"`    // who may write, where not everyone may
	Subscribe  string     `json:"subscribe_url,omitempty"`                 // where a reader gets what it takes to write
	Images     string     `json:"images,omitempty" enum:"members,trusted"` // who may add images to comments; left out: nobody
	State      string     `json:"state,omitempty" enum:"closed,read_only"` // of a page that has no thread yet, where that takes no comments; read_only: the whole site is archived
}

// Night is a night and what waits in it.
type Night struct {
	Mode  string `json:"mode" enum:"newcomers,guests,links,all"`
	From  string `json:"from"`
	Until string `json:"until"`

	ends time.Time
}

// Ends is when the night ends; zero where there is none.
func (n *Night) Ends() time.Time {
	if n == nil {
		return time.Time{}
	}
	return n.ends
}

// NightOf is what a page says of the night; nothing where its thread has none.
func (s Shaper) NightOf(v discuss.Site, th discuss.Thread) *Night {
	from, until := discuss.NightOf(v, th, s.Now())
	if until.IsZero() {
		return nil
	}
	return &Night{v.Settings.Moderation.Night.Mode, Time(from), Time(until), until}
}

// Time is a moment as the API writes it, in milliseconds and UTC.
func Time(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// MaybeTime is Time, and null for none.
func MaybeTime(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	return Ptr(Time(t))
}

// Ptr is a pointer to a value, for what may be null.
func Ptr[T any](v T) *T { return &v }

// CommentOf is the public form. private adds the source, for its author and
// for moderators; then a removed comment keeps its text.
func (s Shaper) CommentOf(c discuss.Comment, private bool) Comment {
	out := Comment{
		ID: c.ID.String(), Thread: c.ThreadID.String(), Root: c.Root.String(), Depth: c.Depth, Status: string(c.Status),
		Created: Time(c.Created), Up: c.Up, Down: c.Down, Count: c.Replies, Featured: c.Featured, Pinned: c.Pinned, Low: c.Low && (c.Author.Role == discuss.Member || c.Author.Role == discuss.Auditor || c.Author.Role == ""), // votes fold nobody who works here
		Replies: make([]Comment, 0, len(c.Children)), Reactions: c.Reactions.Offered(s.offers),
	}
	if !c.Edited.IsZero() {
		out.Edited = Ptr(Time(c.Edited))
	}
	if c.Parent != 0 {
		out.Parent = Ptr(c.Parent.String())
		out.To = &InReplyTo{ID: *out.Parent}
		if c.ToName != "" {
			out.To.Name = Ptr(c.ToName)
		}
	}
	if c.Status == discuss.Published || private {
		out.HTML, out.Author = c.HTML, s.AuthorOf(c.Author)
	}
	if private && c.Status != discuss.Published {
		out.HTML = s.signed(out.HTML)
	}
	if private {
		out.Body, out.Held = Ptr(c.Body), held(c)
	}
	for _, k := range c.Children {
		out.Replies = append(out.Replies, s.CommentOf(k, false))
	}
	if n := len(c.Children); n < c.Kids {
		if n > 0 {
			out.More = Ptr(discuss.CursorAt(c.Children[n-1], discuss.SortOldest, discuss.ViewThreads).String())
		} else {
			out.More = Ptr("") // from the beginning
		}
	}
	return out
}

// RemovedOf is a removed comment as its author finds it again.
func (s Shaper) RemovedOf(r discuss.RemovedComment) Comment {
	out := s.CommentOf(r.Comment, true)
	out.Removal = &Removal{r.Reason, r.Public, Time(r.At)}
	return out
}

// held is why a comment waits, as far as that is about its author or the hour
// and no hint for how to get past a word list.
func held(c discuss.Comment) string {
	for _, f := range c.Trace.Findings {
		if c.Status == discuss.Pending && (f.Check == "demoted" || f.Check == "night") {
			return f.Check
		}
	}
	return ""
}

// Avatar is where an author's picture is: the account's, or one drawn for him.
// The address of a drawn one ends with the bytes that it is drawn from (see
// media.Identicon), so that the widget draws it itself and asks for none.
func (s Shaper) Avatar(a discuss.Author) string {
	if a.Avatar != "" {
		return s.Base + "/pictures/" + a.Avatar
	}
	seed := a.ID.String()
	sum := sha256.Sum256([]byte(seed))
	return s.Base + "/avatars/" + seed + ".svg#" + hex.EncodeToString(sum[:drawnFrom])
}

const drawnFrom = 3 // bytes: hue, petals, turn

// AuthorOf is the public form of an author.
func (s Shaper) AuthorOf(a discuss.Author) *Author {
	return &Author{ID: a.ID.String(), Name: a.Name, Avatar: s.Avatar(a), Badges: BadgesOf(a), Guest: a.Guest}
}

// BadgesOf are the badges of an author: of the role first. An admin is a moderator too: a
// widget of an earlier release knows no more than that.
func BadgesOf(a discuss.Author) []string {
	out := []string{}
	switch a.Role {
	case discuss.Admin:
		out = append(out, "admin", "moderator")
	case discuss.Moderator:
		out = append(out, "moderator")
	case discuss.Staff:
		out = append(out, "staff")
	}
	for _, b := range []struct {
		badge discuss.Badges
		name  string
	}{{discuss.BadgeAuthor, "author"}, {discuss.BadgeExpert, "expert"}, {discuss.BadgeSubscriber, "subscriber"}, {discuss.BadgeNewcomer, "newcomer"}} {
		if a.Badges.Has(b.badge) {
			out = append(out, b.name)
		}
	}
	return out
}

// CommentsOf is CommentOf of each.
func (s Shaper) CommentsOf(cs []discuss.Comment, private bool) []Comment {
	out := make([]Comment, 0, len(cs))
	for _, c := range cs {
		out = append(out, s.CommentOf(c, private))
	}
	return out
}

// ThreadOf says of a thread what holds now: one may be closed for its age.
func (s Shaper) ThreadOf(t discuss.Thread, site discuss.Site) *Thread {
	now := s.Now()
	out := &Thread{ID: t.ID.String(), Key: t.Key, URL: t.URL, Title: t.Title, State: string(t.StateAt(site, now)), Count: t.Count, Seq: t.Seq, Reactions: t.Reactions.Offered(site.Settings.Reactions)}
	if at := t.ClosesAt(site, now); !at.IsZero() {
		out.Closes = Ptr(Time(at))
		if now.Before(at) {
			out.ends = at
		}
	}
	return out
}

// SiteOf is a site as every page of it is told, with the ways to sign in there.
func (s Shaper) SiteOf(v discuss.Site, ways []auth.Way) *Site {
	set := v.Settings
	return &Site{v.Key, v.Name, string(set.View), string(set.Sort), set.TakesGuests(), ways, set.MaxRunes, set.EditSeconds, set.Vote(), set.Reactions, set.MaxDepth, set.Standards, hidden(set.Presence), s.NightOf(v, discuss.Thread{}), writes(set), set.Subscribe, set.Images, s.StateOf(v, "")}
}

// writes is who may write, where not everyone may.
func writes(v discuss.Settings) string {
	switch {
	case v.TiersOnly():
		return "tiers"
	case len(v.Write) > 0:
		return discuss.WriteMembers
	}
	return ""
}

// hidden is said where something is not shown, which is seldom: every reader pays for a byte of a page.
func hidden(shown bool) *bool {
	if shown {
		return nil
	}
	return &shown
}

// StateOf is what holds on a page of a site that has no thread yet; "" where
// that is open, which every page would have to be told.
func (s Shaper) StateOf(v discuss.Site, key string) string {
	if at := (discuss.Thread{Key: key, State: discuss.Open, Created: s.Now()}).StateAt(v, s.Now()); at != discuss.Open {
		return string(at)
	}
	return ""
}

// Cursor is null at the end of a list.
func Cursor(c discuss.Cursor) *string {
	if c.IsZero() {
		return nil
	}
	return Ptr(c.String())
}

// Warning is what a moderator of the site asks of a person.
type Warning struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	At   string `json:"created_at"`
}

// Warnings are notes that have to be acknowledged; none is an empty list.
func Warnings(list []discuss.Note) []Warning {
	out := []Warning{}
	for _, n := range list {
		out = append(out, Warning{n.ID.String(), n.Text, Time(n.At)})
	}
	return out
}

// Puzzle has the names of ALTCHA's first version, so that its solvers work.
type Puzzle struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	MaxNumber int    `json:"maxnumber"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
}

// User is who is signed in on a site.
type User struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Avatar string `json:"avatar_url"`
}

// Standards are a site's community standards.
type Standards struct {
	Version int     `json:"version"` // 0: Parley's own, in the reader's language
	URL     string  `json:"url"`     // where the site has them elsewhere; "" if not
	HTML    string  `json:"html"`
	Updated *string `json:"updated_at"`
}
