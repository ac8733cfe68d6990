package doctor

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"syscall"

	"github.com/gorilla/websocket"

	"parley/internal/app"
)

// lookAtNames finds variables that no setting reads.
func lookAtNames(_ context.Context, s *app.Settings) (out []Finding) {
	for _, u := range s.Unknown {
		out = append(out, poor("settings: %s", u))
	}
	return out
}

// lookAtRunning compares the server's settings with those of this command: in
// another shell the doctor would look at an install that nobody has.
func lookAtRunning(_ context.Context, s *app.Settings) []Finding {
	differ, runs, err := s.DifferFromServer()
	switch {
	case err != nil:
		return []Finding{poor("settings of the running server: %v", err)}
	case !runs:
		return []Finding{poor("server: none has this database open on this machine; what is said here is about the settings of this command alone")}
	case len(differ) > 0:
		return []Finding{poor("settings: the running server was started with another %s; run the doctor with the server's own variables and settings file", strings.Join(differ, ", "))}
	}
	return []Finding{good("settings: those of the running server")}
}

// probeThread is a thread that no page has: a socket that waits for it makes none.
const probeThread = "/parley-doctor"

// lookAtSockets opens a live connection as a page of each site would, by the
// address that browsers use: proxies must be told to let WebSockets through.
func lookAtSockets(ctx context.Context, s *app.Settings) (out []Finding) {
	if s.CheckPublicURL() != nil {
		return nil // lookAtAddress says so
	}
	db, err := s.OpenExisting()
	if err != nil {
		return nil // lookAtDatabase says so
	}
	sites, err := db.Sites(ctx)
	_ = db.Close()
	if err != nil || len(sites) == 0 || len(sites[0].Origins) == 0 {
		return nil
	}
	site := sites[0]
	ctx, cancel := context.WithTimeout(ctx, doctorTimeout)
	defer cancel()
	at := "ws" + strings.TrimPrefix(s.BaseURL(), "http") + "/api/v1/sites/" + url.PathEscape(site.Key) + "/live?thread=" + url.QueryEscape(probeThread)
	ws, res, err := websocket.DefaultDialer.DialContext(ctx, at, http.Header{"Origin": site.Origins[:1]})
	if err == nil {
		_ = ws.Close()
		return []Finding{good("live: WebSockets come through to %s", s.BaseURL())}
	}
	if errors.Is(err, syscall.ECONNREFUSED) {
		return nil // nor does anything else: lookAtServer says so
	}
	why := err.Error()
	if res != nil {
		_ = res.Body.Close()
		switch res.StatusCode {
		case http.StatusMisdirectedRequest, http.StatusBadGateway, http.StatusGatewayTimeout:
			return nil // lookAtServer says so, and Upgrade is not why
		}
		why = fmt.Sprintf("the answer is %d", res.StatusCode)
	}
	return []Finding{poor("live: no WebSocket comes through to %s (%s): readers fall back to asking; let the proxy pass on Upgrade and Connection (nginx: proxy_http_version 1.1; proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection \"upgrade\")", s.BaseURL(), why)}
}
