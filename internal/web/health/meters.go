package health

import (
	"fmt"
	"strconv"
	"time"

	"github.com/VictoriaMetrics/metrics"
	"github.com/gofiber/fiber/v2"
)

// Writes is what the store has done since it was opened.
type Writes struct {
	Commits  int64         // transactions
	Requests int64         // writes in them: several share a commit under load
	Busy     time.Duration // spent in commits, the disk's sync included
	ReadOnly bool          // the last one could not be kept
}

// Meters are what /metrics tells, in Prometheus' text format. A page from the
// cache costs one counter; everything else is timed by its route's pattern, so
// that ids make no series of their own.
type Meters struct {
	set    *metrics.Set
	pages  *metrics.Counter
	writes func() Writes
}

// NewMeters makes meters that begin at nothing. sockets says how many are open,
// writes (which may be nil) what the store has done.
func NewMeters(sockets func() int, writes func() Writes) *Meters {
	set := metrics.NewSet()
	m := &Meters{set: set, pages: set.NewCounter("parley_pages_from_cache_total"), writes: writes}
	set.NewGauge("parley_live_sockets", func() float64 { return float64(sockets()) })
	if writes != nil {
		set.NewGauge("parley_commits_total", func() float64 { return float64(writes().Commits) })
		set.NewGauge("parley_writes_total", func() float64 { return float64(writes().Requests) })
		set.NewGauge("parley_commit_seconds_total", func() float64 { return writes().Busy.Seconds() })
		set.NewGauge("parley_read_only", func() float64 {
			if m.readOnly() {
				return 1
			}
			return 0
		})
	}
	return m
}

func (m *Meters) readOnly() bool { return m.writes != nil && m.writes().ReadOnly }

// Page notes an answer from the cache.
func (m *Meters) Page() { m.pages.Add(1) }

// Count notes an answer of a route. A path that leads nowhere counts as one.
func (m *Meters) Count(c *fiber.Ctx, began time.Time) {
	route, status := c.Route().Path, c.Response().StatusCode()
	if status == fiber.StatusNotFound && (route == "/" || route == "") {
		route = "none"
	}
	m.set.GetOrCreateCounter(fmt.Sprintf(`parley_requests_total{method=%q,route=%q,status=%q}`, c.Method(), route, strconv.Itoa(status))).Inc()
	m.set.GetOrCreateSummary(fmt.Sprintf(`parley_request_seconds{route=%q}`, route)).UpdateDuration(began)
}
