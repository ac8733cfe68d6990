package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"parley/internal/discuss"
	"parley/static"
)

const (
	demoSite     = "lantern"
	demoDatabase = "sqlite:data/demo/parley.db"
	demoPassword = "demo-password"
	demoPorts    = 20 // tried in turn if the first is busy
)

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
	in, err := start(s)
	if err != nil {
		return errors.Join(err, ln.Close())
	}
	if err := c.seed(ctx, s, in, page); err != nil {
		return errors.Join(err, ln.Close())
	}
	news := &http.Server{Handler: demoPages(s.publicURL()), ReadHeaderTimeout: 10 * time.Second}
	go func() {
		if err := news.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
			slog.Error("the demo's news site stopped", "err", err)
		}
	}()
	fmt.Printf(`
A small news site with Parley under its articles:

  %s/         an article; open it in two windows and write in one
  %s/empty    an article without a comment

Sign in as ines@demo.example, tomas@demo.example or the moderator
oona@demo.example; the password of each is %s.
Mail goes to this terminal. Ctrl+C stops; what you wrote is kept in data/demo.

`, page, page, demoPassword)
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

// seed makes the demo's site and people; a second run finds them.
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
	site, err = addSite(ctx, in.db, demoSite, "The Lantern", []string{page}, func(v *discuss.Settings) { v.Guests = true })
	if err != nil {
		return err
	}
	for _, p := range demoPeople {
		if err := addUser(ctx, s, in.db, site, p.email, p.name, demoPassword, p.role); err != nil {
			return err
		}
	}
	return nil
}

// demoPages is the news site: another origin than the server, as in real life.
func demoPages(server string) http.Handler {
	mux := http.NewServeMux()
	for path, file := range map[string]string{"/{$}": "article.html", "/empty": "empty.html", "/demo.css": "demo.css"} {
		mux.HandleFunc("GET "+path, func(w http.ResponseWriter, r *http.Request) {
			b, err := fs.ReadFile(static.Files, "demo/"+file)
			if err != nil {
				http.Error(w, "missing", http.StatusInternalServerError)
				return
			}
			b = bytes.ReplaceAll(b, []byte("{{server}}"), []byte(server))
			http.ServeContent(w, r, file, time.Time{}, bytes.NewReader(b))
		})
	}
	return mux
}
