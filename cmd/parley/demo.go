package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"parley/internal/discuss"
)

const (
	demoSite     = "lantern"
	demoDatabase = "sqlite:data/demo/parley.db"
	demoPassword = "demo-password"
	demoPorts    = 20 // tried in turn if the first is busy

	demoHeaderTimeout = 10 * time.Second
)

const demoGuide = `
A small news site with Parley under its articles:

  %[1]s/          an article of 2016 as it was read then: a flat list, five to a page
  %[1]s/budget    a discussion of 600 comments, in threads
  %[1]s/archive   40 pages whose comments came from a Disqus export
  %[1]s/museum    an article without a comment
  %[1]s/control   switches: a slow, absent or babbling server, held comments, roles
  %[2]s/docs/        how to embed it, with live examples
  %[2]s/dashboard/   what its moderators see

Try: open the first in two windows and write in one. Press "Show comment" at the
newest comment, whose parent stands on another page, and at the one whose parent
was removed. Report a comment, then sign in to the dashboard as oona.

Sign in with "Demo provider": a stand-in on this machine for Facebook, Google and
the others, so that the whole way through a provider can be tried without keys.

Accounts: ines@demo.example, tomas@demo.example, and the moderator
oona@demo.example; the password of each is %[3]s.
Mail goes to this terminal. Ctrl+C stops; what you wrote is kept in data/demo.

`

type demoCmd struct {
	DemoListen string `help:"Address of the demo's news site." env:"PARLEY_DEMO_LISTEN" default:"127.0.0.1:8081"`
}

var demoPeople = []struct {
	email, name string
	role        discuss.Role
}{
	{"ines@demo.example", "Ines Okafor", discuss.Member},
	{"tomas@demo.example", "Tomas Rey", discuss.Member},
	{"oona@demo.example", "Oona Brandt", discuss.Moderator},
}

// Run serves the demo until a signal comes.
func (c *demoCmd) Run(s *settings) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if s.Database == "sqlite:data/parley.db" {
		s.Database = demoDatabase
	}
	ln, err := listenFrom(c.DemoListen)
	if err != nil {
		return err
	}
	_, port, err := net.SplitHostPort(ln.Addr().String())
	if err != nil {
		return err
	}
	page := "http://localhost:" + port
	provider, err := newStandIn(page)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if s.OIDC == nil {
		s.OIDC = map[string]string{}
	}
	s.OIDC[standInName] = provider.setting()
	in, err := start(s)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := c.seed(ctx, s, in, page); err != nil {
		return errors.Join(err, ln.Close())
	}
	in.srv.RedirectDemo(page + "/")
	pages, err := demoPages(ctx, in.db, s.publicURL())
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	mux := http.NewServeMux()
	provider.routes(mux)
	mux.Handle("/", pages)
	mux.Handle("/control", newDemoControl(in, page))
	news := &http.Server{Handler: mux, ReadHeaderTimeout: demoHeaderTimeout}
	go func() {
		if err := news.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("the demo's news site stopped", "err", err)
		}
	}()
	fmt.Printf(demoGuide, page, s.publicURL(), demoPassword)
	err = in.wait(ctx)
	return errors.Join(err, news.Close())
}

// listenFrom listens on addr, or on the next free port after it.
func listenFrom(addr string) (net.Listener, error) {
	host, p, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("demo-listen: %w", err)
	}
	first, err := strconv.Atoi(p)
	if err != nil {
		return nil, fmt.Errorf("demo-listen: %w", err)
	}
	var last error
	for i := range demoPorts {
		ln, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(first+i)))
		if err == nil {
			return ln, nil
		}
		last = err
	}
	return nil, fmt.Errorf("demo-listen: %w", last)
}

// seed makes the demo's site, people and discussions; a second run finds them.
func (c *demoCmd) seed(ctx context.Context, s *settings, in *instance, page string) error {
	site, err := in.db.SiteByKey(ctx, demoSite)
	if err == nil {
		site.Origins = []string{page}
		_, err = in.db.PutSite(ctx, site)
		return err
	}
	if discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	others, err := in.db.Sites(ctx)
	if err != nil {
		return err
	}
	if fresh, err := in.db.Fresh(ctx); err != nil || !fresh || len(others) > 0 {
		return errors.Join(err, fmt.Errorf("%s is somebody's own database; the demo adds accounts with a known password and keeps to one of its own", s.Database))
	}
	site, err = addSite(ctx, in.db, demoSite, "The Lantern", []string{page}, func(v *discuss.Settings) { v.Guests = true })
	if err != nil {
		return err
	}
	for _, p := range demoPeople {
		if err := addUser(ctx, s, in.db, site, p.email, p.name, demoPassword, p.role); err != nil {
			return err
		}
	}
	return demoThreads(ctx, in.db, site, page)
}
