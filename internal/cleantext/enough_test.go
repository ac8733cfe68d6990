package cleantext

import "testing"

func TestEnough(t *testing.T) {
	for s, want := range map[string]bool{"": false, "a": false, "я": false, "1": false, ".": false, "ok": true, "李": true, "好": true, "か": true, "한": true, "👍": true, "👍🏽": true, "❤️": true, "é": false, " a": false, "\u00a0a": false, "a\u200b": false, "a\u3164": false, " ab ": true, "กิ": true, "\u0301a": false} {
		if got := Enough(s); got != want {
			t.Errorf("Enough(%q) = %v, want %v", s, got, want)
		}
	}
}
