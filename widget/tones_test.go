package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// literal is a colour that is written out.
var literal = regexp.MustCompile(`#[0-9a-fA-F]{3,8}\b|\b(?:rgba?|hsla?)\(`)

// written are the colours in a sheet that are not of the palette.
func written(sheet string) []string {
	return literal.FindAllString(paletteRule.ReplaceAllString(sheet, ""), -1)
}

func TestColoursAreWrittenInOnePlace(t *testing.T) {
	named, sheets := map[string]bool{}, 0
	err := filepath.WalkDir("src", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || filepath.Ext(file) != ".css" {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		sheets++
		for _, m := range toneNamed.FindAllStringSubmatch(string(b), -1) {
			named[m[1]] = true
		}
		for _, c := range written(string(b)) {
			t.Errorf("%s writes %s: it belongs into the palette of tokens.css", file, c)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join("..", palette))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range toneSet.FindAllStringSubmatch(string(b), -1) {
		if !named[m[1]] {
			t.Errorf("%s is in the palette and nowhere used", m[1])
		}
	}
	if sheets < 20 {
		t.Errorf("%d sheets: not all of them", sheets)
	}
}

func TestColoursArePutIn(t *testing.T) {
	const colours = "/* All. */\n.palette {\n\t--tone-ink: #123;\n}\n"
	got, err := coloured(colours+"p { color: var(--tone-ink); top: var(--p-top) }", colours)
	if err != nil || strings.TrimSpace(got) != "p { color: #123; top: var(--p-top) }" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := coloured("p { color: var(--tone-inc) }", colours); err == nil {
		t.Error("a colour that nobody has written down is put in")
	}
	if got := written("p { color: #fff; background: rgb(0 0 0 / 0.2); fill: var(--tone-ink) }"); len(got) != 2 {
		t.Errorf("written out are %q", got)
	}
}

func TestOwnPropertiesAreTight(t *testing.T) {
	const css = `.w{--p-font: -apple-system, "Segoe, UI", Arial;--p-ease: cubic-bezier(0.2, 0.8, 10.2, 1);color:red}.a{top:var(--p-x, 0.5px)}`
	const want = `.w{--p-font:-apple-system,"Segoe, UI",Arial;--p-ease:cubic-bezier(.2,.8,10.2,1);color:red}.a{top:var(--p-x, 0.5px)}`
	if got := tight(css); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}
