package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	spareFiles = 500 // of a process, beside its sockets
	gcs        = 4   // before memory is read: a stack shrinks by half in each
	gcPatience = 15 * time.Second
	settle     = 15 * time.Second // for the process to give back what it does not use
)

// room is how many of the wanted sockets a process may open. Both ends raise
// their soft limit to the hard one, which is all that anybody may do unasked.
func room(wanted int) int {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return wanted
	}
	l.Cur = l.Max
	_ = syscall.Setrlimit(syscall.RLIMIT_NOFILE, &l)
	_ = syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l)
	if most := int(l.Cur) - spareFiles; most < wanted {
		fmt.Fprintf(os.Stderr, "RLIMIT_NOFILE is %d here: %d sockets instead of %d\n", l.Cur, most, wanted)
		return most
	}
	return wanted
}

// ownCPU is what this process has used: the clients, where both run on the same cores.
func ownCPU() time.Duration {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// status reads fields of the process's /proc/PID/status that are in kB, in bytes.
func (s *server) status(field string) float64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for l := range strings.Lines(string(b)) {
		if v, ok := strings.CutPrefix(l, field+":"); ok {
			n, _ := strconv.ParseFloat(strings.Fields(v)[0], 64)
			return n * 1024
		}
	}
	return 0
}

// anon is memory that is the process's alone; file is what it has mapped of its
// program and its database, which the kernel may take back at any time.
func (s *server) anon() float64 { return s.status("RssAnon") }
func (s *server) file() float64 { return s.status("RssFile") }

// meters reads the process's /metrics.
func (s *server) meters() (map[string]float64, error) {
	r, err := http.Get("http://" + s.addr + "/metrics")
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	out := map[string]float64{}
	for l := range strings.Lines(string(b)) {
		if name, v, ok := strings.Cut(strings.TrimSpace(l), " "); ok {
			if n, err := strconv.ParseFloat(v, 64); err == nil {
				out[name] = n
			}
		}
	}
	return out, nil
}

// collected has the process collect its garbage several times, as it would by
// itself within minutes: asking for its metrics makes some. It returns what the
// stacks hold in the end, and the heap where it was lowest: what is alive.
func (s *server) collected() (stack, heap float64, err error) {
	const count = "go_gc_duration_seconds_count"
	m, err := s.meters()
	first := m[count]
	for until := time.Now().Add(gcPatience); err == nil; m, err = s.meters() {
		if now := m["go_memstats_heap_alloc_bytes"]; heap == 0 || now < heap {
			heap = now
		}
		if m[count] >= first+gcs {
			break
		}
		if time.Now().After(until) {
			return 0, 0, fmt.Errorf("%s: %.0f collections in %s, not %d", s.cmd.Path, m[count]-first, gcPatience, gcs)
		}
	}
	time.Sleep(settle)
	return m["go_memstats_stack_inuse_bytes"], heap, err
}
