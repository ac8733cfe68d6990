package auth

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Deletion is a provider's request to forget somebody, as its public page
// tells about it.
type Deletion struct {
	Provider string
	Asked    time.Time
	Done     time.Time // zero: not yet
}

// ErrSigned says that a signed request is not Facebook's.
var ErrSigned = &discuss.Error{Kind: discuss.Invalid, Code: "invalid", Detail: "Something in the request is not right.", Fields: []discuss.Field{{Name: "signed_request", Message: "is not signed with the app's secret"}}}

// signedRequest reads what Facebook posts when somebody removes the app or asks
// for his data to be deleted: base64url signature, dot, base64url JSON, by
// HMAC-SHA256 with the app's secret. It does not say which app, so each is
// tried: the instance's, then the sites' own. scope says whose it was.
func (a *Service) signedRequest(ctx context.Context, raw string) (user string, scope discuss.ID, err error) {
	sig, payload, ok := strings.Cut(raw, ".")
	given, err := unb64(strings.TrimRight(sig, "="))
	if !ok || err != nil {
		return "", 0, ErrSigned
	}
	b, err := unb64(strings.TrimRight(payload, "="))
	if err != nil {
		return "", 0, ErrSigned
	}
	var in struct {
		Algorithm string `json:"algorithm"`
		User      string `json:"user_id"`
	}
	if json.Unmarshal(b, &in) != nil || !strings.EqualFold(in.Algorithm, "HMAC-SHA256") || in.User == "" {
		return "", 0, ErrSigned
	}
	signed := func(secret string) bool {
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(payload))
		return hmac.Equal(m.Sum(nil), given)
	}
	for _, k := range a.Providers {
		if k.Provider == "facebook" && signed(k.Secret) {
			return in.User, 0, nil
		}
	}
	own, err := a.Store.WaysBy(ctx, "facebook")
	if err != nil {
		return "", 0, err
	}
	for site, k := range own {
		secret, err := a.Seal.Open(k.Sealed, sealPurpose(site, k.Provider))
		if err != nil {
			return "", 0, err
		}
		if signed(secret) {
			return in.User, site, nil
		}
	}
	return "", 0, ErrSigned
}

// FacebookDeletes is Facebook asking us to forget somebody. The account is
// erased at once, names and texts, or where its person opens it otherwise too,
// all that came by Facebook; the code opens the page that tells about it.
func (a *Service) FacebookDeletes(ctx context.Context, raw string) (code string, err error) {
	user, scope, err := a.signedRequest(ctx, raw)
	if err != nil {
		return "", err
	}
	code, _ = NewToken()
	code = code[:22]
	account, err := a.Store.IdentityAccount(ctx, scope, "facebook", user)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return "", err
	}
	defer a.Changed()
	return code, a.Store.PutDeletion(ctx, code, "facebook", account, a.Now(), a.Now())
}

// FacebookLeaves is Facebook saying that somebody has removed the app: his
// sessions end, and the identity opens the account no more unless he comes back.
func (a *Service) FacebookLeaves(ctx context.Context, raw string) error {
	user, scope, err := a.signedRequest(ctx, raw)
	if err != nil {
		return err
	}
	account, err := a.Store.IdentityAccount(ctx, scope, "facebook", user)
	if discuss.KindOf(err) == discuss.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Store.DropSessions(ctx, account, "", nil)
}
