package discuss

import (
	"fmt"
	"math"
	"testing"
	"time"
)

// The whole table, written out a second time by hand: a cell that changes
// changes here too.
func TestCanTable(t *testing.T) {
	for _, c := range []struct {
		act                                                           Act
		signedOut, member, auditor, staff, moderator, admin, operator bool
	}{
		{ActRead, false, false, true, true, true, true, true},
		{ActDecide, false, false, false, false, true, true, true},
		{ActPick, false, false, false, true, true, true, true},
		{ActNote, false, false, false, false, true, true, true},
		{ActSanction, false, false, false, false, true, true, true},
		{ActTrust, false, false, false, false, true, true, true},
		{ActThread, false, false, false, false, true, true, true},
		{ActRules, false, false, false, false, true, true, true},
		{ActSettings, false, false, false, false, false, true, true},
		{ActRole, false, false, false, false, false, true, true},
		{ActExport, false, false, true, false, false, true, true},
		{ActAddress, false, false, false, false, false, true, true},
		{ActInstance, false, false, false, false, false, false, true},
	} {
		for who, want := range map[string]bool{
			"": c.signedOut, "member": c.member, "auditor": c.auditor, "staff": c.staff, "moderator": c.moderator, "admin": c.admin, "operator": c.operator,
		} {
			t.Run(fmt.Sprintf("%s/%s", c.act, who), func(t *testing.T) {
				a := Actor{Account: 1, Role: Role(who)}
				switch who {
				case "":
					a.Account, a.Role = 0, Admin // a role without a session is nothing
				case "operator":
					a.Role, a.Operator = Member, true
				}
				if got := a.May(c.act); got != want {
					t.Errorf("%v, want %v", got, want)
				}
			})
		}
	}
	if len(Acts) != 13 {
		t.Errorf("%d acts: each needs its row above", len(Acts))
	}
}

func TestLevels(t *testing.T) {
	now := time.Date(2026, 11, 25, 8, 0, 0, 0, time.UTC)
	m := DefaultModeration()
	old := now.Add(-48 * time.Hour)
	for _, c := range []struct {
		name string
		r    Record
		want Level
	}{
		{"nothing published", Record{Since: old}, LevelNew},
		{"three published, a day here", Record{Since: old, Published: 3}, LevelMember},
		{"three published, an hour here", Record{Since: now.Add(-time.Hour), Published: 3}, LevelNew},
		{"a rejection among the last ten", Record{Since: old, Published: 3, Rejected10: 1}, LevelNew},
		{"fifty published", Record{Since: old, Published: 50, Decided60: 50}, LevelRegular},
		{"fifty, a tenth rejected", Record{Since: old, Published: 50, Decided60: 50, Rejected60: 5}, LevelMember},
		{"fifty, an inaccurate reporter", Record{Since: old, Published: 50, Reports: 10, Agreed: 2}, LevelMember},
		{"new, vouched for", Record{Since: now, Trust: LevelMember}, LevelMember},
		{"trusted by hand, with a rejection", Record{Since: old, Published: 9, Rejected10: 1, Trust: LevelTrusted}, LevelTrusted},
	} {
		if got := c.r.Level(now, m); got != c.want {
			t.Errorf("%s: level %d, want %d", c.name, got, c.want)
		}
	}
	for _, c := range []struct {
		r    Record
		want bool
	}{
		{Record{Decided7: 3, Rejected7: 1, LastBad: now.Add(-time.Hour)}, true},
		{Record{Decided7: 2, Rejected7: 2, LastBad: now.Add(-time.Hour)}, false},
		{Record{Decided7: 10, Rejected7: 2, LastBad: now.Add(-time.Hour)}, false},
		{Record{Decided7: 3, Rejected7: 3, LastBad: now.Add(-8 * 24 * time.Hour)}, false},
	} {
		if got := c.r.Demoted(now); got != c.want {
			t.Errorf("%+v: demoted %v", c.r, got)
		}
	}
}

func TestReportWeight(t *testing.T) {
	for _, c := range []struct {
		level         Level
		agreed, total int
		want          float64
	}{
		{LevelNew, 0, 0, 1},
		{LevelRegular, 0, 0, 3},
		{LevelNew, 5, 5, 1},
		{LevelNew, 16, 16, 1 + 5*2},
		{LevelNew, 7, 10, 1},
		{LevelNew, 0, 16, 0},
		{LevelTrusted, 0, 64, 0},
	} {
		if got := ReportWeight(c.level, c.agreed, c.total); math.Abs(got-c.want) > 1e-9 {
			t.Errorf("level %d, %d of %d: %v, want %v", c.level, c.agreed, c.total, got, c.want)
		}
	}
}
