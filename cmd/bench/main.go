// Command bench measures a built Parley against physical limits taken in the
// same run: a bare Fiber handler, raw SQLite group commit, a bare broadcast.
// It talks to loopback only and ends by itself. Every line is the median and
// the range of the rounds.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"time"
)

func main() {
	bin := flag.String("parley", "./parley", "the program to measure")
	before := flag.String("before", "", "an older program, measured beside it in the same rounds")
	rounds := flag.Int("rounds", 3, "how often each figure is taken")
	only := flag.String("only", "", "run only scenarios whose name holds this")
	file := flag.String("json", "", "also write the rows into this file, one object a line")
	full := flag.Bool("full", false, "hold the long loads for as long as the goals say")
	bare := flag.String("bare", "", "be the bare server, http or ws, or a probe (the program starts itself so)")
	addr := flag.String("addr", "", "where the bare server listens")
	flag.Parse()
	var err error
	switch *bare {
	case "http":
		err = bareHTTP(*addr)
	case "ws":
		err = bareSockets(*addr)
	case "probe":
		err = probe(*addr)
	default:
		long = *full
		err = run(*bin, *before, *rounds, *only, *file)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// long is whether loads are held for as long as the goals say.
var long bool

type scenario struct {
	name string
	run  func(*world, *report) error
	most int // rounds; 0: as many as are asked for
}

var scenarios = []scenario{
	{"size", sizes, 1},
	{"start", coldStart, 0},
	{"memory", memory, 0},
	{"reads", reads, 0},
	{"rebuild", rebuild, 0},
	{"mixed", mixed, 0},
	{"writes", writes, 0},
	{"sockets", sockets, 0},
	{"idle", idleSockets, 1},
	{"crowd", hotRoom, 3},
	{"storm", storm, 3},
	{"comeback", comeback, 0},
	{"decision", decision, 0},
	{"deep", deep, 0},
	{"readers", returning, 0},
	{"import", imports, 0},
}

// run measures bin, and before beside it where that is named, round by round.
func run(bin, before string, rounds int, only, file string) error {
	rep := &report{got: map[string][]figure{}}
	w, err := newWorld(bin)
	if err != nil {
		return err
	}
	defer w.close()
	worlds, reports := []*world{w}, []*report{rep}
	if before != "" {
		old, err := newWorld(before)
		if err != nil {
			return err
		}
		defer old.close()
		worlds, reports = append(worlds, old), append(reports, &report{prefix: "before: ", into: rep})
	}
	for _, s := range scenarios {
		if !strings.Contains(s.name, only) {
			continue
		}
		began := time.Now()
		n := rounds
		if s.most > 0 {
			n = min(n, s.most)
		}
		for range n {
			for i, w := range worlds {
				if err := s.run(w, reports[i]); err != nil {
					return fmt.Errorf("%s%s: %w", reports[i].prefix, s.name, err)
				}
			}
		}
		fmt.Fprintf(os.Stderr, "%s: %s\n", s.name, time.Since(began).Round(time.Second))
	}
	rows := rep.rows(commit(), machine())
	fmt.Printf("commit %s; %s\n", commit(), machine())
	table(os.Stdout, rows)
	if file == "" {
		return nil
	}
	return save(file, rows)
}
