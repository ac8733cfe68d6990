package socket

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
)

// siteIn is the path of a route about a site alone.
type siteIn struct {
	Site string `path:"site" json:"-"`
}

// dashboardLive upgrades to the moderators' socket. The page is our own, so the
// origin must be ours; programs bring a token and no origin.
func (r *Room) dashboardLive(_ context.Context, q *edge.Request, _ siteIn) error {
	if o := q.Get("Origin"); o != "" && !q.Door.OwnOrigin(q.Ctx, o) {
		return discuss.ErrOrigin
	}
	ip, site := q.Door.ClientIP(q.Ctx), q.Site.ID
	if !r.sockets.enter(ip, site, r.Capped) {
		return tooMany()
	}
	peer := &listener{goodbye: websocket.CloseServiceRestart}
	sub := r.moderators.Subscribe(site, peer.send, peer.hangUp)
	if sub == nil {
		r.sockets.leave(ip, site)
		return discuss.Busy(nil)
	}
	at := &dashboard{room: r, site: site, key: q.Site.Key, name: q.Who.Name, seat: discuss.ID(r.seats.Add(1)), token: q.Caller.Token, peer: peer}
	err := upgrade(q.Ctx, &r.upgrader, func(ws *websocket.Conn) {
		defer r.sockets.leave(ip, site)
		defer sub.Close()
		if !peer.open(ws) {
			return
		}
		r.dashboards.add(at)
		defer r.dashboards.remove(at)
		sub.Go([]live.Frame{frame(map[string]string{"type": "hello", "seat": at.seat.String()})}, -1)
		r.moderators.Announce(site)
		defer at.look(0)
		peer.listen(ws, at.heard)
	})
	if q.Response().StatusCode() != http.StatusSwitchingProtocols {
		r.sockets.leave(ip, site)
		sub.Close()
	}
	return err
}

// dashboard is one open dashboard.
type dashboard struct {
	room  *Room
	site  discuss.ID
	key   string // of the site
	name  string
	seat  discuss.ID // tells dashboards apart while they are open
	looks bool
	token string // of the session or the program
	peer  *listener
}

// dashboardCheck is how often open dashboards are asked whether they may still be
// here; sessions and memberships are kept in memory, so it costs next to nothing.
const dashboardCheck = 500 * time.Millisecond

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

// Watch hangs up on dashboards whose session has ended, or whose person
// has lost the right to read there: signed out, demoted, banned, a new password,
// another browser's "sign out everywhere". It returns when stop is closed.
func (r *Room) Watch(stop <-chan struct{}) {
	tick := time.NewTicker(dashboardCheck)
	defer tick.Stop()
	for {
		open := r.dashboards.all()
		if len(open) == 0 {
			select {
			case <-r.dashboards.some:
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
	v, err := d.room.Sessions.Who(ctx, d.token)
	if err != nil {
		return discuss.KindOf(err) != discuss.NotFound
	}
	st, err := d.room.Door.Site(ctx, d.key)
	if err != nil {
		return discuss.KindOf(err) != discuss.NotFound
	}
	who, err := d.room.Door.Actor(ctx, st, v, d.token)
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
	d.room.hint(d.site, hintFrame{Type: looking, Comment: textOf(at), By: d.name, ByID: d.seat.String()})
}
