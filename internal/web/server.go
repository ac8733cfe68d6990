// Package web is the door: it puts the rooms together that answer requests, and
// opens and closes it. What a route does stands in the room of its audience.
package web

import (
	"context"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/valyala/fasthttp"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/moderation"
	"parley/internal/web/account"
	"parley/internal/web/assets"
	"parley/internal/web/cached"
	"parley/internal/web/checks"
	"parley/internal/web/desk"
	"parley/internal/web/edge"
	"parley/internal/web/health"
	"parley/internal/web/pages"
	"parley/internal/web/rates"
	"parley/internal/web/shape"
	"parley/internal/web/socket"
)

// Limits of the door.
const (
	headerTimeout = 10 * time.Second // for the head of a request, a trickle included
	bodyTimeout   = 30 * time.Second // for the rest of it
	idleTimeout   = 60 * time.Second
	writeTimeout  = 30 * time.Second
	headerBytes   = 16 << 10
	ShutdownWait  = 10 * time.Second
)

// Writes is what the store has done since it was opened.
type Writes = health.Writes

// Mails is what of mail the rooms change.
type Mails interface {
	pages.Mails
	desk.Mails
}

// What operators see and do of the whole server, as the desk has it.
type (
	Operations  = desk.Server
	ServerState = desk.ServerState
	SiteState   = desk.SiteState
	JobCounts   = desk.JobCounts
	BackupState = desk.BackupState
	Newest      = desk.Newest
	FailedJob   = desk.FailedJob
)

// Push is how devices are let in.
type Push = account.Push

// MailToken signs what one link in one mail may do, for one purpose; it needs
// no sign-in and never grows into another.
func MailToken(key []byte, purpose string, author, comment discuss.ID, email string) string {
	return pages.MailToken(key, purpose, author, comment, email)
}

// DoctorHeader and SignDoctor are how the doctor asks how its request arrived, at DoctorPath.
const (
	DoctorHeader = health.DoctorHeader
	DoctorPath   = "/healthz/way"
)

// SignDoctor is the header's value at a moment.
func SignDoctor(key []byte, at time.Time) string { return health.Sign(key, at) }

// Way is what it is answered.
type Way = health.Way

// Config is what the door is given.
type Config struct {
	Discuss     *discuss.Service
	Auth        *auth.Service
	Engine      *moderation.Engine
	Sites       edge.Sites
	Setup       pages.Setup
	Pictures    assets.Pictures
	Images      assets.Images
	PublicURL   string
	Files       fs.FS  // assets/ and i18n/ of package static
	KeepBuilds  string // directory for this and the last builds of the front end; "" for none
	Texts       *i18n.Catalogues
	Document    func(markdown string) (html string, err error) // renders the documentation
	Avatar      func(seed string) []byte
	Now         func() time.Time
	RateLimits  bool
	LogRequests bool // one line for each
	Mails       Mails
	MailKey     []byte // signs the links in mails
	DoctorKey   []byte // the doctor signs with it
	Mail        bool   // a relay is set; else mail is printed
	Send        desk.Send
	Known       desk.Strangers
	Trusted     []netip.Prefix // proxies whose X-Forwarded-For counts
	Window      time.Duration  // of the live hub; 0: its default
	HSTS        time.Duration  // how long browsers refuse plain HTTP here; 0 says nothing
	Metrics     string         // who may ask for /metrics: "auto" (or ""), "loopback", "on", "off"
	Docs        bool           // /docs/ is served
	Writes      func() Writes
	Push        account.Push   // how devices are let in
	Operations  Operations     // what operators see and do of all of it
	Retention   []discuss.Kept // how long what is about people is kept
	Refused     edge.RefusedOrigins
	Loads       edge.PageLoads
	Look        checks.Look // fetches a page that is checked
	Merges      func()      // goes on with merges that are left to the server
	PageChecks  desk.PageChecks
	Imports     desk.Imports // files of other systems that admins send
}

// Server answers requests. New makes one; Committed, Hinted and ChangedOutside connect it to
// the store.
type Server struct {
	*edge.Door
	cfg        Config
	app        *fiber.App
	table      []edge.Route // every route, all rooms' one after the other
	files      *assets.Files
	sockets    *socket.Room
	desk       desk.Room
	meters     *health.Meters
	stopping   chan struct{} // closed by Shutdown
	outside    chan struct{} // has room for one: another process has changed the file
	background sync.WaitGroup
	demo       atomic.Pointer[string] // where /demo/ leads; nil without the demo
	trouble    atomic.Pointer[Trouble]
}

