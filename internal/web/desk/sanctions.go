package desk

import (
	"context"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// sanctionIn is what an act on a person, or a ban, may carry.
type sanctionIn struct {
	Reason   string `json:"reason"`
	Note     string `json:"note"`
	Text     string `json:"text"`
	Until    string `json:"until"` // RFC 3339; "" for good
	Level    string `json:"level"` // of trust
	Role     string `json:"role"`
	On       bool   `json:"on"`       // expert
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

type personActIn struct {
	oneIn
	Act string `path:"act" json:"-" enum:"ban,suspend,unban,trust,note,warn,role,expert"`
	sanctionIn
}

// OptionalBody says that the body may be left out: a lift has none.
func (personActIn) OptionalBody() {}

// onPerson acts on a person: ban, suspend, unban, trust, note, warn, role, expert.
func (r Room) onPerson(ctx context.Context, q *edge.Request, in personActIn) (personOut, error) {
	if err := r.act(ctx, q, in); err != nil {
		return personOut{}, err
	}
	return r.person(ctx, q, in.oneIn)
}

func (r Room) act(ctx context.Context, q *edge.Request, in personActIn) error {
	end, err := in.until()
	if err != nil {
		return err
	}
	text := in.Text
	if text == "" {
		text = in.Note
	}
	d := r.Discuss
	switch in.Act {
	case "ban", "suspend":
		if in.Act == "suspend" && end.IsZero() {
			return discuss.Bad("until", "must be given: a suspension ends")
		}
		_, err = d.Ban(ctx, q.Site, q.Who, discuss.Sanction{Author: in.ID, Until: end, Reason: in.Reason, Instance: in.Instance, Hide: in.Hide})
		return err
	case "unban":
		return d.Unban(ctx, q.Site, q.Who, in.ID)
	case "trust":
		level, ok := levels[in.Level]
		if !ok {
			return discuss.Bad("level", "must be new, member, regular or trusted")
		}
		return d.Trust(ctx, q.Site, q.Who, in.ID, level)
	case "note":
		return d.AddNote(ctx, q.Site, q.Who, in.ID, "note", text)
	case "warn":
		return d.AddNote(ctx, q.Site, q.Who, in.ID, "warning", text)
	case "expert":
		defer r.Forget()
		return d.Expert(ctx, q.Site, q.Who, in.ID, in.On)
	case "role":
		return r.setRole(ctx, q, in)
	}
	return discuss.ErrNotFound
}

func (r Room) setRole(ctx context.Context, q *edge.Request, in personActIn) error {
	if err := q.Door.Proved(q.Caller); err != nil {
		return err
	}
	err := r.Discuss.SetRole(ctx, q.Site, q.Who, in.ID, discuss.Role(in.Role))
	if err == nil {
		r.Forget() // badges stand on every page
	}
	return err
}

type bans struct {
	Bans       []banShape `json:"bans"`
	NextCursor *string    `json:"next_cursor"`
}

type bansIn struct {
	Site   string `path:"site" json:"-"`
	Kind   string `query:"kind" json:"-" enum:"person,domain,range"`
	Search string `query:"q" json:"-" maxLength:"100"`
	Cursor string `query:"cursor" json:"-"`
	Limit  int    `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

// bans is one page of the bans that hold on a site, newest first.
func (r Room) bans(ctx context.Context, q *edge.Request, in bansIn) (bans, error) {
	out := bans{Bans: []banShape{}}
	query, err := in.query(q.Site.ID)
	if err != nil {
		return out, err
	}
	list, err := r.Discuss.Bans(ctx, q.Who, query)
	if err != nil {
		return out, err
	}
	list, last := edge.Page(list, in.Limit)
	if last != nil {
		out.NextCursor = shape.Cursor(discuss.Cursor{Sort: discuss.SortNewest, ID: last.ID})
	}
	for _, b := range list {
		out.Bans = append(out.Bans, *banOf(b))
	}
	return out, nil
}

func (in bansIn) query(site discuss.ID) (q discuss.BansQuery, err error) {
	q = discuss.BansQuery{Site: site, Kind: in.Kind, Search: strings.TrimSpace(in.Search), Limit: in.Limit + 1}
	switch q.Kind {
	case "", discuss.BanPerson, discuss.BanDomain, discuss.BanRange:
	default:
		return q, discuss.Bad("kind", "must be person, domain or range")
	}
	if len(q.Search) > maxSearch {
		return q, discuss.Bad("q", "must be at most 100 bytes")
	}
	q.After, err = discuss.ParseCursor(in.Cursor, discuss.SortNewest)
	return q, err
}

type banIn struct {
	onSite
	sanctionIn
}

type reachIn struct {
	Site   string `path:"site" json:"-"`
	Domain string `query:"email_domain" json:"-" maxLength:"253"`
	Range  string `query:"ip_range" json:"-" maxLength:"64"`
}

// reach is how many members a ban would meet; most means as many or more.
type reach struct {
	People int `json:"people"`
	Most   int `json:"most"`
}

// banReach says before a ban whom it would meet.
func (r Room) banReach(ctx context.Context, q *edge.Request, in reachIn) (reach, error) {
	n, err := r.Discuss.BanReach(ctx, q.Site, q.Who, in.Domain, strings.TrimSpace(in.Range))
	return reach{n, discuss.MaxBanReach}, err
}

type idOut struct {
	ID string `json:"id"`
}

// ban bans an email domain or an address range.
func (r Room) ban(ctx context.Context, q *edge.Request, in banIn) (idOut, error) {
	end, err := in.until()
	if err != nil {
		return idOut{}, err
	}
	id, err := r.Discuss.Ban(ctx, q.Site, q.Who, discuss.Sanction{Domain: in.Domain, Range: strings.TrimSpace(in.Range), Until: end, Reason: in.Reason, Instance: in.Instance})
	return idOut{id.String()}, err
}

func (r Room) liftBan(ctx context.Context, q *edge.Request, in oneIn) (edge.None, error) {
	return edge.None{}, r.Discuss.LiftBan(ctx, q.Site, q.Who, in.ID)
}
