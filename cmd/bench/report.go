package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
)

// figure is one measured number; limit is the physical one beside it, or 0.
type figure struct {
	name         string
	unit         string
	value, limit float64
	want         string
}

// report gathers the rounds of each figure and prints a line when asked.
type report struct {
	order []string
	got   map[string][]figure

	prefix string  // of the names of its figures,
	into   *report // that stand in this one
}

func (r *report) add(f figure) {
	if r.into != nil {
		f.name = r.prefix + f.name
		r.into.add(f)
		return
	}
	if _, ok := r.got[f.name]; !ok {
		r.order = append(r.order, f.name)
	}
	r.got[f.name] = append(r.got[f.name], f)
}

// row is what the rounds of a figure come to: medians, and the range of what
// counts, which is the ratio where there is a limit.
type row struct {
	Name      string   `json:"name"`
	Value     float64  `json:"value"`
	Unit      string   `json:"unit"`
	Limit     *float64 `json:"limit"` // null where nothing bare stands beside it
	Ratio     *float64 `json:"ratio"`
	Least     float64  `json:"least"` // of the ratio, or of the value where there is none
	Most      float64  `json:"most"`
	Rounds    int      `json:"rounds"`
	Goal      string   `json:"goal"`
	Commit    string   `json:"commit"`
	MachineIs string   `json:"machine"`
}

func (r *report) rows(commit, machine string) (out []row) {
	for _, name := range r.order {
		fs := r.got[name]
		var values, limits, ratios []float64
		for _, f := range fs {
			values = append(values, f.value)
			if f.limit > 0 {
				limits, ratios = append(limits, f.limit), append(ratios, f.value/f.limit)
			}
		}
		at := row{Name: name, Value: median(values), Unit: fs[0].unit, Rounds: len(fs), Goal: fs[0].want, Commit: commit, MachineIs: machine}
		at.Least, at.Most = slices.Min(values), slices.Max(values)
		if len(ratios) > 0 {
			limit, ratio := median(limits), median(ratios)
			at.Limit, at.Ratio, at.Least, at.Most = &limit, &ratio, slices.Min(ratios), slices.Max(ratios)
		}
		out = append(out, at)
	}
	return out
}

// table writes rows for people.
func table(w io.Writer, rows []row) {
	fmt.Fprintf(w, "%-52s %14s %10s  %-22s %s\n", "figure", "value", "limit", "ratio (range)", "wanted")
	for _, r := range rows {
		limit, ratio := "-", r.Value
		if r.Limit != nil {
			limit, ratio = number(*r.Limit), *r.Ratio
		}
		fmt.Fprintf(w, "%-52s %9s %-4s %10s  %-22s %s\n", r.Name, number(r.Value), r.Unit, limit,
			fmt.Sprintf("%s (%s..%s)", number(ratio), number(r.Least), number(r.Most)), r.Goal)
	}
}

// save writes one object a row.
func save(file string, rows []row) error {
	f, err := os.Create(file)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	for _, r := range rows {
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\n", b)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

// commit is what the source tree stands at, "-dirty" with changes of its own.
func commit() string {
	out, err := exec.Command("git", "describe", "--always", "--dirty", "--exclude=*").Output()
	if err != nil {
		return "unknown"
	}
	return strings.TrimSpace(string(out))
}

// machine is the class of this one: figures of two classes are not compared.
func machine() string {
	return fmt.Sprintf("%d cores, %s/%s, %s", runtime.NumCPU(), runtime.GOOS, runtime.GOARCH, runtime.Version())
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func number(v float64) string {
	switch {
	case v >= 1000:
		return fmt.Sprintf("%.0f", v)
	case v >= 10:
		return fmt.Sprintf("%.1f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
