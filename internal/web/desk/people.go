package desk

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type banShape struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind"`   // person, domain or range
	Person   string  `json:"person"` // id; "" where it meets a domain or a range
	Name     string  `json:"name"`
	What     string  `json:"what"` // domain or range
	Domain   string  `json:"email_domain"`
	Range    string  `json:"ip_range"`
	Reason   string  `json:"reason"`
	Until    *string `json:"until"` // null: for good
	Created  string  `json:"created_at"`
	By       string  `json:"by"`       // name of who set it; "" where that was not kept
	Instance bool    `json:"instance"` // it holds on every site of this server
}

// personShape is a person in the moderators' list.
type personShape struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Avatar    string    `json:"avatar_url"`
	Guest     bool      `json:"guest"`
	Role      string    `json:"role"`
	Badges    []string  `json:"badges"`
	Since     string    `json:"since"`
	Seen      *string   `json:"seen_at"`
	Level     string    `json:"level"`
	Trust     string    `json:"trust"` // given by hand: the level never falls under it
	Comments  int       `json:"comments"`
	Published int       `json:"published"`
	Approved  *float64  `json:"approved_share"` // of what people decided; null where nothing was
	Warnings  int       `json:"warnings"`
	Invited   bool      `json:"invited"`      // to a role, and the invitation is not answered yet
	Off       bool      `json:"switched_off"` // the account: it signs in nowhere, until a command switches it on again
	Via       string    `json:"via"`          // what people call the provider they last signed in with; "" for the site's own account and guests
	Ban       *banShape `json:"ban"`
}

type past struct {
	Comment string `json:"id"`
	Status  string `json:"status"`
	Text    string `json:"text"`
	At      string `json:"created_at"`
}

type note struct {
	Kind string  `json:"kind"`
	By   string  `json:"by"`
	Text string  `json:"text"`
	At   string  `json:"created_at"`
	Seen *string `json:"seen_at"`
}

type neighbour struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Seen   string `json:"seen_at"`
	Banned bool   `json:"banned"`
}

// personOut is everything that a moderator may know of a person.
type personOut struct {
	personShape
	Rejected   int         `json:"rejected"`
	Reports    int         `json:"reports"`                  // of the person's comments: open ones, and those that were right
	Dismissed  int         `json:"reports_dismissed"`        // of the person's comments: those that a decision did not agree with
	Discounted *string     `json:"reports_discounted_until"` // what the person reports counts for nothing until then; null: it counts
	Reported   int         `json:"reports_made"`
	Agreed     int         `json:"reports_agreed"`
	Demoted    bool        `json:"demoted"`
	ToMember   int         `json:"posts_to_member"` // still to be published until the next level
	Record     []past      `json:"record"`          // last 20, newest first
	Notes      []note      `json:"notes"`
	Neighbours []neighbour `json:"same_network"`
	Email      *string     `json:"email"` // null unless the caller may see it
	Networks   []string    `json:"networks"`
}

type people struct {
	People     []personShape `json:"people"`
	NextCursor *string       `json:"next_cursor"`
}

func (r Room) personOf(st discuss.Site, p discuss.Person) personShape {
	out := personShape{
		ID: p.ID.String(), Name: p.Name, Avatar: r.Shape.AuthorOf(p.Author).Avatar, Guest: p.Guest, Role: string(p.Role), Badges: shape.BadgesOf(p.Author), Since: shape.Time(p.Since),
		Level: levelNames[p.LevelAt(st, r.Now())], Trust: levelNames[p.Trust], Comments: p.Counts[""], Published: p.Record.Published, Warnings: p.Warnings, Invited: p.Invited, Off: p.Off,
	}
	if p.Via != "" {
		out.Via = r.Provider(p.Via)
	}
	if !p.Seen.IsZero() {
		out.Seen = shape.Ptr(shape.Time(p.Seen))
	}
	if share, ok := p.Approved(); ok {
		out.Approved = shape.Ptr(share)
	}
	if p.Ban != nil {
		out.Ban = banOf(*p.Ban)
	}
	return out
}

