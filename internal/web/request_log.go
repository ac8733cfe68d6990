package web

import (
	"log/slog"
	"time"

	"github.com/valyala/fasthttp"
)

// What a request is called in the log that no route has answered.
const (
	routeValue = "parley route"
	keptPage   = "a kept page"
	noRoute    = "none"
)

// logged writes one line for each request. It names the route and not the
// address that was asked for, which may hold a ticket; who asked is not said
// either.
func logged(rest fasthttp.RequestHandler) fasthttp.RequestHandler {
	return func(c *fasthttp.RequestCtx) {
		began := time.Now()
		method := string(c.Method()) // a hijacked connection's request is gone afterwards
		rest(c)
		route, ok := c.UserValue(routeValue).(string)
		if !ok {
			route = noRoute
		}
		slog.Info("request", "method", method, "route", route, "status", c.Response.StatusCode(),
			"ms", float64(time.Since(began).Microseconds())/1000, "bytes", c.Response.Header.ContentLength())
	}
}
