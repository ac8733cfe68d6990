package app

import (
	"bytes"
	"strings"
	"testing"
	"time"
)

func TestProgressIsABarOrLines(t *testing.T) {
	bar := (&Progress{Terminal: true}).line(500, 1000, "comment", "comments", 10*time.Second)
	if !strings.HasPrefix(bar, "\r████████████░░░░░░░░░░░░  50 %  500 of 1000 comments, 50 a second, about 10s left") || strings.Contains(bar, "\n") {
		t.Errorf("%q", bar)
	}
	line := (&Progress{}).line(1000, 1000, "comment", "comments", 10*time.Second)
	if line != "1000 of 1000 comments, 100 a second\n" {
		t.Errorf("%q", line)
	}
	if read := (&Progress{}).line(23, 230, "MB read", "MB read", 4*time.Second); read != "23 of 230 MB read, 6 MB a second, about 36s left\n" {
		t.Errorf("%q", read)
	}
	for took, early := range map[time.Duration]int{2 * time.Second: 19, 500 * time.Millisecond: 500} {
		if said := (&Progress{}).line(early, 1000, "comment", "comments", took); strings.Contains(said, "left") {
			t.Errorf("after %v of %d: %q", took, early, said)
		}
	}
	var to bytes.Buffer
	tell := (&Progress{To: &to}).of(3, "comment", "comments")
	for n := range 4 {
		tell(n)
	}
	if to.Len() > 0 {
		t.Errorf("what is done at once is told of: %q", to.String())
	}
	if (*Progress)(nil).of(3, "", "") != nil {
		t.Error("nobody is told")
	}
}
