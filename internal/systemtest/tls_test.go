package systemtest

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gorilla/websocket"
)

// encrypted is a server that encrypts by itself.
type encrypted struct {
	*program
	tls, plain int
	at         string // host:port that browsers use
}

func newEncrypted(t *testing.T, env ...string) *encrypted {
	t.Helper()
	e := &encrypted{program: newProgram(t), tls: freePort(t), plain: freePort(t)}
	e.at = fmt.Sprint(publicHost, ":", e.tls)
	e.base = "https://" + e.at
	e.env = append(e.env, append([]string{
		fmt.Sprint("PARLEY_LISTEN=127.0.0.1:", e.tls), fmt.Sprint("PARLEY_LISTEN_HTTP=127.0.0.1:", e.plain), "PARLEY_PUBLIC_URL=" + e.base,
	}, env...)...)
	return e
}

// by has it ask b for certificates.
func (e *encrypted) by(b *pebble) *encrypted {
	e.env = append(e.env, "PARLEY_TLS=auto", "PARLEY_ACME_DIRECTORY="+b.directory, "SSL_CERT_FILE="+b.root, "PARLEY_ACME_EMAIL=owner@parley.example")
	return e
}

// serve starts it without waiting for it.
func (e *encrypted) serve() {
	e.t.Helper()
	bin, err := e.bin()
	if err != nil {
		e.t.Fatal(err)
	}
	e.cmd = exec.Command(bin, "serve")
	e.cmd.Env, e.cmd.Stdout, e.cmd.Stderr = e.env, e.log, e.log
	if err := e.cmd.Start(); err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		e.kill()
		if e.t.Failed() {
			e.t.Logf("the server says:\n%s", e.log)
		}
	})
}

func (e *encrypted) dialer() func(context.Context, string, string) (net.Conn, error) {
	return func(ctx context.Context, network, _ string) (net.Conn, error) {
		return (&net.Dialer{}).DialContext(ctx, network, fmt.Sprint("127.0.0.1:", e.tls))
	}
}

// client reaches it as a browser that trusts the roots.
func (e *encrypted) client(c *tls.Config) *http.Client {
	return &http.Client{Transport: &http.Transport{DialContext: e.dialer(), TLSClientConfig: c, DisableKeepAlives: true}}
}

// leaf is the certificate that it shows, nil for none; verified if roots are given.
func (e *encrypted) leaf(pool *x509.CertPool) *x509.Certificate {
	c, err := tls.Dial("tcp", fmt.Sprint("127.0.0.1:", e.tls), &tls.Config{ServerName: publicHost, RootCAs: pool, InsecureSkipVerify: pool == nil})
	if err != nil {
		return nil
	}
	defer c.Close()
	return c.ConnectionState().PeerCertificates[0]
}

// over asks without encryption.
func (e *encrypted) over(host, path string) (int, string, string) {
	e.t.Helper()
	r, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d%s", e.plain, path), nil)
	if err != nil {
		e.t.Fatal(err)
	}
	r.Host = host
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		e.t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, res.Header.Get("Location"), string(b)
}

// kept is the file of the certificate.
func (e *encrypted) kept(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(filepath.Dir(e.database), "tls", "*", publicHost+".pem"))
	if err != nil || len(files) != 1 {
		t.Fatalf("certificates: %v %v", files, err)
	}
	return files[0]
}

