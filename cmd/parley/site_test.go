package main

import (
	"strings"
	"testing"
)

// A path that is cut off an origin is said; a bare origin says nothing.
func TestAPathOfAnOriginIsSaid(t *testing.T) {
	var out strings.Builder
	sayCut(&out, []string{"https://a.example", "https://b.example/"})
	if out.Len() > 0 {
		t.Errorf("nothing was cut, and said is %q", out.String())
	}
	sayCut(&out, []string{"https://c.example/path"})
	if got := out.String(); !strings.Contains(got, "all pages at https://c.example count") {
		t.Errorf("said: %q", got)
	}
}
