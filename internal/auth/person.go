package auth

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/discuss"
)

// SignUpLife is how long the step that asks a new person for a name waits: as
// long as the window it stands in.
const SignUpLife = PopupLife

// Errors of identities.
var (
	ErrLinkSite  = &discuss.Error{Kind: discuss.Conflict, Code: "site_identity", Detail: "This site runs that sign-in itself, so it can't open an account that is good elsewhere."}
	ErrLinkTaken = &discuss.Error{Kind: discuss.Conflict, Code: "identity_taken", Detail: "That identity belongs to another account already."}
	ErrSignUp    = &discuss.Error{Kind: discuss.NotFound, Code: "expired", Detail: "This sign-in has expired. Start again."}
)

// arrive says who a profile is. An identity is a provider and its subject,
// never an address: whoever holds a known one is that account, a new one waits
// for a name and becomes an account of its own.
func (a *Service) arrive(ctx context.Context, out Arrival, who Profile) (Arrival, error) {
	acc, err := a.Store.UseIdentity(ctx, who.Scope, who.Provider, who.Subject, a.Now())
	known := err == nil
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return out, err
	}
	if out.Trip.Link != 0 {
		if known && acc.ID != out.Trip.Link {
			return out, ErrLinkTaken
		}
		out.Account, out.Linked = out.Trip.Link, true
		if known {
			return out, nil
		}
		return out, a.Store.AddIdentity(ctx, out.Trip.Link, who, a.Now())
	}
	if known {
		out.Account = acc.ID
		return out, nil
	}
	data, err := json.Marshal(signUp{who, out.Trip})
	if err != nil {
		return out, err
	}
	token, hash := NewToken()
	out.SignUp = token
	return out, a.Store.PutTicket(ctx, hash, Ticket{Kind: "signup", Site: out.Site, Data: string(data), Expires: a.Now().Add(SignUpLife)}, nil)
}

// signUp is the data of the ticket that waits for a name.
type signUp struct {
	Who  Profile `json:"who"`
	Trip Trip    `json:"trip"`
}

// Newcomer reads a sign-up that waits for its name.
func (a *Service) Newcomer(ctx context.Context, token string) (Profile, Trip, discuss.ID, error) {
	t, err := a.Store.PeekTicket(ctx, HashToken(token), a.Now())
	if discuss.KindOf(err) == discuss.NotFound || err == nil && t.Kind != "signup" {
		return Profile{}, Trip{}, 0, ErrSignUp
	}
	if err != nil {
		return Profile{}, Trip{}, 0, err
	}
	var s signUp
	err = json.Unmarshal([]byte(t.Data), &s)
	return s.Who, s.Trip, t.Site, err
}

// Introduction is what a new person decides about himself.
type Introduction struct {
	Name        string
	Picture     bool // take the provider's
	MailReplies bool
	Accepted    bool // the box was ticked; asked for where the site asks
}

// Place is where a new person begins.
type Place struct {
	Site     discuss.ID
	Skeleton string // of the name
	Quiet    bool   // wants no mail about replies
	Accepted Acceptance
}

// Introduce ends a sign-up: it makes the account and its identity. The caller
// starts its session and completes the trip's popup.
func (a *Service) Introduce(ctx context.Context, token string, in Introduction) (Account, Trip, error) {
	who, trip, site, err := a.Newcomer(ctx, token)
	if err != nil {
		return Account{}, trip, err
	}
	name, err := a.readerName(in.Name)
	if err != nil {
		return Account{}, trip, err
	}
	place := Place{Site: site, Skeleton: a.Skeleton(name), Quiet: !in.MailReplies}
	if site != 0 {
		at, err := a.Store.SiteByID(ctx, site)
		if err != nil {
			return Account{}, trip, err
		}
		if at.Settings.AskStandards && !in.Accepted {
			return Account{}, trip, discuss.Bad("accepted", "must be ticked: please accept the standards first")
		}
		if place.Accepted, err = a.accept(ctx, site); err != nil {
			return Account{}, trip, err
		}
	}
	acc := Account{Name: name, Email: who.Email, Verified: true, Site: who.Scope}
	acc, err = a.Store.NewPerson(ctx, acc, who, place, a.Now())
	if err != nil { // a name that is taken leaves the step as it was
		return acc, trip, err
	}
	if _, err := a.Store.TakeTicket(ctx, HashToken(token), a.Now()); err != nil {
		return acc, trip, err
	}
	if in.Picture && who.Picture != "" && a.Fetch != nil {
		// A provider's picture is a pleasure, not a condition.
		if id, err := a.takePicture(ctx, acc.ID, who.Picture); err == nil {
			acc.Avatar = id
		}
	}
	return acc, trip, nil
}

// takePicture fetches a picture, draws it anew and keeps it.
func (a *Service) takePicture(ctx context.Context, account discuss.ID, from string) (string, error) {
	raw, err := a.Fetch(ctx, from)
	if err != nil {
		return "", err
	}
	return a.SetPicture(ctx, account, raw)
}

// SetPicture decodes a picture of somebody, draws it anew and keeps it. It
// returns the picture's id.
func (a *Service) SetPicture(ctx context.Context, account discuss.ID, raw []byte) (string, error) {
	if a.Redraw == nil {
		return "", errors.New("no way to draw pictures")
	}
	img, kind, err := a.Redraw(ctx, raw)
	var busy *discuss.Error
	if errors.As(err, &busy) {
		return "", err
	}
	if err != nil {
		return "", discuss.Bad("picture", err.Error())
	}
	var id string
	id, _ = NewToken()
	id = id[:22]
	err = a.Store.PutPicture(ctx, account, Picture{ID: id, Type: kind, Image: img}, a.Now())
	a.Changed()
	return id, err
}

// DropPicture takes an account's picture away.
func (a *Service) DropPicture(ctx context.Context, account discuss.ID) error {
	defer a.Changed()
	return a.Store.PutPicture(ctx, account, Picture{}, a.Now())
}

// Picture is a drawn picture.
type Picture struct {
	ID, Type string
	Image    []byte
}
