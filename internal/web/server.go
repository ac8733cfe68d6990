// Package web is the door: Fiber routes, the WebSocket, cookies, CORS, the
// pages of our own origin and the assets. A handler decodes, makes one call
// and encodes; rules and SQL live elsewhere.
package web

import (
	"context"
	"io/fs"
	"net"
	"net/netip"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gofiber/fiber/v2"
	"github.com/gorilla/websocket"
	"github.com/valyala/fasthttp"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/live"
	"parley/internal/moderation"
	"parley/internal/pagecache"
	"parley/internal/web/account"
	"parley/internal/web/desk"
	"parley/internal/web/edge"
	"parley/internal/web/reader"
	"parley/internal/web/shape"
)

// Limits of the door.
const (
	MaxBody       = 256 << 10
	headerTimeout = 10 * time.Second // for the head of a request, a trickle included
	bodyTimeout   = 30 * time.Second // for the rest of it
	idleTimeout   = 60 * time.Second
	writeTimeout  = 30 * time.Second
	headerBytes   = 16 << 10
	cacheBytes    = 64 << 20
	ShutdownWait  = 10 * time.Second
)

// Sites is how the door finds sites and memberships, and changes them.
type Sites interface {
	edge.Sites
	PutSite(ctx context.Context, s discuss.Site) (discuss.Site, error)
	SetRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error
}

// Pictures is where the door finds pictures of people.
type Pictures interface {
	PictureByID(ctx context.Context, id string) (auth.Picture, error)
}

// Config is what the door is given.
type Config struct {
	Discuss    *discuss.Service
	Auth       *auth.Service
	Engine     *moderation.Engine
	Sites      Sites
	Setup      SetupStore
	Pictures   Pictures
	PublicURL  string
	Files      fs.FS  // assets/ and i18n/ of package static
	KeepBuilds string // directory for this and the last builds of the front end; "" for none
	Texts      *i18n.Catalogues
	Document   func(markdown string) (html string, err error) // renders the documentation
	Avatar     func(seed string) []byte
	Now        func() time.Time
	RateLimits bool
	Mails      Mails
	MailKey    []byte         // signs the links in mails
	Mail       bool           // a relay is set; else mail is printed
	Trusted    []netip.Prefix // proxies whose X-Forwarded-For counts
	Window     time.Duration  // of the live hub; 0: its default
	Metrics    string         // who may ask for /metrics: "auto" (or ""), "loopback", "on", "off"
	Docs       bool           // /docs/ is served
	Writes     func() Writes
	Refused    edge.RefusedOrigins
}

// Server answers requests. New makes one; Committed and Foreign connect it to
// the store.
type Server struct {
	*edge.Door
	cfg        Config
	shape      shape.Shaper
	app        *fiber.App
	ownHost    []byte // its host, lower case
	cache      *pagecache.Cache
	hub        *live.Hub
	inbox      *live.Hub // of the moderators: one room per site
	hints      atomic.Int64
	hinting    sync.Mutex
	seats      atomic.Int64 // of dashboards, as they open
	desks      dashboards
	stopping   chan struct{} // closed by Shutdown
	names      sync.Map      // discuss.ID → name of who acted, for the inbox's frames
	upgrader   websocket.Upgrader
	assets     map[string]*asset
	build      string                       // name of this build of the front end
	old        map[string]map[string]*asset // earlier builds, for pages opened before an upgrade
	building   chan struct{}                // pages being made
	sockets    sockets
	meters     *meters
	waiting    waiting
	births     sync.Mutex // who waits for a thread is moved into it one at a time
	background sync.WaitGroup
	demo       atomic.Pointer[string] // where /demo/ leads; nil without the demo
	trouble    atomic.Pointer[Trouble]
}

// newThreads is the version of pages about threads that do not exist yet,
// anyThread is that of answers about many threads.
const (
	newThreads = -1
	anyThread  = -2
)

