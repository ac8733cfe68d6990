package certs

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync/atomic"
	"time"
)

// lookEvery is how often files are looked at: a renewal writes them days before
// the old ones end.
const lookEvery = 10 * time.Second

// Files is a certificate in files of the owner's. What cannot be read takes the
// place of nothing.
type Files struct {
	cert, key string
	host      string // that browsers ask for
	now       atomic.Pointer[tls.Certificate]
	again     chan struct{}
	seen      string // how the files looked when they were last read
	said      string // the trouble that was said last
}

// Read reads a certificate, with those in between after it, and its key.
func Read(cert, key string) (*tls.Certificate, error) {
	c, err := tls.LoadX509KeyPair(cert, key)
	if err != nil {
		return nil, fmt.Errorf("tls: %s and %s are no certificate and its key: %w", cert, key, err)
	}
	return &c, nil
}

// NewFiles reads both files; a server does not start without. One for another host
// is taken there, where there is none before it; whoever starts it says so.
func NewFiles(cert, key, host string) (*Files, error) {
	f := &Files{cert: cert, key: key, host: host, again: make(chan struct{}, 1)}
	f.seen = f.look()
	c, err := Read(cert, key)
	if err != nil {
		return nil, err
	}
	f.now.Store(c)
	return f, nil
}

// Get is the certificate that was read last.
func (f *Files) Get(*tls.ClientHelloInfo) (*tls.Certificate, error) { return f.now.Load(), nil }

// Again reads both files now.
func (f *Files) Again() { poke(f.again) }

// Run reads the files again when they have changed.
func (f *Files) Run(ctx context.Context) {
	every := time.NewTicker(lookEvery)
	defer every.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-f.again:
			f.said = ""
			f.read()
		case <-every.C:
			if f.look() != f.seen {
				f.read()
			}
		}
	}
}

// read takes what the files hold now. One that is written before the other is
// looked at again in a moment, so trouble is no reason to think them seen; the
// same trouble is said once.
func (f *Files) read() {
	seen := f.look()
	c, err := Read(f.cert, f.key)
	if err == nil && f.locksOut(c) {
		err = errors.New("tls: " + f.cert + " is not for " + f.host + ", and every browser would refuse it")
	}
	if err != nil {
		if f.said != err.Error() {
			f.said = err.Error()
			slog.Error("the new certificate is not taken, the one before serves on", "why", err)
		}
		return
	}
	f.seen, f.said = seen, ""
	f.now.Store(c)
	slog.Info("the certificate was read again", "until", c.Leaf.NotAfter.UTC().Format(time.DateOnly))
}

// locksOut reports that a certificate is for other hosts, where the one before is for ours.
func (f *Files) locksOut(c *tls.Certificate) bool {
	return c.Leaf.VerifyHostname(f.host) != nil && f.now.Load().Leaf.VerifyHostname(f.host) == nil
}

// look is what tells a file that changed from one that did not.
func (f *Files) look() (out string) {
	for _, name := range []string{f.cert, f.key} {
		if info, err := os.Stat(name); err == nil { // of what a link leads to
			out += fmt.Sprint(info.ModTime().UnixNano(), info.Size(), " ")
		}
	}
	return out
}

// poke asks for something that one time is enough of.
func poke(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default:
	}
}
