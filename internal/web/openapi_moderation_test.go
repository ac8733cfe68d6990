package web

import "net/http"

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
		policyJSON
	}
	trialRequest struct {
		siteIn
		policyJSON
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
		Format string `query:"format" enum:"csv,jsonl"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	settingsRequest struct {
		siteIn
		settingsIn
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
		{post, base + "rules/test", "What words and rules would have done with the last 1,000 comments", reads, trialRequest{}, trialJSON{}, 200, []int{400, 401, 403, 404, 415, 422}, ""},
		{get, base + "audit", "The audit log, newest first; with format the whole as a file, for auditors and admins", reads, auditIn{}, auditPageJSON{}, 200, refused, ""},
		{get, "/api/v1/sites/{site}/settings", "A site's settings; secrets are only said to be set", reads, siteIn{}, settingsOut{}, 200, refused, ""},
		{http.MethodPatch, "/api/v1/sites/{site}/settings", "Change some of a site's settings", admins, settingsRequest{}, settingsOut{}, 200, writes, ""},
	}
}
