package discuss

import "time"

// Kept is one row of the retention table: how long something is kept.
type Kept struct {
	What string // a key of the catalogues: "rejected", "sessions"
	For  time.Duration
}
