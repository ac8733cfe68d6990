package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/auth"
)

const (
	graph      = "https://graph.facebook.com/" + auth.GraphVersion
	graphBytes = 64 << 10
	graphSoon  = 90 * 24 * time.Hour // before its end a version is spoken of
)

// graphEnds is the last day of the Graph version that this build speaks: Meta
// keeps each for two years at least.
var graphEnds = map[string]time.Time{"v24.0": time.Date(2027, 10, 8, 0, 0, 0, 0, time.UTC)}

// lookAtFacebook asks Graph by the app's own token what it knows of the app.
func lookAtFacebook(ctx context.Context, s *app.Settings, k auth.Keys, now time.Time) (out []Finding) {
	if s.Outbound == "off" {
		return nil // lookAtOutbound says so
	}
	if end, ok := graphEnds[auth.GraphVersion]; ok {
		if left := end.Sub(now); left < graphSoon {
			out = append(out, poor("sign-in by facebook: Graph %s, which this build speaks, ends on %s; upgrade Parley before", auth.GraphVersion, end.Format(time.DateOnly)))
		} else {
			out = append(out, good("sign-in by facebook: Graph %s lasts until %s at least", auth.GraphVersion, end.Format(time.DateOnly)))
		}
	}
	ctx, cancel := context.WithTimeout(ctx, 2*doctorTimeout)
	defer cancel()
	var token struct {
		Access string `json:"access_token"`
	}
	head, problem, err := askGraph(ctx, s, "/oauth/access_token?"+url.Values{"client_id": {k.Client}, "client_secret": {k.Secret}, "grant_type": {"client_credentials"}}.Encode(), &token)
	switch {
	case err != nil:
		return append(out, poor("sign-in by facebook: Graph does not answer: %s", why(err)))
	case problem != "" || token.Access == "":
		return append(out, poor("sign-in by facebook: Graph gives the app no token (%s); check PARLEY_FACEBOOK_ID and PARLEY_FACEBOOK_SECRET against the app's basic settings", problem))
	case version(head) != "" && version(head) != auth.GraphVersion:
		out = append(out, poor("sign-in by facebook: Graph answers as %s though %s was asked for: that version has ended; upgrade Parley", version(head), auth.GraphVersion))
	}
	out = append(out, apart("graph.facebook.com", head.Get("Date"))...)
	out = append(out, good("sign-in by facebook: the app's number and secret belong together"))
	var about struct {
		Name        string   `json:"name"`
		Domains     []string `json:"app_domains"`
		Deauthorize string   `json:"deauth_callback_url"`
		Privacy     string   `json:"privacy_policy_url"`
	}
	_, problem, err = askGraph(ctx, s, "/"+url.PathEscape(k.Client)+"?"+url.Values{"fields": {"name,app_domains,deauth_callback_url,privacy_policy_url"}, "access_token": {token.Access}}.Encode(), &about)
	if err != nil || problem != "" {
		return append(out, poor("sign-in by facebook: Graph tells nothing of the app (%s)", strings.TrimSpace(problem)))
	}
	host, base := s.Host(), s.BaseURL()
	if !slices.ContainsFunc(about.Domains, func(d string) bool { return host == d || strings.HasSuffix(host, "."+d) }) {
		out = append(out, poor("sign-in by facebook: %s is not among the domains of the app %q, so its redirect address is refused; add it to App domains, and %s/auth/facebook/callback to Valid OAuth redirect URIs", host, about.Name, base))
	} else {
		out = append(out, good("sign-in by facebook: the app %q has the domain of this server", about.Name))
	}
	if want := base + "/auth/facebook/deauthorize"; about.Deauthorize != "" && about.Deauthorize != want {
		out = append(out, poor("sign-in by facebook: the app's deauthorize callback is %s; it must be %s", about.Deauthorize, want))
	}
	if about.Privacy == "" {
		out = append(out, poor("sign-in by facebook: the app names no privacy policy, so it can't be in Live mode, and its own team alone can sign in; add one, and switch it to Live"))
	}
	return out
}

func version(h http.Header) string { return h.Get("Facebook-Api-Version") }

// askGraph asks Graph. problem is what it
// says where it says no, without anything of the question, which holds secrets.
func askGraph(ctx context.Context, s *app.Settings, path string, into any) (head http.Header, problem string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, graph+path, nil)
	if err != nil {
		return nil, "", err
	}
	r.Header.Set("User-Agent", s.Agent())
	t := http.DefaultTransport
	if s.ProvidersVia != "" {
		t = auth.Via(s.ProvidersVia, t)
	}
	res, err := (&http.Client{Transport: t}).Do(r)
	if err != nil {
		return nil, "", err
	}
	defer res.Body.Close()
	b, err := io.ReadAll(io.LimitReader(res.Body, graphBytes))
	if err != nil {
		return nil, "", err
	}
	var no struct {
		Error struct {
			Message string `json:"message"`
			Code    int    `json:"code"`
		} `json:"error"`
	}
	if res.StatusCode != http.StatusOK || json.Unmarshal(b, into) != nil {
		_ = json.Unmarshal(b, &no)
		if no.Error.Message == "" {
			return res.Header, fmt.Sprintf("the answer is %d", res.StatusCode), nil
		}
		return res.Header, fmt.Sprintf("%q, code %d", no.Error.Message, no.Error.Code), nil
	}
	return res.Header, "", nil
}