// A certificate is got from a real ACME server, served, kept and renewed when
// that server says so; plain HTTP leads to https at the public host alone.
func TestACertificateComesByItself(t *testing.T) {
	e := newEncrypted(t, "PARLEY_HSTS=24h")
	b := newPebble(t, e.plain, e.tls, 90*24*time.Hour)
	e.by(b).serve()
	pool := b.issuer()
	eventually(t, "a certificate is served", func() bool { return e.leaf(pool) != nil })
	first := e.leaf(pool)

	r, err := e.client(&tls.Config{RootCAs: pool}).Get(e.base + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	_ = r.Body.Close()
	if r.StatusCode != 200 || r.Header.Get("Strict-Transport-Security") != "max-age=86400" {
		t.Errorf("ready: %d, HSTS %q", r.StatusCode, r.Header.Get("Strict-Transport-Security"))
	}
	if _, err := e.client(&tls.Config{RootCAs: pool, MaxVersion: tls.VersionTLS11}).Get(e.base + "/readyz"); err == nil {
		t.Error("TLS 1.1 is spoken")
	}
	d := websocket.Dialer{NetDialContext: e.dialer(), TLSClientConfig: &tls.Config{RootCAs: pool}}
	ws, _, err := d.Dial("wss://"+e.at+"/api/v1/sites/news/live?thread=a", http.Header{"Origin": {testOrigin}})
	if err != nil {
		t.Fatal(err)
	}
	if _, hello, err := ws.ReadMessage(); err != nil || !strings.Contains(string(hello), "hello") {
		t.Errorf("live: %s %v", hello, err)
	}
	_ = ws.Close()

	if status, to, _ := e.over(publicHost, "/p/news?x=1%20y"); status != 308 || to != e.base+"/p/news?x=1%20y" {
		t.Errorf("plain: %d %s", status, to)
	}
	for _, host := range []string{"other.example", "127.0.0.1", ""} {
		if status, to, _ := e.over(host, "/"); status != 404 && status != 400 || to != "" {
			t.Errorf("plain, for %q: %d %s", host, status, to)
		}
	}
	for _, f := range []string{e.kept(t), filepath.Join(filepath.Dir(e.kept(t)), "account.key")} {
		if info, err := os.Stat(f); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v %v", f, info, err)
		}
	}
	e.names("ok   tls: the certificate of " + publicHost + " is good until")

	b.hurry(first)
	if err := e.cmd.Process.Signal(syscall.SIGHUP); err != nil {
		t.Fatal(err)
	}
	eventually(t, "it is renewed when the server says so", func() bool { c := e.leaf(pool); return c != nil && !c.Equal(first) })
	second := e.leaf(pool)
	e.kill()
	e.serve()
	eventually(t, "it serves again", func() bool { return e.leaf(pool) != nil })
	if !e.leaf(pool).Equal(second) {
		t.Error("a start asks for a new certificate, though the kept one is good")
	}
}

// One that lives for seconds is renewed before it ends, proven by TLS alone
// where nothing answers at port 80.
func TestACertificateIsRenewedInTime(t *testing.T) {
	e := newEncrypted(t, "PARLEY_LISTEN_HTTP=off")
	b := newPebble(t, freePort(t), e.tls, 9*time.Second)
	e.by(b).serve()
	pool := b.issuer()
	seen := map[string]bool{}
	eventually(t, "a second certificate follows", func() bool {
		if c := e.leaf(pool); c != nil {
			seen[c.SerialNumber.String()] = true
		}
		return len(seen) >= 2
	})
	if strings.Contains(e.log.String(), "tls: no certificate for") {
		t.Errorf("it says:\n%s", e.log)
	}
}

// A refusal is said in a line, by the log and by the doctor; the server goes on,
// and asks again when it is told that something was put right.
func TestARefusedCertificateIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		blocked []string
		env     []string
		wants   string
	}{
		"by name":     {[]string{publicHost}, nil, "the server refuses (rejectedIdentifier)"},
		"unreachable": {nil, nil, "ports 80 and 443 of " + publicHost + " must lead to this server"},
		"no server":   {nil, []string{"PARLEY_ACME_DIRECTORY=https://127.0.0.1:1/dir"}, "does not answer"},
	} {
		t.Run(name, func(t *testing.T) {
			e := newEncrypted(t)
			wrong := freePort(t)
			b := newPebble(t, wrong, wrong, time.Hour, c.blocked...)
			e.by(b).env = append(e.env, c.env...)
			e.serve()
			eventually(t, "the log says why", func() bool {
				for line := range strings.Lines(e.log.String()) {
					if strings.Contains(line, "tls: no certificate for "+publicHost) && strings.Contains(line, c.wants) && strings.Contains(line, "nobody can connect") {
						return true
					}
				}
				return false
			})
			if status, _, body := e.over(publicHost, "/"); status != 503 || !strings.Contains(body, "parley doctor") {
				t.Errorf("plain: %d %s", status, body)
			}
			if e.leaf(nil) != nil {
				t.Error("it shows a certificate")
			}
			e.names("BAD  tls: no new certificate: ")
			e.names(c.wants)
		})
	}
	t.Run("put right", func(t *testing.T) {
		e := newEncrypted(t, "PARLEY_LISTEN_HTTP=off")
		e.by(newPebble(t, freePort(t), freePort(t), time.Hour)).serve()
		eventually(t, "it is refused", func() bool { return strings.Contains(e.log.String(), "asked again in 10s") })
		if err := e.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
		eventually(t, "it asks at once", func() bool { return strings.Count(e.log.String(), "asked again in 10s") == 2 })
	})
}

