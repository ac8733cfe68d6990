package health

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
)

// DoctorHeader carries what the doctor signs: a time, and its signature by a key
// that stands in the database. Nobody else learns how requests come here.
const DoctorHeader = "X-Parley-Doctor"

const signedFor = 5 * time.Minute // a clock may be off by that, and an answer be as old

// Sign is the doctor's header at a moment.
func Sign(key []byte, at time.Time) string {
	text := strconv.FormatInt(at.Unix(), 10)
	m := hmac.New(sha256.New, key)
	m.Write([]byte("doctor " + text))
	return text + "." + hex.EncodeToString(m.Sum(nil))
}

func (r Room) signed(header string) bool {
	text, _, ok := strings.Cut(header, ".")
	n, err := strconv.ParseInt(text, 10, 64)
	return ok && err == nil && len(r.Doctor) > 0 && r.Now().Sub(time.Unix(n, 0)).Abs() < signedFor && hmac.Equal([]byte(header), []byte(Sign(r.Doctor, time.Unix(n, 0))))
}

// Way is how a request arrived: what proxies on the way have made of it.
type Way struct {
	Host      string   `json:"host"`
	Peer      string   `json:"peer"`      // who the connection is from
	Client    string   `json:"client"`    // who the caller is taken for
	Forwarded []string `json:"forwarded"` // X-Forwarded-For, as it came
	Trusted   bool     `json:"trusted"`   // the peer is among the trusted proxies
}

// way answers the doctor, who signs, and nobody else.
func (r Room) way(_ context.Context, q *edge.Request) error {
	q.Set("Cache-Control", "no-store")
	if !r.signed(q.Get(DoctorHeader)) {
		return discuss.ErrNotFound
	}
	out := Way{Host: string(q.Request().Host()), Peer: q.Context().RemoteIP().String(), Client: q.Addr().String(), Forwarded: []string{}}
	for _, line := range q.Request().Header.PeekAll("X-Forwarded-For") {
		out.Forwarded = append(out.Forwarded, string(line))
	}
	out.Trusted = q.Door.TrustedPeer(q.Ctx)
	return edge.SendJSON(q.Ctx, out)
}
