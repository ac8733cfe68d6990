package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/markup"
	"parley/internal/media"
	"parley/internal/moderation"
	"parley/internal/notify"
	"parley/internal/scorers"
	"parley/internal/store"
	"parley/internal/web"
	"parley/static"
)

const (
	renderQueue = 256
	settleAfter = 200 * time.Millisecond
)

// synchronous is SQLite's, FULL unless a test links another value to show what
// that would lose.
var synchronous = "FULL"

type serveCmd struct {
	NewKey bool `help:"Go on without the lost key file: secrets that were sealed with it are removed, to be entered again."`
}

// Run serves until a signal comes.
func (c serveCmd) Run(s *settings) error {
	s.newKey = c.NewKey
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	in, err := start(s)
	if err != nil {
		return err
	}
	fmt.Printf("Parley serves on %s\n", s.publicURL())
	if err := in.offerSetup(ctx, s); err != nil {
		return err
	}
	return in.wait(ctx)
}

// offerSetup prints a one-time link while nobody has an account. The secret
// stands behind the #, so it reaches no log on its way.
func (in *instance) offerSetup(ctx context.Context, s *settings) error {
	fresh, err := in.db.Fresh(ctx)
	if err != nil || !fresh {
		return err
	}
	token, err := s.identity(in.db).SetupTicket(ctx)
	if err != nil {
		return err
	}
	fmt.Printf("Nobody has an account yet. Set up within 24 hours: %s/setup#%s\n", s.publicURL(), token)
	return nil
}

// instance is a running server with all its rooms.
type instance struct {
	db   *store.Store
	srv  *web.Server
	done chan error
	mail func() // ends the workers and waits for them
}

// start opens the store, wires the rooms and listens.
func start(s *settings) (*instance, error) {
	if err := s.checkPublicURL(); err != nil {
		return nil, err
	}
	if err := s.checkAddresses(); err != nil {
		return nil, err
	}
	proxies, err := s.proxies()
	if err != nil {
		return nil, err
	}
	send := notify.Log
	if s.SMTPURL != "" {
		if send, err = notify.SMTP(s.SMTPURL); err != nil {
			return nil, err
		}
	}
	path, err := s.databasePath()
	if err != nil {
		return nil, err
	}
	catalogues, err := fs.Sub(static.Files, "i18n")
	if err != nil {
		return nil, err
	}
	texts, err := i18n.Load(catalogues)
	if err != nil {
		return nil, err
	}
	in := &instance{done: make(chan error, 1)}
	in.db, err = s.open(store.Options{
		OnCommit:    func(e []discuss.Event) { in.srv.Committed(e) },
		OnHint:      func(h []discuss.Hint) { in.srv.Hinted(h) },
		OnForeign:   func() { in.srv.Foreign() },
		Synchronous: synchronous,
	})
	if err != nil {
		return nil, err
	}
	id := s.identity(in.db)
	if id.Providers, err = s.providers(); err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	if id.Seal, err = s.sealer(context.Background(), in.db); err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	text := markup.New(runtime.NumCPU(), renderQueue)
	text.Links = s.links
	engine := &moderation.Engine{Policy: in.db.PolicyOf, Lessons: in.db.Lessons, Limits: s.RateLimits == "on", Proofs: moderation.NewProofs()}
	network, err := s.network(context.Background(), in.db)
	if err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	verbs := &discuss.Service{Store: in.db, Gate: engine, Network: network, Text: discuss.Text{
		Clean: clean, Name: guestName, Skeleton: markup.Skeleton,
		Render: func(ctx context.Context, body string) (string, error) {
			html, err := text.Render(ctx, body)
			return html, bodyError(err)
		},
	}}
	mailKey, err := in.db.Key(context.Background(), "mail links", freshKey)
	if err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	in.srv, err = web.New(web.Config{
		Engine: engine, Discuss: verbs, Mails: in.db, MailKey: mailKey,
		Auth: id, Sites: in.db, Setup: in.db, Pictures: in.db, Refused: in.db, PublicURL: s.publicURL(), Files: static.Files, Texts: texts, Document: markup.Document, KeepBuilds: filepath.Join(filepath.Dir(path), "assets"), Avatar: media.Identicon,
		Now: time.Now, RateLimits: s.RateLimits == "on", Mail: s.SMTPURL != "", Trusted: proxies, Metrics: s.Metrics, Docs: s.Docs == "on",
		Writes: func() (w web.Writes) { w.Commits, w.Requests, w.Busy = in.db.Writes(); return w },
	})
	if err != nil {
		return nil, errors.Join(err, in.db.Close())
	}
	ln, err := net.Listen("tcp", s.Listen)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("listen: %w", err), in.db.Close())
	}
	unserve, err := in.db.Serve()
	if err != nil {
		return nil, errors.Join(err, ln.Close(), in.db.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	tell := &notify.Teller{
		Audience: in.db, Texts: texts, Now: time.Now, Link: func(path string) string { return s.publicURL() + path },
		Token: func(purpose string, author, comment discuss.ID, email string) string {
			return web.MailToken(mailKey, purpose, author, comment, email)
		},
	}
	ask := &scorers.Asker{Store: in.db, Service: verbs, Client: s.outsideClient(), Now: time.Now, Base: s.publicURL(), Akismet: s.AkismetURL}
	worker := notify.Worker{Jobs: in.db, Texts: texts, Send: send, Now: time.Now, Kinds: tell.Kinds()}
	asker := notify.QuestionWorker{Questions: in.db, Now: time.Now, Ask: func(ctx context.Context, j notify.Job) error { return ask.Ask(ctx, j.Payload, j.Attempts) }}
	var running sync.WaitGroup
	running.Go(func() { worker.Run(ctx) })
	running.Go(func() { asker.Run(ctx) })
	running.Go(func() { (&chores{db: in.db, verbs: verbs, tell: tell, now: time.Now}).run(ctx) })
	running.Go(func() { id.Run(ctx, func(err error) { slog.Error("sweep accounts", "err", err) }) })
	in.mail = func() { cancel(); running.Wait(); unserve() }
	go func() { in.done <- in.srv.Serve(ln) }()
	time.AfterFunc(settleAfter, debug.FreeOSMemory) // what only the start needed
	return in, nil
}

// wait serves until ctx ends, then lets everyone finish.
func (in *instance) wait(ctx context.Context) error {
	var err error
	select {
	case err = <-in.done:
	case <-ctx.Done():
		slog.Info("stopping")
		end, cancel := context.WithTimeout(context.Background(), web.ShutdownWait)
		defer cancel()
		err = in.srv.Shutdown(end)
	}
	in.mail()
	return errors.Join(err, in.db.Close())
}

func clean(body string) (string, error) {
	out, err := markup.Clean(body)
	return out, bodyError(err)
}

func guestName(v string) (string, error) {
	out, err := markup.CleanName(v)
	if err != nil {
		return "", discuss.Bad("guest.name", err.Error())
	}
	return out, nil
}

// bodyError gives the markup room's errors their field.
func bodyError(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, markup.ErrBusy):
		return discuss.Busy(err)
	}
	return discuss.Bad("body", err.Error())
}
