package web

import (
	"math"
	"sync"
	"time"

	"parley/internal/discuss"
)

// bucket sizes: so many at once, refilled evenly over the time.
var buckets = map[string]struct {
	size float64
	over time.Duration
}{
	"login":    {5, 15 * time.Minute},
	"register": {10, time.Hour},
	"mail":     {5, time.Hour},
	"provider": {30, 15 * time.Minute},
	"account":  {30, time.Hour},
	"export":   {10, time.Hour},
	"passkey":  {60, 15 * time.Minute},
	"code":     {20, 15 * time.Minute},
	"sso":      {120, time.Minute},
	"post":     {30, time.Minute},
	"vote":     {120, time.Minute},
	"report":   {20, time.Minute},
	"keep":     {60, time.Minute}, // follow, mute
	"preview":  {60, time.Minute},
}

const limiterMax = 100_000 // keys held; past it the full buckets are dropped

type level struct {
	left float64
	at   time.Time
}

// limiter is token buckets by purpose and key.
type limiter struct {
	on  bool
	now func() time.Time
	mu  sync.Mutex
	m   map[string]level
}

func newLimiter(on bool, now func() time.Time) *limiter {
	return &limiter{on: on, now: now, m: map[string]level{}}
}

// take takes one token or says when there will be one.
func (l *limiter) take(purpose, key string) error {
	if !l.on {
		return nil
	}
	b := buckets[purpose]
	rate := b.size / b.over.Seconds()
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.m) > limiterMax {
		l.m = map[string]level{}
	}
	k := purpose + "\x00" + key
	v, ok := l.m[k]
	if !ok {
		v = level{b.size, now}
	}
	v.left = math.Min(b.size, v.left+math.Max(0, now.Sub(v.at).Seconds())*rate)
	v.at = now
	if v.left < 1 {
		l.m[k] = v
		return discuss.Slow("rate", int(math.Ceil((1-v.left)/rate)))
	}
	v.left--
	l.m[k] = v
	return nil
}

func (l *limiter) forget(purpose, key string) {
	l.mu.Lock()
	delete(l.m, purpose+"\x00"+key)
	l.mu.Unlock()
}
