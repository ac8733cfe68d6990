package web

import (
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type banJSON struct {
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

// personJSON is a person in the moderators' list.
type personJSON struct {
	ID        string   `json:"id"`
	Name      string   `json:"name"`
	Avatar    string   `json:"avatar_url"`
	Guest     bool     `json:"guest"`
	Role      string   `json:"role"`
	Since     string   `json:"since"`
	Seen      *string  `json:"seen_at"`
	Level     string   `json:"level"`
	Trust     string   `json:"trust"` // given by hand: the level never falls under it
	Comments  int      `json:"comments"`
	Published int      `json:"published"`
	Approved  *float64 `json:"approved_share"` // of what people decided; null where nothing was
	Warnings  int      `json:"warnings"`
	Via       string   `json:"via"` // what people call the provider they last signed in with; "" for the site's own account and guests
	Ban       *banJSON `json:"ban"`
}

type pastJSON struct {
	Comment string `json:"id"`
	Status  string `json:"status"`
	Text    string `json:"text"`
	At      string `json:"created_at"`
}

type noteJSON struct {
	Kind string  `json:"kind"`
	By   string  `json:"by"`
	Text string  `json:"text"`
	At   string  `json:"created_at"`
	Seen *string `json:"seen_at"`
}

type neighbourJSON struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Seen   string `json:"seen_at"`
	Banned bool   `json:"banned"`
}

// personOut is everything that a moderator may know of a person.
type personOut struct {
	personJSON
	Rejected   int             `json:"rejected"`
	Reports    int             `json:"reports"` // of the person's comments
	Reported   int             `json:"reports_made"`
	Agreed     int             `json:"reports_agreed"`
	Demoted    bool            `json:"demoted"`
	ToMember   int             `json:"posts_to_member"` // still to be published until the next level
	Record     []pastJSON      `json:"record"`          // last 20, newest first
	Notes      []noteJSON      `json:"notes"`
	Neighbours []neighbourJSON `json:"same_network"`
	Email      *string         `json:"email"` // null unless the caller may see it
	Networks   []string        `json:"networks"`
}

type peopleJSON struct {
	People     []personJSON `json:"people"`
	NextCursor *string      `json:"next_cursor"`
}

func (s *Server) person(st discuss.Site, p discuss.Person) personJSON {
	now := s.cfg.Now()
	level := p.Record.Level(now, st.Settings.Moderation)
	if p.Guest {
		level = discuss.LevelNew
	}
	out := personJSON{
		ID: p.ID.String(), Name: p.Name, Avatar: s.shape.AuthorOf(p.Author).Avatar, Guest: p.Guest, Role: string(p.Role), Since: shape.Time(p.Since),
		Level: levelNames[level], Trust: levelNames[p.Trust], Comments: p.Counts[""], Published: p.Record.Published, Warnings: p.Warnings,
	}
	if p.Via != "" {
		out.Via = s.providerLabel(p.Via)
	}
	if !p.Seen.IsZero() {
		out.Seen = shape.Ptr(shape.Time(p.Seen))
	}
	if n := p.Record.Decided60; n > 0 {
		out.Approved = shape.Ptr(1 - float64(p.Record.Rejected60)/float64(n))
	}
	if p.Ban != nil {
		out.Ban = ban(*p.Ban)
	}
	return out
}

func ban(b discuss.Ban) *banJSON {
	out := &banJSON{
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

const maxSearch = 100 // characters of a search

// getPeople is one page of the people of a site, last seen first.
func (s *Server) getPeople(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	q := discuss.PeopleQuery{Site: st.ID, Filter: c.Query("filter"), Search: c.Query("q")}
	switch q.Filter {
	case "", "new", "staff", "banned":
	default:
		return discuss.Bad("filter", "must be new, staff or banned")
	}
	if len(q.Search) > maxSearch {
		return discuss.Bad("q", "must be at most 100 bytes")
	}
	if q.Limit, err = limit(c); err != nil {
		return err
	}
	if q.After, err = discuss.ParseCursor(c.Query("cursor"), discuss.SortNewest); err != nil {
		return err
	}
	n := q.Limit
	q.Limit++
	rows, err := s.cfg.Discuss.Store.People(ctx, q, s.cfg.Now())
	if err != nil {
		return err
	}
	out := peopleJSON{People: []personJSON{}}
	if len(rows) > n {
		rows = rows[:n]
		key := 0.0
		if at := rows[n-1].Seen; !at.IsZero() {
			key = float64(at.UnixMilli())
		}
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, Key: key, ID: rows[n-1].ID})
	}
	for _, p := range rows {
		out.People = append(out.People, s.person(st, p))
	}
	return edge.SendJSON(c, out)
}

// getPerson is one person with record, notes and the same network.
func (s *Server) getPerson(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	return s.sendPerson(c, st, who)
}

func (s *Server) sendPerson(c *fiber.Ctx, st discuss.Site, who edge.Caller) error {
	ctx, done := edge.Deadline()
	defer done()
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	p, err := s.cfg.Discuss.Store.PersonByID(ctx, st.ID, id)
	if err != nil {
		return err
	}
	out := personOut{
		personJSON: s.person(st, p), Rejected: p.Counts[discuss.Rejected] + p.Counts[discuss.Spam], Reports: p.Reported, Reported: p.Record.Reports, Agreed: p.Record.Agreed,
		Demoted: p.Record.Demoted(s.cfg.Now()), ToMember: max(0, st.Settings.Moderation.NewPosts-p.Record.Published),
		Record: []pastJSON{}, Notes: []noteJSON{}, Neighbours: []neighbourJSON{}, Networks: []string{},
	}
	for _, v := range p.Last {
		out.Record = append(out.Record, pastJSON{v.Comment.String(), string(v.Status), markup.Plain(v.Text, shownOfPast), shape.Time(v.At)})
	}
	for _, n := range p.Notes {
		j := noteJSON{Kind: n.Kind, By: n.By, Text: n.Text, At: shape.Time(n.At)}
		if !n.Seen.IsZero() {
			j.Seen = shape.Ptr(shape.Time(n.Seen))
		}
		out.Notes = append(out.Notes, j)
	}
	for _, n := range p.Network {
		out.Neighbours = append(out.Neighbours, neighbourJSON{n.ID.String(), n.Name, shape.Time(n.Seen), n.Banned})
	}
	if who.Actor.May(discuss.ActAddress) {
		out.Email, out.Networks = &p.Email, append(out.Networks, p.Prefixes...)
	}
	return edge.SendJSON(c, out)
}

// sanctionIn is what an act on a person, or a ban, may carry.
type sanctionIn struct {
	Reason   string `json:"reason"`
	Note     string `json:"note"`
	Text     string `json:"text"`
	Until    string `json:"until"` // RFC 3339; "" for good
	Level    string `json:"level"` // of trust
	Role     string `json:"role"`
	Instance bool   `json:"instance"` // every site of this server
	Hide     bool   `json:"hide_recent"`
	Domain   string `json:"email_domain"`
	Range    string `json:"ip_range"`
}

func (in sanctionIn) until() (time.Time, error) {
	if in.Until == "" {
		return time.Time{}, nil
	}
	t, err := time.Parse(time.RFC3339, in.Until)
	if err != nil {
		return t, discuss.Bad("until", "must be a time like 2026-11-25T08:00:00Z")
	}
	return t, nil
}

// postPerson acts on a person: ban, suspend, unban, trust, note, warn, role.
func (s *Server) postPerson(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	var in sanctionIn
	if len(c.Request().Body()) > 0 {
		if err := edge.Decode(c, &in); err != nil {
			return err
		}
	}
	end, err := in.until()
	if err != nil {
		return err
	}
	text := in.Text
	if text == "" {
		text = in.Note
	}
	d := s.cfg.Discuss
	switch act := c.Params("act"); act {
	case "ban", "suspend":
		if act == "suspend" && end.IsZero() {
			return discuss.Bad("until", "must be given: a suspension ends")
		}
		_, err = d.Ban(ctx, st, who.Actor, discuss.Sanction{Author: id, Until: end, Reason: in.Reason, Instance: in.Instance, Hide: in.Hide})
	case "unban":
		err = d.Unban(ctx, st, who.Actor, id)
	case "trust":
		level, ok := levels[in.Level]
		if !ok {
			return discuss.Bad("level", "must be new, member, regular or trusted")
		}
		err = d.Trust(ctx, st, who.Actor, id, level)
	case "note":
		err = d.AddNote(ctx, st, who.Actor, id, "note", text)
	case "warn":
		err = d.AddNote(ctx, st, who.Actor, id, "warning", text)
	case "role":
		if err := s.Proved(who); err != nil {
			return err
		}
		if err = d.SetRole(ctx, st, who.Actor, id, discuss.Role(in.Role)); err == nil {
			s.cache.Clear() // badges stand on every page
		}
	default:
		return discuss.ErrNotFound
	}
	if err != nil {
		return err
	}
	return s.sendPerson(c, st, who)
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

type bansJSON struct {
	Bans       []banJSON `json:"bans"`
	NextCursor *string   `json:"next_cursor"`
}

// getBans is one page of the bans that hold on a site, newest first.
func (s *Server) getBans(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	q, err := bansQuery(c, st.ID)
	if err != nil {
		return err
	}
	n := q.Limit
	q.Limit++
	list, err := s.cfg.Discuss.Store.Bans(ctx, q)
	if err != nil {
		return err
	}
	out := bansJSON{Bans: []banJSON{}}
	if len(list) > n {
		list = list[:n]
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, ID: list[n-1].ID})
	}
	for _, b := range list {
		out.Bans = append(out.Bans, *ban(b))
	}
	return edge.SendJSON(c, out)
}

