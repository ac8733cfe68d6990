package app

import "testing"

func TestOneIsNoPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 people", 1: "1 person", 2: "2 people"} {
		if got := Count(n, "person", "people"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
