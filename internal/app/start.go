// Package app turns settings into a running server: it opens the store, wires
// the rooms, keeps the key file and the clock, and ends them in order.
package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"net/netip"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"sync"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/markup"
	"parley/internal/media"
	"parley/internal/moderation"
	"parley/internal/notify"
	"parley/internal/push"
	"parley/internal/scorers"
	"parley/internal/store"
	"parley/internal/tokens"
	"parley/internal/web"
	"parley/static"
)

const (
	// RenderQueue is how many comments may wait to be rendered.
	RenderQueue = 256
	settleAfter = 200 * time.Millisecond
)

// synchronous is SQLite's, FULL unless a test links another value to show what
// that would lose.
var synchronous = "FULL"

// OfferSetup prints a one-time link while nobody has an account. The secret
// stands behind the #, so it reaches no log on its way.
func (in *Instance) OfferSetup(ctx context.Context, s *Settings) error {
	link, err := SetupLink(ctx, s, in.DB)
	if err != nil || link == "" {
		return err
	}
	fmt.Printf("Nobody has an account yet. Set up within 24 hours: %s\n", link)
	return nil
}

// SetupLink makes a one-time link to the set-up; "" once there is an account.
func SetupLink(ctx context.Context, s *Settings, db *store.Store) (string, error) {
	fresh, err := db.Fresh(ctx)
	if err != nil || !fresh {
		return "", err
	}
	token, err := s.Identity(db).SetupTicket(ctx)
	if err != nil {
		return "", err
	}
	return s.BaseURL() + "/setup#" + token, nil
}

// Instance is a running server with all its rooms.
type Instance struct {
	DB     *store.Store
	Server *web.Server
	Again  func() // looks for certificates anew; nil where a proxy encrypts
	done   chan error
	mail   func() // ends the workers and waits for them
}

