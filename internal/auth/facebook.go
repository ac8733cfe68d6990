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

// signer is whom a signed request is about: an identity of a site's app, or of
// the instance's where scope is 0, and when the request was made. What was asked
// before somebody linked the identity is not about the account that has it now.
type signer struct {
	user   string
	scope  discuss.ID
	issued time.Time
}

// signedRequest reads what Facebook posts when somebody removes the app or asks
// for his data to be deleted: base64url signature, dot, base64url JSON, by
// HMAC-SHA256 with the app's secret. It does not say which app, so each is
// tried: the instance's, then the sites' own.
func (a *Service) signedRequest(ctx context.Context, raw string) (from signer, err error) {
	sig, payload, ok := strings.Cut(raw, ".")
	given, err := unb64(strings.TrimRight(sig, "="))
	if !ok || err != nil {
		return from, ErrSigned
	}
	b, err := unb64(strings.TrimRight(payload, "="))
	if err != nil {
		return from, ErrSigned
	}
	var in struct {
		Algorithm string `json:"algorithm"`
		User      string `json:"user_id"`
		Issued    int64  `json:"issued_at"` // seconds
	}
	if json.Unmarshal(b, &in) != nil || !strings.EqualFold(in.Algorithm, "HMAC-SHA256") || in.User == "" {
		return from, ErrSigned
	}
	from.user = in.User
	if in.Issued > 0 {
		from.issued = time.Unix(in.Issued+1, 0) // it has no parts of a second
	}
	signed := func(secret string) bool {
		m := hmac.New(sha256.New, []byte(secret))
		m.Write([]byte(payload))
		return hmac.Equal(m.Sum(nil), given)
	}
	for _, k := range a.Providers {
		if k.Provider == "facebook" && signed(k.Secret) {
			return from, nil
		}
	}
	own, err := a.Store.WaysBy(ctx, "facebook")
	if err != nil {
		return from, err
	}
	for site, k := range own {
		secret, err := a.Seal.Open(k.Sealed, sealPurpose(site, k.Provider))
		if err != nil {
			return from, err
		}
		if signed(secret) {
			from.scope = site
			return from, nil
		}
	}
	return from, ErrSigned
}

// FacebookDeletes is Facebook asking us to forget somebody. The account is
// erased at once, names and texts, or where its person opens it otherwise too,
// all that came by Facebook; the code opens the page that tells about it.
func (a *Service) FacebookDeletes(ctx context.Context, raw string) (code string, err error) {
	from, err := a.signedRequest(ctx, raw)
	if err != nil {
		return "", err
	}
	code, _ = NewToken()
	code = code[:22]
	account, err := a.Store.IdentityAccount(ctx, from.scope, "facebook", from.user, from.issued)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return "", err
	}
	defer a.Changed()
	return code, a.Store.PutDeletion(ctx, code, "facebook", account, a.Now(), a.Now())
}

// FacebookLeaves is Facebook saying that somebody has removed the app: his
// sessions end, and the identity opens the account no more unless he comes back.
func (a *Service) FacebookLeaves(ctx context.Context, raw string) error {
	from, err := a.signedRequest(ctx, raw)
	if err != nil {
		return err
	}
	account, err := a.Store.IdentityAccount(ctx, from.scope, "facebook", from.user, from.issued)
	if discuss.KindOf(err) == discuss.NotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return a.Store.DropSessions(ctx, account, "", nil)
}
