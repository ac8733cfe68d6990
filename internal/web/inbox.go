package web

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
)

// hintJSON tells a dashboard that something has changed. Who missed one
// fetches the list again: hints carry no sequence.
type hintJSON struct {
	Type    string `json:"type"`
	Comment string `json:"id,omitempty"`
	Action  string `json:"action,omitempty"`
	By      string `json:"by,omitempty"`    // name
	ByID    string `json:"by_id,omitempty"` // author id; of "looking" the dashboard's seat
}

// looking says that somebody has a comment before them, to the other dashboards
// only, so that two do not read the same one. Nothing of it is stored. It
// carries the name itself, for an operator need not be an author here.
const looking = "looking"

// Hinted passes hints on to the moderators' sockets; it never blocks.
func (s *Server) Hinted(hints []discuss.Hint) {
	for _, h := range hints {
		if h.Actor != 0 {
			s.names.Store(h.Actor, h.Name)
		}
		s.hint(h.Site, h.Type, h.Action, h.Comment, h.Actor)
	}
}

// hint sends one hint to the moderators' sockets of a site: word says what was
// done, or who looks.
func (s *Server) hint(site discuss.ID, kind, word string, comment, by discuss.ID) {
	s.hinting.Lock() // subscribers take only numbers that rise
	defer s.hinting.Unlock()
	s.inbox.Publish(discuss.Event{ThreadID: site, Seq: s.hints.Add(1), Type: discuss.EventType(kind + " " + word), Comment: comment, Parent: by, At: s.cfg.Now()})
}

func (s *Server) encodeHints(events []discuss.Event, readers int) live.Frame {
	list := make([]any, 0, len(events)+1)
	for _, e := range events {
		j := hintJSON{Type: string(e.Type)}
		for i := range e.Type {
			if e.Type[i] == ' ' {
				j.Type, j.Action = string(e.Type[:i]), string(e.Type[i+1:])
				break
			}
		}
		if e.Comment != 0 {
			j.Comment = e.Comment.String()
		}
		if j.Type == looking {
			j.By, j.Action, j.ByID = j.Action, "", e.Parent.String()
		} else if e.Parent != 0 {
			j.ByID = e.Parent.String()
			if name, ok := s.names.Load(e.Parent); ok {
				j.By = name.(string)
			}
		}
		list = append(list, j)
	}
	if readers >= 0 {
		list = append(list, map[string]any{"type": "moderators", "count": readers})
	}
	return frame(list...)
}

// sitePath is the path of a route about a site alone.
type sitePath struct {
	Site string `path:"site" json:"-"`
}

// inboxLive upgrades to the moderators' socket. The page is our own, so the
// origin must be ours; programs bring a token and no origin.
func (s *Server) inboxLive(_ context.Context, q *edge.Request) error {
	c, st, who := q.Ctx, q.Site, q.Caller
	if o := c.Get("Origin"); o != "" && !s.OwnOrigin(c, o) {
		return discuss.ErrOrigin
	}
	ip := s.ClientIP(c)
	if !s.sockets.enter(ip, st.ID, s.cfg.RateLimits) {
		return &discuss.Error{Kind: discuss.Unavailable, Code: "sockets", Detail: "Too many live connections.", RetryAfter: socketRetry}
	}
	peer := &listener{goodbye: websocket.CloseServiceRestart}
	sub := s.inbox.Subscribe(st.ID, peer.send, peer.hangUp)
	if sub == nil {
		s.sockets.leave(ip, st.ID)
		return discuss.Busy(nil)
	}
	at := dashboard{server: s, site: st.ID, key: st.Key, name: who.Actor.Name, seat: discuss.ID(s.seats.Add(1)), token: who.Token, peer: peer}
	err := upgrade(c, &s.upgrader, func(ws *websocket.Conn) {
		defer s.sockets.leave(ip, at.site)
		defer sub.Close()
		if !peer.open(ws) {
			return
		}
		s.desks.add(&at)
		defer s.desks.remove(&at)
		sub.Go([]live.Frame{frame(map[string]string{"type": "hello", "seat": at.seat.String()})}, -1)
		s.inbox.Announce(at.site)
		defer at.look(0)
		peer.listen(ws, at.heard)
	})
	if c.Response().StatusCode() != fiber.StatusSwitchingProtocols {
		s.sockets.leave(ip, st.ID)
		sub.Close()
	}
	return err
}

// dashboard is one open dashboard.
type dashboard struct {
	server *Server
	site   discuss.ID
	key    string // of the site
	name   string
	seat   discuss.ID // tells dashboards apart while they are open
	looks  bool
	token  string // of the session or the program
	peer   *listener
}

// deskCheck is how often open dashboards are asked whether they may still be
// here; sessions and memberships are kept in memory, so it costs next to nothing.
const deskCheck = 500 * time.Millisecond

// dashboards are the dashboards that are open.
type dashboards struct {
	mu   sync.Mutex
	open map[*dashboard]struct{}
	some chan struct{} // has room for one: there are some
}

func (k *dashboards) add(d *dashboard) {
	k.mu.Lock()
	k.open[d] = struct{}{}
	k.mu.Unlock()
	select {
	case k.some <- struct{}{}:
	default:
	}
}

func (k *dashboards) remove(d *dashboard) {
	k.mu.Lock()
	delete(k.open, d)
	k.mu.Unlock()
}

func (k *dashboards) all() []*dashboard {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Collect(maps.Keys(k.open))
}

// watchDesks hangs up on dashboards whose session has ended, or whose person
// has lost the right to read there: signed out, demoted, banned, a new password,
// another browser's "sign out everywhere". It returns when stop is closed.
func (s *Server) watchDesks(stop <-chan struct{}) {
	tick := time.NewTicker(deskCheck)
	defer tick.Stop()
	for {
		open := s.desks.all()
		if len(open) == 0 {
			select {
			case <-s.desks.some:
			case <-stop:
				return
			}
		}
		select {
		case <-tick.C:
		case <-stop:
			return
		}
		for _, d := range open {
			if !d.stays() {
				d.peer.hangUpWith(websocket.ClosePolicyViolation, "signed out")
			}
		}
	}
}

// stays reports whether the dashboard's session still may read its site. A
// store that cannot answer ends nobody's.
func (d *dashboard) stays() bool {
	ctx, done := edge.Deadline()
	defer done()
	v, err := d.server.cfg.Auth.Who(ctx, d.token)
	if err != nil {
		return discuss.KindOf(err) != discuss.NotFound
	}
	st, err := d.server.Site(ctx, d.key)
	if err != nil {
		return discuss.KindOf(err) != discuss.NotFound
	}
	who, err := d.server.Actor(ctx, st, v, d.token)
	if err != nil {
		return discuss.KindOf(err) == discuss.Unavailable
	}
	return who.Actor.May(discuss.ActRead)
}

// heard takes what a dashboard says: {"looking": "<comment id>"}, or "" when it
// looks at none. Anything else is not for us.
func (d *dashboard) heard(b []byte) {
	var in struct {
		Looking *string `json:"looking"`
	}
	if json.Unmarshal(b, &in) != nil || in.Looking == nil {
		return
	}
	if *in.Looking == "" {
		d.look(0)
	} else if id, err := discuss.ParseID(*in.Looking); err == nil {
		d.look(id)
	}
}

// look tells the other dashboards of the site; a comment of another site means
// nothing to them.
func (d *dashboard) look(at discuss.ID) {
	if at == 0 && !d.looks {
		return
	}
	d.looks = at != 0
	d.server.hint(d.site, looking, d.name, at, d.seat)
}