// Start opens the store, wires the rooms and listens.
func Start(s *Settings) (*Instance, error) {
	if err := s.CheckPublicURL(); err != nil {
		return nil, err
	}
	if err := s.checkTLS(); err != nil {
		return nil, err
	}
	if err := s.checkAddresses(); err != nil {
		return nil, err
	}
	if err := s.checkBackups(); err != nil {
		return nil, err
	}
	proxies, err := s.Proxies()
	if err != nil {
		return nil, err
	}
	if s.staging() {
		slog.Warn(outboundOff)
	}
	send := notify.Log
	if s.mails() {
		if send, err = notify.SMTP(s.SMTPURL, s.Host()); err != nil {
			return nil, err
		}
	}
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	source, err := s.certificates()
	if err != nil {
		return nil, err
	}
	catalogues, err := fs.Sub(static.Files, "i18n")
	if err != nil {
		return nil, err
	}
	var texts *i18n.Catalogues
	var unread error
	var reading sync.WaitGroup
	reading.Go(func() { texts, unread = i18n.Load(catalogues) }) // takes as long as the database to open
	in := &Instance{done: make(chan error, 1)}
	in.DB, err = s.Open(store.Options{Synchronous: synchronous})
	reading.Wait()
	if err != nil {
		return nil, err
	}
	if unread != nil {
		return nil, errors.Join(unread, in.DB.Close())
	}
	if s.mails() {
		send = (&notify.Relay{To: send, Notes: in.DB, Now: time.Now}).Send
	}
	id := s.Identity(in.DB)
	if id.Providers, err = s.ProviderKeys(); err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	if id.Seal, err = s.Sealer(context.Background(), in.DB); err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	text := markup.New(runtime.NumCPU(), RenderQueue)
	text.Links = s.Links
	engine := &moderation.Engine{Policy: in.DB.PolicyOf, TrainingExamples: in.DB.TrainingExamples, Limits: s.RateLimits == "on", Proofs: moderation.NewProofs()}
	network, err := s.network(context.Background(), in.DB)
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	seals := siteSeals{id.Seal}
	if err := seals.sealOld(context.Background(), in.DB); err != nil {
		slog.Error("secrets of hooks and scorers are still kept as they were typed; the next start seals them", "err", err)
	}
	verbs := &discuss.Service{Store: in.DB, Seal: seals.seal, Gate: engine, Network: network, Text: discuss.Text{
		Clean: clean, Name: guestName, Skeleton: markup.Skeleton, Reserved: markup.Reserved, Mentions: markup.Mentions, LinkMentions: s.linkMentions,
		Plain: markup.TextOf, Words: func(text string) discuss.Words { return tokens.QueryOf(text) },
		Render: func(ctx context.Context, body string) (string, error) {
			html, err := text.Render(ctx, body)
			return html, bodyError(err)
		},
		Images: markup.Pictures,
		RenderWith: func(ctx context.Context, body string, images []discuss.Image) (string, error) {
			html, err := text.RenderWith(ctx, body, picturesOf(images))
			return html, bodyError(err)
		},
	}}
	verbs.Draw, verbs.Alike = drawImage, media.Alike
	verbs.Carries = (&pageAnswers{client: s.outsideClient(), now: time.Now}).carries
	verbs.NetworkHashes = func(ctx context.Context, ip netip.Addr) ([][]byte, error) {
		return networkHashes(ctx, in.DB, ip, time.Now())
	}
	pushing, err := s.pushClient(context.Background(), in.DB, id.Seal)
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	mailKey, err := in.DB.Key(context.Background(), "mail links", freshKey)
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	doctorKey, err := in.DB.Key(context.Background(), doctorKeyName, freshKey)
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	ctx, cancel := context.WithCancel(context.Background())
	started := false
	defer func() {
		if !started {
			cancel()
		}
	}()
	var running sync.WaitGroup
	kick := make(chan struct{}, 1)
	imports, err := s.uploads(ctx, in.DB, &running, func() { in.Server.InvalidateCaches() })
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	in.Server, err = web.New(web.Config{
		Merges: func() {
			select {
			case kick <- struct{}{}:
			default: // it is about to look
			}
		},
		Imports: imports,
		Push: web.Push{Devices: in.DB, Key: pushing.Keys.Public(), Check: func(endpoint string, key, auth []byte) error {
			return pushing.Check(push.Device{Endpoint: endpoint, Key: key, Auth: auth})
		}},
		PageChecks: &pageChecks{verbs: verbs, asker: func() *pageAsker { return s.pageAsker(verbs) }, now: time.Now, ctx: ctx, run: &running},
		DoctorKey:  doctorKey,
		Engine:     engine, Discuss: verbs, Mails: in.DB, MailKey: mailKey,
		Auth: id, Sites: in.DB, Setup: in.DB, Pictures: in.DB, Images: in.DB, Refused: in.DB, Loads: in.DB, Look: s.lookAtPage, PublicURL: s.BaseURL(), Files: static.Files, Texts: texts, Document: markup.Document, KeepBuilds: filepath.Join(filepath.Dir(path), "assets"), Avatar: media.Identicon,
		Now: time.Now, RateLimits: s.RateLimits == "on", LogRequests: s.LogRequests == "on", Mail: s.mails(), Send: send, Known: in.DB, Trusted: proxies, HSTS: s.HSTS, Metrics: s.Metrics, Docs: s.Docs == "on", Retention: s.retention(), Operations: operations{s, in.DB},
		Writes: func() (w web.Writes) {
			w.Commits, w.Requests, w.Busy = in.DB.Writes()
			w.ReadOnly = in.DB.Failing()
			return w
		},
	})
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	keep, err := keptRates(context.Background(), in.DB, in.Server)
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	unserve, err := in.DB.Serve(s.running())
	if err != nil {
		return nil, errors.Join(err, in.DB.Close())
	}
	keeper, err := s.keeper(context.Background(), in.DB)
	if err != nil {
		unserve()
		return nil, errors.Join(err, in.DB.Close())
	}
	told := store.Listeners{Committed: in.Server.Committed, Hinted: in.Server.Hinted, ChangedOutside: in.Server.ChangedOutside}
	if keeper != nil {
		told.Erased = keeper.erased
	}
	in.DB.Listen(told)
	door, err := s.openDoors(source)
	if err != nil {
		if keeper != nil {
			keeper.end()
		}
		unserve()
		return nil, errors.Join(err, in.DB.Close())
	}
	tell := &notify.Teller{
		Audience: in.DB, Bells: in.DB, Texts: texts, Now: time.Now, Link: func(path string) string { return s.BaseURL() + path },
		Token: func(purpose string, author, comment discuss.ID, email string) string {
			return web.MailToken(mailKey, purpose, author, comment, email)
		},
	}
	ask := &scorers.Client{Store: in.DB, Service: verbs, Client: s.outsideClient(), Now: time.Now, Base: s.BaseURL(), Akismet: s.AkismetURL, Open: seals.open}
	pusher := &notify.Pusher{Pushes: in.DB, Teller: tell}
	if !s.staging() {
		pusher.Send = pushing.Send
	}
	kinds := tell.Kinds()
	maps.Copy(kinds, pusher.Kinds())
	worker := notify.Worker{Jobs: in.DB, Texts: texts, Send: send, Now: time.Now, Kinds: kinds}
	asker := notify.ScorerWorker{ScoringRequests: in.DB, Now: time.Now, Ask: func(ctx context.Context, j notify.Job) error { return ask.Ask(ctx, j.Payload, j.Attempts) }}
	started = true
	running.Go(func() { worker.Run(ctx) })
	running.Go(func() { merges(ctx, verbs, kick, time.Now) })
	running.Go(imports.keep)
	running.Go(func() { asker.Run(ctx) })
	running.Go(func() { keepRates(ctx, keep) })
	if keeper != nil {
		keeper.tell = tell.Backups
		running.Go(func() { keeper.run(ctx) })
	}
	running.Go(func() { staySmall(ctx, heapUsage, debug.FreeOSMemory) })
	running.Go(func() {
		(&schedule{db: in.DB, verbs: verbs, tell: tell, now: time.Now, gone: in.Server.InvalidateCaches}).run(ctx)
	})
	running.Go(func() {
		id.Run(ctx, func(err error) {
			if ctx.Err() == nil {
				slog.Error("sweep accounts", "err", err)
			}
		})
	})
	s.keepCertificates(ctx, &running, source, door)
	if source != nil {
		in.Again = source.Again
	}
	in.mail = func() { cancel(); running.Wait(); unserve() }
	go func() { in.done <- in.Server.Serve(door.main) }()
	time.AfterFunc(settleAfter, debug.FreeOSMemory) // what only the start needed
	return in, nil
}