func banOf(b discuss.Ban) *banShape {
	out := &banShape{
		ID: b.ID.String(), Kind: b.Kind(), Name: b.Name, What: b.What(), Domain: b.Email, Reason: b.Reason, Created: shape.Time(b.Created),
		By: b.ByName, Instance: b.Site == 0,
	}
	if b.Range.IsValid() {
		out.Range = b.What()
	}
	if b.Author != 0 {
		out.Person = b.Author.String()
	}
	if !b.Until.IsZero() {
		out.Until = shape.Ptr(shape.Time(b.Until))
	}
	return out
}

// maxSearch is the size in bytes of what is searched for.
const maxSearch = 100

type peopleIn struct {
	Site   string `path:"site" json:"-"`
	Filter string `query:"filter" json:"-" enum:"new,staff,banned"`
	Search string `query:"q" json:"-" maxLength:"100"`
	Cursor string `query:"cursor" json:"-"`
	Limit  int    `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

func (in peopleIn) query(site discuss.ID) (q discuss.PeopleQuery, err error) {
	q = discuss.PeopleQuery{Site: site, Filter: in.Filter, Search: in.Search, Limit: in.Limit + 1}
	switch q.Filter {
	case "", "new", "staff", "banned":
	default:
		return q, discuss.Bad("filter", "must be new, staff or banned")
	}
	if len(q.Search) > maxSearch {
		return q, discuss.Bad("q", "must be at most 100 bytes")
	}
	q.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest)
	return q, err
}

// people is one page of the people of a site, last seen first.
func (r Room) people(ctx context.Context, q *edge.Request, in peopleIn) (people, error) {
	out := people{People: []personShape{}}
	query, err := in.query(q.Site.ID)
	if err != nil {
		return out, err
	}
	rows, err := r.Discuss.People(ctx, q.Who, query, r.Now())
	if err != nil {
		return out, err
	}
	rows, last := edge.Page(rows, in.Limit)
	if last != nil {
		key := 0.0
		if !last.Seen.IsZero() {
			key = float64(last.Seen.UnixMilli())
		}
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, Key: key, ID: last.ID})
	}
	for _, p := range rows {
		out.People = append(out.People, r.personOf(q.Site, p))
	}
	return out, nil
}

// person is one person with record, notes and the same network.
func (r Room) person(ctx context.Context, q *edge.Request, in oneIn) (personOut, error) {
	p, err := r.Discuss.Person(ctx, q.Site, q.Who, in.ID)
	if err != nil {
		return personOut{}, err
	}
	out := personOut{
		personShape: r.personOf(q.Site, p), Rejected: p.Counts[discuss.Rejected] + p.Counts[discuss.Spam], Reports: p.Reported, Dismissed: p.Dismissed, Reported: p.Record.Reports, Agreed: p.Record.Agreed,
		Demoted: p.Record.Demoted(r.Now()), ToMember: p.ToMember(q.Site),
		Record: []past{}, Notes: []note{}, Neighbours: []neighbour{}, Networks: []string{},
	}
	if p.Discounted.After(r.Now()) {
		out.Discounted = shape.Ptr(shape.Time(p.Discounted))
	}
	for _, v := range p.Last {
		out.Record = append(out.Record, past{v.Comment.String(), string(v.Status), markup.Plain(v.Text, shownOfPast), shape.Time(v.At)})
	}
	for _, n := range p.Notes {
		j := note{Kind: n.Kind, By: n.By, Text: n.Text, At: shape.Time(n.At)}
		if !n.Seen.IsZero() {
			j.Seen = shape.Ptr(shape.Time(n.Seen))
		}
		out.Notes = append(out.Notes, j)
	}
	for _, n := range p.Network {
		out.Neighbours = append(out.Neighbours, neighbour{n.ID.String(), n.Name, shape.Time(n.Seen), n.Banned})
	}
	if q.Who.May(discuss.ActAddress) {
		out.Email, out.Networks = &p.Email, append(out.Networks, p.Prefixes...)
	}
	return out, nil
}

// shownOfPast is how many characters of an earlier comment are shown.
const shownOfPast = 200

var levels = func() map[string]discuss.Level {
	out := map[string]discuss.Level{}
	for l, name := range levelNames {
		out[name] = l
	}
	return out
}()
