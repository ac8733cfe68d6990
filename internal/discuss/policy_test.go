package discuss

import (
	"testing"
	"time"
)

// When a discussion closes, and what readers are told of it.
func TestWhenAThreadCloses(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	never := time.Time{}
	ago := func(d time.Duration) time.Time { return now.Add(-d) }
	const day = 24 * time.Hour
	for _, c := range []struct {
		name   string
		thread Thread
		days   int
		all    bool
		state  ThreadState
		tells  time.Time
	}{
		{"open for ever", Thread{State: Open, Created: ago(day)}, 0, false, Open, never},
		{"by the site's days", Thread{State: Open, Created: ago(day)}, 14, false, Open, now.Add(13 * day)},
		{"the days are over, to the moment", Thread{State: Open, Created: ago(14 * day)}, 14, false, Closed, now},
		{"its own date wins", Thread{State: Open, Created: ago(30 * day), Closes: now.Add(time.Hour)}, 14, false, Open, now.Add(time.Hour)},
		{"its own date is past", Thread{State: Open, Created: ago(day), Closes: ago(time.Hour)}, 14, false, Closed, ago(time.Hour)},
		{"closed with the whole site", Thread{State: Open, Created: ago(day)}, 14, true, Closed, never},
		{"over before the site closed", Thread{State: Open, Created: ago(20 * day)}, 14, true, Closed, ago(6 * day)},
		{"closed by hand", Thread{State: Closed, Created: ago(20 * day), Closes: ago(3 * day)}, 14, false, Closed, ago(3 * day)},
		{"closed, and nobody noted when", Thread{State: Closed, Created: ago(20 * day)}, 14, false, Closed, never},
		{"closed with a date to come", Thread{State: Closed, Created: ago(day), Closes: now.Add(day)}, 0, false, Closed, never},
		{"read only", Thread{State: ReadOnly, Created: ago(20 * day), Closes: ago(day)}, 14, false, ReadOnly, ago(day)},
	} {
		site := Site{Settings: DefaultSettings()}
		site.Settings.Moderation.CloseDays, site.Settings.Moderation.ClosedAll = c.days, c.all
		if got := c.thread.StateAt(site, now); got != c.state {
			t.Errorf("%s: %s, want %s", c.name, got, c.state)
		}
		if got := c.thread.ClosesAt(site, now); !got.Equal(c.tells) {
			t.Errorf("%s: readers are told %v, want %v", c.name, got, c.tells)
		}
	}
}

// Who closes a thread by hand notes when; who opens it again forgets it.
func TestClosingByHandIsDated(t *testing.T) {
	now := time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)
	later := now.Add(time.Hour)
	closed, readOnly, open := Closed, ReadOnly, Open
	th := Thread{State: Open, Closes: later}
	ThreadChange{State: &closed}.apply(&th, now)
	if th.State != Closed || !th.Closes.Equal(now) {
		t.Errorf("closed: %+v", th)
	}
	ThreadChange{State: &readOnly}.apply(&th, later)
	if !th.Closes.Equal(now) {
		t.Errorf("it was closed already: %+v", th)
	}
	ThreadChange{State: &open}.apply(&th, later)
	if th.State != Open || !th.Closes.IsZero() {
		t.Errorf("opened: %+v", th)
	}
	ThreadChange{State: &open, Closes: &later}.apply(&th, now)
	if !th.Closes.Equal(later) {
		t.Errorf("with a date of its own: %+v", th)
	}
}
