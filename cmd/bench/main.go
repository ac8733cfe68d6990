// Command bench measures a built Parley against physical limits taken in the
// same run: a bare Fiber handler, raw SQLite group commit, a bare broadcast.
// It talks to loopback only and ends by itself. Every line is the median and
// the range of the rounds.
package main

import (
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

func main() {
	bin := flag.String("parley", "./parley", "the program to measure")
	rounds := flag.Int("rounds", 3, "how often each figure is taken")
	only := flag.String("only", "", "run only scenarios whose name holds this")
	bare := flag.String("bare", "", "be the bare server: http or ws (the program starts itself so)")
	addr := flag.String("addr", "", "where the bare server listens")
	flag.Parse()
	var err error
	switch *bare {
	case "http":
		err = bareHTTP(*addr)
	case "ws":
		err = bareSockets(*addr)
	default:
		err = run(*bin, *rounds, *only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

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
}

func (r *report) add(f figure) {
	if _, ok := r.got[f.name]; !ok {
		r.order = append(r.order, f.name)
	}
	r.got[f.name] = append(r.got[f.name], f)
}

func (r *report) print() {
	fmt.Printf("%-46s %14s %14s  %-22s %s\n", "figure", "value", "limit", "ratio (range)", "wanted")
	for _, name := range r.order {
		fs := r.got[name]
		var values, limits, ratios []float64
		for _, f := range fs {
			values, limits = append(values, f.value), append(limits, f.limit)
			if f.limit > 0 {
				ratios = append(ratios, f.value/f.limit)
			}
		}
		limit, ratio := "-", spread(values)
		if len(ratios) > 0 {
			limit, ratio = number(median(limits)), spread(ratios)
		}
		fmt.Printf("%-46s %9s %-4s %14s  %-22s %s\n", name, number(median(values)), fs[0].unit, limit, ratio, fs[0].want)
	}
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return s[len(s)/2]
}

func spread(v []float64) string {
	return fmt.Sprintf("%s (%s..%s)", number(median(v)), number(slices.Min(v)), number(slices.Max(v)))
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

type scenario struct {
	name string
	run  func(*world, *report) error
}

var scenarios = []scenario{
	{"size", sizes},
	{"start", coldStart},
	{"reads", reads},
	{"rebuild", rebuild},
	{"mixed", mixed},
	{"writes", writes},
	{"sockets", sockets},
	{"crowd", hotStory},
	{"comeback", comeback},
	{"decision", decision},
	{"deep", deep},
}

func run(bin string, rounds int, only string) error {
	w, err := newWorld(bin)
	if err != nil {
		return err
	}
	defer w.close()
	rep := &report{got: map[string][]figure{}}
	for _, s := range scenarios {
		if !strings.Contains(s.name, only) {
			continue
		}
		began := time.Now()
		n := rounds
		if s.name == "size" {
			n = 1
		}
		for range n {
			if err := s.run(w, rep); err != nil {
				return fmt.Errorf("%s: %w", s.name, err)
			}
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", s.name, time.Since(began).Round(time.Second))
	}
	rep.print()
	return nil
}
