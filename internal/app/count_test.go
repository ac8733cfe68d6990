package app

import "testing"

func TestOneIsNoPlural(t *testing.T) {
	for n, want := range map[int]string{0: "0 people", 1: "1 person", 2: "2 people"} {
		if got := Count(n, "person", "people"); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestBytesAreForPeople(t *testing.T) {
	for n, want := range map[int64]string{0: "0 B", 1023: "1023 B", 1536: "1.5 kB", 64 << 20: "64.0 MB", 3 << 40: "3.0 TB"} {
		if got := Bytes(n); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}
