package cleantext

import "testing"

func TestEnough(t *testing.T) {
	for s, want := range map[string]bool{"": false, "a": false, "я": false, "1": false, ".": false, "ok": true, "李": true, "好": true, "か": true, "한": true, "👍": true, "👍🏽": true, "❤️": true, "é": false} {
		if got := Enough(s); got != want {
			t.Errorf("Enough(%q) = %v, want %v", s, got, want)
		}
	}
}
