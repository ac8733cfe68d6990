package auth

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// tickets is as much of a store as the beginning of a login needs.
type tickets struct{ Store }

func (tickets) SiteWays(context.Context, discuss.ID) ([]SealedKeys, error) { return nil, nil }
func (tickets) PutTicket(context.Context, []byte, Ticket, *Mail) error     { return nil }

// Our window goes where an issuer's metadata says; that must be a page of
// somebody else, never a script that would run as ours.
func TestIssuersNameAPageOnHTTPS(t *testing.T) {
	for endpoint, good := range map[string]bool{
		"https://login.example/authorize":        true,
		"http://127.0.0.1:9/authorize":           true,
		"http://[::1]:9/authorize":               true,
		"http://localhost/authorize":             true,
		"http://login.example/authorize":         false,
		"javascript:alert(document.domain)//":    false,
		"javascript://login.example/%0aalert(1)": false,
		"data:text/html,x":                       false,
		"//login.example/authorize":              false,
		"https:login.example":                    false,
		"/authorize":                             false,
		"":                                       false,
	} {
		var srv *httptest.Server
		srv = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"issuer":%q,"authorization_endpoint":%q,"token_endpoint":"%[1]s/t","jwks_uri":"%[1]s/j","id_token_signing_alg_values_supported":["RS256"]}`, srv.URL, endpoint)
		}))
		a := New(tickets{}, time.Now)
		a.Link = func(p string) string { return "https://own.example" + p }
		a.Providers = []Keys{{Provider: "oidc-x", Client: "c", Secret: "s", Issuer: srv.URL, Label: "X"}}
		to, _, err := a.BeginLogin(context.Background(), 0, "oidc-x", Trip{})
		srv.Close()
		if good && (err != nil || !strings.HasPrefix(to, endpoint)) || !good && !errors.Is(err, ErrProvider) {
			t.Errorf("%q: %q, %v", endpoint, to, err)
		}
	}
}
