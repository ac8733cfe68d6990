package web

import (
	"bytes"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/weburl"
)

// Writes is what the store has done since it was opened.
type Writes struct {
	Commits  int64         // transactions
	Requests int64         // writes in them: several share a commit under load
	Busy     time.Duration // spent in commits, the disk's sync included
}

// meters are what /metrics tells, in Prometheus' text format. A page from the
// cache costs one counter; everything else is timed by its route's pattern, so
// that ids make no series of their own.
type meters struct {
	set   *metrics.Set
	pages *metrics.Counter
}

func newMeters(s *Server, writes func() Writes) *meters {
	set := metrics.NewSet()
	m := &meters{set: set, pages: set.NewCounter("parley_pages_from_cache_total")}
	set.NewGauge("parley_live_sockets", func() float64 { return float64(s.sockets.open()) })
	if writes != nil {
		set.NewGauge("parley_commits_total", func() float64 { return float64(writes().Commits) })
		set.NewGauge("parley_writes_total", func() float64 { return float64(writes().Requests) })
		set.NewGauge("parley_commit_seconds_total", func() float64 { return writes().Busy.Seconds() })
	}
	return m
}

// count notes an answer of a route. A path that leads nowhere counts as one.
func (m *meters) count(c *fiber.Ctx, began time.Time) {
	route, status := c.Route().Path, c.Response().StatusCode()
	if status == fiber.StatusNotFound && (route == "/" || route == "") {
		route = "none"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf(`parley_requests_total{method=%q,route=%q,status=%q}`, c.Method(), route, strconv.Itoa(status))).Inc()
	m.set.GetOrCreateSummary(fmt.Sprintf(`parley_request_seconds{route=%q}`, route)).UpdateDuration(began)
}

func (k *sockets) open() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all
}

// forwarding begins the names of headers that proxies and CDNs add to what they pass on, lower case.
var forwarding = []string{
	"forwarded", "via", "x-forwarded", "x-real", "x-original", "x-client", "x-cluster-client", "x-envoy", "x-appengine", "x-azure", "x-amz", "x-cloud-trace",
	"x-request-start", "x-vercel", "x-nf-", "true-client", "cf-", "cdn-", "fly-", "fastly-", "akamai",
}

// getMetrics answers this machine alone, unless the owner has said otherwise.
// What a proxy passes on comes from elsewhere although its peer is near, and
// not every proxy says so: once browsers reach the server by a name, only the
// owner's word lets anybody read.
func (s *Server) getMetrics(c *fiber.Ctx) error {
	near := c.Context().RemoteIP().IsLoopback() && weburl.Loopback(string(c.Request().Host()))
	for name := range c.Request().Header.All() {
		for _, begin := range forwarding {
			near = near && !strings.HasPrefix(strings.ToLower(string(name)), begin)
		}
	}
	switch s.cfg.Metrics {
	case "on":
	case "loopback":
		if !near {
			return discuss.ErrNotFound
		}
	case "auto", "":
		if !near || !weburl.Loopback(string(s.ownHost)) {
			return discuss.ErrNotFound
		}
	default:
		return discuss.ErrNotFound
	}
	var b bytes.Buffer
	s.meters.set.WritePrometheus(&b)
	metrics.WriteProcessMetrics(&b)
	c.Response().Header.SetContentType("text/plain; version=0.0.4; charset=utf-8")
	c.Response().SetBodyRaw(b.Bytes())
	return nil
}
