package web

import (
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
)

// hintJSON tells a dashboard that something has changed. Who missed one
// fetches the list again: hints carry no sequence.
type hintJSON struct {
	Type    string `json:"type"`
	Comment string `json:"id,omitempty"`
	Action  string `json:"action,omitempty"`
	By      string `json:"by,omitempty"`    // name
	ByID    string `json:"by_id,omitempty"` // author id
}

// Hinted passes hints on to the moderators' sockets; it never blocks. The one
// goroutine that commits calls it, so their numbers rise.
func (s *Server) Hinted(hints []discuss.Hint) {
	for _, h := range hints {
		if h.Actor != 0 {
			s.names.Store(h.Actor, h.Name)
		}
		s.inbox.Publish(discuss.Event{ThreadID: h.Site, Seq: s.hints.Add(1), Type: discuss.EventType(h.Type + " " + h.Action), Comment: h.Comment, Parent: h.Actor, At: s.cfg.Now()})
	}
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
		if e.Parent != 0 {
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

// getInboxLive upgrades to the moderators' socket. The page is our own, so the
// origin must be ours; programs bring a token and no origin.
func (s *Server) getInboxLive(c *fiber.Ctx) error {
	ctx, done := reqCtx()
	defer done()
	st, _, err := s.moderating(ctx, c, discuss.ActRead)
	if err != nil {
		return err
	}
	if o := c.Get("Origin"); o != "" && !s.ownOrigin(c, o) {
		return discuss.ErrOrigin
	}
	ip := s.clientIP(c)
	if !s.sockets.enter(ip, st.ID, s.cfg.RateLimits) {
		return &discuss.Error{Kind: discuss.Unavailable, Code: "sockets", Detail: "Too many live connections.", RetryAfter: socketRetry}
	}
	peer := &reader{goodbye: websocket.CloseServiceRestart}
	sub := s.inbox.Subscribe(st.ID, peer.send, peer.hangUp)
	if sub == nil {
		s.sockets.leave(ip, st.ID)
		return discuss.Busy(nil)
	}
	err = upgrade(c, &s.upgrader, func(ws *websocket.Conn) {
		defer s.sockets.leave(ip, st.ID)
		defer sub.Close()
		if !peer.open(ws) {
			return
		}
		sub.Go([]live.Frame{frame(map[string]string{"type": "hello"})}, -1)
		s.inbox.Announce(st.ID)
		peer.listen(ws)
	})
	if c.Response().StatusCode() != fiber.StatusSwitchingProtocols {
		s.sockets.leave(ip, st.ID)
		sub.Close()
	}
	return err
}
