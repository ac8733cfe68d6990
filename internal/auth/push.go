package auth

import (
	"time"

	"parley/internal/discuss"
)

// MaxDevices is how many devices of one account take messages; the one that was
// used longest ago gives way.
const MaxDevices = 20

// PushDevice is a browser that takes messages for an account.
type PushDevice struct {
	ID            discuss.ID
	Endpoint      string
	Key, Auth     []byte
	Name          string
	Session       []byte    // hash of the token of the session that lets it in: it goes with that
	Created, Used time.Time // used: zero if nothing was sent yet
}

// PushChoices is what an account wants of the messages to its devices.
type PushChoices struct {
	QuietFrom, QuietUntil int    // minutes after midnight, in Zone; equal: no quiet hours
	Zone                  string // by the name of the time zone database; "": UTC
	Text                  bool   // what was written is shown, not only who and where
}

// Check refuses choices that mean nothing.
func (c PushChoices) Check() error {
	const day = 24 * 60
	if c.QuietFrom < 0 || c.QuietFrom >= day || c.QuietUntil < 0 || c.QuietUntil >= day {
		return discuss.Bad("quiet", "must be hours of a day")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "Local" {
		return discuss.Bad("zone", "must be a time zone, such as Europe/Berlin")
	}
	return nil
}

// Quiet is until when an account wants to hear nothing; the zero time: it may now.
func (c PushChoices) Quiet(now time.Time) time.Time {
	if c.QuietFrom == c.QuietUntil {
		return time.Time{}
	}
	zone, err := time.LoadLocation(c.Zone)
	if err != nil {
		zone = time.UTC
	}
	here := now.In(zone)
	at := here.Hour()*60 + here.Minute()
	in := c.QuietFrom <= at && at < c.QuietUntil
	if c.QuietFrom > c.QuietUntil { // over midnight
		in = at >= c.QuietFrom || at < c.QuietUntil
	}
	if !in {
		return time.Time{}
	}
	end := time.Date(here.Year(), here.Month(), here.Day(), c.QuietUntil/60, c.QuietUntil%60, 0, 0, zone)
	if !end.After(now) {
		end = time.Date(here.Year(), here.Month(), here.Day()+1, c.QuietUntil/60, c.QuietUntil%60, 0, 0, zone)
	}
	return end
}
