package systemtest

import (
	"cmp"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"io"
	"math/big"
	"mime/quotedprintable"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The browser tests run a real Chromium on two registrable domains over TLS:
// news.test is the newspaper, comments.test is this server. Two ports of one
// host would be the same site to a browser and prove nothing about cookies.

// stage is the world that the browser sees.
type stage struct {
	p            *program
	news, server string // addresses behind the names
	spki         string // of the test certificate, for Chromium
	pem          []byte // the certificate
	control      string
	outside      atomic.Pointer[outside]
	strip        bool                  // take Partitioned off every cookie: then the tests must fail
	plain        string                // the newspaper without TLS
	deaf         atomic.Bool           // the proxy drops Upgrade
	bare         atomic.Bool           // the proxy takes Partitioned off, for a while
	box          atomic.Pointer[relay] // where mail goes, if a relay is set
}

func newStage(t *testing.T, strip bool, env ...string) *stage {
	t.Helper()
	p := stageProgram(t, env...)
	p.run("site", "add", "news", "--name", "The Lantern", "--origin", "https://news.test", "--hold", "none")
	p.run("user", "add", "--site", "news", "--email", "ann@example.com", "--name", "Ann Lee", "--password", testPassword)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	return openStage(t, p, strip)
}

// newFreshStage is a stage whose server nobody has set up yet.
func newFreshStage(t *testing.T, env ...string) *stage {
	t.Helper()
	return openStage(t, stageProgram(t, env...), false)
}

func stageProgram(t *testing.T, env ...string) *program {
	t.Helper()
	p := newEmptyProgram(t)
	p.bin = binaryPlain
	p.env = append(append(p.env, env...), "PARLEY_PUBLIC_URL=https://comments.test", "PARLEY_TRUSTED_PROXIES=127.0.0.1/32")
	return p
}

func openStage(t *testing.T, p *program, strip bool) *stage {
	t.Helper()
	p.start()
	s := &stage{p: p, strip: strip}
	cert := s.certificate(t)
	s.server = serveTLS(t, cert, s.proxy(t))
	s.news = serveTLS(t, cert, http.HandlerFunc(newspaper))
	plain := httptest.NewServer(http.HandlerFunc(newspaper))
	t.Cleanup(plain.Close)
	s.plain = strings.TrimPrefix(plain.URL, "http://")
	s.control = s.controls(t)
	return s
}

func (s *stage) certificate(t *testing.T) tls.Certificate {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "news.test"}, DNSNames: []string{"news.test", "other.test", "comments.test"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), KeyUsage: x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	s.pem = pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	sum := sha256.Sum256(leaf.RawSubjectPublicKeyInfo)
	s.spki = base64.StdEncoding.EncodeToString(sum[:])
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}
}

func serveTLS(t *testing.T, cert tls.Certificate, h http.Handler) string {
	t.Helper()
	ln, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12})
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: h, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return ln.Addr().String()
}

// proxy is the publisher's TLS front, as the README describes one.
func (s *stage) proxy(t *testing.T) http.Handler {
	t.Helper()
	to, err := url.Parse(s.p.base)
	if err != nil {
		t.Fatal(err)
	}
	return &httputil.ReverseProxy{
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(to)
			r.SetXForwarded()
			r.Out.Host = r.In.Host
			if s.deaf.Load() {
				r.Out.Header.Del("Upgrade")
				r.Out.Header.Del("Connection")
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if s.strip || s.bare.Load() {
				for i, c := range r.Header["Set-Cookie"] {
					r.Header["Set-Cookie"][i] = strings.Replace(c, "; Partitioned", "", 1)
				}
			}
			return nil
		},
		ErrorHandler: func(w http.ResponseWriter, _ *http.Request, _ error) { w.WriteHeader(http.StatusBadGateway) },
	}
}

// strictCSP is what a careful newsroom sends; the embed must live under it.
const strictCSP = "default-src 'none'; script-src https://comments.test; connect-src https://comments.test wss://comments.test; " +
	"img-src https://comments.test; style-src 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"

