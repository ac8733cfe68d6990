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
	saysOwn       = "Documents of our own origin, and programs."
	saysSession   = "An account session, in documents of our own origin."
	saysListed    = "Pages on the site's list of origins."
	saysMember    = "A widget session of the site, an account session on our own origin, or a program."
	saysGuest     = "A widget session of the site, an account session on our own origin, a program, or a guest where the site allows it."
	saysModerator = "Moderators of the site: an account session on our own origin, or a program with the scope moderate."
	saysAccount   = "An account session on our own origin, or a program with the scope admin. What needs it asks for a fresh proof: 403 proof."
)

// Anybody is the gate of what is the same for everyone; cookies are ignored.
var Anybody = Gate{"Public: the same for everyone, cookies ignored.", func(*Request) error { return nil }}

// PublicSite is Anybody, for routes about the site of the path.
var PublicSite = Gate{Anybody.Says, openSite}

// AnyPage is the gate of what every page may ask about the site of the path.
var AnyPage = Gate{"Any page.", openSite}

// CheckedPage is the gate of what a page says of itself that was opened with the
// token of a check. The site that it names may be the wrong one.
var CheckedPage = Gate{"Any page that was opened with the token of a check.", Anybody.open}

// AnyPreflight is the gate of a browser's question before a call: the answer is
// who may make it.
var AnyPreflight = Gate{"Any page.", Anybody.open}

func openSite(q *Request) (err error) {
	q.Site, err = q.Door.Site(q.Deadline, q.Params("site"))
	return err
}

// OwnPages is the gate of what documents of our origin do by themselves.
var OwnPages = Gate{saysOwn, func(q *Request) error { return q.Door.OwnOnly(q.Ctx) }}

// OwnSite is the gate of what is typed in documents of our own origin about the
// site of the path. A program, which sends no Origin, gets no cookie there.
var OwnSite = Gate{saysOwn, func(q *Request) error {
	q.Set("Cache-Control", "no-store")
	VaryByOrigin(q.Ctx)
	if err := openSite(q); err != nil {
		return err
	}
	if o := q.Get("Origin"); o != "" && !q.Door.OwnOrigin(q.Ctx, o) {
		return discuss.ErrFirstParty
	}
	return nil
}}

// OwnSession is the gate of what documents of our origin do for the account
// that is signed in there.
var OwnSession = Gate{saysSession, func(q *Request) (err error) {
	q.Person.Session, err = q.Door.FirstParty(q.Deadline, q.Ctx)
	return err
}}

// OwnGuarded is GuardedAccount for what documents of our origin do by themselves.
var OwnGuarded = Gate{saysSession, func(q *Request) error {
	if err := q.Door.OwnOnly(q.Ctx); err != nil {
		return err
	}
	return GuardedAccount.open(q)
}}

// ListedWrite is the gate of what pages on the site's list do for whoever looks
// at them, signed in or not.
var ListedWrite = Gate{saysListed, func(q *Request) error {
	if err := openSite(q); err != nil {
		return err
	}
	q.Set("Cache-Control", "no-store")
	if origin, _, ok := q.Door.Allow(q.Ctx, q.Site); !ok {
		return q.Door.RefuseOrigin(q.Ctx, q.Site, origin)
	}
	if q.Get(GuardHeader) != "1" {
		return discuss.ErrOrigin
	}
	return nil
}}

// ClaimingPage is the gate of the page that waits for a sign-in: which one may
// have it, the ticket knows.
var ClaimingPage = Gate{"The page that began the sign-in and holds its verifier.", func(q *Request) error {
	q.Set("Cache-Control", "no-store")
	VaryByOrigin(q.Ctx)
	if q.Get("Origin") == "" || q.Get(GuardHeader) != "1" {
		return discuss.ErrOrigin
	}
	return nil
}}

// Provider is the gate of what providers send: what they say proves itself.
var Provider = Gate{"Providers, who sign what they say or answer what was asked.", Anybody.open}

// Anyone is the gate of pages that everybody may open: what they show depends
// on who looks.
var Anyone = Gate{"Everybody; what is shown depends on who looks.", Anybody.open}

// Visitor is Anyone, for pages about the site of the path: who looks is the
// account of our own origin, if one is signed in there.
var Visitor = Gate{Anyone.Says, func(q *Request) error {
	if err := openSite(q); err != nil {
		return err
	}
	return q.visitor()
}}

