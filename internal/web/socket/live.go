package socket

import (
	"context"
	"net/http"

	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
)

type liveIn struct {
	Site   string         `path:"site" json:"-"`
	Thread edge.ThreadKey `query:"thread" required:"true" json:"-"`
	After  edge.Seq       `query:"after" json:"-"`
}

// live upgrades to a WebSocket. It subscribes before it answers the
// handshake, so that no event falls between the past and the present.
func (r *Room) live(ctx context.Context, q *edge.Request, in liveIn) error {
	ip, site, key := q.Door.ClientIP(q.Ctx), q.Site.ID, string(in.Thread) // the open socket holds on to the site's id alone
	if !r.sockets.enter(ip, site, r.Capped) {
		return tooMany()
	}
	served := false
	defer func() {
		if !served {
			r.sockets.leave(ip, site)
		}
	}()
	room, err := r.roomOf(ctx, site, key)
	if err != nil {
		return err
	}
	waits := room < 0
	left := func() {
		if waits {
			r.waiting.leave(site, key)
		}
	}
	peer := &listener{goodbye: websocket.CloseServiceRestart}
	sub := r.readers.Subscribe(room, peer.send, func() {
		if r.ending.Load() {
			peer.hangUp()
			return
		}
		peer.hangUpWith(websocket.CloseGoingAway, "come back") // at once: nobody else was sent away
	})
	if sub == nil {
		left()
		return discuss.Busy(nil)
	}
	first, last, err := r.upTo(ctx, room, int64(in.After))
	if err != nil {
		sub.Close()
		left()
		return err
	}
	err = upgrade(q.Ctx, &r.upgrader, func(ws *websocket.Conn) {
		defer r.sockets.leave(ip, site)
		defer left()
		defer sub.Close()
		if !peer.open(ws) {
			return
		}
		if waits {
			r.begin(sub, site, key, first)
		} else {
			sub.Go(first, last)
		}
		first = nil // sent, and the socket may be open for hours
		r.readers.Announce(room)
		own := ownPage{room: r, site: site, peer: peer}
		defer own.leave()
		peer.listen(ws, own.heard)
	})
	served = q.Response().StatusCode() == http.StatusSwitchingProtocols
	if !served {
		sub.Close()
		left()
	}
	return err
}

// upTo is what a new listener is sent before what happens: hello, and everything
// after the number that he has already; last is the number he then stands at.
func (r *Room) upTo(ctx context.Context, room discuss.ID, from int64) (first []live.Frame, last int64, err error) {
	th, err := r.Threads.ThreadByID(ctx, room)
	if discuss.KindOf(err) == discuss.NotFound {
		th, err = discuss.Thread{}, nil
	}
	var past []discuss.Event
	complete := true
	if err == nil && from >= 0 {
		past, complete, err = r.Threads.EventsSince(ctx, th, from)
	}
	if err != nil {
		return nil, 0, err
	}
	first = []live.Frame{frame(helloFrame{"hello", th.Seq, r.readers.Readers(room)})}
	last = th.Seq
	if !complete {
		first = append(first, resetFrame())
	} else if len(past) > 0 {
		first = append(first, encodeFrame(past, -1))
		last = past[len(past)-1].Seq
	}
	return first, last, nil
}

// begin starts a listener of a thread that was not there when he asked; it may
// have been born since.
func (r *Room) begin(sub *live.Sub[discuss.ID, discuss.Event], site discuss.ID, key string, first []live.Frame) {
	r.births.Lock()
	defer r.births.Unlock()
	ctx, done := edge.Deadline()
	defer done()
	th, err := r.Threads.Thread(ctx, site, key)
	if err != nil {
		sub.Go(first, 0)
		return
	}
	r.join(ctx, sub, th, first)
}

// birth has those who waited for a thread follow it.
func (r *Room) birth(e discuss.Event) {
	ctx, done := edge.Deadline()
	defer done()
	th, err := r.Threads.ThreadByID(ctx, e.ThreadID)
	if err != nil {
		return
	}
	r.births.Lock()
	defer r.births.Unlock()
	for _, sub := range r.readers.Room(r.waiting.born(th.SiteID, th.Key)) {
		if sub.Begun() { // else he looks again himself, in begin
			sub.Hold()
			r.join(ctx, sub, th, nil)
		}
	}
	r.readers.Announce(th.ID)
}

// join moves a listener who waits to the thread's room and gives him all that
// happened there before he came.
func (r *Room) join(ctx context.Context, sub *live.Sub[discuss.ID, discuss.Event], th discuss.Thread, first []live.Frame) {
	r.readers.Move(sub, th.ID)
	events, complete, err := r.Threads.EventsSince(ctx, th, 0)
	if err != nil || !complete {
		sub.Go(append(first, resetFrame()), 0)
		return
	}
	last := int64(0)
	if n := len(events); n > 0 {
		first, last = append(first, encodeFrame(events, -1)), events[n-1].Seq
	}
	sub.Go(first, last)
}

// roomOf is the hub's name of a thread; one that does not exist yet shares a
// room of its own key until its first comment gives it an id.
func (r *Room) roomOf(ctx context.Context, site discuss.ID, key string) (discuss.ID, error) {
	th, err := r.Threads.Thread(ctx, site, key)
	if err == nil {
		return th.ID, nil
	}
	if discuss.KindOf(err) != discuss.NotFound {
		return 0, err
	}
	return r.waiting.room(site, key), nil
}
