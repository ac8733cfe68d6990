package web

import (
	"time"

	"parley/internal/web/edge"

	"github.com/gofiber/fiber/v2"
)

// Trouble is how the demo lets people see what readers see on a bad day. A
// server that is not the demo's never has any.
type Trouble struct {
	Delay   time.Duration // before every answer of the API
	Status  int           // instead of the answer; 0 for none
	Garbage bool          // HTML where JSON is due, as a portal in a hotel gives
}

// SetTrouble makes trouble from now on; nil ends it.
func (s *Server) SetTrouble(t *Trouble) { s.trouble.Store(t) }

// answer answers instead of the API; done says that it has.
func (t *Trouble) answer(c *fiber.Ctx) (done bool, err error) {
	if len(c.Path()) < 5 || c.Path()[:5] != "/api/" {
		return false, nil
	}
	time.Sleep(t.Delay)
	switch {
	case t.Garbage:
		c.Set("Access-Control-Allow-Origin", "*")
		c.Set("Content-Security-Policy", edge.APICSP)
		c.Response().Header.SetContentType("text/html; charset=utf-8")
		return true, c.SendString("<!doctype html><title>Welcome</title><h1>Welcome to the hotel</h1>")
	case t.Status != 0:
		if o := c.Get("Origin"); o != "" {
			c.Set("Access-Control-Allow-Origin", o)
			c.Set("Access-Control-Allow-Credentials", "true")
		}
		return true, &edge.HTTPError{Status: t.Status, Code: "trouble", Detail: "The demo has been told to answer like this."}
	}
	return false, nil
}
