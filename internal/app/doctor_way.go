package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"time"

	"parley/internal/store"
	"parley/internal/web"
)

const (
	doctorKeyName = "doctor"
	wayBytes      = 64 << 10 // of an answer
)

// Way is how a request arrived at the running server.
type Way = web.Way

// AskWay asks the running server, by the address that browsers use, how that very
// request arrived. ok is false where it gives no such answer.
func (s *Settings) AskWay(ctx context.Context, db *store.Store, client *http.Client) (w Way, ok bool, err error) {
	key, err := db.KnownKey(ctx, doctorKeyName)
	if err != nil {
		return w, false, err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, s.BaseURL()+web.DoctorPath, nil)
	if err != nil {
		return w, false, err
	}
	r.Header.Set("User-Agent", s.Agent())
	r.Header.Set(web.DoctorHeader, web.SignDoctor(key, time.Now()))
	res, err := client.Do(r)
	if err != nil {
		return w, false, err
	}
	defer res.Body.Close()
	ok = res.StatusCode == http.StatusOK && json.NewDecoder(io.LimitReader(res.Body, wayBytes)).Decode(&w) == nil
	return w, ok, nil
}
