package shape

import (
	"slices"
	"testing"

	"parley/internal/discuss"
)

// Badges say the role: an admin reads "Admin", staff "Staff".
func TestBadgesByRole(t *testing.T) {
	for role, want := range map[discuss.Role][]string{
		discuss.Admin: {"admin", "moderator"}, discuss.Moderator: {"moderator"}, discuss.Staff: {"staff"}, discuss.Auditor: {}, discuss.Member: {}, "": {},
	} {
		if got := BadgesOf(discuss.Author{Role: role}); got == nil || !slices.Equal(got, want) {
			t.Errorf("%q: %q, want %q", role, got, want)
		}
	}
}