func newspaper(w http.ResponseWriter, r *http.Request) {
	if r.URL.Path == "/favicon.ico" {
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if r.URL.Path == "/sw.js" {
		w.Header().Set("Content-Type", "text/javascript")
		_, _ = io.WriteString(w, `addEventListener("activate", (e) => e.waitUntil(clients.claim())); addEventListener("fetch", (e) => e.respondWith(fetch(e.request)));`)
		return
	}
	if r.URL.Path == "/written" { // a page that a test has written itself
		for _, h := range r.URL.Query()["header"] {
			name, value, _ := strings.Cut(h, ": ")
			w.Header().Set(name, value)
		}
		_, _ = io.WriteString(w, r.URL.Query().Get("html"))
		return
	}
	if strings.HasPrefix(r.URL.Path, "/strict") {
		w.Header().Set("Content-Security-Policy", strictCSP)
	}
	if strings.HasPrefix(r.URL.Path, "/apart") {
		w.Header().Set("Cross-Origin-Opener-Policy", "same-origin")
	}
	attrs, reserve := r.URL.Query().Get("attrs"), ""
	if !strings.HasPrefix(r.URL.Path, "/strict") {
		reserve = "<style>parley-comments:not(:defined) { display: block; min-height: 100vh }</style>" // as the README advises
	}
	fmt.Fprintf(w, `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
%[3]s<title>Ferries</title><h1>Ferries</h1><p>An article.</p><p>Comments: <parley-count site="news" thread=%[1]q>-</parley-count></p>
<parley-comments site="news" thread=%[1]q lazy="off" %[2]s></parley-comments><footer>Footer</footer>
<script async src="https://comments.test/embed.js"></script></html>`, r.URL.Path, attrs, reserve)
}

var mailLink = regexp.MustCompile(`https://comments\.test/auth/(?:verify|reset)#[A-Za-z0-9_-]+`)

// mailCode is what a mail asks to be typed where somebody signs in.
var mailCode = regexp.MustCompile(`(\d{6}) is your code for`)

// controls lets the browser's script play the outside world: stop and start
// the server, read the mail, be a moderator.
func (s *stage) controls(t *testing.T) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /stop", func(http.ResponseWriter, *http.Request) { s.p.kill() })
	mux.HandleFunc("POST /start", func(http.ResponseWriter, *http.Request) { s.p.start() })
	mux.HandleFunc("GET /mail", func(w http.ResponseWriter, _ *http.Request) {
		links := mailLink.FindAllString(s.p.log.String(), -1)
		if len(links) == 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, links[len(links)-1])
	})
	mux.HandleFunc("GET /code", func(w http.ResponseWriter, _ *http.Request) {
		codes := mailCode.FindAllStringSubmatch(s.p.log.String(), -1)
		if len(codes) == 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, _ = io.WriteString(w, codes[len(codes)-1][1])
	})
	mux.HandleFunc("POST /box", func(w http.ResponseWriter, r *http.Request) { // the newest link in the mailbox of the body's address
		who, _ := io.ReadAll(r.Body)
		mails := s.box.Load().to(string(who))
		if len(mails) == 0 {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		plain, _ := io.ReadAll(quotedprintable.NewReader(strings.NewReader(mails[len(mails)-1])))
		if m := inviteLink.Find(plain); m != nil {
			_, _ = fmt.Fprintf(w, "%d https://comments.test%s", len(mails), m)
		}
	})
	mux.HandleFunc("POST /coop", func(http.ResponseWriter, *http.Request) {
		o := s.outside.Load()
		o.mu.Lock()
		defer o.mu.Unlock()
		o.coop = true
	})
	mux.HandleFunc("POST /proxy", func(_ http.ResponseWriter, r *http.Request) { // what the proxy does wrong from now on
		b, _ := io.ReadAll(r.Body)
		s.deaf.Store(strings.Contains(string(b), "deaf"))
		s.bare.Store(strings.Contains(string(b), "bare"))
	})
	mux.HandleFunc("POST /run", func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		_, _ = io.WriteString(w, s.p.run(strings.Split(string(b), "\n")...))
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return "http://" + ln.Addr().String()
}

// fileTimeout ends a file of browser tests that hangs.
const fileTimeout = 10 * time.Minute

// play runs one script of widget/test/browser and gives its output.
func (s *stage) play(t *testing.T, script string) ([]byte, error) { return s.playOnly(t, script, ".") }

// playOnly is play for the tests of a file whose names a pattern meets.
func (s *stage) playOnly(t *testing.T, script, names string) ([]byte, error) {
	t.Helper()
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: make tools installs it")
	}
	// The shell is Chromium without the parts that draw windows and mind cookies
	// of third parties: the same engine for half of the processor time. Where no
	// package has it, the whole will do.
	shell, err := exec.LookPath("chromium-headless-shell")
	if err != nil {
		shell = chromium
	}
	ctx, cancel := context.WithTimeout(context.Background(), fileTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, "node", "--test", "--test-reporter=spec", "--test-name-pattern="+cmp.Or(os.Getenv("PARLEY_BROWSER_ONLY"), names), script)
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // with the browser
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.Dir = filepath.Join("..", "..", "widget", "test", "browser")
	shots := os.Getenv("PARLEY_SHOTS")
	if shots == "" {
		shots = t.TempDir()
	}
	cmd.Env = append(os.Environ(),
		"CHROMIUM="+chromium, "CHROMIUM_SHELL="+shell, "CONTROL="+s.control, "SPKI="+s.spki, "API="+s.p.base, "PASSWORD="+testPassword, "SHOTS="+shots,
		"RULES=MAP news.test:443 "+s.news+", MAP comments.test:443 "+s.server+", MAP other.test:443 "+s.news+", MAP news.test:80 "+s.plain+", MAP * ~NOTFOUND, EXCLUDE 127.0.0.1")
	return cmd.CombinedOutput()
}

