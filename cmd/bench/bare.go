package main

import (
	"net/http"
	"os"
	"slices"
	"sync"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
)

// headerBytes are what our server takes of a head; the bare one takes as much.
const headerBytes = 16 << 10

// bareHTTP is Fiber with its default settings, but for the room for a head, and handlers of one Send.
func bareHTTP(addr string) error {
	body, err := os.ReadFile(os.Getenv("BENCH_BODY"))
	if err != nil {
		return err
	}
	app := fiber.New(fiber.Config{DisableStartupMessage: true, ReadBufferSize: headerBytes})
	app.Get("/readyz", func(c *fiber.Ctx) error { return c.SendString("ok") })
	app.Get("/304", func(c *fiber.Ctx) error { return c.SendStatus(fiber.StatusNotModified) })
	app.Get("/*", func(c *fiber.Ctx) error {
		c.Set("Content-Type", "application/json")
		c.Set("Content-Encoding", "gzip")
		return c.Send(body)
	})
	return app.Listen(addr)
}

// bareSockets sends one prepared message to every socket when asked to.
func bareSockets(addr string) error {
	body, err := os.ReadFile(os.Getenv("BENCH_BODY"))
	if err != nil {
		return err
	}
	var mu sync.Mutex
	var all []*websocket.Conn
	up := websocket.Upgrader{ReadBufferSize: 256, WriteBufferPool: &sync.Pool{}, CheckOrigin: func(*http.Request) bool { return true }}
	mux := http.NewServeMux()
	mux.HandleFunc("/readyz", func(http.ResponseWriter, *http.Request) {})
	mux.HandleFunc("/metrics", func(w http.ResponseWriter, _ *http.Request) { metrics.WriteProcessMetrics(w) })
	mux.HandleFunc("/live", func(w http.ResponseWriter, r *http.Request) {
		mu.Lock() // who has their answer is told of what is sent from then on
		ws, err := up.Upgrade(w, r, nil)
		if err == nil {
			all = append(all, ws)
		}
		mu.Unlock()
		if err != nil {
			return
		}
		go func() { // net/http's own goroutine would hold on to its buffers
			for {
				if _, _, err := ws.NextReader(); err != nil {
					mu.Lock()
					if i := slices.Index(all, ws); i >= 0 {
						all = slices.Delete(all, i, i+1)
					}
					mu.Unlock()
					_ = ws.Close()
					return
				}
			}
		}()
	})
	mux.HandleFunc("/send", func(http.ResponseWriter, *http.Request) {
		m, err := websocket.NewPreparedMessage(websocket.TextMessage, body)
		if err != nil {
			return
		}
		mu.Lock()
		defer mu.Unlock()
		for _, ws := range all {
			_ = ws.WritePreparedMessage(m)
		}
	})
	return http.ListenAndServe(addr, mux)
}
