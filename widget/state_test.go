package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// change is a line that changes what a widget knows of a thread (Discussion):
// only the functions of state/ may, so that there is one place to look.
var change = regexp.MustCompile(`\bd\.\w+(?: =[^=]| \?\?= |\.(?:add|delete|set|push|clear|splice|unshift)\(|\.\w+(?:\+\+|--| =[^=]))`)

func TestTheDiscussionIsChangedInStateAlone(t *testing.T) {
	for _, dir := range []string{"src/embed", "src/embed/view", "src/embed/live", "src/embed/api"} {
		files, err := filepath.Glob(dir + "/*.ts")
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", dir, err)
		}
		for _, file := range files {
			b, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for i, line := range strings.Split(string(b), "\n") {
				if change.MatchString(line) {
					t.Errorf("%s:%d changes the discussion: %s", file, i+1, strings.TrimSpace(line))
				}
			}
		}
	}
}

func TestAChangeIsSeen(t *testing.T) {
	for _, line := range []string{"x.d.undo.add(id);", "d.warnings = [];", "d.thread ??= {", "d.thread.comment_count++;", "if (d.mutes.delete(a))"} {
		if !change.MatchString(line) {
			t.Errorf("%q is not seen", line)
		}
	}
	for _, line := range []string{"d.user === null", "const b = d.known.get(id);", "if (d.mutes.has(a))", "d.waiting.length > before"} {
		if change.MatchString(line) {
			t.Errorf("%q changes nothing", line)
		}
	}
}
