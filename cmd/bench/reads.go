package main

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	first    = "/api/v1/sites/news/comments?thread=page"
	roots    = 20
	countsOf = 50
	pairs    = 300 // comments posted, and pages read after them
	starts   = 5
)

// sizes needs no server: what readers download and owners install.
func sizes(w *world, rep *report) error {
	info, err := os.Stat(w.bin)
	if err != nil {
		return err
	}
	rep.add(figure{"binary", "MB", float64(info.Size()) / 1e6, 0, "<= 30"})
	b, err := os.ReadFile(filepath.Join("static", "assets", "embed.js"))
	if err != nil {
		return err
	}
	var z bytes.Buffer
	g, _ := gzip.NewWriterLevel(&z, gzip.BestCompression)
	if _, err := g.Write(b); err != nil {
		return err
	}
	if err := g.Close(); err != nil {
		return err
	}
	rep.add(figure{"embed.js, gzip", "kB", float64(z.Len()) / 1024, 0, "<= 3"})
	return nil
}

func coldStart(w *world, rep *report) error {
	var took []float64
	var idle float64
	for range starts {
		began := time.Now()
		s, err := w.serve()
		if err != nil {
			return err
		}
		took = append(took, float64(time.Since(began).Microseconds())/1000)
		time.Sleep(300 * time.Millisecond)
		idle = s.rss()
		s.stop()
	}
	rep.add(figure{"cold start to /readyz", "ms", median(took), 0, "<= 30"})
	rep.add(figure{"idle RSS", "MiB", idle / (1 << 20), 0, "<= 32"})
	return nil
}

// fillPage makes 20 roots with three replies each, once.
func fillPage(s *server, token string) error {
	var have struct{ Comments []struct{ ID string } }
	if err := s.call("GET", first, "", "", &have); err != nil || len(have.Comments) > 0 {
		return err
	}
	for i := range roots {
		id, err := s.post(token, "page", "", fmt.Sprintf("Root %d: boats will call at Eastgate, Customs Quay and the Lock; fares stay the same as by day.", i))
		if err != nil {
			return err
		}
		for j := range 3 {
			if _, err := s.post(token, "page", id, fmt.Sprintf("Reply %d: the first boat leaves at half past five, as it did before.", j)); err != nil {
				return err
			}
		}
	}
	for i := range countsOf {
		if _, err := s.post(token, fmt.Sprint("counted-", i), "", "One comment."); err != nil {
			return err
		}
	}
	return nil
}

