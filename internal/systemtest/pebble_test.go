package systemtest

import (
	"crypto/tls"
	"crypto/x509"
	bigendian "encoding/binary"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/dns/dnsmessage"
)

// publicHost is the host that pebble is asked to certify; its own DNS here
// leads it to this machine.
const publicHost = "comments.parley.example"

// pebble is a real ACME server, Let's Encrypt's own for tests.
type pebble struct {
	t               *testing.T
	directory, root string // its address, and the file with the root of its own certificate
	manage          string
	http            *http.Client // trusts it
	log             *safeBuffer
}

// freePort is a port that nothing listens at.
func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port
}

// resolver answers that every name is this machine; pebble asks it by TCP.
func resolver(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = ln.Close() })
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			go resolve(c)
		}
	}()
	return ln.Addr().String()
}

// resolve answers the questions of one connection, each behind its length.
func resolve(c net.Conn) {
	defer c.Close()
	for {
		var size uint16
		if bigendian.Read(c, bigendian.BigEndian, &size) != nil {
			return
		}
		b := make([]byte, size)
		var m dnsmessage.Message
		if _, err := io.ReadFull(c, b); err != nil || m.Unpack(b) != nil || len(m.Questions) == 0 {
			return
		}
		m.Response, m.Authoritative, m.Additionals = true, true, nil
		if q := m.Questions[0]; q.Type == dnsmessage.TypeA {
			m.Answers = []dnsmessage.Resource{{
				Header: dnsmessage.ResourceHeader{Name: q.Name, Class: q.Class, TTL: 1},
				Body:   &dnsmessage.AResource{A: [4]byte{127, 0, 0, 1}},
			}}
		}
		out, err := m.Pack()
		if err != nil {
			return
		}
		_, _ = c.Write(append(bigendian.BigEndian.AppendUint16(nil, uint16(len(out))), out...))
	}
}

// newPebble runs one that looks for proofs at two ports, and gives certificates
// for so long.
func newPebble(t *testing.T, httpPort, tlsPort int, life time.Duration, blocked ...string) *pebble {
	t.Helper()
	command := func(args ...string) string {
		out, err := exec.Command("go", args...).Output()
		if err != nil {
			t.Fatalf("go %v: %v", args, err)
		}
		return strings.TrimSpace(string(out))
	}
	bin := command("tool", "-n", "pebble")
	dir := filepath.Join(command("list", "-m", "-f", "{{.Dir}}", "github.com/letsencrypt/pebble/v2"), "test", "certs")
	listen, manage := fmt.Sprint("127.0.0.1:", freePort(t)), fmt.Sprint("127.0.0.1:", freePort(t))
	config, err := json.Marshal(map[string]any{"pebble": map[string]any{
		"listenAddress": listen, "managementListenAddress": manage, "httpPort": httpPort, "tlsPort": tlsPort,
		"certificate": filepath.Join(dir, "localhost", "cert.pem"), "privateKey": filepath.Join(dir, "localhost", "key.pem"),
		"domainBlocklist": blocked, "keyAlgorithm": "ecdsa", "retryAfter": map[string]int{"authz": 1, "order": 1},
		"profiles": map[string]any{"default": map[string]any{"description": "default", "validityPeriod": int(life.Seconds())}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "pebble.json")
	if err := os.WriteFile(file, config, 0o600); err != nil {
		t.Fatal(err)
	}
	b := &pebble{t: t, directory: "https://" + listen + "/dir", root: filepath.Join(dir, "pebble.minica.pem"), manage: "https://" + manage, log: &safeBuffer{}}
	cmd := exec.Command(bin, "-config", file, "-dnsserver", resolver(t))
	cmd.Env = append(os.Environ(), "PEBBLE_VA_NOSLEEP=1")
	cmd.Stdout, cmd.Stderr = b.log, b.log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("pebble says:\n%s", b.log)
		}
	})
	pool, err := os.ReadFile(b.root)
	if err != nil {
		t.Fatal(err)
	}
	b.http = &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{RootCAs: roots(t, pool)}}}
	eventually(t, "pebble answers", func() bool {
		r, err := b.http.Get(b.directory)
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == 200
	})
	return b
}

func roots(t *testing.T, b []byte) *x509.CertPool {
	t.Helper()
	pool := x509.NewCertPool()
	if !pool.AppendCertsFromPEM(b) {
		t.Fatalf("no certificate in %s", b)
	}
	return pool
}

// issuer is the root of what it issues.
func (b *pebble) issuer() *x509.CertPool {
	b.t.Helper()
	r, err := b.http.Get(b.manage + "/roots/0")
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	pem, err := io.ReadAll(r.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	return roots(b.t, pem)
}

// hurry has it say that a certificate should have been renewed an hour ago.
func (b *pebble) hurry(c *x509.Certificate) {
	b.t.Helper()
	whole := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw})
	window := func(ago time.Duration) string { return time.Now().Add(-ago).UTC().Format(time.RFC3339) }
	ari := fmt.Sprintf(`{"suggestedWindow":{"start":%q,"end":%q}}`, window(2*time.Hour), window(time.Hour))
	body, err := json.Marshal(map[string]string{"certificate": string(whole), "ariResponse": ari})
	if err != nil {
		b.t.Fatal(err)
	}
	r, err := b.http.Post(b.manage+"/set-renewal-info/", "application/json", strings.NewReader(string(body)))
	if err != nil {
		b.t.Fatal(err)
	}
	defer r.Body.Close()
	if out, _ := io.ReadAll(r.Body); r.StatusCode != 200 {
		b.t.Fatalf("set-renewal-info: %d %s", r.StatusCode, out)
	}
}
