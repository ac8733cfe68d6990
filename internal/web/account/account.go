// Package account is the door of people's own accounts: profile, sessions,
// tokens, ways to sign in, passkeys, the second factor, export and erasure.
package account

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Judged knows what moderators want of a person, and what they have decided.
type Judged interface {
	Warnings(ctx context.Context, a discuss.Author) ([]discuss.Note, error)
	RemovedOf(ctx context.Context, account discuss.ID) ([]discuss.RemovedComment, error)
	ClaimsOf(ctx context.Context, account discuss.ID) ([]discuss.Claim, error)
	Notifications(ctx context.Context, q discuss.NotificationQuery) (list []discuss.Notification, unread int, err error)
	ReadNotifications(ctx context.Context, account, site, until discuss.ID) error
	AnswerClaim(ctx context.Context, account, person discuss.ID, mine bool) error
}

// Room is what this audience is served with.
type Room struct {
	Auth    *auth.Service
	Discuss Judged
	Push    Push
	Shape   shape.Shaper
	Now     func() time.Time
}

// Statuses of problems that most routes of this room may answer.
var (
	reads   = []int{401, 403}
	acts    = []int{401, 403, 404, 422, 429, 503}
	changes = []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 503}
)

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	const me, passkeys = "/api/v1/me", "/api/v1/passkeys"
	get := func(path, summary string) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: edge.Account, Errors: reads}
	}
	do := func(method, path, summary string, gate edge.Gate, errors []int) edge.Route {
		return edge.Route{Method: method, Path: path, Summary: summary, Gate: gate, Rate: "own", Errors: errors}
	}
	answers := func(status int, e edge.Route) edge.Route { e.Status = status; return e }
	export := get(me+"/export", "Everything that is kept about the account, as ZIP")
	export.Kind, export.Errors = "application/zip", append([]int{429}, reads...)
	decided := get(me+"/decisions", "What moderators decided about the account's comments")
	decided.Gate, decided.Errors = edge.AccountOrSite, append([]int{422}, reads...)
	told := get(me+"/notifications", "What the account is told: answers, mentions, decisions; newest first")
	told.Gate, told.Errors = edge.AccountOrSite, append([]int{404, 422}, reads...)
	picture := do("PUT", me+"/picture", "Set the picture; the body is the picture", edge.Account, changes)
	picture.Status, picture.Out = 200, pictureOut{}
	return append(edge.Strict([]edge.Route{
		edge.JSON(get(me+"/account", "The account, its ways to sign in and its sites"), r.overview),
		edge.JSON(do("PATCH", me, "Change name, language or mail", edge.Account, changes), r.change),
		edge.JSON(answers(202, do("DELETE", me, "Erase the account, in 24 hours; a body {text: keep or remove} says what becomes of its comments, keep without one", edge.FreshAccount, changes)), r.erase),
		edge.JSON(do("POST", me+"/keep", "Do not erase it after all", edge.Account, acts), r.keep),
		edge.JSON(export, r.export),
		edge.JSON(decided, r.decisions),
		edge.JSON(told, r.notifications),
		edge.JSON(do("PUT", me+"/notifications/read", "Note how far it has been read, also for the other open pages", edge.AccountOrSite, changes), r.readNotifications),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/push/key", Summary: "What a browser subscribes with to take this server's messages", Gate: edge.Anybody}, r.pushKey),
		edge.JSON(get(me+"/push", "The devices that take the account's messages, and when it wants quiet"), r.devices),
		edge.JSON(answers(201, do("POST", me+"/push", "Let a device in: what its browser's subscription says", edge.Account, changes)), r.device),
		edge.JSON(do("PUT", me+"/push/choices", "Choose when there is quiet, and how much is shown", edge.Account, changes), r.choosePush),
		edge.JSON(do("DELETE", me+"/push/:id", "Let a device out", edge.Account, acts), r.dropDevice),
		edge.JSON(get(me+"/claims", "Imported comments that may be the account's, by an address or an identity that it has proved"), r.claims),
		edge.JSON(do("POST", me+"/claims/:id", "Say whether they are; the site is asked then", edge.Account, changes), r.answerClaim),
		edge.JSON(get(me+"/sessions", "Where the account is signed in"), r.sessions),
		edge.JSON(do("DELETE", me+"/sessions", "Sign out everywhere else", edge.Account, acts), r.endOthers),
		edge.JSON(do("DELETE", me+"/sessions/:id", "Sign out there", edge.Account, acts), r.end),
		edge.JSON(get(me+"/tokens", "The account's API tokens"), r.tokens),
		edge.JSON(answers(201, do("POST", me+"/tokens", "Make an API token", edge.FreshAccount, changes)), r.makeToken),
		edge.JSON(do("DELETE", me+"/tokens/:id", "Revoke an API token", edge.Account, acts), r.end),
		edge.Raw(picture, r.setPicture),
		edge.JSON(do("DELETE", me+"/picture", "Remove the picture", edge.Account, acts), r.dropPicture),
		edge.JSON(do("POST", me+"/password", "Change the password; other sessions end", edge.Account, changes), r.setPassword),
		edge.JSON(answers(202, do("POST", me+"/email", "Change the address; a mail confirms it", edge.Account, changes)), r.setEmail),
		edge.JSON(do("POST", me+"/proof", "Prove anew who one is", edge.Account, changes), r.prove),
		edge.JSON(do("DELETE", me+"/identities/:provider", "Remove a way to sign in", edge.FreshAccount, append([]int{409}, acts...)), r.unlink),
		edge.JSON(do("POST", me+"/second-factor", "Begin switching the second factor on", edge.GuardedAccount, acts), r.beginSecond),
		edge.JSON(do("PUT", me+"/second-factor", "Switch it on with a code", edge.GuardedAccount, changes), r.confirmSecond),
		edge.JSON(do("DELETE", me+"/second-factor", "Switch it off", edge.GuardedAccount, acts), r.dropSecond),
		edge.JSON(do("DELETE", passkeys+"/:id", "Remove a passkey", edge.GuardedAccount, append([]int{409}, acts...)), r.dropPasskey),
	}),
		// What an authenticator says is the browser's to fill in.
		asked(edge.JSON(do("POST", passkeys+"/register/begin", "Begin adding a passkey", edge.GuardedBrowser, acts), r.beginPasskey)),
		made(edge.JSON(answers(201, do("POST", passkeys+"/register/finish", "Keep the passkey that was made", edge.GuardedBrowser, changes)), r.keepPasskey)),
	)
}

// idIn names one of the account's own things.
type idIn struct {
	ID string `path:"id" json:"-"`
}
