package systemtest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// exampleOf is a block of code of the page about servers.
func exampleOf(t *testing.T, language string) string {
	t.Helper()
	b, err := os.ReadFile("../../static/docs/server.md")
	if err != nil {
		t.Fatal(err)
	}
	m := regexp.MustCompile("(?s)```" + language + "\n(.*?)```").FindSubmatch(b)
	if m == nil {
		t.Fatalf("the page has no example for %s", language)
	}
	return string(m[1])
}

// What the documentation gives for nginx and for Caddy is run as it stands there,
// with other ports and a certificate of ours; the doctor finds nothing to say.
func TestTheProxiesOfTheDocumentation(t *testing.T) {
	for name, c := range map[string]struct {
		lines string // around the example
		args  []string
	}{
		"nginx": {"daemon off; pid DIR/pid; error_log DIR/log;\nevents {}\nhttp { access_log off; client_body_temp_path DIR/a; proxy_temp_path DIR/b; fastcgi_temp_path DIR/c; uwsgi_temp_path DIR/d; scgi_temp_path DIR/e;\nEXAMPLE}\n", []string{"-p", "DIR", "-c", "DIR/config"}},
		"caddy": {"{\n\tadmin off\n\tauto_https off\n}\nEXAMPLE", []string{"run", "--adapter", "caddyfile", "--config", "DIR/config"}},
	} {
		t.Run(name, func(t *testing.T) {
			bin, err := exec.LookPath(name)
			if err != nil {
				t.Skip(err)
			}
			dir := t.TempDir()
			cert, key := filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
			ownCertificate(t, cert, key, "localhost")
			p, port := newProgram(t), freePort(t)
			at := fmt.Sprint("localhost:", port)
			example := exampleOf(t, name)
			for _, r := range [][2]string{
				{"listen 443 ssl", fmt.Sprint("listen ", port, " ssl")},
				{"/etc/ssl/comments.pem", cert},
				{"/etc/ssl/comments.key", key},
				{"server_name comments.example.com", "server_name localhost"},
				{"comments.example.com {", "https://" + at + " {\n\ttls " + cert + " " + key},
				{"127.0.0.1:8080", strings.TrimPrefix(p.base, "http://")},
			} {
				example = strings.ReplaceAll(example, r[0], r[1])
			}
			config := strings.ReplaceAll(strings.Replace(c.lines, "EXAMPLE", example, 1), "DIR", dir)
			if err := os.WriteFile(filepath.Join(dir, "config"), []byte(config), 0o600); err != nil {
				t.Fatal(err)
			}
			args := strings.Split(strings.ReplaceAll(strings.Join(c.args, "\n"), "DIR", dir), "\n")
			log := &safeBuffer{}
			front := exec.Command(bin, args...)
			front.Env = append(os.Environ(), "HOME="+dir, "XDG_DATA_HOME="+dir, "XDG_CONFIG_HOME="+dir)
			front.Stdout, front.Stderr = log, log
			if err := front.Start(); err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				_ = front.Process.Signal(os.Interrupt) // so that nginx ends its workers
				_ = front.Wait()
				if t.Failed() {
					t.Logf("%s says:\n%s\n%s", name, log, config)
				}
			})
			p.env = append(p.env, "PARLEY_PUBLIC_URL=https://"+at, "PARLEY_TRUSTED_PROXIES=loopback", "SSL_CERT_FILE="+cert)
			p.start()
			var out string
			eventually(t, "the way is good", func() bool {
				out = p.says("doctor")
				return strings.Contains(out, "ok   proxy: Host and addresses come through") && strings.Contains(out, "ok   live: WebSockets come through")
			})
			if strings.Contains(out, "BAD  proxy") || strings.Contains(out, "BAD  trusted") || strings.Contains(out, "BAD  server") {
				t.Error(out)
			}
		})
	}
}
