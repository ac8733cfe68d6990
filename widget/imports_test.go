package main

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// imported are the files that a source names to have them before it runs; what
// it loads later, by import(), is not among them.
var imported = regexp.MustCompile(`(?m)^(?:import|export)\b[^;]*?"(\.[^"]+)"`)

// imports reads who imports whom under dir, by paths below it.
func imports(t *testing.T, dir string) map[string][]string {
	t.Helper()
	out := map[string][]string{}
	err := filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if ext := filepath.Ext(file); err != nil || d.IsDir() || ext != ".ts" && ext != ".tsx" {
			return err
		}
		b, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		from, err := filepath.Rel(dir, file)
		if err != nil {
			return err
		}
		out[from] = nil
		for _, m := range imported.FindAllStringSubmatch(string(b), -1) {
			out[from] = append(out[from], path.Join(path.Dir(from), m[1]))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// circle is the first way that leads back to where it began; nil: there is none.
func circle(graph map[string][]string) []string {
	done := map[string]bool{}
	var walk func(file string, way []string) []string
	walk = func(file string, way []string) []string {
		if at := slices.Index(way, file); at >= 0 {
			return append(slices.Clone(way[at:]), file)
		}
		if done[file] {
			return nil
		}
		for _, to := range graph[file] {
			if found := walk(to, append(way, file)); found != nil {
				return found
			}
		}
		done[file] = true
		return nil
	}
	for _, file := range sorted(graph) {
		if found := walk(file, nil); found != nil {
			return found
		}
	}
	return nil
}

// strays are the imports from one room into another that it may not see.
func strays(graph map[string][]string) []string {
	room := func(file string) string { return strings.SplitN(file, "/", 2)[0] }
	var out []string
	for _, from := range sorted(graph) {
		for _, to := range graph[from] {
			if a, b := room(from), room(to); a != b && (a == "shared" || b == "embed" || b == "own") {
				out = append(out, from+" → "+to)
			}
		}
	}
	return out
}

func TestImportsPointOneWay(t *testing.T) {
	graph := imports(t, "src")
	if len(graph) < 100 {
		t.Fatalf("%d files: not the whole front end", len(graph))
	}
	if way := circle(graph); way != nil {
		t.Errorf("a circle: %s", strings.Join(way, " → "))
	}
	for _, s := range strays(graph) {
		t.Errorf("into a room that it may not see: %s", s)
	}
}

func TestACircleAndAStrayAreFound(t *testing.T) {
	graph := map[string][]string{
		"embed/app.ts": {"embed/act.ts", "shared/a.ts"}, "embed/act.ts": {"embed/view.ts"}, "embed/view.ts": {"embed/app.ts"},
		"shared/a.ts": {"embed/view.ts"}, "own/page.ts": {"embed/app.ts"},
	}
	if got := strings.Join(circle(graph), " "); got != "embed/act.ts embed/view.ts embed/app.ts embed/act.ts" {
		t.Errorf("the circle is %q", got)
	}
	if got := strays(graph); len(got) != 2 {
		t.Errorf("strays: %q", got)
	}
	if way := circle(map[string][]string{"a": {"b", "c"}, "b": {"c"}, "c": nil}); way != nil {
		t.Errorf("no circle, and yet %q", way)
	}
}
