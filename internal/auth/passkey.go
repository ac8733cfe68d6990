package auth

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"

	"parley/internal/discuss"
)

// Limits of passkeys.
const (
	passkeyLife = 5 * time.Minute // of one ceremony
	MaxPasskeys = 20
)

// ErrPasskey says that a passkey's answer is not good.
var ErrPasskey = &discuss.Error{Kind: discuss.SignedOut, Code: "passkey", Detail: "That passkey wasn't accepted. Try again, or sign in another way."}

// Passkey is one of an account's, as its list shows it.
type Passkey struct {
	ID      []byte
	Name    string
	Created time.Time
	Used    time.Time // zero: never
	raw     string
}

// holder is an account as the ceremonies know it. Its handle is its id, which
// says nothing about the person.
type holder struct {
	acc  Account
	keys []webauthn.Credential
}

// WebAuthnID is the user handle.
func (h holder) WebAuthnID() []byte { return []byte(h.acc.ID.String()) }

// WebAuthnName is what the device lists the passkey under.
func (h holder) WebAuthnName() string {
	if h.acc.Email != "" {
		return h.acc.Email
	}
	return h.acc.Name
}

// WebAuthnDisplayName is the account's name.
func (h holder) WebAuthnDisplayName() string { return h.acc.Name }

// WebAuthnCredentials are its passkeys.
func (h holder) WebAuthnCredentials() []webauthn.Credential { return h.keys }

// NewPasskey builds a Passkey of a row.
func NewPasskey(id []byte, name, credential string, created, used time.Time) Passkey {
	return Passkey{id, name, created, used, credential}
}

func (a *Service) webauthn() (*webauthn.WebAuthn, error) {
	return webauthn.New(&webauthn.Config{RPID: a.Host, RPDisplayName: "Parley", RPOrigins: a.Origins})
}

func (a *Service) holder(ctx context.Context, acc Account) (holder, error) {
	h := holder{acc: acc}
	list, err := a.Store.Passkeys(ctx, acc.ID)
	if err != nil {
		return h, err
	}
	for _, p := range list {
		var c webauthn.Credential
		if err := json.Unmarshal([]byte(p.raw), &c); err != nil {
			return h, err
		}
		h.keys = append(h.keys, c)
	}
	return h, nil
}

func (a *Service) ceremony(ctx context.Context, kind string, account discuss.ID, s *webauthn.SessionData) (string, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return "", err
	}
	token, hash := NewToken()
	return token, a.Store.PutTicket(ctx, hash, Ticket{Kind: kind, Account: account, Data: string(data), Expires: a.Now().Add(passkeyLife)}, nil)
}

func (a *Service) endCeremony(ctx context.Context, kind, ticket string) (Ticket, webauthn.SessionData, error) {
	var s webauthn.SessionData
	t, err := a.Store.PeekTicket(ctx, HashToken(ticket), a.Now())
	if err == nil && t.Kind == kind {
		t, err = a.Store.TakeTicket(ctx, HashToken(ticket), a.Now())
	} else if err == nil {
		err = discuss.ErrNotFound
	}
	if discuss.KindOf(err) == discuss.NotFound {
		return t, s, ErrPasskey
	}
	if err != nil {
		return t, s, err
	}
	return t, s, json.Unmarshal([]byte(t.Data), &s)
}

// BeginPasskey begins adding a passkey to an account: options for the browser
// and the ceremony's ticket.
func (a *Service) BeginPasskey(ctx context.Context, acc Account) (any, string, error) {
	w, err := a.webauthn()
	if err != nil {
		return nil, "", err
	}
	h, err := a.holder(ctx, acc)
	if err != nil {
		return nil, "", err
	}
	if len(h.keys) >= MaxPasskeys {
		return nil, "", discuss.Bad("passkey", "an account has at most 20")
	}
	opts, s, err := w.BeginRegistration(h, webauthn.WithResidentKeyRequirement(protocol.ResidentKeyRequirementRequired),
		webauthn.WithExclusions(webauthn.Credentials(h.keys).CredentialDescriptors()),
		webauthn.WithAuthenticatorSelection(protocol.AuthenticatorSelection{ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}))
	if err != nil {
		return nil, "", err
	}
	ticket, err := a.ceremony(ctx, "passkey-new", acc.ID, s)
	return opts, ticket, err
}

// EndPasskey keeps the passkey that the browser made.
func (a *Service) EndPasskey(ctx context.Context, acc Account, ticket, name string, answer []byte) error {
	t, s, err := a.endCeremony(ctx, "passkey-new", ticket)
	if err != nil {
		return err
	}
	if t.Account != acc.ID {
		return ErrPasskey
	}
	w, err := a.webauthn()
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(answer)
	if err != nil {
		return ErrPasskey
	}
	h, err := a.holder(ctx, acc)
	if err != nil {
		return err
	}
	c, err := w.CreateCredential(h, s, parsed)
	if err != nil {
		return ErrPasskey
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if name = cut(name, 40); name == "" {
		name = "Passkey"
	}
	return a.Store.PutPasskey(ctx, acc.ID, NewPasskey(c.ID, name, string(raw), a.Now(), time.Time{}), string(raw))
}

// BeginPasskeyLogin begins a sign-in: the device offers the passkeys that it
// holds for us, so no address is asked for and none is confirmed to exist.
func (a *Service) BeginPasskeyLogin(ctx context.Context) (any, string, error) {
	w, err := a.webauthn()
	if err != nil {
		return nil, "", err
	}
	opts, s, err := w.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, "", err
	}
	ticket, err := a.ceremony(ctx, "passkey", 0, s)
	return opts, ticket, err
}

// EndPasskeyLogin says whose passkey answered.
func (a *Service) EndPasskeyLogin(ctx context.Context, ticket string, answer []byte) (Account, error) {
	_, s, err := a.endCeremony(ctx, "passkey", ticket)
	if err != nil {
		return Account{}, err
	}
	w, err := a.webauthn()
	if err != nil {
		return Account{}, err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(answer)
	if err != nil {
		return Account{}, ErrPasskey
	}
	var found Account
	var broken error
	_, c, err := w.ValidatePasskeyLogin(func(_, handle []byte) (webauthn.User, error) {
		id, err := discuss.ParseID(string(handle))
		if err != nil {
			return nil, err
		}
		if found, err = a.Store.AccountByID(ctx, id); err != nil {
			if discuss.KindOf(err) != discuss.NotFound {
				broken = err
			}
			return nil, err
		}
		return a.holder(ctx, found)
	}, s, parsed)
	if broken != nil {
		return Account{}, broken
	}
	if err != nil || !found.Verified || c.Authenticator.CloneWarning {
		return Account{}, ErrPasskey
	}
	raw, err := json.Marshal(c)
	if err != nil {
		return Account{}, err
	}
	return found, errors.Join(err, a.Store.UsePasskey(ctx, c.ID, string(raw), a.Now()))
}
