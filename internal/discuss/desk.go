package discuss

import (
	"cmp"
	"context"
	"strings"
	"time"
)

// What the dashboard reads. Each of these is for those who may read the inbox
// of the site it asks about; the dashboard's routes have asked that before, and
// a new one that forgets to is refused here.

// Queue returns one page of a moderation list.
func (s *Service) Queue(ctx context.Context, who Actor, q QueueQuery) ([]Queued, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.Queue(ctx, q)
}

// QueueCounts says how many wait in each list, and how many are new, these up to MaxQueueCount.
func (s *Service) QueueCounts(ctx context.Context, site Site, who Actor, now time.Time) (map[QueueState]int, error) {
	at, err := s.LookedAt(ctx, who, now)
	if err != nil {
		return nil, err
	}
	out, err := s.Store.QueueCounts(ctx, site.ID)
	if err != nil {
		return nil, err
	}
	out[QueueNew], err = s.Store.NewCount(ctx, site.ID, at)
	return out, err
}

// Find searches a site's comments, whatever their status, newest first.
func (s *Service) Find(ctx context.Context, who Actor, q FindQuery, now time.Time) ([]Queued, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	if none, err := s.narrow(ctx, who, &q, now); err != nil || none {
		return nil, err
	}
	return s.Store.Find(ctx, q)
}

// FindOne returns one comment as the lists have it.
func (s *Service) FindOne(ctx context.Context, site Site, who Actor, id ID) (Queued, error) {
	rows, err := s.Find(ctx, who, FindQuery{Site: site.ID, Comment: id, Limit: 1}, time.Time{})
	if err == nil && len(rows) == 0 {
		err = ErrNotFound
	}
	if err != nil {
		return Queued{}, err
	}
	return rows[0], nil
}

// QueueContext is what a decision about some comments needs beside them.
type QueueContext struct {
	Threads map[ID]Thread
	Reports map[ID][]Report // open ones, by comment
	Images  []Image         // that the comments show
	Notices map[ID][]Notice // of illegal content, open ones, by comment; without sender for whoever may not see addresses
}

// QueueContext returns it for the rows of a list.
func (s *Service) QueueContext(ctx context.Context, who Actor, rows []Queued) (out QueueContext, err error) {
	if err := allow(who, ActRead); err != nil {
		return out, err
	}
	out.Threads = map[ID]Thread{}
	var reported, pictured []ID
	for _, row := range rows {
		if strings.Contains(row.HTML, imagePath) {
			pictured = append(pictured, row.ID)
		}
		if row.Reports > 0 {
			reported = append(reported, row.ID)
		}
		if _, ok := out.Threads[row.ThreadID]; ok {
			continue
		}
		th, err := s.Store.ThreadByID(ctx, row.ThreadID)
		if err != nil {
			return out, err
		}
		if th.Title == "" { // what a waiting comment says of its page is for moderators alone
			said, err := s.Store.SaidPage(ctx, th.ID)
			if err != nil && KindOf(err) != NotFound {
				return out, err
			}
			th.Title, th.URL = said.Title, cmp.Or(th.URL, said.URL)
		}
		out.Threads[row.ThreadID] = th
	}
	if len(pictured) > 0 {
		if out.Images, err = s.Store.ImagesIn(ctx, pictured); err != nil {
			return out, err
		}
	}
	if len(reported) == 0 {
		return out, nil
	}
	if out.Reports, err = s.Store.OpenReports(ctx, reported); err != nil {
		return out, err
	}
	if out.Notices, err = s.Store.OpenNotices(ctx, reported); err != nil || who.May(ActAddress) {
		return out, err
	}
	for _, list := range out.Notices {
		for i := range list {
			list[i].Name, list[i].Email = "", ""
		}
	}
	return out, nil
}

// Level is how far an author in the queue is trusted, as far as the queue
// knows: what takes a look at all their decisions is left out.
func (q Queued) Level(site Site, now time.Time) Level {
	if q.Author.Guest {
		return LevelNew
	}
	level := q.Summary.Trust
	if auto := (Record{Since: q.Summary.Since, Published: q.Summary.Published}).Level(now, site.Settings.Moderation); auto > level {
		level = min(auto, LevelRegular)
	}
	return level
}

