package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"

	"parley/internal/app"
)

func model(t *testing.T) *kong.Node {
	t.Helper()
	var c cli
	p, err := kong.New(&c, kong.Name("parley"), kong.Vars{"formats": strings.Join(app.Formats(), ",")})
	if err != nil {
		t.Fatal(err)
	}
	return p.Model.Node
}

func TestWhatMayComeNext(t *testing.T) {
	n := model(t)
	for line, want := range map[string]string{
		"si":                       "site",
		"site s":                   "set",
		"site set news --hold ":    "all guests links newcomers none",
		"site set news --hold=n":   "--hold=newcomers --hold=none",
		"site add --pre":           "--preset",
		"--database x site l":      "list", // a value is no command
		"completion ":              "bash fish zsh",
		"user role --site news a ": "",
		"rm x":                     "",
		"":                         "",
	} {
		got := candidates(n, strings.Split(line, " "))
		if line == "" {
			if !slices.Contains(got, "serve") || slices.Contains(got, "complete") {
				t.Errorf("nothing typed: %v", got)
			}
			continue
		}
		if line == "user role --site news a " {
			if !slices.Contains(got, "moderator") {
				t.Errorf("%q: %v", line, got)
			}
			continue
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q: %v, want %s", line, got, want)
		}
	}
}

// The scripts are ones that their shells read.
func TestShellsReadTheirScripts(t *testing.T) {
	for shell, script := range completions {
		if _, err := exec.LookPath(shell); err != nil {
			continue // not on every machine
		}
		cmd := exec.Command(shell, "-n")
		cmd.Stdin = strings.NewReader(script)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
}
