package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

const libraries = "widget/node_modules"

// library is the package that a file belongs to.
var library = regexp.MustCompile(`(?:^|/)node_modules/((?:@[^/]+/)?[^/]+)/`)

// notices is a comment with the licences of the libraries that a bundle holds,
// for its end: who has the file has the notice. A licence that several share
// is written once, under the names of all of them.
func notices(metafile string) (string, error) {
	var meta struct {
		Inputs map[string]struct{} `json:"inputs"`
	}
	if err := json.Unmarshal([]byte(metafile), &meta); err != nil {
		return "", err
	}
	var names []string
	for file := range meta.Inputs {
		if m := library.FindStringSubmatch(file); m != nil && !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	if len(names) == 0 {
		return "", nil
	}
	slices.Sort(names)
	owners, terms := map[string][]string{}, []string{}
	for _, name := range names {
		b, err := os.ReadFile(filepath.Join(libraries, name, "LICENSE"))
		if err != nil {
			return "", fmt.Errorf("%s is in the bundle without its licence: %w", name, err)
		}
		owner, rest := split(string(b))
		if owners[rest] == nil {
			terms = append(terms, rest)
		}
		owners[rest] = append(owners[rest], name+": "+owner)
	}
	out := "/*!\n"
	for _, rest := range terms {
		out += strings.Join(owners[rest], "\n") + "\n\n" + rest + "\n"
	}
	return strings.ReplaceAll(out, "*/", "* /") + "*/\n", nil
}

// split takes a licence's line of copyright out of it.
func split(licence string) (owner, rest string) {
	var lines []string
	for line := range strings.Lines(licence) {
		if strings.HasPrefix(line, "Copyright") {
			owner += strings.TrimSpace(line)
			continue
		}
		lines = append(lines, strings.TrimSpace(line))
	}
	rest = strings.TrimSpace(strings.Join(lines, "\n"))
	for strings.Contains(rest, "\n\n\n") {
		rest = strings.ReplaceAll(rest, "\n\n\n", "\n\n")
	}
	return owner, rest
}
