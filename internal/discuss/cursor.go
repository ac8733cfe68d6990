package discuss

import (
	"math"
	"strconv"
	"strings"
)

// Cursor is a place in an ordered list: the sort key of the last row seen and
// its id. It stays good when rows before or after it come and go.
type Cursor struct {
	Sort Sort
	Key  float64 // milliseconds, or a rank
	ID   ID
}

// IsZero reports whether c is the beginning.
func (c Cursor) IsZero() bool { return c.ID == 0 }

// Known reports whether there is such an order.
func (s Sort) Known() bool { return sortLetter[s] != "" }

var sortLetter = map[Sort]string{SortBest: "b", SortNewest: "n", SortOldest: "o", SortControversial: "c"}

// String is the opaque form; "" for the beginning.
func (c Cursor) String() string {
	if c.IsZero() {
		return ""
	}
	return sortLetter[c.Sort] + strconv.FormatUint(math.Float64bits(c.Key), idBase) + "_" + c.ID.String()
}

// ParseCursor reads what String wrote for a list in the given order; another
// order's cursor and anything else is an error that names the field.
func ParseCursor(s string, sort Sort) (Cursor, error) {
	if s == "" {
		return Cursor{Sort: sort}, nil
	}
	bad := Bad("cursor", "is not a cursor of this list")
	if len(s) > 64 || !strings.HasPrefix(s, sortLetter[sort]) {
		return Cursor{}, bad
	}
	key, id, ok := strings.Cut(s[1:], "_")
	if !ok {
		return Cursor{}, bad
	}
	bits, err := strconv.ParseUint(key, idBase, 64)
	if err != nil {
		return Cursor{}, bad
	}
	f := math.Float64frombits(bits)
	n, err := ParseID(id)
	if err != nil || math.IsNaN(f) || math.IsInf(f, 0) {
		return Cursor{}, bad
	}
	return Cursor{Sort: sort, Key: f, ID: n}, nil
}

// CursorAt is the place of c in a list ordered by sort in the given view.
func CursorAt(c Comment, sort Sort, view View) Cursor {
	key := float64(c.Created.UnixMilli())
	switch {
	case sort == SortBest && view == ViewThreads:
		key = c.Branch
	case sort == SortBest:
		key = c.Rank
	case sort == SortControversial:
		key = c.Heat
	}
	return Cursor{Sort: sort, Key: key, ID: c.ID}
}
