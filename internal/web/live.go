package web

import (
	"context"
	"net"
	"sync"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
)

const (
	socketIdle      = 75 * time.Second // the widget pings every 30 s
	socketWrite     = 10 * time.Second
	socketRead      = 4 << 10
	socketBuffer    = 64 << 10 // of the kernel: a stalled listener otherwise holds 4 MB
	socketsPerIP    = 20
	socketsPerSite  = 2_000
	socketsInAll    = 12_000
	messagesPer10s  = 10
	socketRetry     = 10 // seconds, in Retry-After
	goodbyePatience = time.Second
)

// eventJSON is one event of a frame. Which numbers it carries depends on its type.
type eventJSON struct {
	Seq    int64  `json:"seq"`
	Type   string `json:"type"`
	ID     string `json:"id,omitempty"`
	Root   string `json:"root_id,omitempty"`
	Parent string `json:"parent_id,omitempty"`
	Count  *int   `json:"comment_count,omitempty"`
	Up     *int   `json:"up,omitempty"`
	Down   *int   `json:"down,omitempty"`
}

type helloJSON struct {
	Type    string `json:"type"`
	Seq     int64  `json:"seq"`
	Readers int    `json:"readers"`
}

type readersJSON struct {
	Type    string `json:"type"`
	Readers int    `json:"readers"`
}

func event(e discuss.Event) eventJSON {
	out := eventJSON{Seq: e.Seq, Type: string(e.Type)}
	if e.Comment != 0 {
		out.ID, out.Root = e.Comment.String(), e.Root.String()
	}
	if e.Parent != 0 {
		out.Parent = e.Parent.String()
	}
	switch e.Type {
	case discuss.CommentVotes:
		out.Up, out.Down = &e.Up, &e.Down
	case discuss.CommentCreated, discuss.CommentRemoved:
		out.Count = &e.Count
	}
	return out
}

func frame(list ...any) live.Frame {
	b, err := edge.Encode(list)
	if err != nil {
		return resetFrame()
	}
	f, err := websocket.NewPreparedMessage(websocket.TextMessage, b[:len(b)-1])
	if err != nil {
		return resetFrame()
	}
	return f
}

func encodeFrame(events []discuss.Event, readers int) live.Frame {
	list := make([]any, 0, len(events)+1)
	for _, e := range events {
		list = append(list, event(e))
	}
	if readers >= 0 {
		list = append(list, readersJSON{"readers", readers})
	}
	return frame(list...)
}

func resetFrame() live.Frame {
	f, _ := websocket.NewPreparedMessage(websocket.TextMessage, []byte(`[{"type":"reset"}]`))
	return f
}

// sockets counts those open, for the caps.
type sockets struct {
	mu     sync.Mutex
	all    int
	byIP   map[string]int
	bySite map[discuss.ID]int
	wg     sync.WaitGroup
}

func (k *sockets) enter(ip string, site discuss.ID, capped bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if capped && (k.all >= socketsInAll || k.byIP[ip] >= socketsPerIP || k.bySite[site] >= socketsPerSite) {
		return false
	}
	if k.byIP == nil {
		k.byIP, k.bySite = map[string]int{}, map[discuss.ID]int{}
	}
	k.all++
	k.byIP[ip]++
	k.bySite[site]++
	k.wg.Add(1)
	return true
}

func (k *sockets) leave(ip string, site discuss.ID) {
	k.mu.Lock()
	k.all--
	if k.byIP[ip]--; k.byIP[ip] == 0 {
		delete(k.byIP, ip)
	}
	if k.bySite[site]--; k.bySite[site] == 0 {
		delete(k.bySite, site)
	}
	k.mu.Unlock()
	k.wg.Done()
}

