package discuss

import (
	"errors"
	"testing"
	"time"
	_ "time/tzdata"
)

// The hours of a night are those of the wall, through both changes of the clocks.
func TestWhenANightIs(t *testing.T) {
	utc := func(s string) time.Time {
		at, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return at
	}
	for _, c := range []struct {
		what, start, end, zone, now string
		in                          bool
		from, until                 string
	}{
		{"before it", "23:00", "07:00", "UTC", "2026-11-25 22:59", false, "2026-11-25 23:00", "2026-11-26 07:00"},
		{"to the minute", "23:00", "07:00", "UTC", "2026-11-25 23:00", true, "2026-11-25 23:00", "2026-11-26 07:00"},
		{"after midnight", "23:00", "07:00", "UTC", "2026-11-26 00:30", true, "2026-11-25 23:00", "2026-11-26 07:00"},
		{"its end", "23:00", "07:00", "UTC", "2026-11-26 07:00", false, "2026-11-26 23:00", "2026-11-27 07:00"},
		{"within a day", "12:00", "14:00", "UTC", "2026-11-26 13:00", true, "2026-11-26 12:00", "2026-11-26 14:00"},
		{"over a year's end", "23:00", "07:00", "UTC", "2026-12-31 23:30", true, "2026-12-31 23:00", "2027-01-01 07:00"},
		{"another zone, winter", "23:00", "07:00", "Europe/Berlin", "2026-11-25 22:30", true, "2026-11-25 22:00", "2026-11-26 06:00"},
		{"another zone, summer", "23:00", "07:00", "Europe/Berlin", "2026-07-01 21:30", true, "2026-07-01 21:00", "2026-07-02 05:00"},
		{"a zone where it is another day", "23:00", "07:00", "Pacific/Auckland", "2026-11-25 10:30", true, "2026-11-25 10:00", "2026-11-25 18:00"},
		{"a zone of half hours", "23:00", "07:00", "Asia/Kathmandu", "2026-11-25 17:14", false, "2026-11-25 17:15", "2026-11-26 01:15"},
		{"the night that loses an hour", "23:00", "07:00", "Europe/Berlin", "2026-03-29 04:59", true, "2026-03-28 22:00", "2026-03-29 05:00"},
		{"the night that gains one", "23:00", "07:00", "Europe/Berlin", "2026-10-25 05:59", true, "2026-10-24 21:00", "2026-10-25 06:00"},
		{"it begins in the hour that is not", "02:30", "07:00", "Europe/Berlin", "2026-03-29 01:00", true, "2026-03-29 01:00", "2026-03-29 05:00"},
		{"it ends in the hour that is not", "23:00", "02:30", "Europe/Berlin", "2026-03-29 00:59", true, "2026-03-28 22:00", "2026-03-29 01:00"},
		{"it begins in the hour that is twice, the first time", "02:30", "07:00", "Europe/Berlin", "2026-10-25 00:30", true, "2026-10-25 00:30", "2026-10-25 06:00"},
		{"and goes on through the second", "02:30", "07:00", "Europe/Berlin", "2026-10-25 01:15", true, "2026-10-25 00:30", "2026-10-25 06:00"},
		{"it ends in the hour that is twice, the first time", "23:00", "02:30", "Europe/Berlin", "2026-10-25 01:15", false, "2026-10-25 22:00", "2026-10-26 01:30"},
		{"all of it is in the hour that is not", "02:10", "02:50", "Europe/Berlin", "2026-03-29 00:30", false, "2026-03-30 00:10", "2026-03-30 00:50"},
	} {
		n := Night{Mode: ModeAll, Start: c.start, End: c.end, Zone: c.zone}
		now := utc(c.now)
		from, until := n.At(now)
		if !from.Equal(utc(c.from)) || !until.Equal(utc(c.until)) || !now.Before(from) != c.in {
			t.Errorf("%s: %s to %s, want %s to %s, in it: %v", c.what, from.UTC().Format(time.DateTime), until.UTC().Format(time.DateTime), c.from, c.until, c.in)
		}
	}
}

// What holds: a thread's own mode, else the more careful of the site's and the night's.
func TestTheModeByNight(t *testing.T) {
	night := time.Date(2026, 11, 25, 23, 30, 0, 0, time.UTC)
	day := night.Add(-12 * time.Hour)
	for _, c := range []struct {
		thread, site, night string
		at                  time.Time
		want                string
		byNight             bool
	}{
		{"", "", ModeAll, day, ModePublish, false},
		{"", "", ModeAll, night, ModeAll, true},
		{"", ModeGuests, ModeAll, night, ModeAll, true},
		{"", ModeAll, ModeNewcomers, night, ModeAll, false},
		{"", ModeAll, ModeAll, night, ModeAll, false},
		{ModePublish, "", ModeAll, night, ModePublish, false},
		{ModeLinks, ModeAll, ModeAll, night, ModeLinks, false},
		{"", ModeLinks, "", night, ModeLinks, false},
	} {
		site := Site{Settings: DefaultSettings()}
		site.Settings.Hold, site.Settings.Moderation.Night.Mode = c.site, c.night
		if got, by := mode(site, Thread{Mode: c.thread}, c.at); got != c.want || by != c.byNight {
			t.Errorf("%+v: %s, by night %v", c, got, by)
		}
	}
}

func TestANightThatCannotBe(t *testing.T) {
	good := DefaultModeration().Night
	if err := good.Validate(); err != nil {
		t.Error(err)
	}
	for field, change := range map[string]func(*Night){
		"night_mode":  func(n *Night) { n.Mode = ModePublish },
		"night_start": func(n *Night) { n.Start = "24:00" },
		"night_end":   func(n *Night) { n.End = n.Start },
		"night_zone":  func(n *Night) { n.Zone = "Middle/Earth" },
	} {
		n := good
		change(&n)
		var e *Error
		if err := n.Validate(); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%+v: %v, want the field %s", n, err, field)
		}
	}
}
