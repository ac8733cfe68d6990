// Package socket is the door of those who stay: readers who follow a thread, and
// dashboards that are told what happens on a site.
package socket

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
)

// Threads is what this room reads of threads.
type Threads interface {
	Thread(ctx context.Context, site discuss.ID, key string) (discuss.Thread, error)
	ThreadByID(ctx context.Context, id discuss.ID) (discuss.Thread, error)
	EventsSince(ctx context.Context, th discuss.Thread, after int64) ([]discuss.Event, bool, error)
}

// Sessions is how this room learns that a session has ended.
type Sessions interface {
	Who(ctx context.Context, token string) (auth.Session, error)
}

// Deps is what the room is made of.
type Deps struct {
	Threads  Threads
	Sessions Sessions
	Door     *edge.Door
	Capped   bool          // sockets by address and site are counted
	Window   time.Duration // of the hubs; 0: their default
	Now      func() time.Time
}

// Room is what this audience is served with. Make one with New.
type Room struct {
	Deps
	readers    *live.Hub[discuss.ID, discuss.Event] // one room per thread
	moderators *live.Hub[discuss.ID, hinted]        // one room per site
	owners     *live.Hub[discuss.ID, hinted]        // one room per author who has something waiting
	tickets    [ticketKey]byte
	upgrader   websocket.Upgrader
	sockets    counter
	waiting    waitingRooms
	ending     atomic.Bool // Shutdown sends everybody away
	births     sync.Mutex  // who waits for a thread is moved into it one at a time
	background sync.WaitGroup

	hinting    sync.Mutex
	hints      int64        // number of the last one
	seats      atomic.Int64 // of dashboards, as they open
	dashboards dashboards
}

// New makes a room that nobody is in.
func New(d Deps) *Room {
	if d.Window == 0 {
		d.Window = live.DefaultWindow
	}
	r := &Room{Deps: d, upgrader: newUpgrader(), dashboards: dashboards{open: map[*dashboard]struct{}{}, some: make(chan struct{}, 1)}}
	r.readers = &live.Hub[discuss.ID, discuss.Event]{Encode: encodeFrame, Reset: resetFrame(), Window: d.Window, Queue: live.DefaultQueue}
	r.moderators = &live.Hub[discuss.ID, hinted]{Encode: encodeHints, Reset: resetFrame(), Window: d.Window, Queue: live.DefaultQueue}
	r.owners = &live.Hub[discuss.ID, hinted]{Encode: encodeOwn, Reset: ownFrame(), Window: d.Window, Queue: live.DefaultQueue}
	_, _ = rand.Read(r.tickets[:]) // never fails
	return r
}

// Routes is the room's part of the table.
func (r *Room) Routes() []edge.Route {
	const site = "/api/v1/sites/:site/"
	return []edge.Route{
		edge.Answer(edge.Route{Method: "GET", Path: site + "live", Summary: "Upgrades to a WebSocket that tells what happens in a thread", Gate: edge.ListedPage, Status: 101, Errors: []int{403, 404, 422, 503}}, r.live),
		edge.Answer(edge.Route{Method: "GET", Path: site + "moderation/live", Summary: "Upgrades to a WebSocket that hints at what happens", Gate: edge.Desk(discuss.ActRead), Status: 101, Errors: []int{401, 403, 404, 503}}, r.dashboardLive),
	}
}

// Committed tells the readers what has happened.
func (r *Room) Committed(events []discuss.Event) {
	for _, e := range events {
		r.readers.Publish(e)
		if e.Seq == 1 || e.Type == discuss.ThreadUpdated && r.waiting.some() { // or found by another key
			r.background.Go(func() { r.birth(e) }) // look-ups, off the writer's path
		}
		if e.Type == discuss.ThreadReset && e.Root != 0 {
			r.background.Go(func() { r.anew(e.ThreadID) })
		}
	}
}

// anew sends away who listens to a thread that is another one by now. They come
// back by the key that they know, with the number of the last event they had:
// what tells them to read anew is among what follows, if it has not reached them.
func (r *Room) anew(thread discuss.ID) {
	for _, sub := range r.readers.Room(thread) {
		sub.Stop()
	}
}

// Watched are the threads that somebody has open.
func (r *Room) Watched() []discuss.ID { return r.readers.Rooms() }

// Open is how many sockets are open.
func (r *Room) Open() int { return r.sockets.open() }

// Shutdown says goodbye to everyone and waits: the shutdown of the HTTP server
// does not know these connections.
func (r *Room) Shutdown(ctx context.Context) {
	r.ending.Store(true)
	for _, sub := range r.readers.Shutdown() {
		sub.Stop()
	}
	for _, sub := range r.moderators.Shutdown() {
		sub.Stop()
	}
	r.owners.Shutdown() // their sockets are those of the readers
	gone := make(chan struct{})
	go func() {
		r.sockets.wg.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
	}
}

// Wait returns when nothing of the room runs any more.
func (r *Room) Wait() {
	r.background.Wait()
	r.readers.Wait()
	r.moderators.Wait()
	r.owners.Wait()
}