// visitor finds out whose account session a document of our origin was opened with.
func (q *Request) visitor() error {
	v, token, err := q.Door.SessionOf(q.Deadline, q.Ctx, AccountCookie, auth.AccountSession)
	if discuss.KindOf(err) == discuss.NotFound {
		return nil
	}
	if err == nil {
		q.Caller, err = q.Door.Actor(q.Deadline, q.Site, v, token)
	}
	q.Who = q.Caller.Actor
	return err
}

// OwnForm is Visitor for the forms of such pages. A form carries no header of
// ours, so its origin alone says where it stood.
var OwnForm = Gate{saysOwn, func(q *Request) error {
	if err := openSite(q); err != nil {
		return err
	}
	VaryByOrigin(q.Ctx)
	if o := q.Get("Origin"); o == "" || !q.Door.OwnOrigin(q.Ctx, o) {
		return discuss.ErrOrigin
	}
	return q.visitor()
}}

// FramingPage is the gate of what one page on the site's list may frame: the
// query says which.
var FramingPage = Gate{saysListed, func(q *Request) error {
	if err := openSite(q); err != nil {
		return err
	}
	if o := q.Query("origin"); !q.Door.Listed(q.Ctx, q.Site, o) {
		return q.Door.RefuseOrigin(q.Ctx, q.Site, o)
	}
	return nil
}}

// MailLink is the gate of what a link in a mail may do: its signature says what.
var MailLink = Gate{"Whoever holds the link of a mail.", Anybody.open}

// Operators is the gate of the server's figures: its settings say who that is.
var Operators = Gate{"This machine, or whom the server's settings name.", Anybody.open}

// ListedPage is the gate of sockets of pages on the site's list.
var ListedPage = Gate{saysListed, func(q *Request) error {
	if err := openSite(q); err != nil {
		return err
	}
	if o := q.Get("Origin"); !q.Door.Listed(q.Ctx, q.Site, o) {
		return q.Door.RefuseOrigin(q.Ctx, q.Site, o)
	}
	return nil
}}

// OnSite is the gate of those who take part on the site of the path: signed in
// or not, which is for the verb to judge.
var OnSite = Gate{saysMember, func(q *Request) error { return q.onSite(q.Params("site")) }}

// OnSiteOrGuest is OnSite, for routes that take guests.
var OnSiteOrGuest = Gate{saysGuest, OnSite.open}

// OnQuerySite is OnSite for a site that the query names.
var OnQuerySite = Gate{saysMember, func(q *Request) error { return q.onSite(q.Query("site")) }}

// AccountOrSite is Account, and OnQuerySite where the query names a site: what a
// person sees of themselves everywhere, and a widget of its own site alone.
var AccountOrSite = Gate{saysAccount + " With site: who may call what is the site's.", func(q *Request) error {
	if q.Query("site") != "" {
		return OnQuerySite.open(q)
	}
	return Account.open(q)
}}

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

// DeskPeople is the gate of acts upon people, one of which is for admins alone:
// the verb says which.
var DeskPeople = Gate{
	"Moderators of the site: an account session on our own origin, or a program with the scope moderate. role: admins of the site, or a program with the scope admin.",
	Desk(discuss.ActNote).open,
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

// Operator is the gate of what concerns the whole instance: those who run it, with
// a fresh proof for what changes.
var Operator = Gate{"Operators: an account session on our own origin, or a program with the scope admin. What changes something asks for a fresh proof: 403 proof.", func(q *Request) (err error) {
	if q.Person, err = q.Door.Account(q.Deadline, q.Ctx); err != nil {
		return err
	}
	if !q.Person.Account.Operator || !q.Person.May("admin") {
		return discuss.ErrRole
	}
	if err := q.strongEnough(); err != nil {
		return err
	}
	q.Caller = Caller{Session: q.Person.Session, Token: q.Person.Token}
	q.Caller.Actor = discuss.Actor{Account: q.Person.Account.ID, Name: q.Person.Account.Name, Role: discuss.Member, Operator: true}
	q.Who = q.Caller.Actor
	if safe(q.Method()) {
		return nil
	}
	return q.Door.Proved(q.Caller)
}}

// strongEnough asks an operator for a second factor as soon as one of the sites
// asks its team for it: all of them are his.
func (q *Request) strongEnough() error {
	if q.Person.Second {
		return nil
	}
	sites, err := q.Door.AllSites(q.Deadline)
	if err != nil {
		return err
	}
	for _, site := range sites {
		if site.Settings.SignIn.StaffSecond {
			return auth.ErrSecond
		}
	}
	return nil
}

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
var DeskDecides = Gate{saysModerator + " feature and unfeature: staff too.", func(q *Request) error {
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