// ownCertificate writes a certificate of one's own for a host.
func ownCertificate(t *testing.T, cert, key, host string) *x509.CertPool {
	t.Helper()
	c, pool := madeCertificate(t, host)
	der, err := x509.MarshalPKCS8PrivateKey(c.PrivateKey)
	if err != nil {
		t.Fatal(err)
	}
	for file, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: c.Certificate[0]}, key: {Type: "PRIVATE KEY", Bytes: der}} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return pool
}

// The owner's own files are read again; what is broken takes the place of nothing.
func TestOwnCertificatesAreReadAgain(t *testing.T) {
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	first := ownCertificate(t, cert, key, publicHost)
	e := newEncrypted(t, "PARLEY_TLS="+cert+","+key)
	e.serve()
	eventually(t, "it serves", func() bool { return e.leaf(first) != nil })
	e.names("ok   tls: the certificate of " + publicHost + " is good until")
	if status, to, _ := e.over(publicHost, "/"); status != 308 || to != e.base+"/" {
		t.Errorf("plain: %d %s", status, to)
	}
	again := func() {
		if err := e.cmd.Process.Signal(syscall.SIGHUP); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(cert, []byte("half a certif"), 0o600); err != nil {
		t.Fatal(err)
	}
	again()
	eventually(t, "the log says that it is broken", func() bool {
		return strings.Contains(e.log.String(), "the new certificate is not taken, the one before serves on")
	})
	if e.leaf(first) == nil {
		t.Error("the old certificate is gone")
	}
	e.names("BAD  tls: " + cert + " and " + key + " are no certificate and its key")
	second := ownCertificate(t, cert, key, publicHost)
	again()
	eventually(t, "the new one is served", func() bool { return e.leaf(second) != nil })
	third := ownCertificate(t, cert, key, publicHost)
	eventually(t, "files that change are noticed", func() bool { return e.leaf(third) != nil })
	ownCertificate(t, cert, key, "other.example")
	e.names("BAD  tls: browsers refuse the certificate: it is not for " + publicHost)
}

// What cannot work is refused before anything starts, in a line each.
func TestTLSSettingsAreRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	dir := t.TempDir()
	cert, key := filepath.Join(dir, "c"), filepath.Join(dir, "k")
	ownCertificate(t, cert, key, publicHost)
	files := "PARLEY_TLS=" + cert + "," + key
	for want, env := range map[string][]string{
		"tls: needs the https address":         {"PARLEY_TLS=auto", "PARLEY_PUBLIC_URL="},
		"public-url: must be https":            {"PARLEY_TLS=auto", "PARLEY_PUBLIC_URL=http://comments.example"},
		"public-url: must not have a path":     {"PARLEY_TLS=auto", "PARLEY_PUBLIC_URL=https://news.example/comments"},
		"tls: auto needs a name of the public": {"PARLEY_TLS=auto", "PARLEY_PUBLIC_URL=https://192.0.2.1"},
		"is neither off, nor auto, nor two":    {"PARLEY_TLS=on"},
		"are no certificate and its key":       {"PARLEY_TLS=/nowhere.pem,/nowhere.key"},
		"acme-directory: must be":              {"PARLEY_TLS=auto", "PARLEY_ACME_DIRECTORY=http://x.example"},
		"acme-email: must be one":              {"PARLEY_TLS=auto", "PARLEY_ACME_EMAIL=me"},
		"hsts: must be a time":                 {"PARLEY_PUBLIC_URL=http://localhost:8080", "PARLEY_HSTS=1h"},
		"listen-http: is for a server":         {"PARLEY_LISTEN_HTTP=:80"},
		"has " + taken.Addr().String() + "; end it, or give another address in PARLEY_LISTEN_HTTP": {files, "PARLEY_LISTEN_HTTP=" + taken.Addr().String()},
	} {
		e := newEncrypted(t)
		e.env = append(e.env, env...)
		if want != "listen-http: is for a server" && !strings.Contains(strings.Join(env, " "), "PARLEY_LISTEN_HTTP") {
			e.env = append(e.env, "PARLEY_LISTEN_HTTP=")
		}
		if line := e.refused("serve"); !strings.Contains(line, want) {
			t.Errorf("%v: %s, want %s", env, line, want)
		}
	}
}
