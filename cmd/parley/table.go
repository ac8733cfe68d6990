package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"parley/internal/cleantext"
)

// table prints a list: in columns for people, with tabs for programs that read
// lines, and with --json one object a line.
type table struct {
	JSON bool `name:"json" help:"Print one JSON object a line."`
}

// name is a name as it is printed: among others on a line it must not turn them.
func (t table) name(s string) string {
	if t.JSON {
		return s
	}
	return cleantext.Isolate(s)
}

// print writes rows of as many cells as there are names.
func (t table) print(names []string, rows [][]string) error {
	return t.write(os.Stdout, term.IsTerminal(int(os.Stdout.Fd())), names, rows)
}

func (t table) write(to io.Writer, terminal bool, names []string, rows [][]string) error {
	if t.JSON {
		out := json.NewEncoder(to)
		out.SetEscapeHTML(false)
		for _, row := range rows {
			v := map[string]string{}
			for i, cell := range row {
				v[names[i]] = cell
			}
			if err := out.Encode(v); err != nil {
				return err
			}
		}
		return nil
	}
	w := io.Writer(to)
	if terminal {
		columns := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
		defer columns.Flush()
		w = columns
		head := make([]string, len(names))
		for i, n := range names {
			head[i] = strings.ToUpper(strings.ReplaceAll(n, "_", " "))
		}
		rows = append([][]string{head}, rows...)
	}
	for _, row := range rows {
		line := strings.Join(row, "\t")
		if !terminal {
			line = strings.TrimRight(line, "\t")
		}
		if _, err := fmt.Fprintln(w, line); err != nil {
			return err
		}
	}
	return nil
}

// told prints the one thing that a command has found or made: a line for people
// and shells, or with --json an object.
type told struct {
	JSON bool `name:"json" help:"As JSON."`
}

func (t told) say(line string, v any) error {
	if !t.JSON {
		_, err := fmt.Println(line)
		return err
	}
	out := json.NewEncoder(os.Stdout)
	out.SetEscapeHTML(false)
	return out.Encode(v)
}
