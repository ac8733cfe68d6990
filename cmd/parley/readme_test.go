package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// TestTheReadmeNamesEverySetting holds the table of the README to the program.
func TestTheReadmeNamesEverySetting(t *testing.T) {
	b, err := os.ReadFile(filepath.Join("..", "..", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	readme := string(b)
	var c cli
	p, err := kong.New(&c, kong.Vars{"formats": "x"})
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range settingFlags(p.Model) {
		for _, name := range f.Envs {
			if f.Group != nil && f.Group.Key == "ways" { // told as a pattern
				name, _ = strings.CutPrefix(name, "PARLEY_")
				name, _, _ = strings.Cut(name, "_")
			}
			if !strings.Contains(readme, name) {
				t.Errorf("%s is not in the README", name)
			}
			if f.HasDefault && f.Default != "" && !strings.Contains(readme, "`"+name+"` | `"+f.Default+"`") {
				t.Errorf("%s: the README does not give the default %s", name, f.Default)
			}
		}
	}
	for _, command := range []string{"make demo", "make test"} {
		if !strings.Contains(readme, command) {
			t.Errorf("the README does not name %s", command)
		}
	}
}