func fetch(addr, path string, header map[string]string) (body []byte, etag string, err error) {
	r, err := http.NewRequest(http.MethodGet, "http://"+addr+path, nil)
	if err != nil {
		return nil, "", err
	}
	for k, v := range header {
		r.Header.Set(k, v)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	body, err = io.ReadAll(res.Body)
	return body, res.Header.Get("Etag"), err
}

var packed = map[string]string{"Accept-Encoding": "gzip"}

// reads compares cached answers with a bare handler that sends the same bytes.
func reads(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if err := fillPage(s, token); err != nil {
		return err
	}
	counts := "/api/v1/sites/news/counts?"
	for i := range countsOf {
		counts += fmt.Sprintf("thread=counted-%d&", i)
	}
	counts = counts[:len(counts)-1]
	byAddress := "/api/v1/sites/news/counts?" // as a front page asks: more than two kilobytes
	for i := range countsOf {
		byAddress += "thread=" + url.QueryEscape(fmt.Sprintf("https://www.news.example/2026/11/%02d/a-headline-of-the-usual-length-about-ferries-%d", i%28+1, i)) + "&"
	}
	byAddress = byAddress[:len(byAddress)-1]
	page, etag, err := fetch(s.addr, first, packed)
	if err != nil {
		return err
	}
	same := map[string]string{"Accept-Encoding": "gzip", "If-None-Match": etag}
	for _, c := range []struct {
		name, want string
		ours, bare request
	}{
		{"cached page, req/s", ">= 0.85", request{"GET", first, "", packed, 200}, request{"GET", "/page", "", packed, 200}},
		{"304, req/s", ">= 0.85", request{"GET", first, "", same, 304}, request{"GET", "/304", "", same, 304}},
		{"counts of 50 threads, req/s", ">= 0.4", request{"GET", counts, "", packed, 200}, request{"GET", counts, "", packed, 200}},
		{"counts of 50 addresses, req/s", ">= 0.6", request{"GET", byAddress, "", packed, 200}, request{"GET", byAddress, "", packed, 200}},
	} {
		body := page
		if c.ours.path != first {
			if body, _, err = fetch(s.addr, c.ours.path, packed); err != nil {
				return err
			}
		}
		b, err := w.bare("http", body)
		if err != nil {
			return err
		}
		limit, err1 := rate(b.addr, readers, always(c.bare))
		got, err2 := rate(s.addr, readers, always(c.ours))
		b.stop()
		if err := errors.Join(err1, err2); err != nil {
			return err
		}
		rep.add(figure{c.name, "/s", got, limit, c.want})
	}
	return nil
}

// rebuild is what a page costs right after a new comment: the CPU of posting
// and reading less that of posting alone.
func rebuild(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if err := fillPage(s, token); err != nil {
		return err
	}
	var roots struct{ Comments []struct{ ID string } }
	if err := s.call("GET", first, "", "", &roots); err != nil {
		return err
	}
	work := func(read bool) (time.Duration, error) {
		before := s.cpu()
		for i := range pairs {
			if _, err := s.post(token, "page", roots.Comments[i%len(roots.Comments)].ID, "Another reply, after which the page has to be made anew."); err != nil {
				return 0, err
			}
			if read {
				if _, _, err := fetch(s.addr, first, packed); err != nil {
					return 0, err
				}
			}
		}
		return s.cpu() - before, nil
	}
	alone, err := work(false)
	if err != nil {
		return err
	}
	both, err := work(true)
	if err != nil {
		return err
	}
	rep.add(figure{"page right after a comment, CPU", "ms", float64(both-alone) / float64(time.Millisecond) / pairs, 0, "<= 0.6"})
	return nil
}

// mixed is one thread under 95 % reads and 5 % writes, half of them votes.
func mixed(w *world, rep *report) error {
	s, err := w.serve()
	if err != nil {
		return err
	}
	defer s.stop()
	token, err := s.login()
	if err != nil {
		return err
	}
	if err := fillPage(s, token); err != nil {
		return err
	}
	if err := w.voters(); err != nil {
		return err
	}
	var voter struct{ Token string }
	if err := s.call("POST", "/api/v1/sites/news/login", "", fmt.Sprintf(`{"email":"vo@example.com","password":%q,"session":"token"}`, password), &voter); err != nil {
		return err
	}
	var page struct{ Comments []struct{ ID string } }
	if err := s.call("GET", first, "", "", &page); err != nil {
		return err
	}
	body, _, err := fetch(s.addr, first, packed)
	if err != nil {
		return err
	}
	b, err := w.bare("http", body)
	if err != nil {
		return err
	}
	read := request{"GET", first, "", packed, 200}
	auth := map[string]string{"Authorization": token}
	vote := map[string]string{"Authorization": "Bearer " + voter.Token}
	limit, err1 := rate(b.addr, readers, always(request{"GET", "/page", "", packed, 200}))
	got, err2 := rate(s.addr, readers, func(worker, i int) request {
		switch i % 40 {
		case 19:
			return request{"POST", "/api/v1/sites/news/comments", `{"thread":"page","body":"A comment in the middle of the rush."}`, auth, 201}
		case 39:
			id := page.Comments[(worker*7+i/40)%len(page.Comments)].ID
			return request{"PUT", "/api/v1/comments/" + id + "/vote", fmt.Sprintf(`{"value":%d}`, 1-(i/40)%3), vote, 200}
		}
		return read
	})
	b.stop()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	rep.add(figure{"95/5 on one thread, half votes, req/s", "/s", got, limit, ">= 0.35"})
	return w.mixedOver(s, rep, token)
}

const (
	busyThreads = 50
	busyLong    = 100 // comments of each, in roots and replies
)

// mixedOver is fifty threads under 95 % reads and 5 % posts.
func (w *world) mixedOver(s *server, rep *report, token string) error {
	name := func(i int) string { return fmt.Sprint("busy-", i%busyThreads) }
	page := func(i int) string { return "/api/v1/sites/news/comments?thread=" + name(i) }
	if !w.busy {
		w.busy = true
		var fill errgroup.Group
		fill.SetLimit(writers)
		for i := range busyThreads {
			fill.Go(func() error {
				root := ""
				for k := range busyLong {
					if k%4 == 0 {
						root = ""
					}
					id, err := s.post(token, name(i), root, words(20, i, k))
					if err != nil {
						return err
					}
					if root == "" {
						root = id
					}
				}
				return nil
			})
		}
		if err := fill.Wait(); err != nil {
			return err
		}
	}
	body, _, err := fetch(s.addr, page(0), packed)
	if err != nil {
		return err
	}
	b, err := w.bare("http", body)
	if err != nil {
		return err
	}
	auth := map[string]string{"Authorization": token}
	limit, err1 := rate(b.addr, readers, always(request{"GET", "/page", "", packed, 200}))
	got, err2 := rate(s.addr, readers, func(worker, i int) request {
		at := worker*7 + i*11
		if i%20 == 19 {
			return request{"POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":%q,"body":%q}`, name(at), words(20, worker, i)), auth, 201}
		}
		return request{"GET", page(at), "", packed, 200}
	})
	b.stop()
	if err := errors.Join(err1, err2); err != nil {
		return err
	}
	rep.add(figure{"95/5 over 50 threads of 100, posts only, req/s", "/s", got, limit, ">= 0.3"})
	return nil
}

// voters adds the account that votes; it may be there from the last round.
func (w *world) voters() error {
	if w.voting {
		return nil
	}
	w.voting = true
	return w.tool("user", "add", "--site", "news", "--email", "vo@example.com", "--name", "Vo Lund", "--password", password)
}