// Wait serves until ctx ends, then lets everyone finish.
func (in *Instance) Wait(ctx context.Context) error {
	var err error
	select {
	case err = <-in.done:
	case <-ctx.Done():
		slog.Info("stopping")
		end, cancel := context.WithTimeout(context.Background(), web.ShutdownWait)
		defer cancel()
		err = in.Server.Shutdown(end)
	}
	in.mail()
	closed := in.DB.Close()
	if closed != nil && in.DB.Failing() { // a full disk is no reason to call an orderly stop a failure
		slog.Warn("the database could not be tidied; the next start does it", "err", closed)
		closed = nil
	}
	return errors.Join(err, closed)
}

// picturesOf are images as a text shows them.
func picturesOf(images []discuss.Image) map[string]markup.Picture {
	out := map[string]markup.Picture{}
	for _, m := range images {
		out[m.ID] = markup.Picture{Src: m.Path(), Width: m.Width, Height: m.Height, Colour: m.Colour}
	}
	return out
}

// drawImage makes an image of a file that somebody has sent.
func drawImage(ctx context.Context, raw []byte) (discuss.Image, []byte, error) {
	d, err := media.Draw(ctx, raw)
	if err != nil {
		if discuss.KindOf(err) == discuss.Internal {
			err = discuss.Bad("file", err.Error())
		}
		return discuss.Image{}, nil, err
	}
	return discuss.Image{Type: d.Type, Width: d.Width, Height: d.Height, Colour: d.Colour, Sum: d.Sum[:], Looks: d.Looks}, d.Body, nil
}

// personPath is where the link of a mention leads.
func personPath(id discuss.ID) string { return "/u/" + id.String() }

// linkMentions makes the mentions of a comment lead to the people whom they name.
func (s *Settings) linkMentions(html string, people []discuss.Mentioned) string {
	to := make([]markup.Mentioned, len(people))
	for i, p := range people {
		if p.ID != 0 {
			to[i] = markup.Mentioned{Matched: p.Matched, Name: p.Name, Href: s.BaseURL() + personPath(p.ID)}
		}
	}
	return markup.LinkMentions(html, to)
}

// unlinkMentions takes the links to a person out of a comment.
func unlinkMentions(html string, person discuss.ID) string {
	return markup.UnlinkMentions(html, personPath(person))
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
