package auth

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/json"

	"parley/internal/discuss"
)

// popup is what a sign-in window's ticket holds.
type popup struct {
	Challenge string `json:"challenge"` // base64url of the verifier's SHA-256
	Origin    string `json:"origin"`
	From      string `json:"from,omitempty"`   // the account session that completed it, see SessionRef
	Second    bool   `json:"second,omitempty"` // a passkey or a second factor was part of the proof; set when it is completed
}

// BeginPopup starts the hand-over from the sign-in window to the widget that
// holds the verifier. origin must already be known to be the site's.
func (a *Service) BeginPopup(ctx context.Context, site discuss.ID, origin, challenge string) (string, error) {
	if raw, err := base64.RawURLEncoding.DecodeString(challenge); err != nil || len(raw) != sha256.Size {
		return "", discuss.Bad("challenge", "must be a SHA-256 in base64url")
	}
	data, err := json.Marshal(popup{Challenge: challenge, Origin: origin})
	if err != nil {
		return "", err
	}
	token, hash := NewToken()
	return token, a.Store.PutTicket(ctx, hash, Ticket{Kind: "popup", Site: site, Data: string(data), Expires: a.Now().Add(PopupLife)}, nil)
}

// CompletePopup says who signed in, whether by a second factor, and in which
// account session.
func (a *Service) CompletePopup(ctx context.Context, txn string, acc Account, second bool, from string) error {
	t, err := a.Store.PeekTicket(ctx, HashToken(txn), a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && (t.Kind != "popup" || acc.Site != 0 && acc.Site != t.Site) {
		return ErrClaimExpired
	}
	if err != nil {
		return err
	}
	return a.Store.SetTicketAccount(ctx, HashToken(txn), acc.ID, second, from, a.Now())
}

// secondClaim stands before a transaction's number for its second claim.
const secondClaim = "bearer "

// ErrClaimExpired says that a claim came too late, a second time, or never was.
var ErrClaimExpired = &discuss.Error{Kind: discuss.NotFound, Code: "expired", Detail: "This sign-in has expired. Start again."}

// Claim ends a popup: the holder of the verifier, on the origin it was begun
// for, gets a session bound to the site. ready is false while nobody has
// signed in yet. Within a minute of the first claim a second one may ask for a
// bearer: the browser has kept the cookie of the first to itself.
func (a *Service) Claim(ctx context.Context, txn, verifier, origin string, bearer bool) (s Session, ready bool, err error) {
	key := HashToken(txn)
	if bearer {
		key = HashToken(secondClaim + txn)
	}
	t, err := a.Store.PeekTicket(ctx, key, a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && t.Kind != "popup" {
		return s, false, ErrClaimExpired
	}
	if err != nil {
		return s, false, err
	}
	var p popup
	if err := json.Unmarshal([]byte(t.Data), &p); err != nil {
		return s, false, err
	}
	sum := sha256.Sum256([]byte(verifier))
	if p.Origin != origin || subtle.ConstantTimeCompare([]byte(base64.RawURLEncoding.EncodeToString(sum[:])), []byte(p.Challenge)) != 1 {
		return s, false, ErrClaimExpired
	}
	if t.Account == 0 {
		return s, false, nil
	}
	if t, err = a.Store.TakeTicket(ctx, key, a.Now()); err != nil {
		return s, false, ErrClaimExpired
	}
	if bearer {
		return Session{Kind: BearerSession, Site: t.Site, Account: Account{ID: t.Account}, From: p.From}, true, nil
	}
	t.Expires = a.Now().Add(SecondClaimLife)
	if err := a.Store.PutTicket(ctx, HashToken(secondClaim+txn), t, nil); err != nil {
		return s, false, err
	}
	return Session{Kind: WidgetSession, Site: t.Site, Account: Account{ID: t.Account}, Second: p.Second, From: p.From}, true, nil
}
