package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/json"
	"fmt"
	"math/big"
	"time"

	"parley/internal/discuss"
)

// Limits of sign-in by mail.
const (
	MagicLife    = 15 * time.Minute
	maxCodeTries = 5
)

// ErrCode says that a code is wrong, too old, or was tried too often.
var ErrCode = &discuss.Error{Kind: discuss.SignedOut, Code: "code", Detail: "That code doesn't match, or is too old. Ask for a new one."}

// magic is the data of a sign-in by mail. Its ticket's token is what the
// asking browser holds; the link in the mail has a ticket of its own.
type magic struct {
	Code string `json:"code"` // hash
	Link string `json:"link"` // hash of the link's token
}

// MagicLink mails a link and a code to an account's address. The answer is the
// same for an address that nobody has; id is what the code is typed with.
func (a *Service) MagicLink(ctx context.Context, site discuss.Site, lang, email string) (id string, err error) {
	email, err = Email(email)
	if err != nil {
		return "", err
	}
	id, key := NewToken()
	t := Ticket{Kind: "code", Site: site.ID, Expires: a.Now().Add(MagicLife), Data: "{}"}
	acc, err := a.Store.AccountByEmail(ctx, email)
	if discuss.KindOf(err) == discuss.NotFound || err == nil && acc.Site != 0 {
		return id, a.Store.PutTicket(ctx, key, t, nil) // as much work as for a known one
	}
	if err != nil {
		return "", err
	}
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", err
	}
	code := fmt.Sprintf("%06d", n)
	link, linkHash := NewToken()
	data, err := json.Marshal(magic{Code: b64(HashToken(id + " " + code)), Link: b64(linkHash)})
	if err != nil {
		return "", err
	}
	t.Account, t.Data = acc.ID, string(data)
	if err := a.Store.PutTicket(ctx, linkHash, Ticket{Kind: "magic", Account: acc.ID, Site: site.ID, Data: b64(key), Expires: t.Expires}, nil); err != nil {
		return "", err
	}
	m := a.mail("magic", acc.Email, site.Name, lang, a.Link("/auth/magic#"+link), acc)
	m.Code = code
	return id, a.Store.PutTicket(ctx, key, t, m)
}

// MagicCode ends a sign-in by mail with the code that was typed. An account
// with a second factor wants that too; it is asked for before the code is used
// up, so that both can be sent again; checked says that it was.
func (a *Service) MagicCode(ctx context.Context, id, code, second string) (acc Account, checked bool, err error) {
	key := HashToken(id)
	t, tries, err := a.Store.TryTicket(ctx, key, "code", a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && tries > maxCodeTries {
		return acc, false, ErrCode
	}
	if err != nil {
		return acc, false, err
	}
	var m magic
	if err := json.Unmarshal([]byte(t.Data), &m); err != nil {
		return acc, false, err
	}
	if t.Account == 0 || subtle.ConstantTimeCompare([]byte(m.Code), []byte(b64(HashToken(id+" "+code)))) != 1 {
		return acc, false, ErrCode
	}
	if checked, err = a.Second(ctx, t.Account, second); err != nil {
		return acc, false, err
	}
	acc, err = a.prove(ctx, key, t.Account)
	return acc, checked, err
}

// MagicToken ends it with the link, on whatever device that was opened. here
// says that it is the browser that asked, so its window may go on by itself:
// elsewhere it may not, or whoever asks for a link in somebody's name would
// only have to wait until it is pressed. checked says that a second factor was
// asked for and was right; a link takes as many wrong ones as a code does.
func (a *Service) MagicToken(ctx context.Context, token, id, second string) (acc Account, here, checked bool, err error) {
	t, tries, err := a.Store.TryTicket(ctx, HashToken(token), "magic", a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && tries > maxCodeTries {
		return acc, false, false, ErrCode
	}
	if err != nil {
		return acc, false, false, err
	}
	if checked, err = a.Second(ctx, t.Account, second); err != nil {
		return acc, false, false, err
	}
	here = id != "" && t.Data == b64(HashToken(id))
	acc, err = a.prove(ctx, HashToken(token), t.Account)
	return acc, here, checked, err
}

// prove ends the ticket: whoever read the mail is the account's person. An
// account that had never been verified loses what was prepared for it.
func (a *Service) prove(ctx context.Context, key []byte, account discuss.ID) (Account, error) {
	if _, err := a.Store.TakeTicket(ctx, key, a.Now()); err != nil {
		return Account{}, ErrCode
	}
	return a.Store.ProveAddress(ctx, account, a.Now())
}
