package socket

import (
	"github.com/gorilla/websocket"

	"parley/internal/discuss"
	"parley/internal/live"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type helloFrame struct {
	Type    string `json:"type"`
	Seq     int64  `json:"seq"`
	Readers int    `json:"readers"`
}

type readersFrame struct {
	Type    string `json:"type"`
	Readers int    `json:"readers"`
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
		list = append(list, shape.EventOf(e))
	}
	if readers >= 0 {
		list = append(list, readersFrame{"readers", readers})
	}
	return frame(list...)
}

func resetFrame() live.Frame {
	f, _ := websocket.NewPreparedMessage(websocket.TextMessage, []byte(`[{"type":"reset"}]`))
	return f
}