// getLive upgrades to a WebSocket. It subscribes before it answers the
// handshake, so that no event falls between the past and the present.
func (s *Server) getLive(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	if o := c.Get("Origin"); !s.Listed(c, st, o) {
		return s.RefuseOrigin(c, st, o)
	}
	key, err := threadKey(c)
	if err != nil {
		return err
	}
	from, err := after(c)
	if err != nil {
		return err
	}
	ip := s.ClientIP(c)
	if !s.sockets.enter(ip, st.ID, s.cfg.RateLimits) {
		return &discuss.Error{Kind: discuss.Unavailable, Code: "sockets", Detail: "Too many live connections.", RetryAfter: socketRetry}
	}
	served := false
	defer func() {
		if !served {
			s.sockets.leave(ip, st.ID)
		}
	}()
	room, err := s.liveRoom(ctx, st, key)
	if err != nil {
		return err
	}
	waits, site := room < 0, st.ID // the open socket holds on to its id, not to the whole site
	left := func() {
		if waits {
			s.waiting.leave(site, key)
		}
	}
	peer := &listener{goodbye: websocket.CloseServiceRestart}
	sub := s.hub.Subscribe(room, peer.send, peer.hangUp)
	if sub == nil {
		left()
		return discuss.Busy(nil)
	}
	first, last, err := s.upTo(ctx, room, from)
	if err != nil {
		sub.Close()
		left()
		return err
	}
	err = upgrade(c, &s.upgrader, func(ws *websocket.Conn) {
		defer s.sockets.leave(ip, site)
		defer left()
		defer sub.Close()
		if !peer.open(ws) {
			return
		}
		if waits {
			s.begin(sub, site, key, first)
		} else {
			sub.Go(first, last)
		}
		first = nil // sent, and the socket may be open for hours
		s.hub.Announce(room)
		peer.listen(ws, nil)
	})
	served = c.Response().StatusCode() == fiber.StatusSwitchingProtocols
	if !served {
		sub.Close()
		left()
	}
	return err
}

// upTo is what a new listener is sent before what happens: hello, and everything
// after the number that he has already; last is the number he then stands at.
func (s *Server) upTo(ctx context.Context, room discuss.ID, from int64) (first []live.Frame, last int64, err error) {
	th, err := s.cfg.Discuss.Store.ThreadByID(ctx, room)
	if discuss.KindOf(err) == discuss.NotFound {
		th, err = discuss.Thread{}, nil
	}
	var past []discuss.Event
	complete := true
	if err == nil && from >= 0 {
		past, complete, err = s.past(ctx, th, from)
	}
	if err != nil {
		return nil, 0, err
	}
	first = []live.Frame{frame(helloJSON{"hello", th.Seq, s.hub.Readers(room)})}
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
func (s *Server) begin(sub *live.Sub, site discuss.ID, key string, first []live.Frame) {
	s.births.Lock()
	defer s.births.Unlock()
	ctx, done := edge.Deadline()
	defer done()
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, site, key)
	if err != nil {
		sub.Go(first, 0)
		return
	}
	s.join(ctx, sub, th.ID, first)
}

// birth has those who waited for a thread follow it.
func (s *Server) birth(e discuss.Event) {
	ctx, done := edge.Deadline()
	defer done()
	th, err := s.cfg.Discuss.Store.ThreadByID(ctx, e.ThreadID)
	if err != nil {
		return
	}
	s.births.Lock()
	defer s.births.Unlock()
	for _, sub := range s.hub.Room(s.waiting.born(th.SiteID, th.Key)) {
		if sub.Begun() { // else he looks again himself, in begin
			sub.Hold()
			s.join(ctx, sub, th.ID, nil)
		}
	}
	s.hub.Announce(th.ID)
}

