// Package desk is the door of those who moderate and own a site: the dashboard's
// lists, decisions, people, rules, audit log and settings.
package desk

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/moderation"
	"parley/internal/notify"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Mails is what of mail the desk changes.
type Mails interface {
	NewsChoice(ctx context.Context, author discuss.ID) (string, error)
	ChooseNews(ctx context.Context, author discuss.ID, choice string) error
	RelayState(ctx context.Context) (notify.RelayState, error)
}

// Send hands a mail to the mail server at once.
type Send func(ctx context.Context, m notify.Message) error

// Room is what this audience is served with. Make one with New.
type Room struct {
	Discuss *discuss.Service
	Auth    *auth.Service
	Engine  *moderation.Engine
	Mails   Mails
	Relay   bool // mail leaves the server; else it is printed to the log
	Send    Send
	Known   Strangers
	Refused edge.RefusedOrigins
	Loads   edge.PageLoads
	Texts   *i18n.Catalogues
	Shape   shape.Shaper
	Now     func() time.Time

	Server    Server         // what operators see and do of all of it
	Retention []discuss.Kept // how long what is about people is kept

	Merges func()     // goes on with merges that are left to the server
	Checks PageChecks // asks pages whether they still answer

	Imports Imports // files of other systems

	Forget    func()              // drops pages that show what has changed
	ForgetAll func()              // and all that is kept of sites and sessions
	Watched   func() []discuss.ID // threads that somebody has open

	told   *serverAlerts
	trying chan struct{} // holds the trial of words and rules that runs
}

// New completes a room.
func New(r Room) Room {
	r.trying, r.told = make(chan struct{}, 1), &serverAlerts{}
	return r
}

// Provider is what people call a provider.
func (r Room) Provider(id string) string { return r.Auth.ProviderLabel(id) }