// New builds the server; nothing listens yet.
func New(cfg Config) (*Server, error) {
	u, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	s := &Server{cfg: cfg, stopping: make(chan struct{}), outside: make(chan struct{}, 1), Door: &edge.Door{
		Sites: cfg.Sites, Places: cfg.Discuss, Auth: cfg.Auth, Refused: cfg.Refused, Loads: cfg.Loads, Limits: rates.New(cfg.RateLimits, cfg.Now), Pages: cached.New(cfg.Now),
		Own: u.Scheme + "://" + strings.ToLower(u.Host), Trusted: cfg.Trusted, Now: cfg.Now,
	}}
	if cfg.Auth != nil {
		cfg.Auth.Changed = s.Pages.Forget
	}
	if s.files, err = assets.Load(cfg.Files, cfg.KeepBuilds); err != nil {
		return nil, err
	}
	s.sockets = socket.New(socket.Deps{Threads: cfg.Discuss, Sessions: cfg.Auth, Door: s.Door, Capped: cfg.RateLimits, Window: cfg.Window, Now: cfg.Now})
	s.meters = health.NewMeters(s.sockets.Open, cfg.Writes)
	host := strings.ToLower(u.Host)
	s.table = s.rooms(shape.Shaper{Base: cfg.PublicURL, Now: cfg.Now, Key: cfg.MailKey}, host)
	s.app = newApp(s.Fail, s.bodyLimit())
	first := guard{host: []byte(host), read: s.NoteRead, pages: s.Pages, meters: s.meters, fail: s.Fail, trouble: &s.trouble, hsts: hstsOf(cfg.HSTS), named: cfg.LogRequests}
	s.app.Use(first.handle)
	s.app.Server().Handler = first.before(s.app.Server().Handler)
	if cfg.LogRequests {
		s.app.Server().Handler = logged(s.app.Server().Handler)
	}
	s.Door.Serve(s.app, s.table)
	s.app.Use(edge.Unmatched(s.table))
	return s, nil
}

// newApp is Fiber with what this server needs of it.
func newApp(fail fiber.ErrorHandler, large func(*fasthttp.RequestHeader) int) *fiber.App {
	app := fiber.New(fiber.Config{
		AppName: "parley", DisableStartupMessage: true, Immutable: true, BodyLimit: edge.MaxBody, ReadBufferSize: headerBytes,
		ReadTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, ErrorHandler: fail,
		DisableDefaultDate: false, StreamRequestBody: false, DisablePreParseMultipartForm: true,
	})
	app.Server().KeepHijackedConns = true // see socket/upgrade.go
	app.Server().HeaderReceived = func(h *fasthttp.RequestHeader) fasthttp.RequestConfig {
		if limit := large(h); limit > 0 {
			return fasthttp.RequestConfig{ReadTimeout: largeBodyTimeout, MaxRequestBodySize: limit}
		}
		return fasthttp.RequestConfig{ReadTimeout: bodyTimeout}
	}
	return app
}

// Committed makes the pages of the changed threads stale and tells the readers.
func (s *Server) Committed(events []discuss.Event) {
	s.Pages.Changed(events)
	s.sockets.Committed(events)
}

// Hinted passes hints on to the moderators' sockets; it never blocks.
func (s *Server) Hinted(hints []discuss.Hint) { s.sockets.Hinted(hints) }

// InvalidateCaches drops everything kept in memory.
func (s *Server) InvalidateCaches() {
	if s.cfg.Discuss.Gate != nil {
		s.cfg.Discuss.Gate.Forget(0)
	}
	s.cfg.Auth.Forget()
	s.ForgetSites()
	s.Pages.Forget()
}

// RedirectDemo makes /demo/ lead to the demo's news site.
func (s *Server) RedirectDemo(to string) { s.demo.Store(&to) }

// Serve answers on ln until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	s.background.Go(func() { s.sockets.Watch(s.stopping) })
	s.background.Go(func() { s.NoteRefusals(s.stopping) })
	s.background.Go(func() { s.followOutside(s.stopping) })
	return s.app.Listener(ln)
}

// Shutdown refuses new work, finishes what runs and says goodbye to sockets.
func (s *Server) Shutdown(ctx context.Context) error {
	close(s.stopping)
	s.sockets.Shutdown(ctx)
	err := s.app.ShutdownWithContext(ctx)
	s.background.Wait()
	s.sockets.Wait()
	s.Pages.Wait()
	return err
}