// join moves a listener who waits to the thread's room and gives him all that
// happened there before he came.
func (s *Server) join(ctx context.Context, sub *live.Sub, thread discuss.ID, first []live.Frame) {
	s.hub.Move(sub, thread)
	events, complete, err := s.cfg.Discuss.Store.EventsAfter(ctx, thread, 0, discuss.MaxReplayEvents)
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

// liveRoom is the hub's name of a thread; one that does not exist yet shares a
// room of its own key until its first comment gives it an id.
func (s *Server) liveRoom(ctx context.Context, st discuss.Site, key string) (discuss.ID, error) {
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
	if err == nil {
		return th.ID, nil
	}
	if discuss.KindOf(err) != discuss.NotFound {
		return 0, err
	}
	return s.waiting.room(st.ID, key), nil
}

// listener is the socket's side of a subscription.
type listener struct {
	goodbye int // the close code it is sent away with
	mu      sync.Mutex
	ws      *websocket.Conn
	gone    bool // sent away before the socket was there
}

// open gives the listener its socket; false if it was sent away meanwhile.
func (r *listener) open(ws *websocket.Conn) bool {
	if tcp, ok := ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(socketBuffer)
	}
	r.mu.Lock()
	r.ws = ws
	gone := r.gone
	r.mu.Unlock()
	if gone {
		r.hangUp()
	}
	return !gone
}

func (r *listener) conn() *websocket.Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ws
}

func (r *listener) send(f live.Frame) error {
	ws := r.conn()
	_ = ws.SetWriteDeadline(time.Now().Add(socketWrite))
	return ws.WritePreparedMessage(f.(*websocket.PreparedMessage))
}

func (r *listener) hangUp() { r.hangUpWith(r.goodbye, "come back") }

// hangUpWith closes the socket, or keeps it from opening, and says why.
func (r *listener) hangUpWith(code int, why string) {
	r.mu.Lock()
	ws := r.ws
	r.gone = true
	r.mu.Unlock()
	if ws != nil {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, why), time.Now().Add(goodbyePatience))
		_ = ws.Close()
	}
}

// listen reads until the peer leaves and passes on what it says; a listener has
// nothing to say but pings. One that talks too much is shown out.
func (r *listener) listen(ws *websocket.Conn, heard func([]byte)) {
	defer ws.Close()
	ws.SetReadLimit(socketRead)
	extend := func() { _ = ws.SetReadDeadline(time.Now().Add(socketIdle)) }
	ping := ws.PingHandler()
	ws.SetPingHandler(func(d string) error { extend(); return ping(d) })
	extend()
	var n int
	since := time.Now()
	for {
		_, said, err := ws.ReadMessage()
		if err != nil {
			return
		}
		if time.Since(since) > 10*time.Second {
			n, since = 0, time.Now()
		}
		if n++; n > messagesPer10s {
			_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "too many messages"), time.Now().Add(goodbyePatience))
			return
		}
		if heard != nil {
			heard(said)
		}
		extend()
	}
}

// closeSockets says goodbye to everyone and waits: fasthttp's shutdown does
// not know these connections.
func (s *Server) closeSockets(ctx context.Context) {
	for _, sub := range append(s.hub.Shutdown(), s.inbox.Shutdown()...) {
		sub.Stop()
	}
	gone := make(chan struct{})
	go func() {
		s.sockets.wg.Wait()
		close(gone)
	}()
	select {
	case <-gone:
	case <-ctx.Done():
	}
}

// waiting gives threads without an id a room: negative numbers, which no
// thread has. A room is there while somebody is in it.
type waiting struct {
	mu   sync.Mutex
	next discuss.ID
	ids  map[string]*waitingRoom
}

type waitingRoom struct {
	id     discuss.ID
	people int
}

func (w *waiting) room(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := site.String() + "\x00" + key
	r := w.ids[name]
	if r == nil {
		if w.ids == nil {
			w.ids = map[string]*waitingRoom{}
		}
		w.next--
		r = &waitingRoom{id: w.next}
		w.ids[name] = r
	}
	r.people++
	return r.id
}

func (w *waiting) leave(site discuss.ID, key string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := site.String() + "\x00" + key
	if r := w.ids[name]; r != nil {
		if r.people--; r.people == 0 {
			delete(w.ids, name)
		}
	}
}

// born returns the waiting room of a thread that has just got its id, or 0.
func (w *waiting) born(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	if r := w.ids[site.String()+"\x00"+key]; r != nil {
		return r.id
	}
	return 0
}
