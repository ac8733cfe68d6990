// Command testreport reads what `go test -json` says and prints it for people:
// a line for each package, everything that a failed test wrote, and at the end
// the slowest tests. It ends with 1 if something failed.
package main

import (
	"bufio"
	"cmp"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
)

// slowest is how many tests the last lines name.
const slowest = 10

// event is one line of test2json; see `go doc test2json`.
type event struct {
	Action, Package, Test, Output string
	Elapsed                       float64 // seconds
}

type timed struct {
	name    string
	seconds float64
}

func main() {
	if !report(os.Stdin, os.Stdout) {
		os.Exit(1)
	}
}

// report returns whether everything passed.
func report(in io.Reader, out io.Writer) (passed bool) {
	passed = true
	said := map[string]*strings.Builder{} // by package and test
	racing := map[string]bool{}
	var all []timed
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil || e.Action == "" { // of the build, or the go command itself
			fmt.Fprintln(out, lines.Text())
			continue
		}
		name := e.Package + " " + e.Test
		switch e.Action {
		case "output", "build-output":
			if e.Action == "build-output" || e.Test == "" && !noise(e.Output) {
				fmt.Fprint(out, e.Output)
				continue
			}
			if raced(racing, name, e.Output) { // a race counts against whatever runs beside it, which may pass
				fmt.Fprint(out, e.Output)
			}
			if said[name] == nil {
				said[name] = &strings.Builder{}
			}
			said[name].WriteString(e.Output)
			continue
		case "build-fail":
			passed = false
		case "fail":
			passed = false
			if e.Test != "" && said[name] != nil {
				fmt.Fprintf(out, "%s\n%s", name, said[name])
			}
		}
		if e.Test != "" && (e.Action == "pass" || e.Action == "fail") && !strings.Contains(e.Test, "/") {
			all = append(all, timed{strings.TrimPrefix(name, "parley/"), e.Elapsed})
		}
		if e.Action == "pass" || e.Action == "fail" || e.Action == "skip" {
			delete(said, name)
		}
	}
	for name, text := range said { // a package that ended in the middle of them
		if !passed && strings.Contains(text.String(), "panic") {
			fmt.Fprintf(out, "%s\n%s", name, text)
		}
	}
	slices.SortFunc(all, func(a, b timed) int { return cmp.Compare(b.seconds, a.seconds) })
	fmt.Fprintln(out, "\nThe slowest tests:")
	for _, t := range all[:min(slowest, len(all))] {
		fmt.Fprintf(out, "%7.1f s  %s\n", t.seconds, t.name)
	}
	return passed && lines.Err() == nil
}

// raced says whether a line is of the race detector's report, which ends with a
// line of equals signs; racing holds which tests are in the middle of one.
func raced(racing map[string]bool, name, line string) bool {
	if strings.Contains(line, "WARNING: DATA RACE") {
		racing[name] = true
		return true
	}
	was := racing[name]
	if was && strings.HasPrefix(line, "==================") {
		delete(racing, name)
	}
	return was
}

// noise is what a package says when nothing is wrong and nobody asked.
func noise(line string) bool {
	return line == "PASS\n" || strings.Contains(line, "[no test files]") || strings.HasPrefix(line, "=== ")
}
