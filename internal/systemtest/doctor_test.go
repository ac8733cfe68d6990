package systemtest

import (
	"bytes"
	"crypto/tls"
	"database/sql"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/emersion/go-smtp"
)

// fronted is a server behind a TLS proxy that does something to what it passes on.
func fronted(t *testing.T, change func(r *httputil.ProxyRequest), env ...string) *program {
	t.Helper()
	p := newProgram(t)
	to, err := url.Parse(p.base)
	if err != nil {
		t.Fatal(err)
	}
	front := httptest.NewTLSServer(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(to)
		r.Out.Host = r.In.Host
		r.SetXForwarded()
		change(r)
	}})
	t.Cleanup(front.Close)
	p.env = append(p.env, append([]string{"PARLEY_PUBLIC_URL=" + front.URL, "SSL_CERT_FILE=" + rootOf(t, front)}, env...)...)
	p.start()
	return p
}

// rootOf is a file with the certificate of a test server.
func rootOf(t *testing.T, s *httptest.Server) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "root.pem")
	if err := os.WriteFile(file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.Certificate().Raw}), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// names fails unless the doctor says want, and nothing else about what it is about.
func (p *program) names(want string, args ...string) {
	p.t.Helper()
	if out := p.says(append([]string{"doctor"}, args...)...); !strings.Contains(out, want) {
		p.t.Errorf("doctor does not say %q:\n%s", want, out)
	}
}

func TestDoctorKnowsWhatAProxyDoesWrong(t *testing.T) {
	const trust = "PARLEY_TRUSTED_PROXIES=loopback"
	nothing := func(*httputil.ProxyRequest) {}
	for name, c := range map[string]struct {
		change func(*httputil.ProxyRequest)
		env    []string
		want   string
	}{
		"all is well":       {nothing, []string{trust}, "ok   proxy: Host and addresses come through; this machine is 127.0.0.1"},
		"drops Host":        {func(r *httputil.ProxyRequest) { r.Out.Host = r.Out.URL.Host }, []string{trust}, "BAD  proxy: it asks for "},
		"drops Upgrade":     {func(r *httputil.ProxyRequest) { r.Out.Header.Del("Upgrade"); r.Out.Header.Del("Connection") }, []string{trust}, "BAD  live: no WebSocket comes through"},
		"drops the address": {func(r *httputil.ProxyRequest) { r.Out.Header.Del("X-Forwarded-For") }, []string{trust}, "BAD  proxy: it does not say for whom it asks"},
		"garbles it":        {func(r *httputil.ProxyRequest) { r.Out.Header.Set("X-Forwarded-For", "the reader") }, []string{trust}, "BAD  proxy: what it says in X-Forwarded-For cannot be read"},
		"is not trusted":    {nothing, nil, "BAD  trusted-proxies: requests come by 127.0.0.1, which is not among them"},
	} {
		t.Run(name, func(t *testing.T) { fronted(t, c.change, c.env...).names(c.want) })
	}
}

// How requests arrive is told to whoever has the database, and to nobody else.
func TestTheWayIsToldToTheDoctorAlone(t *testing.T) {
	p := newProgram(t)
	p.start()
	for _, header := range []string{"", "1.00", fmt.Sprintf("%d.%s", time.Now().Unix(), strings.Repeat("0", 64))} {
		if a := p.wrong("GET", "/healthz/way", "", "X-Parley-Doctor", header); a.status != 404 {
			t.Errorf("signed with %q: %d %s", header, a.status, a.body)
		}
	}
}

func TestDoctorKnowsWhatAnswersAtThePublicAddress(t *testing.T) {
	other := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.WriteString(w, "<h1>Welcome to nginx!") }))
	moved := httptest.NewServer(http.RedirectHandler("https://www.news.test/", http.StatusMovedPermanently))
	broken := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }))
	untrusted := httptest.NewTLSServer(other.Config.Handler)
	closed := httptest.NewServer(other.Config.Handler)
	closed.Close()
	for _, s := range []*httptest.Server{other, moved, broken, untrusted} {
		t.Cleanup(s.Close)
	}
	for at, want := range map[string]string{
		other.URL: "another program answers at ", moved.URL: "leads on to https://www.news.test; public-url must be the address where it ends", broken.URL: "does not reach Parley (502)",
		untrusted.URL: "its certificate is not good", closed.URL: "nothing listens there", "https://nothing.invalid": "its name has no address here",
		strings.Replace(other.URL, "http:", "https:", 1): "it speaks no TLS there",
	} {
		p := newProgram(t)
		p.env = append(p.env, "PARLEY_PUBLIC_URL="+at)
		p.names(want)
	}
}

