// Package demo is the small news site of `parley demo`: pages, people,
// discussions, a stand-in for a provider, and a page of switches.
package demo

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"time"

	"parley/internal/app"
	"parley/internal/discuss"
)

const (
	demoSite     = "lantern"
	demoDatabase = "sqlite:data/demo/parley.db"
	// Password is that of every account of the demo.
	Password  = "demo-password"
	demoPorts = 20 // tried in turn if the first is busy

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

var demoPeople = []struct {
	email, name string
	role        discuss.Role
}{
	{"ines@demo.example", "Ines Okafor", discuss.Member},
	{"tomas@demo.example", "Tomas Rey", discuss.Member},
	{"oona@demo.example", "Oona Brandt", discuss.Moderator},
}

// Run serves the demo until ctx ends, its news site on the address listen or
// the next free port.
func Run(ctx context.Context, s *app.Settings, listen string) error {
	s.BackupDir = "" // that folder is another database's
	if s.Database == "sqlite:data/parley.db" {
		s.Database = demoDatabase
	}
	ln, err := listenFrom(listen)
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
	in, err := app.Start(s)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := seed(ctx, s, in, page); err != nil {
		return errors.Join(err, ln.Close())
	}
	in.Server.RedirectDemo(page + "/")
	pages, err := demoPages(ctx, in.DB, s.BaseURL())
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
	fmt.Printf(demoGuide, page, s.BaseURL(), Password)
	err = in.Wait(ctx)
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
func seed(ctx context.Context, s *app.Settings, in *app.Instance, page string) error {
	site, err := in.DB.SiteByKey(ctx, demoSite)
	if err == nil {
		if slices.Contains(site.Origins, page) {
			return nil
		}
		site.Origins = append(site.Origins, page) // another port than the last time; those of the dashboard stay
		_, err = in.DB.PutSite(ctx, site)
		return err
	}
	if discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	others, err := in.DB.Sites(ctx)
	if err != nil {
		return err
	}
	if fresh, err := in.DB.Fresh(ctx); err != nil || !fresh || len(others) > 0 {
		return errors.Join(err, fmt.Errorf("%s is somebody's own database; the demo adds accounts with a known password and keeps to one of its own", s.Database))
	}
	site, err = app.AddSite(ctx, in.DB, demoSite, "The Lantern", []string{page}, func(v *discuss.Settings) error {
		v.Guests, v.Hold = true, discuss.ModePublish // who tries it sees what he writes
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range demoPeople {
		if err := app.AddUser(ctx, s, in.DB, site, p.email, p.name, Password, p.role); err != nil {
			return err
		}
	}
	return demoThreads(ctx, in.DB, site, page)
}