// New builds the server; nothing listens yet.
func New(cfg Config) (*Server, error) {
	u, err := url.Parse(cfg.PublicURL)
	if err != nil {
		return nil, err
	}
	door := &edge.Door{
		Sites: cfg.Sites, Places: cfg.Discuss, Auth: cfg.Auth, Refused: cfg.Refused, Limits: edge.NewLimiter(cfg.RateLimits, cfg.Now),
		Own: u.Scheme + "://" + strings.ToLower(u.Host), Trusted: cfg.Trusted, Now: cfg.Now,
	}
	s := &Server{Door: door, shape: shape.Shaper{Base: cfg.PublicURL, Now: cfg.Now}, cfg: cfg, ownHost: []byte(strings.ToLower(u.Host)), cache: pagecache.New(cacheBytes)}
	s.cache.Now = cfg.Now
	s.hub = &live.Hub{Encode: encodeFrame, Reset: resetFrame(), Window: cfg.Window, Queue: live.DefaultQueue}
	if s.hub.Window == 0 {
		s.hub.Window = live.DefaultWindow
	}
	s.inbox = &live.Hub{Encode: s.encodeHints, Reset: resetFrame(), Window: s.hub.Window, Queue: live.DefaultQueue}
	s.upgrader = newUpgrader()
	if cfg.Auth != nil {
		cfg.Auth.Changed = s.cache.Clear
	}
	if s.assets, err = loadAssets(cfg.Files); err != nil {
		return nil, err
	}
	s.build = buildName(s.assets)
	nameBuild(s.assets, s.build)
	s.old = keepBuild(cfg.KeepBuilds, s.build, s.assets)
	s.app = fiber.New(fiber.Config{
		AppName: "parley", DisableStartupMessage: true, Immutable: true, BodyLimit: MaxBody, ReadBufferSize: headerBytes,
		ReadTimeout: headerTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout, ErrorHandler: s.Fail,
		DisableDefaultDate: false, StreamRequestBody: false, DisablePreParseMultipartForm: true,
	})
	s.app.Server().KeepHijackedConns = true // see upgrade.go
	s.app.Server().HeaderReceived = func(*fasthttp.RequestHeader) fasthttp.RequestConfig {
		return fasthttp.RequestConfig{ReadTimeout: bodyTimeout}
	}
	s.desks = dashboards{open: map[*dashboard]struct{}{}, some: make(chan struct{}, 1)}
	s.stopping = make(chan struct{})
	s.building = make(chan struct{}, 2*runtime.NumCPU())
	s.meters = newMeters(s, cfg.Writes)
	s.routes()
	return s, nil
}

// Committed makes the pages of the changed threads stale and tells the readers.
func (s *Server) Committed(events []discuss.Event) {
	s.cache.Version(anyThread).Bump()
	for _, e := range events {
		s.cache.Version(int64(e.ThreadID)).Bump()
		if e.Seq == 1 || e.Type == discuss.ThreadUpdated { // born, or found by another name
			s.cache.Version(newThreads).Bump()
		}
	}
	for _, e := range events {
		s.hub.Publish(e)
		if e.Seq == 1 {
			s.background.Go(func() { s.birth(e) }) // look-ups, off the writer's path
		}
	}
}

// forgetPages drops the pages that are kept: something that stands on many has changed.
func (s *Server) forgetPages() { s.cache.Clear() }

// watched are the threads that somebody has open.
func (s *Server) watched() []discuss.ID { return s.hub.Threads() }

// Foreign drops everything kept in memory: another process changed the file.
func (s *Server) Foreign() {
	if s.cfg.Discuss.Gate != nil {
		s.cfg.Discuss.Gate.Forget(0)
	}
	s.cfg.Auth.Forget()
	s.ForgetSites()
	s.cache.Clear()
}

// Serve answers on ln until Shutdown.
func (s *Server) Serve(ln net.Listener) error {
	s.background.Go(func() { s.watchDesks(s.stopping) })
	s.background.Go(func() { s.NoteRefusals(s.stopping) })
	return s.app.Listener(ln)
}

// Shutdown refuses new work, finishes what runs and says goodbye to sockets.
func (s *Server) Shutdown(ctx context.Context) error {
	close(s.stopping)
	s.closeSockets(ctx)
	err := s.app.ShutdownWithContext(ctx)
	s.background.Wait()
	s.hub.Wait()
	s.inbox.Wait()
	s.cache.Wait()
	return err
}

// table is every route that is served from a table: all rooms', one after the other.
func (s *Server) table() []edge.Route {
	rooms := desk.New(desk.Room{
		Discuss: s.cfg.Discuss, Auth: s.cfg.Auth, Engine: s.cfg.Engine, Mails: s.cfg.Mails, Refused: s.cfg.Refused, Texts: s.cfg.Texts, Shape: s.shape, Now: s.cfg.Now,
		Forget: s.forgetPages, ForgetAll: s.Foreign, Watched: s.watched,
	})
	own := []edge.Route{
		edge.Raw(edge.Route{Method: "GET", Path: "/api/v1/sites/:site/moderation/live", Summary: "Upgrades to a WebSocket that hints at what happens", Gate: edge.Desk(discuss.ActRead), Status: 101, Errors: []int{401, 403, 404, 503}, In: sitePath{}}, s.inboxLive),
	}
	mine := account.Room{Auth: s.cfg.Auth, Discuss: s.cfg.Discuss, Shape: s.shape, Now: s.cfg.Now}
	return slices.Concat(own, mine.Routes(), reader.Room{Discuss: s.cfg.Discuss, Shape: s.shape, Now: s.cfg.Now}.Routes(), rooms.Routes())
}

