package discuss

import (
	"strconv"
	"sync"
	"time"
)

// ID names a row. It is time-ordered: 42 bits of milliseconds since 2020, then
// 21 bits that count within the millisecond. Outside the program it is an
// opaque string.
type ID int64

const idBase = 36

// String is the form that the outside sees; ParseID reads it back.
func (id ID) String() string { return strconv.FormatInt(int64(id), idBase) }

// ParseID reads the form that String writes. Anything else, upper case and
// padding included, is ErrNotFound: a malformed id is the name of nothing.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, idBase, 64)
	if err != nil || n <= 0 || ID(n).String() != s {
		return 0, ErrNotFound
	}
	return ID(n), nil
}

// IDAt is the smallest id of what happens at t or later.
func IDAt(t time.Time) ID {
	return ID(max(0, t.UnixMilli()-idEpochMillis) << idCounterBits)
}

// Time is when an id was made, to the millisecond unless many were made at once.
func (id ID) Time() time.Time {
	return time.UnixMilli(int64(id)>>idCounterBits + idEpochMillis)
}

const (
	idCounterBits = 21
	idEpochMillis = 1_577_836_800_000 // 2020-01-01T00:00:00Z
)

// IDs hands out ids in increasing order, also when the clock steps back. The
// zero value is ready; it is safe for concurrent use.
type IDs struct {
	mu   sync.Mutex
	last int64
}

// Next returns an id for something that happens at t, larger than every id
// returned before.
func (g *IDs) Next(t time.Time) ID {
	g.mu.Lock()
	defer g.mu.Unlock()
	next := (t.UnixMilli() - idEpochMillis) << idCounterBits
	if next <= g.last {
		next = g.last + 1
	}
	g.last = next
	return ID(next)
}

// Past has every id from now on be larger than id.
func (g *IDs) Past(id ID) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.last = max(g.last, int64(id))
}