func bansQuery(c *fiber.Ctx, site discuss.ID) (q discuss.BansQuery, err error) {
	q = discuss.BansQuery{Site: site, Kind: c.Query("kind"), Search: strings.TrimSpace(c.Query("q"))}
	switch q.Kind {
	case "", discuss.BanPerson, discuss.BanDomain, discuss.BanRange:
	default:
		return q, discuss.Bad("kind", "must be person, domain or range")
	}
	if len(q.Search) > maxSearch {
		return q, discuss.Bad("q", "must be at most 100 bytes")
	}
	if q.Limit, err = limit(c); err != nil {
		return q, err
	}
	q.After, err = discuss.ParseCursor(c.Query("cursor"), discuss.SortNewest)
	return q, err
}

// postBan bans an e-mail domain or an address range.
func (s *Server) postBan(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActSanction)
	if err != nil {
		return err
	}
	var in sanctionIn
	if err := edge.Decode(c, &in); err != nil {
		return err
	}
	end, err := in.until()
	if err != nil {
		return err
	}
	id, err := s.cfg.Discuss.Ban(ctx, st, who.Actor, discuss.Sanction{Domain: in.Domain, Range: strings.TrimSpace(in.Range), Until: end, Reason: in.Reason, Instance: in.Instance})
	if err != nil {
		return err
	}
	c.Status(fiber.StatusCreated)
	return edge.SendJSON(c, idOut{id.String()})
}

type idOut struct {
	ID string `json:"id"`
}

func (s *Server) deleteBan(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, who, err := s.moderating(ctx, c, discuss.ActSanction)
	if err != nil {
		return err
	}
	id, err := discuss.ParseID(c.Params("id"))
	if err != nil {
		return err
	}
	if err := s.cfg.Discuss.LiftBan(ctx, st, who.Actor, id); err != nil {
		return err
	}
	return c.SendStatus(fiber.StatusNoContent)
}
