package web

import (
	"net/http"
	"reflect"
	"strings"
)

// partly is a request that may name any part of the fields: a struct of them
// all with omitempty.
func partly(parts ...any) any {
	var fields []reflect.StructField
	seen := map[string]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for i := t.NumField() - 1; i >= 0; i-- { // an outer field hides the one it embeds
			f := t.Field(i)
			if f.Anonymous {
				walk(f.Type)
				continue
			}
			if name, ok := f.Tag.Lookup("json"); ok {
				name, _, _ = strings.Cut(name, ",")
				if seen[name] {
					continue
				}
				seen[name] = true
				f.Tag = reflect.StructTag(`json:"` + name + `,omitempty"`)
			}
			fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
		}
	}
	for _, p := range parts {
		walk(reflect.TypeOf(p))
	}
	return reflect.New(reflect.StructOf(fields)).Elem().Interface()
}

type (
	queueIn struct {
		Site   string `path:"site"`
		State  string `query:"state" enum:"all,pending,reported,spam,rejected,deleted,decided" default:"pending"`
		Order  string `query:"order" enum:"urgent,oldest,newest" default:"urgent"`
		Check  string `query:"check"`
		Thread string `query:"thread"`
		Author string `query:"author"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	undoRequest struct {
		siteIn
		undoIn
	}
	policyRequest struct {
		siteIn
		Version int64      `json:"version,omitempty"` // the one it was made from; without it the last writer wins
		Banned  []any      `json:"banned,omitempty"`  // words, or {word, lang}
		Suspect []any      `json:"suspect,omitempty"`
		Rules   []ruleJSON `json:"rules,omitempty"`
	}
	trialRequest struct {
		policyRequest
		Pattern string `json:"pattern,omitempty"`
		Action  string `json:"action,omitempty" enum:"hold,reject,spam"`
	}
	auditIn struct {
		Site   string `path:"site"`
		Action string `query:"action"`
		Kind   string `query:"kind"`
		Actor  string `query:"actor"`
		Target string `query:"target"`
		From   string `query:"from"`
		To     string `query:"to"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	findIn struct {
		Site   string `path:"site"`
		Text   string `query:"q" maxLength:"100"`
		Status string `query:"status" enum:"published,pending,rejected,spam,deleted"`
		Thread string `query:"thread"`
		Author string `query:"author"`
		From   string `query:"from"`
		To     string `query:"to"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	oneIn struct {
		Site string `path:"site"`
		ID   string `path:"id"`
	}
	peopleIn struct {
		Site   string `path:"site"`
		Filter string `query:"filter" enum:"new,staff,banned"`
		Search string `query:"q" maxLength:"100"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	personIn struct {
		oneIn
		Act string `path:"act" enum:"ban,suspend,unban,trust,note,warn,role"`
	}
	bansIn struct {
		Site   string `path:"site"`
		Kind   string `query:"kind" enum:"person,domain,range"`
		Search string `query:"q" maxLength:"100"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	threadsIn struct {
		Site   string `path:"site"`
		Filter string `query:"filter" enum:"open,closed"`
		Search string `query:"q" maxLength:"100"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	threadRequest struct {
		oneIn
		threadIn
	}
)

const (
	reads  = "Auditors, staff, moderators and admins of the site: an account session on our own origin, or a program with the scope moderate."
	admins = "Admins of the site: an account session on our own origin, or a program with the scope admin."
)

func moderationRoutes() []operation {
	const base = "/api/v1/sites/{site}/moderation/"
	const get, post, put = http.MethodGet, http.MethodPost, http.MethodPut
	refused := []int{401, 403, 404, 422}
	writes := []int{400, 401, 403, 404, 409, 415, 422, 503}
	return []operation{
		{get, base + "queue", "Comments that wait or were decided, with why", reads, queueIn{}, queueJSON{}, 200, refused, ""},
		{get, base + "counts", "How many wait, as far as most", reads, siteIn{}, queueCountsJSON{}, 200, refused, ""},
		{post, base + "decisions", "Decide on up to 500 comments", moderator, pathAndBody{siteIn{}, []decisionIn{}}, decisionsJSON{}, 200, writes, ""},
		{post, base + "undo", "Take decisions back within ten seconds", moderator, undoRequest{}, undoneJSON{}, 200, writes, ""},
		{get, base + "live", "Upgrades to a WebSocket with hints of what changes", reads, siteIn{}, nil, 101, []int{401, 403, 404, 503}, ""},
		{get, base + "rules", "Words, rules, and how the classifier does", reads, siteIn{}, rulesOut{}, 200, refused, ""},
		{put, base + "rules", "Replace words and rules", moderator, policyRequest{}, policyJSON{}, 200, writes, ""},
		{post, base + "rules/test", "What words and rules would have done with the last 1,000 comments", moderator, trialRequest{}, trialJSON{}, 200, []int{400, 401, 403, 404, 415, 422, 429}, ""},
		{get, base + "audit", "The audit log, newest first", reads, auditIn{}, auditPageJSON{}, 200, refused, ""},
		{get, base + "audit.csv", "The audit log as a file, for auditors and admins", admins, auditIn{}, "", 200, refused, "text/csv"},
		{get, base + "audit.jsonl", "The audit log as JSON lines, for auditors and admins", admins, auditIn{}, "", 200, refused, "application/x-ndjson"},
		{get, base + "comments", "Search the comments of a site, newest first", reads, findIn{}, queueJSON{}, 200, refused, ""},
		{get, base + "comments/{id}", "One comment with its context", reads, oneIn{}, queueJSON{}, 200, refused, ""},
		{get, base + "people", "The people of a site, last seen first", reads, peopleIn{}, peopleJSON{}, 200, refused, ""},
		{get, base + "people/{id}", "One person with record and notes; the address to admins only", reads, oneIn{}, personOut{}, 200, refused, ""},
		{post, base + "people/{id}/{act}", "Ban, suspend, unban, trust, note, warn; admins: role", moderator, partly(personIn{}, sanctionIn{}), personOut{}, 200, writes, ""},
		{get, base + "bans", "The bans that hold, newest first, those of every site among them", reads, bansIn{}, bansJSON{}, 200, refused, ""},
		{post, base + "bans", "Ban an e-mail domain or an address range", moderator, partly(siteIn{}, sanctionIn{}), idOut{}, 201, writes, ""},
		{http.MethodDelete, base + "bans/{id}", "Lift a ban; operators: one of every site", moderator, oneIn{}, nil, 204, []int{401, 403, 404, 503}, ""},
		{get, base + "threads", "The threads of a site, newest first", reads, threadsIn{}, threadsJSON{}, 200, refused, ""},
		{http.MethodPatch, base + "threads/{id}", "Open, close, rename a thread; its mode and aliases", moderator, threadRequest{}, listedJSON{}, 200, writes, ""},
		{get, "/api/v1/sites/{site}/moderation/mail", "How often the caller is told of new comments by mail", reads, siteIn{}, newsJSON{}, 200, refused, ""},
		{http.MethodPut, "/api/v1/sites/{site}/moderation/mail", "Choose how often", reads, partly(siteIn{}, newsJSON{}), newsJSON{}, 200, writes, ""},
		{get, "/api/v1/sites/{site}/settings", "A site's settings; secrets are only said to be set", reads, siteIn{}, settingsOut{}, 200, refused, ""},
		{post, "/api/v1/sites/{site}/settings/mail-test", "Send a test mail to the caller", admins, siteIn{}, mailTestJSON{}, 200, []int{401, 403, 404, 409, 429, 503}, ""},
		{http.MethodPatch, "/api/v1/sites/{site}/settings", "Change some of a site's settings", admins, partly(siteIn{}, settingsIn{}), settingsOut{}, 200, writes, ""},
	}
}
