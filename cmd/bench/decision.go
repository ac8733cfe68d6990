package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"github.com/gorilla/websocket"

	"parley/internal/live"
)

const decisions = 30

// decision measures how long a rejected comment stays in another reader's open
// page, beside the window in which a thread's events are gathered.
func decision(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	ids := make([]string, decisions)
	for i := range ids {
		if ids[i], err = s.post(token, "verdicts", "", "A comment that a moderator will reject."); err != nil {
			return err
		}
	}
	ws, _, err := websocket.DefaultDialer.Dial("ws://"+s.addr+"/api/v1/sites/news/live?thread=verdicts", http.Header{"Origin": {origin}})
	if err != nil {
		return err
	}
	defer ws.Close()
	gone := make(chan string, decisions)
	go func() {
		defer close(gone)
		for {
			var events []struct{ Type, ID string }
			if _, b, err := ws.ReadMessage(); err != nil || json.Unmarshal(b, &events) != nil {
				return
			}
			for _, e := range events {
				if e.Type == "comment.removed" {
					gone <- e.ID
				}
			}
		}
	}()
	took := make([]float64, 0, decisions)
	for _, id := range ids {
		began := time.Now()
		if err := s.call("POST", "/api/v1/sites/news/moderation/decisions", token, fmt.Sprintf(`[{"comment_id":%q,"action":"reject"}]`, id), nil); err != nil {
			return err
		}
		select {
		case got := <-gone:
			if got != id {
				return fmt.Errorf("%s was removed, not %s", got, id)
			}
		case <-time.After(patience):
			return fmt.Errorf("%s was never removed", id)
		}
		took = append(took, float64(time.Since(began))/float64(time.Millisecond))
	}
	rep.add(figure{"decision to removal elsewhere, by the window", "ms", median(took), float64(live.DefaultWindow) / float64(time.Millisecond), "<= 1.5"})
	return nil
}
