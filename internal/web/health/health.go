// Package health is the door of whoever watches over the server: that it lives,
// that it is ready, and its figures.
package health

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/weburl"
)

// Room is what this audience is served with.
type Room struct {
	Meters *Meters
	Allow  string // who may read the figures: "auto" (or ""), "loopback", "on", "off"
	Doctor []byte // key of what the doctor signs; without one nobody is answered
	Now    func() time.Time
	Local  bool // browsers reach the server by an address of this machine alone
}

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	get := func(path, summary string, gate edge.Gate, errors ...int) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: gate, Kind: "text/plain", Errors: errors}
	}
	return []edge.Route{
		edge.Raw(get("/healthz", "The server lives", edge.Anybody), r.alive),
		edge.Raw(get("/readyz", "Its store answers", edge.Anybody, 503), r.ready),
		edge.Raw(edge.Route{Method: "GET", Path: "/healthz/way", Summary: "How the doctor's own request arrived", Gate: edge.Operators, Kind: "application/json", Errors: []int{404}}, r.way),
		edge.Raw(get("/metrics", "Its figures, in Prometheus' text format", edge.Operators, 404), r.metrics),
	}
}

func (Room) alive(_ context.Context, q *edge.Request) error { return q.SendString("ok\n") }

func (r Room) ready(ctx context.Context, q *edge.Request) error {
	if _, err := q.Door.AllSites(ctx); err != nil {
		return discuss.Busy(err)
	}
	if r.Meters.readOnly() { // pages are still served: taking the server away would help nobody
		return q.SendString("ready, read only: what is written can't be kept\n")
	}
	return q.SendString("ready\n")
}

// forwarding begins the names of headers that proxies and CDNs add to what they pass on, lower case.
var forwarding = []string{
	"forwarded", "via", "x-forwarded", "x-real", "x-original", "x-client", "x-cluster-client", "x-envoy", "x-appengine", "x-azure", "x-amz", "x-cloud-trace",
	"x-request-start", "x-vercel", "x-nf-", "true-client", "cf-", "cdn-", "fly-", "fastly-", "akamai",
}

// near reports whether a request comes from this machine, and by no proxy: what
// one passes on comes from elsewhere although its peer is near.
func near(q *edge.Request) bool {
	if !q.Context().RemoteIP().IsLoopback() || !weburl.Loopback(string(q.Request().Host())) {
		return false
	}
	for name := range q.Request().Header.All() {
		for _, begin := range forwarding {
			if strings.HasPrefix(strings.ToLower(string(name)), begin) {
				return false
			}
		}
	}
	return true
}

// mayRead answers this machine alone, unless the owner has said otherwise. Not
// every proxy says that it is one: once browsers reach the server by a name,
// only the owner's word lets anybody read.
func (r Room) mayRead(q *edge.Request) bool {
	switch r.Allow {
	case "on":
		return true
	case "loopback":
		return near(q)
	case "auto", "":
		return near(q) && r.Local
	}
	return false
}

func (r Room) metrics(_ context.Context, q *edge.Request) error {
	if !r.mayRead(q) {
		return discuss.ErrNotFound
	}
	var b bytes.Buffer
	r.Meters.set.WritePrometheus(&b)
	metrics.WriteProcessMetrics(&b)
	q.Response().Header.SetContentType("text/plain; version=0.0.4; charset=utf-8")
	q.Response().SetBodyRaw(b.Bytes())
	return nil
}
