package discuss

import "time"

// Kept is one row of the retention table: how long something is kept, or until
// what happens.
type Kept struct {
	What  string // a key of the catalogues: "rejected", "sessions"
	For   time.Duration
	Until string // a key of the catalogues: "account", "ban"; with it For is zero
}
