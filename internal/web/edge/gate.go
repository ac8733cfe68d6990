package edge

import (
	"parley/internal/auth"
	"parley/internal/discuss"
)

// Gate is who may call a route, in words for the description and in deed.
type Gate struct {
	Says string
	open func(q *Request) error
}

// Open reports whether a gate asks nothing of a caller.
func (g Gate) Open() bool { return g.open != nil && g.Says == Anybody.Says }

// Set reports whether a route was given a gate at all.
func (g Gate) Set() bool { return g.open != nil }

const (
	saysMember    = "A widget session of the site, an account session on our own origin, or a program."
	saysGuest     = "A widget session of the site, an account session on our own origin, a program, or a guest where the site allows it."
	saysModerator = "Moderators of the site: an account session on our own origin, or a program with the scope moderate."
	saysAccount   = "An account session on our own origin, or a program with the scope admin. What needs it asks for a fresh proof: 403 proof."
)

// Anybody is the gate of what is the same for everyone; cookies are ignored.
var Anybody = Gate{"Public: the same for everyone, cookies ignored.", func(*Request) error { return nil }}

// OwnPages is the gate of what documents of our origin do by themselves.
var OwnPages = Gate{"Documents of our own origin.", func(q *Request) error { return q.Door.OwnOnly(q.Ctx) }}

// OnSite is the gate of those who take part on the site of the path: signed in
// or not, which is for the verb to judge.
var OnSite = Gate{saysMember, func(q *Request) error { return q.onSite(q.Params("site")) }}

// OnSiteOrGuest is OnSite, for routes that take guests.
var OnSiteOrGuest = Gate{saysGuest, OnSite.open}

// OnQuerySite is OnSite for a site that the query names.
var OnQuerySite = Gate{saysMember, func(q *Request) error { return q.onSite(q.Query("site")) }}

func (q *Request) onSite(key string) (err error) {
	if q.Site, err = q.Door.Site(q.Deadline, key); err != nil {
		return err
	}
	return q.identify()
}

func (q *Request) identify() (err error) {
	q.Caller, err = q.Door.Identify(q.Deadline, q.Ctx, q.Site)
	q.Who = q.Caller.Actor
	return err
}

// OnComment is OnSite for the site of the comment that the path names.
var OnComment = Gate{saysMember, func(q *Request) (err error) {
	if q.ID, err = discuss.ParseID(q.Params("id")); err != nil {
		return err
	}
	site, err := q.Door.Places.SiteOfComment(q.Deadline, q.ID)
	if err != nil {
		return err
	}
	return q.onSiteID(site)
}}

// OnCommentOrGuest is OnComment, for routes that take guests.
var OnCommentOrGuest = Gate{saysGuest, OnComment.open}

// OnPerson is OnSite for the site of the person that the path names.
var OnPerson = Gate{saysMember, func(q *Request) (err error) {
	if q.ID, err = discuss.ParseID(q.Params("id")); err != nil {
		return err
	}
	site, err := q.Door.Places.SiteOfPerson(q.Deadline, q.ID)
	if err != nil {
		return err
	}
	return q.onSiteID(site)
}}

func (q *Request) onSiteID(id discuss.ID) (err error) {
	if q.Site, err = q.Door.SiteByID(q.Deadline, id); err != nil {
		return err
	}
	return q.identify()
}

// Desk is the gate of an administrative act on the site of the path.
func Desk(act discuss.Act) Gate {
	says := saysModerator
	switch act {
	case discuss.ActRead:
		says = "Staff, auditors and moderators of the site: an account session on our own origin, or a program with the scope moderate."
	case discuss.ActSettings, discuss.ActExport, discuss.ActRole:
		says = "Admins of the site: an account session on our own origin, or a program with the scope admin."
	}
	return Gate{says, func(q *Request) error {
		if err := q.onSite(q.Params("site")); err != nil {
			return err
		}
		return q.may(act)
	}}
}

// DeskProved is Desk for acts of people who have shown of late who they are.
func DeskProved(act discuss.Act) Gate {
	g := Desk(act)
	return Gate{g.Says + " It asks for a fresh proof: 403 proof.", func(q *Request) error {
		if err := g.open(q); err != nil {
			return err
		}
		return q.Door.Proved(q.Caller)
	}}
}

// may refuses whoever has not the right to an act: a role that needs a second
// factor first is told so.
func (q *Request) may(act discuss.Act) error {
	switch {
	case !q.Who.SignedIn():
		return discuss.ErrSignedOut
	case q.Who.May(act):
		return nil
	case q.Caller.Weak:
		return auth.ErrSecond
	}
	return discuss.ErrRole
}

// Account is the gate of the caller's own account.
var Account = Gate{saysAccount, func(q *Request) (err error) {
	q.Person, err = q.Door.Account(q.Deadline, q.Ctx)
	return err
}}

// FreshAccount is Account for what must not be done with a session that
// somebody has left open.
var FreshAccount = Gate{saysAccount, func(q *Request) (err error) {
	q.Person, err = q.Door.Fresh(q.Deadline, q.Ctx)
	return err
}}

// GuardedAccount is FreshAccount for what changes how the account is opened.
var GuardedAccount = Gate{saysAccount, func(q *Request) (err error) {
	q.Person, err = q.Door.Guarded(q.Deadline, q.Ctx)
	return err
}}

// GuardedBrowser is GuardedAccount for a person before a browser, never a
// program, whose token would live on in what it makes.
var GuardedBrowser = Gate{"An account session on our own origin, with a fresh proof: 403 proof.", func(q *Request) error {
	if err := GuardedAccount.open(q); err != nil {
		return err
	}
	if q.Person.Kind != auth.AccountSession {
		return discuss.ErrFirstParty
	}
	return nil
}}

// DeskDecides is the gate of decisions about comments: some roles may do some of
// them, and the verb says which.
var DeskDecides = Gate{saysModerator, func(q *Request) error {
	if err := q.onSite(q.Params("site")); err != nil {
		return err
	}
	if err := q.may(discuss.ActDecide); err != nil && !q.Who.May(discuss.ActPick) {
		return err
	}
	return nil
}}

// SiteOwner is the gate of a site's keys: its admins, by an account session or
// a program of all its account's sites, with a fresh proof for what changes.
var SiteOwner = Gate{saysAccount, func(q *Request) (err error) {
	if q.Person, err = q.Door.Account(q.Deadline, q.Ctx); err != nil {
		return err
	}
	if q.Site, err = q.Door.Site(q.Deadline, q.Params("site")); err != nil {
		return err
	}
	if q.Caller, err = q.Door.Actor(q.Deadline, q.Site, q.Person.Session, q.Person.Token); err != nil {
		return err
	}
	q.Who = q.Caller.Actor
	if !q.Who.Can(discuss.Admin) {
		return discuss.ErrRole
	}
	if safe(q.Method()) {
		return nil
	}
	return q.Door.Proved(q.Caller)
}}
