package main

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"time"
)

const (
	stormDialers = 1000 // handshakes on their way at once
	stormWithin  = 60 * time.Second
	stormEvery   = 20 * time.Millisecond // pages, by a process of their own
	stormQuiet   = 2 * time.Second       // pages before anybody comes
)

// storm has 10,000 readers come at once, as after a restart, and measures when
// all have been answered and what who reads cached pages feels of it.
func storm(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if _, err := s.post(token, "storm", "", "The thread is there."); err != nil {
		return err
	}
	page := "http://" + s.addr + "/api/v1/sites/news/comments?thread=storm&limit=20"
	before, err := watchPages(page)
	if err != nil {
		return err
	}
	time.Sleep(stormQuiet)
	quiet, err := before.stop()
	if err != nil {
		return err
	}
	pages, err := watchPages(page)
	if err != nil {
		return err
	}
	n := room(manySockets)
	c := &listeners{dialers: stormDialers}
	defer c.close()
	cpu, own, began := s.cpu(), ownCPU(), time.Now()
	err = c.dial(s.addr, "/api/v1/sites/news/live?thread=storm&after=0", n)
	for until := began.Add(stormWithin); err == nil && c.hellos.Load() < int64(n); time.Sleep(time.Millisecond) {
		if time.Now().After(until) {
			err = fmt.Errorf("%d of %d were answered within %s", c.hellos.Load(), n, stormWithin)
		}
	}
	took := time.Since(began)
	cpu, own = s.cpu()-cpu, ownCPU()-own
	busy, failed := pages.stop()
	if err != nil {
		return err
	}
	if failed != nil {
		return failed
	}
	rep.add(figure{"10,000 sockets come at once: until all are answered", "s", took.Seconds(), 0, "<= 30 s"})
	rep.add(figure{"a cached page meanwhile, p99 (limit: quiet)", "ms", percentile(busy, 99), percentile(quiet, 99), "<= 250 ms"})
	rep.add(figure{"a handshake: CPU", "µs", float64(cpu.Microseconds()) / float64(n), 0, ""})
	rep.add(figure{"the clients' share of the CPU", "%", 100 * float64(own) / float64(own+cpu), 0, ""})
	return nil
}

// probe gets one page again and again until its input ends, and prints how many
// microseconds each took. It is a process of its own: what thousands of sockets
// do to the clients' is not what they do to the server.
func probe(url string) error {
	ended := make(chan struct{})
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		close(ended)
	}()
	tick := time.NewTicker(stormEvery)
	defer tick.Stop()
	for {
		at := time.Now()
		r, err := http.Get(url)
		if err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, r.Body)
		_ = r.Body.Close()
		if err != nil || r.StatusCode != http.StatusOK {
			return fmt.Errorf("a page: %s, %w", r.Status, err)
		}
		fmt.Println(time.Since(at).Microseconds())
		select {
		case <-tick.C:
		case <-ended:
			return nil
		}
	}
}

// pageWatch is a probe that runs.
type pageWatch struct {
	cmd  *exec.Cmd
	in   io.Closer
	took chan []time.Duration
}

func watchPages(url string) (*pageWatch, error) {
	cmd := exec.Command(os.Args[0], "-bare", "probe", "-addr", url)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	w := &pageWatch{cmd, in, make(chan []time.Duration, 1)}
	go func() {
		var took []time.Duration
		for lines := bufio.NewScanner(out); lines.Scan(); {
			if us, err := strconv.Atoi(lines.Text()); err == nil {
				took = append(took, time.Duration(us)*time.Microsecond)
			}
		}
		w.took <- took
	}()
	return w, nil
}

// stop ends the probe and returns how long each page took.
func (w *pageWatch) stop() ([]time.Duration, error) {
	_ = w.in.Close()
	took := <-w.took
	if err := w.cmd.Wait(); err != nil {
		return nil, err
	}
	if len(took) == 0 {
		return nil, fmt.Errorf("no page came")
	}
	return took, nil
}