var (
	refused = []int{401, 403, 404, 422}
	writes  = []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 503}
	drops   = []int{401, 403, 404, 429, 503}
)

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	const site = "/api/v1/sites/:site/"
	const at = site + "moderation/"
	const set = site + "settings"
	get := func(path, summary string, act discuss.Act) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: edge.Desk(act), Errors: refused, Packed: true}
	}
	do := func(method, path, summary string, gate edge.Gate) edge.Route {
		return edge.Route{Method: method, Path: path, Summary: summary, Gate: gate, Rate: "desk", Errors: writes}
	}
	partial := func(e edge.Route) edge.Route { e.Partial = true; return e }
	created := func(e edge.Route) edge.Route { e.Status = 201; return e }
	begun := func(e edge.Route) edge.Route { e.Status = 202; return e }
	patient := func(e edge.Route) edge.Route { e.Patience = mergePatience; return e }
	owner := edge.SiteOwner
	change := edge.JSON(partial(do("PATCH", set, "Change some of a site's settings", edge.Desk(discuss.ActSettings))), r.setSettings)
	change.In = settingsDoc{}
	rules := edge.JSON(do("PUT", at+"rules", "Replace words and rules", edge.Desk(discuss.ActRules)), r.setRules)
	rules.In = rulesDoc{}
	try := edge.JSON(do("POST", at+"rules/test", "Try words and rules on the newest 1,000 comments", edge.Desk(discuss.ActRules)), r.try)
	try.In = trialDoc{}
	csv, lines := get(at+"audit.csv", "The audit log as a file, for auditors and admins", discuss.ActExport), get(at+"audit.jsonl", "The audit log as JSON lines, for auditors and admins", discuss.ActExport)
	csv.Gate, csv.Kind, lines.Gate, lines.Kind = edge.DeskProved(discuss.ActExport), "text/csv", edge.DeskProved(discuss.ActExport), "application/x-ndjson"
	return edge.Strict(append(append(r.serverRoutes(do), r.importRoutes(do)...), []edge.Route{
		edge.JSON(get(at+"queue", "A moderation list", discuss.ActRead), r.queue),
		edge.JSON(get(at+"counts", "How many wait in each list", discuss.ActRead), r.queueCounts),
		edge.JSON(do("POST", at+"look", "Note until when the caller has read what is new", edge.Desk(discuss.ActRead)), r.look),
		edge.JSON(do("POST", at+"decisions", "Decide about comments; each decision succeeds or fails by itself", edge.DeskDecides), r.decide),
		edge.JSON(do("POST", at+"images/:image", "Blur an image, open one that is hidden, or say whether it may stand", edge.Desk(discuss.ActDecide)), r.onImage),
		edge.JSON(do("POST", at+"undo", "Take decisions back, within seconds", edge.DeskDecides), r.undo),
		edge.JSON(get(at+"audit", "The audit log, newest first", discuss.ActRead), r.audit),
		edge.JSON(csv, r.auditFile("csv")),
		edge.JSON(lines, r.auditFile("jsonl")),
		edge.JSON(get(at+"rules", "Words, rules and how the classifier does", discuss.ActRead), r.rules),
		rules,
		try,
		edge.JSON(get(at+"comments", "Search the comments of a site, newest first", discuss.ActRead), r.find),
		edge.JSON(get(at+"comments/:id", "One comment with its context", discuss.ActRead), r.findOne),
		edge.JSON(get(at+"people", "The people of a site, last seen first", discuss.ActRead), r.people),
		edge.JSON(get(at+"people/:id", "One person with record and notes; the address to admins only", discuss.ActRead), r.person),
		edge.JSON(created(do("POST", at+"invitations", "Ask somebody to help run the site, by mail and with a role", edge.DeskProved(discuss.ActRole))), r.invite),
		edge.JSON(edge.Route{Method: "GET", Path: at + "invitations", Summary: "The invitations that nobody has accepted yet, newest first", Gate: edge.Desk(discuss.ActRole), Errors: []int{401, 403, 404}}, r.invitations),
		edge.JSON(do("DELETE", at+"invitations/:id", "Take an invitation back", edge.Desk(discuss.ActRole)), r.uninvite),
		edge.JSON(edge.Route{Method: "GET", Path: at + "claims", Summary: "Who says that imported comments are theirs, first asked first", Gate: edge.Desk(discuss.ActRole), Errors: []int{401, 403, 404}}, r.claims),
		edge.JSON(patient(do("POST", at+"claims/:id", "Say whether they are: the comments are that account's then", edge.Desk(discuss.ActRole))), r.decideClaim),
		edge.JSON(do("POST", at+"people/:id/hand-over", "Make one of the team admin in the caller's place", edge.Desk(discuss.ActRole)), r.handOver),
		edge.JSON(edge.Route{Method: "GET", Path: at + "people/:id/sessions", Summary: "Where one of the team is signed in", Gate: edge.Desk(discuss.ActRole), Errors: []int{401, 403, 404}}, r.sessions),
		edge.JSON(do("DELETE", at+"people/:id/sessions", "Sign one of the team out everywhere", edge.Desk(discuss.ActRole)), r.endSessions),
		edge.JSON(partial(do("POST", at+"people/:id/:act", "Ban, suspend, unban, trust, note, warn; admins: role, expert", edge.DeskPeople)), r.onPerson),
		edge.JSON(get(at+"bans", "The bans that hold, newest first, those of every site among them", discuss.ActRead), r.bans),
		edge.JSON(get(at+"bans/reach", "How many members a ban of a domain or a range would meet", discuss.ActSanction), r.banReach),
		edge.JSON(created(partial(do("POST", at+"bans", "Ban an email domain or an address range", edge.Desk(discuss.ActSanction)))), r.ban),
		edge.JSON(edge.Route{Method: "DELETE", Path: at + "bans/:id", Summary: "Lift a ban; operators: one of every site", Gate: edge.Desk(discuss.ActSanction), Rate: "desk", Errors: drops}, r.liftBan),
		edge.JSON(get(at+"threads", "The threads of a site, newest first", discuss.ActRead), r.threads),
		edge.JSON(partial(do("POST", at+"threads", "Say that a page has a thread, before anybody has written there", edge.Desk(discuss.ActThread))), r.announce),
		edge.JSON(do("PATCH", at+"threads/:id", "Open, close, rename a thread; its mode and aliases", edge.Desk(discuss.ActThread)), r.setThread),
		edge.JSON(patient(do("POST", at+"threads/:id/merge", "Merge a thread into another; 202 where the server goes on with it", edge.Desk(discuss.ActThread))), r.merge),
		edge.JSON(patient(partial(do("POST", at+"threads/remap", "Move pages to other addresses by a pattern, or say what that would do", edge.Desk(discuss.ActThread)))), r.remap),
		edge.JSON(get(at+"threads/merges", "The merges that are under way", discuss.ActRead), r.merges),
		edge.JSON(begun(do("POST", at+"threads/check", "Ask every page of the site whether it still answers, in the background", edge.Desk(discuss.ActThread))), r.checkPages),
		edge.JSON(get(at+"threads/check", "How far the check of the pages is, and what it has found", discuss.ActRead), r.pageCheck),
		edge.JSON(do("DELETE", at+"threads/check", "Stop the check of the pages", edge.Desk(discuss.ActThread)), r.stopCheck),
		edge.JSON(get(at+"mail", "How often the caller is told of new comments by mail", discuss.ActRead), r.news),
		edge.JSON(do("PUT", at+"mail", "Choose how often", edge.Desk(discuss.ActRead)), r.chooseNews),
		edge.JSON(do("PUT", site+"standards", "A new version of the community standards", edge.Desk(discuss.ActSettings)), r.setStandards),
		edge.JSON(get(set, "A site's settings; secrets are only said to be set", discuss.ActRead), r.settings),
		change,
		edge.JSON(get(set+"/retention", "How long what is about people is kept", discuss.ActRead), r.retention),
		edge.JSON(do("POST", set+"/life", "Archive the site or open it again; delete it after a day, or call that off", edge.Desk(discuss.ActSettings)), r.life),
		edge.JSON(created(do("POST", "/api/v1/sites", "Make a site", edge.Operator)), r.newSite),
		edge.JSON(edge.Route{Method: "POST", Path: set + "/mail-test", Summary: "Send a test mail to the caller, now; what the mail server says is the answer", Gate: edge.Desk(discuss.ActSettings), Rate: "mail", Errors: []int{401, 403, 404, 409, 429, 503}, Patience: mailTestTime}, r.testMail),
		edge.JSON(get(set+"/strangers", "How somebody whom the site does not know can comment", discuss.ActSettings), r.strangers),
		edge.JSON(get(set+"/alerts", "What needs the caller: nobody can comment, mail or a provider fails; operators: disk, backups, what was given up", discuss.ActSettings), r.alerts),
		edge.JSON(edge.Route{Method: "GET", Path: set + "/ways", Summary: "The site's own registrations with providers", Gate: owner, Errors: []int{401, 403, 404}}, r.providers),
		edge.JSON(do("PUT", set+"/ways/:provider", "Set one", owner), r.setProvider),
		edge.JSON(do("DELETE", set+"/ways/:provider", "Remove one", owner), r.dropProvider),
		edge.JSON(edge.Route{Method: "GET", Path: set + "/sso-keys", Summary: "The keys for the site's own tokens, not what they are", Gate: owner, Errors: []int{401, 403, 404}}, r.ssoKeys),
		edge.JSON(created(do("POST", set+"/sso-keys", "Make a key for the site's own tokens", owner)), r.makeSSOKey),
		edge.JSON(do("DELETE", set+"/sso-keys/:id", "Revoke one", owner), r.dropSSOKey),
	}...))
}
