package certs

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"time"
)

// Limits of the plain door: it answers with a line.
const (
	plainTimeout = 10 * time.Second
	plainBytes   = 8 << 10
	retryAfter   = "60"
)

// Plain answers without encryption: the ACME server's question, and whoever
// asks for the public host is sent to its https address. Nobody else learns
// which host that is.
type Plain struct {
	Base string // the public address, https
	Host string // its host
	Auto *Auto  // nil where the certificate comes from files
}

// Serve answers on ln until ctx ends.
func (p *Plain) Serve(ctx context.Context, ln net.Listener) {
	srv := &http.Server{
		Handler: p, ReadTimeout: plainTimeout, WriteTimeout: plainTimeout, IdleTimeout: plainTimeout, MaxHeaderBytes: plainBytes,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelDebug),
	}
	stop := context.AfterFunc(ctx, func() { _ = srv.Close() })
	defer stop()
	if err := srv.Serve(ln); !errors.Is(err, http.ErrServerClosed) {
		slog.Error("http: nobody is sent to https any more", "err", err)
	}
}

// ServeHTTP answers one request.
func (p *Plain) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if p.Auto != nil {
		if answer, ok := p.Auto.answer(r.URL.Path); ok {
			w.Header().Set("Content-Type", "application/octet-stream")
			_, _ = io.WriteString(w, answer)
			return
		}
	}
	w.Header().Set("X-Content-Type-Options", "nosniff")
	host := r.Host
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	switch {
	case !strings.EqualFold(strings.TrimSuffix(host, "."), p.Host):
		http.Error(w, "This server does not answer for that host name.", http.StatusNotFound)
	case p.Auto != nil && p.Auto.none():
		w.Header().Set("Retry-After", retryAfter)
		http.Error(w, "This server has no certificate yet. Its log says why, and so does: parley doctor", http.StatusServiceUnavailable)
	default:
		to := p.Base + r.URL.EscapedPath()
		if r.URL.RawQuery != "" {
			to += "?" + r.URL.RawQuery
		}
		w.Header().Set("Location", to)
		w.WriteHeader(http.StatusPermanentRedirect)
	}
}
