package discuss

import (
	"slices"
	"sync"
	"time"
)

// Night is a span of every day in which a more careful mode holds: while the
// moderators sleep. Its hours are those of the clocks on the walls of a zone.
type Night struct {
	Mode  string // a Mode but publish; "" is no night
	Start string // "23:00"
	End   string // "07:00"; not after Start, it is of the next day
	Zone  string // of the IANA's, "Europe/Berlin"
}

const clockLayout = "15:04"

// Validate names the first field that cannot be.
func (n Night) Validate() error {
	if n.Mode != "" && (n.Mode == ModePublish || !slices.Contains(Modes, n.Mode)) {
		return Bad("night_mode", "must be newcomers, guests, links or all, or empty for no night")
	}
	start, err := time.Parse(clockLayout, n.Start)
	if err != nil {
		return Bad("night_start", "must be a time like 23:00")
	}
	end, err := time.Parse(clockLayout, n.End)
	if err != nil {
		return Bad("night_end", "must be a time like 07:00")
	}
	if start.Equal(end) {
		return Bad("night_end", "must be another time than the start: for the whole day there is the mode itself")
	}
	if _, err := zone(n.Zone); err != nil || n.Zone == "" || n.Zone == "Local" {
		return Bad("night_zone", "must be a time zone like Europe/Berlin or UTC")
	}
	return nil
}

// At returns the night that is, or the next one: now is in it where it is not
// before from. Both are zero where there is no night.
func (n Night) At(now time.Time) (from, until time.Time) {
	start, err1 := time.Parse(clockLayout, n.Start)
	end, err2 := time.Parse(clockLayout, n.End)
	loc, err3 := zone(n.Zone)
	if n.Mode == "" || err1 != nil || err2 != nil || err3 != nil {
		return time.Time{}, time.Time{}
	}
	over := 0
	if !start.Before(end) {
		over = 1
	}
	y, m, d := now.In(loc).Date()
	for day := d - 1; ; day++ {
		from, until = wall(y, m, day, start, loc), wall(y, m, day+over, end, loc)
		if now.Before(until) && from.Before(until) { // a change of the clocks may leave nothing of one
			return from, until
		}
	}
}

// wall is the first moment of a day at which the clocks of a zone show a time,
// or have jumped over it.
func wall(y int, m time.Month, d int, clock time.Time, loc *time.Location) time.Time {
	t := time.Date(y, m, d, clock.Hour(), clock.Minute(), 0, 0, loc)
	begins, ends := t.ZoneBounds()
	if t.Hour() != clock.Hour() || t.Minute() != clock.Minute() { // jumped over
		if t.Hour()*60+t.Minute() > clock.Hour()*60+clock.Minute() {
			return begins
		}
		return ends
	}
	if begins.IsZero() {
		return t
	}
	_, now := t.Zone()
	_, before := begins.Add(-time.Second).Zone()
	if first := t.Add(time.Duration(now-before) * time.Second); now < before && first.Before(begins) {
		return first // shown twice
	}
	return t
}

// zones keeps what has been read of the database of time zones, which never changes.
var zones sync.Map

func zone(name string) (*time.Location, error) {
	if loc, ok := zones.Load(name); ok {
		return loc.(*time.Location), nil
	}
	loc, err := time.LoadLocation(name)
	if err == nil {
		zones.Store(name, loc)
	}
	return loc, err
}

// NightOf is the night that holds in a thread, or the next one; zero where none
// does. A thread that has a mode of its own has no night.
func NightOf(site Site, th Thread, now time.Time) (from, until time.Time) {
	if th.Mode != "" {
		return time.Time{}, time.Time{}
	}
	return site.Settings.Moderation.Night.At(now)
}

// mode is what holds for a thread now: its own, or the site's, or by night the
// night's, if that is more careful.
func mode(site Site, th Thread, now time.Time) (mode string, night bool) {
	switch {
	case th.Mode != "":
		return th.Mode, false
	case site.Settings.Hold != "":
		mode = site.Settings.Hold
	default:
		mode = ModePublish
	}
	n := site.Settings.Moderation.Night
	if n.Mode == "" || slices.Index(Modes, n.Mode) <= slices.Index(Modes, mode) {
		return mode, false
	}
	if from, until := n.At(now); until.IsZero() || now.Before(from) {
		return mode, false
	}
	return n.Mode, true
}
