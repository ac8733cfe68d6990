package doctor

import (
	"context"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/store"
)

// The line for a proxy is that of the page about servers: $host drops the port.
func TestTheLineForAHostIsThatOfTheDocs(t *testing.T) {
	out := sayWay(app.Way{Host: "127.0.0.1", Peer: "127.0.0.1"}, "https://comments.example.com:8443")
	if len(out) == 0 || !strings.Contains(out[0].Text, "proxy_set_header Host $http_host") {
		t.Errorf("said: %v", out)
	}
}

// A proxy that is down or breaks the Host header is named once: Upgrade is not why
// no WebSocket comes through it. Any other answer than that is about Upgrade.
func TestOneCauseIsNamed(t *testing.T) {
	var status int
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(status) }))
	defer srv.Close()
	s := &app.Settings{Database: "sqlite:" + filepath.Join(t.TempDir(), "p.db"), PublicURL: srv.URL}
	db, err := s.Open(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.PutSite(context.Background(), discuss.Site{Key: "news", Name: "News", Origins: []string{"https://news.example"}}); err != nil {
		t.Fatal(err)
	}
	for code, want := range map[int]int{http.StatusMisdirectedRequest: 0, http.StatusBadGateway: 0, http.StatusGatewayTimeout: 0, http.StatusBadRequest: 1} {
		status = code
		if out := lookAtSockets(context.Background(), s); len(out) != want {
			t.Errorf("%d: %v", code, out)
		}
	}
	for name, out := range map[string][]Finding{"clock:": lookAtClock(context.Background(), s), "disk:": lookAtDatabase(context.Background(), s)} {
		if last := out[len(out)-1]; !strings.HasPrefix(last.Text, name) {
			t.Errorf("nothing is said of %s %v", name, out)
		}
	}
}

func TestSameSite(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want bool
	}{
		{"comments.news.example", "www.news.example", true},
		{"news.example", "news.example", true},
		{"news.example", "other.example", false},
		{"a.co.uk", "b.co.uk", false},
		{"comments.a.co.uk", "www.a.co.uk", true},
		{"a.github.io", "b.github.io", false},
		{"localhost", "localhost", true},
		{"127.0.0.1", "127.0.0.2", false},
	} {
		if got := sameSite(c.a, c.b); got != c.want {
			t.Errorf("sameSite(%s, %s) = %v, want %v", c.a, c.b, got, c.want)
		}
	}
}