// People returns one page of the people of a site.
func (s *Service) People(ctx context.Context, who Actor, q PeopleQuery, now time.Time) ([]Person, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.people(ctx, who, q, now)
}

// people looks for a name as it is written and as it looks, or for a whole
// address where the caller may see those.
func (s *Service) people(ctx context.Context, who Actor, q PeopleQuery, now time.Time) ([]Person, error) {
	if q.Search != "" && s.Text.Skeleton != nil {
		q.Skeleton = s.Text.Skeleton(q.Search)
	}
	if who.May(ActAddress) && strings.Contains(q.Search, "@") {
		q.Email = strings.ToLower(strings.TrimSpace(q.Search))
	}
	return s.Store.People(ctx, q, now)
}

// Person returns one of them with record, notes and network; the address and
// the networks for those alone who may see them.
func (s *Service) Person(ctx context.Context, site Site, who Actor, id ID) (Person, error) {
	if err := allow(who, ActRead); err != nil {
		return Person{}, err
	}
	p, err := s.Store.PersonByID(ctx, site.ID, id)
	if !who.May(ActAddress) {
		p.Email, p.Prefixes = "", nil
	}
	return p, err
}

// LevelAt is how far a person is trusted at a time.
func (p Person) LevelAt(site Site, now time.Time) Level {
	if p.Guest {
		return LevelNew
	}
	return p.Record.Level(now, site.Settings.Moderation)
}

// Approved is the share of what people decided about a person of late that they
// let stand; ok is false where nothing was decided.
func (p Person) Approved() (share float64, ok bool) {
	n := p.Record.Decided60
	if n == 0 {
		return 0, false
	}
	return 1 - float64(p.Record.Rejected60)/float64(n), true
}

// ToMember is how many comments are still to be published until a person
// counts as a member.
func (p Person) ToMember(site Site) int {
	return max(0, site.Settings.Moderation.NewPosts-p.Record.Published)
}

// Bans returns one page of the bans that hold on a site.
func (s *Service) Bans(ctx context.Context, who Actor, q BansQuery) ([]Ban, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.Bans(ctx, q)
}

// Threads returns one page of a site's threads.
func (s *Service) Threads(ctx context.Context, who Actor, q ThreadQuery) ([]Listed, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.Threads(ctx, q)
}

// Alike are the keys of two threads that look like one page: they differ in
// scheme, www., capitals or a slash at the end alone.
type Alike struct {
	Key        string // of the younger
	Like       string
	ID, LikeID ID
}

// Bounds of what is said of threads that look alike.
const (
	alikeShown = 3
	alikeKept  = 90 * 24 * time.Hour
)

// AlikeThreads returns the newest pairs of them.
func (s *Service) AlikeThreads(ctx context.Context, site Site, who Actor, now time.Time) ([]Alike, error) {
	if err := allow(who, ActRead); err != nil {
		return nil, err
	}
	return s.Store.AlikeThreads(ctx, site.ID, now.Add(-alikeKept), alikeShown)
}

// Policy returns a site's words and rules.
func (s *Service) Policy(ctx context.Context, site Site, who Actor) (Policy, error) {
	if err := allow(who, ActRead); err != nil {
		return Policy{}, err
	}
	return s.Store.PolicyOf(ctx, site.ID)
}

// RecentTexts returns a site's newest comments, for a trial of words and rules.
func (s *Service) RecentTexts(ctx context.Context, site Site, who Actor, most int) ([]Comment, error) {
	if err := allow(who, ActRules); err != nil {
		return nil, err
	}
	return s.Store.RecentTexts(ctx, site.ID, most)
}

// Audit returns one page of a site's audit log; whole says that it is taken out.
func (s *Service) Audit(ctx context.Context, who Actor, q AuditQuery, whole bool) ([]AuditLine, error) {
	act := ActRead
	if whole {
		act = ActExport
	}
	if err := allow(who, act); err != nil {
		return nil, err
	}
	return s.Store.AuditPage(ctx, q)
}
