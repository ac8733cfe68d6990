package auth

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"errors"
	"strings"
	"time"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/totp"

	"parley/internal/discuss"
)

const (
	totpStep      = 30 // seconds, RFC 6238
	recoveryCodes = 10
)

// ErrSecond says that a second factor is needed.
var (
	ErrSecond     = &discuss.Error{Kind: discuss.Forbidden, Code: "second_factor", Detail: "This needs a passkey, or a code from your authenticator app."}
	ErrSecondCode = &discuss.Error{Kind: discuss.SignedOut, Code: "second_code", Detail: "That code doesn't match. Codes change every 30 seconds and work once."}
)

// WrongGuess reports whether an error says that a password or a code was wrong,
// which is what guesses are counted by: an unverified account, or a right
// password whose code is still missing, is no guess.
func WrongGuess(err error) bool {
	for _, wrong := range []error{ErrLogin, ErrSecondCode, ErrCode, ErrPassword} {
		if errors.Is(err, wrong) {
			return true
		}
	}
	return false
}

func totpPurpose(account discuss.ID) string { return "totp " + account.String() }

// BeginSecond makes a secret for an authenticator app; nothing is kept until
// ConfirmSecond sees a code of it. It returns the secret and its otpauth URL.
func (a *Service) BeginSecond(ctx context.Context, acc Account) (secret, uri, ticket string, err error) {
	name := acc.Email
	if name == "" {
		name = acc.Name
	}
	k, err := totp.Generate(totp.GenerateOpts{Issuer: "Parley", AccountName: name, Rand: rand.Reader})
	if err != nil {
		return "", "", "", err
	}
	ticket, hash := NewToken()
	sealed := a.Seal.Seal(k.Secret(), totpPurpose(acc.ID))
	return k.Secret(), k.URL(), ticket, a.Store.PutTicket(ctx, hash, Ticket{Kind: "totp", Account: acc.ID, Data: b64(sealed), Expires: a.Now().Add(PopupLife)}, nil)
}

// ConfirmSecond switches the second factor on and returns recovery codes,
// which are shown once.
func (a *Service) ConfirmSecond(ctx context.Context, acc Account, ticket, code string) ([]string, error) {
	t, tries, err := a.Store.TryTicket(ctx, HashToken(ticket), "totp", a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && (t.Account != acc.ID || tries > maxCodeTries) {
		return nil, ErrSecondCode
	}
	if err != nil {
		return nil, err
	}
	sealed, err := unb64(t.Data)
	if err != nil {
		return nil, err
	}
	secret, err := a.Seal.Open(sealed, totpPurpose(acc.ID))
	if err != nil {
		return nil, err
	}
	step, ok := a.totpMatches(secret, code, 0)
	if !ok {
		return nil, ErrSecondCode
	}
	if _, err := a.Store.TakeTicket(ctx, HashToken(ticket), a.Now()); err != nil {
		return nil, ErrSecondCode
	}
	codes, hashes := make([]string, recoveryCodes), make([]string, recoveryCodes)
	for i := range codes {
		b := make([]byte, 10)
		_, _ = rand.Read(b)
		c := strings.ToLower(base32.StdEncoding.EncodeToString(b))
		codes[i] = c[:8] + "-" + c[8:]
		hashes[i] = b64(HashToken(acc.ID.String() + " " + c))
	}
	return codes, a.Store.SetSecond(ctx, acc.ID, sealed, step, hashes)
}

// totpMatches reports the time step of a code that is good now and was not
// used before.
func (a *Service) totpMatches(secret, code string, used int64) (int64, bool) {
	code = strings.ReplaceAll(code, " ", "")
	now := a.Now()
	for d := int64(-1); d <= 1; d++ {
		step := now.Unix()/totpStep + d
		ok, err := totp.ValidateCustom(code, secret, time.Unix(step*totpStep, 0), totp.ValidateOpts{Period: totpStep, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && ok && step > used {
			return step, true
		}
	}
	return 0, false
}

// Second checks an account's second factor: a code of its app, or one of its
// recovery codes. Each works once. needed is false where it is off.
func (a *Service) Second(ctx context.Context, account discuss.ID, code string) (needed bool, err error) {
	sealed, used, left, err := a.Store.SecondOf(ctx, account)
	if err != nil || sealed == nil {
		return false, err
	}
	if code == "" {
		return true, ErrSecond
	}
	secret, err := a.Seal.Open(sealed, totpPurpose(account))
	if err != nil {
		return true, err
	}
	if step, ok := a.totpMatches(secret, code, used); ok {
		return true, a.Store.UseStep(ctx, account, step)
	}
	h := b64(HashToken(account.String() + " " + strings.ReplaceAll(strings.ToLower(strings.TrimSpace(code)), "-", "")))
	for _, l := range left {
		if l == h {
			return true, a.Store.UseRecovery(ctx, account, h)
		}
	}
	return true, ErrSecondCode
}