func (s *Server) routes() {
	a := s.app
	a.Use(s.guard)
	a.Get("/api/v1/sites/:site/comments", s.getComments)
	a.Get("/api/v1/sites/:site/counts", s.getCounts)
	a.Get("/api/v1/sites/:site/events", s.getEvents)
	a.Get("/api/v1/sites/:site/latest", s.getLatest)
	a.Get("/api/v1/sites/:site/live", s.getLive)
	a.Get("/api/v1/sites/:site/origin", s.getOrigin)
	a.Get("/api/v1/comments/:id/replies", s.getReplies)
	a.Get("/api/v1/comments/:id", s.getComment)

	a.Options("/api/v1/*", s.Preflight)
	s.Door.Serve(a, s.table())
	a.Get("/api/v1/sites/:site/standards", s.getStandards)

	a.Post("/api/v1/sites/:site/register", s.postRegister)
	a.Post("/api/v1/sites/:site/verification", s.postVerification)
	a.Post("/api/v1/sites/:site/login", s.postLogin)
	a.Post("/api/v1/sites/:site/logout", s.postLogout)
	a.Post("/api/v1/sites/:site/password-reset", s.postPasswordReset)
	a.Post("/api/v1/auth/claim", s.postClaim)
	a.Post("/auth/begin", s.postBegin)
	a.Post("/auth/complete", s.postComplete)
	a.Post("/auth/verify", s.postVerify)
	a.Post("/auth/reset", s.postReset)
	a.Post("/api/v1/sites/:site/magic-link", s.postMagic)
	a.Post("/api/v1/sites/:site/sso", s.postSSO)
	a.Post("/api/v1/passkeys/login/begin", s.postPasskeyAsk)
	a.Post("/api/v1/passkeys/login/finish", s.postPasskeyLogin)
	a.Post("/auth/code", s.postCode)
	a.Post("/auth/magic", s.postMagicToken)
	a.Post("/auth/email", s.postConfirmEmail)
	a.Post("/auth/link", s.postLink)
	a.Post("/auth/sso", s.postSSOReturn)
	a.Get("/auth/magic", s.pageTicket("magic"))
	a.Get("/auth/email", s.pageTicket("email"))
	a.Get("/auth/sso", s.pageSSO)
	a.Post("/auth/facebook/deletion", s.postFacebookDeletion)
	a.Post("/auth/facebook/deauthorize", s.postFacebookLeft)
	a.Get("/auth/facebook/deletion/:code", s.pageDeletion)
	a.Get("/account", s.pageAccount)
	a.Post("/auth/login", s.postProviderLogin)
	a.Post("/auth/introduce", s.postIntroduce)
	a.Get("/auth/popup", s.pagePopup)
	a.Get("/auth/:provider/callback", s.getCallback)
	a.Post("/auth/:provider/callback", s.postCallback)
	a.Get("/auth/verify", s.pageTicket("verify"))
	a.Get("/auth/reset", s.pageTicket("reset"))

	a.Get("/mail/decide", s.pageMailDecision)
	a.Post("/mail/decide", s.postMailDecision)
	a.Get("/mail/unsubscribe", s.pageUnsubscribe)
	a.Post("/mail/unsubscribe", s.postUnsubscribe)

	a.Get("/dashboard/", s.pageDashboard)
	a.Post("/auth/end", s.postEnd)
	a.Get("/setup", s.pageSetup)
	a.Post("/setup", s.postSetup)

	a.Get("/avatars/:seed", s.getAvatar)
	a.Get("/pictures/:id", s.getPicture)
	a.Get("/embed.js", s.getAsset)
	a.Get("/embed.d.ts", s.getAsset)
	a.Get("/openapi.json", s.getAsset)
	a.Get("/assets/*", s.getAsset)
	a.Get("/c/:id", s.getPermalink)
	a.Get("/p/:site", s.getStandalone)
	a.Get("/frame/:site", s.getFrame)
	a.Post("/p/:site", s.postStandalone)
	a.Get("/render/:site", s.getRender)
	a.Get("/docs/", s.getDocs)
	a.Get("/docs/:page", s.getDocs)
	a.Get("/feeds/:name", s.getFeed)
	a.Get("/demo/", s.getDemo)
	a.Get("/healthz", func(c *fiber.Ctx) error { return c.SendString("ok\n") })
	a.Get("/readyz", s.getReady)
	a.Get("/metrics", s.getMetrics)
	a.Use(func(*fiber.Ctx) error { return discuss.ErrNotFound })
}