// sink is an SMTP server with a certificate that nobody trusts.
func sink(t *testing.T) string {
	t.Helper()
	cert := httptest.NewTLSServer(nil)
	t.Cleanup(cert.Close)
	srv := smtp.NewServer(&relay{mail: map[string][]string{}})
	srv.TLSConfig = &tls.Config{Certificates: cert.TLS.Certificates, MinVersion: tls.VersionTLS12}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = srv.Serve(ln) }()
	t.Cleanup(func() { _ = srv.Close() })
	return ln.Addr().String()
}

func TestDoctorTriesMail(t *testing.T) {
	p := newProgram(t)
	r, at := newMailRelay(t)
	set := func(v string) { p.env = append(p.env, "PARLEY_SMTP_URL="+v) }
	set(at)
	p.names("took a mail to owner@example.com", "--mail-to", "owner@example.com")
	r.mu.Lock()
	if n := len(r.mail["owner@example.com"]); n != 1 {
		t.Errorf("%d mails arrived", n)
	}
	r.mu.Unlock()
	for v, want := range map[string]string{
		"smtp://" + sink(t):                       "its certificate is not good",
		"smtp://127.0.0.1:1":                      "nothing listens there",
		"smtp://relay.invalid:25":                 "its name has no address here",
		strings.Replace(at, "smtp:", "smtps:", 1): "it does not speak TLS from the start",
	} {
		set(v)
		if out := p.says("doctor"); !strings.Contains(out, "takes no mail from us: "+want) {
			t.Errorf("%s: want %q in\n%s", v, want, out)
		}
	}
}

// What a database should not be on, and what its clock tells.
func TestDoctorLooksAtDiskAndClock(t *testing.T) {
	p := newProgram(t)
	p.names("disk: ")
	var fs syscall.Statfs_t
	const memory = 0x01021994
	if err := syscall.Statfs("/dev/shm", &fs); err == nil && int64(fs.Type) == memory {
		dir, err := os.MkdirTemp("/dev/shm", "parley-doctor")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = os.RemoveAll(dir) })
		q := newProgram(t)
		q.env = append(q.env, "PARLEY_DATABASE=sqlite:"+filepath.Join(dir, "parley.db"))
		q.names("is on memory (tmpfs): all comments are gone when this machine or container ends")
	}
	if out := p.says("doctor"); strings.Contains(out, "BAD  clock") {
		t.Errorf("a good clock:\n%s", out)
	}
	p.start()
	p.post(p.login("ann@example.com"), "a", "", "A word")
	p.kill()
	db, err := sql.Open("sqlite3", "file:"+p.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(`UPDATE events SET at = at + 3600000`); err != nil {
		t.Fatal(err)
	}
	p.names("BAD  clock: the newest entry of the database is from ")
}

