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
)

const (
	socketIdle      = 75 * time.Second // the widget pings every 30 s
	socketWrite     = 10 * time.Second
	socketRead      = 4 << 10
	socketBuffer    = 64 << 10 // of the kernel: a stalled reader otherwise holds 4 MB
	socketsPerIP    = 20
	socketsPerSite  = 2_000
	socketsInAll    = 12_000
	messagesPer10s  = 10
	socketRetry     = 10 // seconds, in Retry-After
	goodbyePatience = time.Second
	closeBegun      = 4001 // the thread has got its first comment: come back at once
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
	b, err := encode(list)
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
	ctx, done := reqCtx()
	defer done()
	st, err := s.site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	if o := c.Get("Origin"); !s.listed(c, st, o) {
		return discuss.ErrOrigin
	}
	key, err := threadKey(c)
	if err != nil {
		return err
	}
	from, err := after(c)
	if err != nil {
		return err
	}
	ip := s.clientIP(c)
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
	peer := &reader{goodbye: websocket.CloseServiceRestart}
	if room < 0 {
		peer.goodbye = closeBegun
	}
	sub := s.hub.Subscribe(room, peer.send, peer.hangUp)
	if sub == nil {
		return discuss.Busy(nil)
	}
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
		sub.Close()
		return err
	}
	first := []live.Frame{frame(helloJSON{"hello", th.Seq, s.hub.Readers(room)})}
	last := th.Seq
	if !complete {
		first = append(first, resetFrame())
	} else if len(past) > 0 {
		first = append(first, encodeFrame(past, -1))
		last = past[len(past)-1].Seq
	}
	err = upgrade(c, &s.upgrader, func(ws *websocket.Conn) {
		defer s.sockets.leave(ip, st.ID)
		defer sub.Close()
		peer.open(ws)
		sub.Go(first, last)
		s.hub.Announce(room)
		peer.listen(ws)
	})
	served = c.Response().StatusCode() == fiber.StatusSwitchingProtocols
	if !served {
		sub.Close()
	}
	return err
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

// reader is the socket's side of a subscription.
type reader struct {
	goodbye int // the close code it is sent away with
	mu      sync.Mutex
	ws      *websocket.Conn
}

func (r *reader) open(ws *websocket.Conn) {
	if tcp, ok := ws.NetConn().(*net.TCPConn); ok {
		_ = tcp.SetWriteBuffer(socketBuffer)
	}
	r.mu.Lock()
	r.ws = ws
	r.mu.Unlock()
}

func (r *reader) conn() *websocket.Conn {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.ws
}

func (r *reader) send(f live.Frame) error {
	ws := r.conn()
	_ = ws.SetWriteDeadline(time.Now().Add(socketWrite))
	return ws.WritePreparedMessage(f.(*websocket.PreparedMessage))
}

func (r *reader) hangUp() {
	if ws := r.conn(); ws != nil {
		_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(r.goodbye, "come back"), time.Now().Add(goodbyePatience))
		_ = ws.Close()
	}
}

// listen reads until the peer leaves. It has nothing to say but pings; one
// that talks too much is shown out.
func (r *reader) listen(ws *websocket.Conn) {
	defer ws.Close()
	ws.SetReadLimit(socketRead)
	extend := func() { _ = ws.SetReadDeadline(time.Now().Add(socketIdle)) }
	ping := ws.PingHandler()
	ws.SetPingHandler(func(d string) error { extend(); return ping(d) })
	extend()
	var n int
	since := time.Now()
	for {
		if _, _, err := ws.ReadMessage(); err != nil {
			return
		}
		if time.Since(since) > 10*time.Second {
			n, since = 0, time.Now()
		}
		if n++; n > messagesPer10s {
			_ = ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(websocket.ClosePolicyViolation, "too many messages"), time.Now().Add(goodbyePatience))
			return
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
// thread has.
type waiting struct {
	mu   sync.Mutex
	next discuss.ID
	ids  map[string]discuss.ID
}

func (w *waiting) room(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	name := site.String() + "\x00" + key
	if id, ok := w.ids[name]; ok {
		return id
	}
	if w.ids == nil || len(w.ids) > 10_000 {
		w.ids = map[string]discuss.ID{}
	}
	w.next--
	w.ids[name] = w.next
	return w.next
}

// born returns the waiting room of a thread that has just got its id, or 0.
func (w *waiting) born(site discuss.ID, key string) discuss.ID {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.ids[site.String()+"\x00"+key]
}
