package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/internal/certs"
)

// What PARLEY_TLS says beside two files, and how PARLEY_LISTEN_HTTP says no.
const (
	tlsOff  = "off"
	tlsAuto = "auto"
	httpOff = "off"
)

// Addresses that are listened at where none is set.
const (
	listenPlain = "127.0.0.1:8080"
	listenTLS   = ":443"
	listenHTTP  = ":80"
	httpsPort   = "443"
)

// Encrypts reports whether this server speaks TLS itself.
func (s *Settings) Encrypts() bool { return s.TLS != "" && s.TLS != tlsOff }

// Address is where the server listens.
func (s *Settings) Address() string {
	switch {
	case s.Listen != "":
		return s.Listen
	case s.Encrypts():
		return listenTLS
	}
	return listenPlain
}

// plainAddress is where plain HTTP is answered beside TLS, "" for nowhere.
func (s *Settings) plainAddress() string {
	_, port, _ := net.SplitHostPort(s.Address())
	switch {
	case !s.Encrypts() || s.ListenHTTP == httpOff:
		return ""
	case s.ListenHTTP != "":
		return s.ListenHTTP
	case s.TLS == tlsAuto || port == httpsPort:
		return listenHTTP
	}
	return ""
}

// tlsFiles are the files of the owner's certificate.
func (s *Settings) tlsFiles() (cert, key string, err error) {
	cert, key, ok := strings.Cut(s.TLS, ",")
	cert, key = strings.TrimSpace(cert), strings.TrimSpace(key)
	if !ok || cert == "" || key == "" || strings.Contains(key, ",") {
		return "", "", fmt.Errorf("tls: %q is neither off, nor auto, nor two files, CERT,KEY", s.TLS)
	}
	return cert, key, nil
}

// checkTLS refuses settings with which no browser could connect.
func (s *Settings) checkTLS() error {
	u, err := url.Parse(s.BaseURL())
	if err != nil {
		return err
	}
	if s.HSTS < 0 || s.HSTS > 0 && (s.HSTS < time.Second || u.Scheme != "https") {
		return errors.New("hsts: must be a time such as 8760h, with a public-url of https")
	}
	if !s.Encrypts() {
		if s.ListenHTTP != "" && s.ListenHTTP != httpOff {
			return errors.New("listen-http: is for a server that encrypts; set tls to auto or CERT,KEY, or leave it out")
		}
		return nil
	}
	if s.PublicURL == "" || u.Scheme != "https" {
		return errors.New("tls: needs the https address that browsers use in public-url, such as https://comments.example.com")
	}
	if s.TLS != tlsAuto {
		_, _, err := s.tlsFiles()
		return err
	}
	if _, err := netip.ParseAddr(u.Hostname()); err == nil || !strings.Contains(u.Hostname(), ".") {
		return fmt.Errorf("tls: auto needs a name of the public DNS in public-url, and %s is none; give a certificate of your own as CERT,KEY", u.Hostname())
	}
	if d, err := url.Parse(s.ACMEDirectory); err != nil || d.Scheme != "https" || d.Host == "" {
		return errors.New("acme-directory: must be an https address, such as https://acme-v02.api.letsencrypt.org/directory")
	}
	if s.ACMEEmail != "" && (strings.Count(s.ACMEEmail, "@") != 1 || strings.ContainsAny(s.ACMEEmail, " ,<>?")) {
		return errors.New("acme-email: must be one address, such as owner@example.com")
	}
	return nil
}

// tlsDir is where certificates are kept, beside the database.
func (s *Settings) tlsDir() (string, error) {
	path, err := s.DatabasePath()
	return filepath.Join(filepath.Dir(path), "tls"), err
}

// certificates is what the server encrypts with; nil where a proxy does.
func (s *Settings) certificates() (certs.Source, error) {
	if !s.Encrypts() {
		return nil, nil
	}
	if s.TLS != tlsAuto {
		cert, key, err := s.tlsFiles()
		if err != nil {
			return nil, err
		}
		f, err := certs.NewFiles(cert, key, s.Host())
		if err != nil {
			return nil, err
		}
		c, err := f.Get(nil)
		if err == nil {
			if err := certs.Check(c, s.Host(), time.Now()); err != nil {
				slog.Error("tls: browsers will refuse the certificate in " + cert + ": " + err.Error())
			}
		}
		return f, err
	}
	dir, err := s.tlsDir()
	if err != nil {
		return nil, err
	}
	return certs.NewAuto(s.Host(), s.ACMEDirectory, s.ACMEEmail, dir, s.Agent(), s.plainAddress() != "")
}

