package app

import (
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	lineEvery = 2 * time.Second        // between two lines, where nobody watches
	barEvery  = 200 * time.Millisecond // between two drawings, where somebody does
	barCells  = 24
)

// From when on it says what is left: the first steps say little of it.
const (
	sureAfter  = time.Second
	sureShare  = 50               // and one part in so many is done,
	sureAtLast = 30 * time.Second // or so much time has passed
)

// Progress is told how far long work is: at a terminal in a bar that is drawn
// anew, elsewhere line by line.
type Progress struct {
	To       io.Writer
	Terminal bool
	Tell     func(done, all int) // is told instead, each time
}

// of gives what is called with how many of all are done; nil where nobody is told.
func (p *Progress) of(all int, one, many string) func(done int) {
	if p != nil && p.Tell != nil {
		return func(n int) { p.Tell(n, all) }
	}
	if p == nil || p.To == nil {
		return nil
	}
	every := lineEvery
	if p.Terminal {
		every = barEvery
	}
	began := time.Now()
	last := began
	return func(n int) {
		now := time.Now()
		end := n >= all
		if now.Sub(last) < every && !(end && p.Terminal && last != began) {
			return
		}
		last = now
		fmt.Fprint(p.To, p.line(n, all, one, many, now.Sub(began)))
		if end && p.Terminal {
			fmt.Fprintln(p.To)
		}
	}
}

// line is how far it is, its rate and what is left.
func (p *Progress) line(n, all int, one, many string, took time.Duration) string {
	rate := float64(n) / max(took.Seconds(), 1e-3)
	left := ""
	sure := took >= sureAfter && (n >= all/sureShare || took >= sureAtLast)
	if n > 0 && n < all && sure {
		left = fmt.Sprintf(", about %s left", time.Duration(float64(all-n)/rate*float64(time.Second)).Round(time.Second))
	}
	unit := "" // of what is measured and not counted, like MB read
	if measure, _, ok := strings.Cut(many, " "); ok {
		unit = " " + measure
	}
	said := fmt.Sprintf("%d of %s, %.0f%s a second%s", n, Count(all, one, many), rate, unit, left)
	if !p.Terminal {
		return said + "\n"
	}
	full := min(barCells, n*barCells/max(all, 1))
	return "\r" + strings.Repeat("█", full) + strings.Repeat("░", barCells-full) + fmt.Sprintf(" %3d %%  ", n*100/max(all, 1)) + said + "\x1b[K"
}