// Graph tells of the app by its own token.
func TestDoctorAsksFacebook(t *testing.T) {
	secret, about, version := "good", `{"name":"Lantern","app_domains":["localhost"],"privacy_policy_url":"https://news.test/privacy"}`, "v24.0"
	ahead := time.Duration(0) // of Facebook's clock
	var mu sync.Mutex         // what it says changes while it serves
	now := func(change func()) {
		mu.Lock()
		defer mu.Unlock()
		change()
	}
	fake := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		w.Header().Set("Facebook-Api-Version", version)
		w.Header().Set("Date", time.Now().Add(ahead).UTC().Format(http.TimeFormat))
		switch q := r.URL.Query(); {
		case r.URL.Path == "/graph.facebook.com/v24.0/oauth/access_token" && q.Get("client_secret") == secret && q.Get("grant_type") == "client_credentials":
			_, _ = io.WriteString(w, `{"access_token":"123|app","token_type":"bearer"}`)
		case r.URL.Path == "/graph.facebook.com/v24.0/123" && q.Get("access_token") == "123|app":
			_, _ = io.WriteString(w, about)
		default:
			w.WriteHeader(http.StatusBadRequest)
			_, _ = io.WriteString(w, `{"error":{"message":"Error validating client secret.","type":"OAuthException","code":1}}`)
		}
	}))
	t.Cleanup(fake.Close)
	p := newProgram(t)
	_, port, err := net.SplitHostPort(strings.TrimPrefix(p.base, "http://"))
	if err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PARLEY_FACEBOOK_ID=123", "PARLEY_FACEBOOK_SECRET=good", "PARLEY_PROVIDERS_VIA="+fake.URL, "PARLEY_PUBLIC_URL=http://localhost:"+port)
	const only = "--provider=facebook"
	if out := p.run("doctor", only); !strings.Contains(out, "the app's number and secret belong together") || !strings.Contains(out, "Graph v24.0 lasts until 2027-10-08") || strings.Contains(out, "BAD") || strings.Contains(out, "database") {
		t.Errorf("all is well:\n%s", out)
	}
	now(func() { ahead = time.Hour })
	p.names(" behind that of graph.facebook.com", only)
	now(func() { ahead, version = 0, "v25.0" })
	p.names("BAD  sign-in by facebook: Graph answers as v25.0 though v24.0 was asked for", only)
	now(func() {
		version, about = "v24.0", `{"name":"Lantern","app_domains":["other.test"],"deauth_callback_url":"https://other.test/x"}`
	})
	for _, want := range []string{"localhost is not among the domains of the app \"Lantern\"", "the app's deauthorize callback is https://other.test/x", "names no privacy policy, so it can't be in Live mode"} {
		p.names(want, only)
	}
	now(func() { secret = "another" })
	out := p.says("doctor", only)
	if !strings.Contains(out, `Graph gives the app no token ("Error validating client secret.", code 1)`) || strings.Contains(out, "good") {
		t.Errorf("a wrong secret:\n%s", out)
	}
	p.names("BAD  sign-in by gitlab: it is not set up", "--provider=gitlab")
}

// One JSON object a line, for a monitor.
func TestDoctorSpeaksJSON(t *testing.T) {
	p := newProgram(t)
	out, _ := p.fails("doctor", "--json")
	for _, line := range strings.Split(strings.TrimSpace(out), "\n") {
		var f struct {
			OK   *bool
			Text string
		}
		if err := json.Unmarshal([]byte(line), &f); err != nil || f.OK == nil || f.Text == "" {
			t.Errorf("%s: %v", line, err)
		}
	}
}

// What is given wrongly is said in one sentence, and nothing is lost.
func TestABadStartSaysWhyAndTouchesNothing(t *testing.T) {
	p := newEmptyProgram(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	if _, line := p.fails("serve", "--listen", taken.Addr().String()); !strings.Contains(line, "another program, or another Parley, has "+taken.Addr().String()) {
		t.Errorf("a taken port: %s", line)
	}
	other := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite3", "file:"+other)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE posts (id INTEGER PRIMARY KEY); CREATE TABLE goose_db_version (id INTEGER); INSERT INTO posts VALUES (7)`); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	text := filepath.Join(t.TempDir(), "text.db")
	if err := os.WriteFile(text, []byte("Dear diary"), 0o600); err != nil {
		t.Fatal(err)
	}
	for file, want := range map[string]string{other: "it is the database of another program, and nothing of it was changed", text: "file is not a database"} {
		before, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if _, line := p.fails("serve", "--database", "sqlite:"+file); !strings.Contains(line, want) {
			t.Errorf("%s: %s", file, line)
		}
		if after, err := os.ReadFile(file); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s was changed: %v", file, err)
		}
		p.names("BAD  database "+file, "--database", "sqlite:"+file)
	}
	if _, line := p.fails("serve", "--database", "sqlite:/proc/parley/parley.db"); !strings.Contains(line, "make the data folder") {
		t.Errorf("a folder that can't be written: %s", line)
	}
	if _, line := p.fails("serve", "--public-url", "comments.example.com"); !strings.Contains(line, "public-url: must begin with https://") {
		t.Errorf("a wrong public URL: %s", line)
	}
}