// plays runs one file of browser tests on a stage of its own.
func plays(t *testing.T, file string) {
	t.Helper()
	playsOnly(t, file, ".")
}

func playsOnly(t *testing.T, file, names string) {
	t.Helper()
	parallel(t)
	out, err := newStage(t, false).playOnly(t, file, names)
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

func TestBrowserConversation(t *testing.T) {
	parallel(t)
	out, err := newStage(t, false).play(t, "conversation.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// The negative control: a session whose cookie is not partitioned does not
// come back from another site, and the tests must see that.
func TestBrowserFailsWithoutPartitionedCookies(t *testing.T) {
	parallel(t)
	out, err := newStage(t, true).play(t, "session.test.mjs")
	if err == nil {
		t.Fatalf("signed in without Partitioned, with third-party cookies blocked:\n%s", out)
	}
	if !strings.Contains(string(out), "the session survives a reload") {
		t.Fatalf("failed, but not where it should:\n%s", out)
	}
}

// What readers are told in the page.
func TestBrowserTold(t *testing.T) { plays(t, "told.test.mjs") }

func TestBrowserSession(t *testing.T) { plays(t, "session.test.mjs") }

func TestBrowserDashboard(t *testing.T) { plays(t, "dashboard.test.mjs") }

// Several admins at once, the archive of a site and its end.
func TestBrowserSettings(t *testing.T) { plays(t, "settings.test.mjs") }

// The team of a site: invited by mail, seen and signed out by admins, by a second factor.
func TestBrowserTeam(t *testing.T) {
	parallel(t)
	box, addr := newMailRelay(t)
	s := newStage(t, false, "PARLEY_SMTP_URL="+addr)
	s.box.Store(box)
	out, err := s.play(t, "team.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// Pages that move: merged while they are open, renamed by a pattern, asked whether they answer.
func TestBrowserThreads(t *testing.T) { plays(t, "threads.test.mjs") }

// Several moderators at once.
func TestBrowserDeciding(t *testing.T) { plays(t, "deciding.test.mjs") }

// What one's decisions do in everybody's lists.
func TestBrowserTogether(t *testing.T) { plays(t, "together.test.mjs") }

// What a dashboard must not lose: what is typed, and the focus.
func TestBrowserManners(t *testing.T) { plays(t, "manners.test.mjs") }

// Logins by a provider, in Chromium with third-party cookies blocked.
func TestBrowserProvider(t *testing.T) {
	parallel(t)
	o := newOutside(t)
	s := newStage(t, false, o.env()...)
	s.outside.Store(o)
	out, err := s.play(t, "provider.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, s.p.log)
	}
	t.Logf("%s", out)
}

// The account's own page and the sign-in window by themselves, passkeys by
// Chromium's virtual authenticator.
func TestBrowserAccount(t *testing.T) {
	parallel(t)
	o := newOutside(t)
	s := newStage(t, false, o.env()[:3]...) // Facebook alone: then the site's own account has a tab
	s.outside.Store(o)
	s.p.run("user", "add", "--site", "news", "--email", "chief@example.com", "--name", "The Chief", "--password", testPassword, "--role", "admin")
	s.p.claimable()
	out, err := s.play(t, "account.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s\n%s", err, out, s.p.log)
	}
	t.Logf("%s", out)
}

func TestBrowserFrame(t *testing.T) {
	parallel(t)
	out, err := newStage(t, false).play(t, "frame.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// Every state of the widget, inline and in the frame, on two domains.
func TestBrowserStates(t *testing.T) {
	parallel(t)
	o := newOutside(t)
	s := newStage(t, false, o.env()[:3]...) // Facebook and the site's own account have tabs, guests are behind More
	s.outside.Store(o)
	out, err := s.play(t, "states.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// TestBrowserShift plays a moderator's morning and then recounts it.
func TestBrowserShift(t *testing.T) {
	parallel(t)
	s := newStage(t, false)
	out, err := s.play(t, "shift.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, line := range strings.Split(string(out), "\n") {
		if strings.Contains(line, "keystrokes:") {
			t.Log(strings.TrimSpace(line))
		}
	}
	s.p.recounted(t)
}

func TestBrowserSpeed(t *testing.T) {
	out, err := newStage(t, false).play(t, "speed.test.mjs")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	t.Logf("%s", out)
}

// Colours, layouts and widths of pages that the widget does not know. The file
// is the longest: its two halves run beside each other.
func TestBrowserLooks(t *testing.T) { playsOnly(t, "looks.test.mjs", "^(inline|en|ru)") }

func TestBrowserLooksFramed(t *testing.T) { playsOnly(t, "looks.test.mjs", "^frame") }

// A comment stands once, wherever it was asked for from.
func TestBrowserPlaces(t *testing.T) { plays(t, "places.test.mjs") }

// What a reader does beside writing: signed out, and while the server is away.
func TestBrowserAsides(t *testing.T) {
	parallel(t)
	o := newOutside(t)
	s := newStage(t, false, o.env()[:3]...) // Facebook and the site's own account: there is something to choose
	s.outside.Store(o)
	if out, err := s.play(t, "asides.test.mjs"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// What is being written is never lost, and never becomes another's.
func TestBrowserWriting(t *testing.T) { plays(t, "writing.test.mjs") }

// Nothing lies over what can be pressed.
func TestBrowserReach(t *testing.T) { plays(t, "reach.test.mjs") }

// Pages that may read and not write.
func TestBrowserBarred(t *testing.T) { plays(t, "barred.test.mjs") }

// While the server is away.
func TestBrowserAway(t *testing.T) { plays(t, "away.test.mjs") }

// TestBrowserRemoved is what somebody is told whose comment was removed, or who is banned.
func TestBrowserRemoved(t *testing.T) { plays(t, "removed.test.mjs") }

// TestBrowserBack is the way back to a discussion by the browser's own button.
func TestBrowserBack(t *testing.T) { plays(t, "back.test.mjs") }

// TestBrowserDesk is what a moderator relies on all day: reporters, places, numbers.
func TestBrowserDesk(t *testing.T) { plays(t, "desk.test.mjs") }

// TestBrowserParts is what becomes of presses and words while the widget's parts are slow, or do not come.
func TestBrowserParts(t *testing.T) { plays(t, "parts.test.mjs") }

// Readers react, search, find what is new, and meet pins and picks.
func TestBrowserReaders(t *testing.T) { plays(t, "readers.test.mjs") }

// A reader's week ends with an erasure: no table holds anything of her then, but
// for what she wrote as the site's people know it.
func TestBrowserWeek(t *testing.T) {
	parallel(t)
	s := newStage(t, false)
	if out, err := s.play(t, "week.test.mjs"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	s.p.kill()
	for _, left := range []string{"quayside", "hippogriff-ferry", "doors open", "ann@example.com", "lift.png"} {
		for _, at := range s.p.holding(t, left) {
			t.Errorf("%s still holds %q", at, left)
		}
	}
	for _, at := range s.p.holding(t, "Ann Lee") {
		if strings.Contains(at, ".") && !strings.HasPrefix(at, "comments.") && !strings.Contains(at, ".db") { // whom others name in their words stays named there
			t.Errorf("%s still holds her name", at)
		}
	}
}

// The set-up: from the one-time link to the first page that shows its comments.
func TestBrowserSetup(t *testing.T) {
	parallel(t)
	r, addr := newMailRelay(t)
	s := newFreshStage(t, "PARLEY_SMTP_URL="+addr)
	if out, err := s.playOnly(t, "setup.test.mjs", "^by a password"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(r.to("oona@example.com")) == 0 {
		t.Error("no test mail has come")
	}
	if out, err := newFreshStage(t).playOnly(t, "setup.test.mjs", "^by a passkey"); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// Pages made for other systems, with the address of their one script changed.
func TestBrowserCompat(t *testing.T) { plays(t, "compat.test.mjs") }

// A file of another system goes through the dashboard, and back out.
func TestBrowserImport(t *testing.T) { plays(t, "import.test.mjs") }

// Images in comments, from a reader's file to a moderator's eyes.
func TestBrowserImages(t *testing.T) { plays(t, "images.test.mjs") }