// TLSState is what there is to say of the certificate of this server, and
// whether it is good.
func (s *Settings) TLSState(now time.Time) (text string, ok bool) {
	if !s.Encrypts() {
		return "", true
	}
	if err := s.checkTLS(); err != nil {
		return err.Error(), false
	}
	var c *tls.Certificate
	var st certs.State
	var err error
	if s.TLS == tlsAuto {
		var dir string
		if dir, err = s.tlsDir(); err == nil {
			c, st, err = certs.Look(dir, s.ACMEDirectory, s.Host())
		}
	} else {
		var cert, key string
		if cert, key, err = s.tlsFiles(); err == nil {
			c, err = certs.Read(cert, key)
		}
	}
	switch {
	case err != nil:
		return err.Error(), false
	case c == nil && st.Refused == "":
		return "tls: there is no certificate yet; the server asks for one when it starts", false
	case st.Refused != "":
		text = fmt.Sprintf("tls: no new certificate: %s; asked again at %s", st.Refused, st.Next.UTC().Format(time.DateTime+" MST"))
		if c != nil {
			text += "; the one before ends on " + c.Leaf.NotAfter.UTC().Format(time.DateTime+" MST")
		}
		return text, false
	}
	if err := certs.Check(c, s.Host(), now); err != nil {
		return "tls: browsers refuse the certificate: " + err.Error(), false
	}
	left := c.Leaf.NotAfter.Sub(now)
	text = fmt.Sprintf("tls: the certificate of %s is good until %s", s.Host(), c.Leaf.NotAfter.UTC().Format(time.DateTime+" MST"))
	if life := c.Leaf.NotAfter.Sub(c.Leaf.NotBefore); left < life/lateRenewal {
		return text + ", and should have been renewed by now", false
	}
	return text, true
}

// lateRenewal is the part of a certificate's life, at its end, in which a renewal is late.
const lateRenewal = 6

// doors are what the server listens at.
type doors struct {
	main  net.Listener
	plain net.Listener // nil for none
}

// open listens at every address, or at none.
func (s *Settings) openDoors(src certs.Source) (d doors, err error) {
	if d.main, err = net.Listen("tcp", s.Address()); err != nil {
		return d, s.listenError("PARLEY_LISTEN", s.Address(), err)
	}
	if at := s.plainAddress(); at != "" {
		if d.plain, err = net.Listen("tcp", at); err != nil {
			return d, errors.Join(s.listenError("PARLEY_LISTEN_HTTP", at, err), d.main.Close())
		}
	}
	if src != nil {
		d.main = tls.NewListener(d.main, certs.Config(src))
	}
	return d, nil
}

// keepCertificates runs what TLS needs beside the server.
func (s *Settings) keepCertificates(ctx context.Context, running *sync.WaitGroup, src certs.Source, d doors) {
	if src == nil {
		return
	}
	if d.plain != nil {
		auto, _ := src.(*certs.Auto)
		p := &certs.Plain{Base: s.BaseURL(), Host: s.Host(), Auto: auto}
		running.Go(func() { p.Serve(ctx, d.plain) })
	}
	running.Go(func() { src.Run(ctx) })
}

// listenError says why nothing can listen at an address, and what to do.
func (s *Settings) listenError(setting, address string, err error) error {
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return fmt.Errorf("listen: another program, or another Parley, has %s; end it, or give another address in %s", address, setting)
	case errors.Is(err, syscall.EACCES) && s.Encrypts():
		return fmt.Errorf("listen: this user may not listen at %s; let it (systemd: AmbientCapabilities=CAP_NET_BIND_SERVICE), or have the port led to one from 1024 up and name that in %s", address, setting)
	case errors.Is(err, syscall.EACCES):
		return fmt.Errorf("listen: this user may not listen at %s; take a port from 1024 up, with the proxy before it", address)
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		return fmt.Errorf("listen: %s is no address of this machine; 127.0.0.1 and 0.0.0.0 always are", address)
	}
	return fmt.Errorf("listen: %w", err)
}
