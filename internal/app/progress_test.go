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
