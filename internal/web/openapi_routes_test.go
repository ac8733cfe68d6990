package web

import (
	"net/http"
	"slices"

	"parley/internal/web/shape"
)

// operations lists every route below /api/.
func operations() []operation {
	return slices.Concat(readingRoutes(), identityRoutes(), keepingRoutes())
}

type (
	siteIn struct {
		Site string `path:"site"`
	}
	commentIn struct {
		ID string `path:"id"`
	}
	listIn struct {
		Site   string `path:"site"`
		Thread string `query:"thread" required:"true"`
		Sort   string `query:"sort" enum:"best,newest,oldest,controversial"`
		View   string `query:"view" enum:"threads,flat"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	repliesIn struct {
		ID     string `path:"id"`
		Cursor string `query:"cursor"`
		Limit  int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
	countsIn struct {
		Site   string   `path:"site"`
		Thread []string `query:"thread" explode:"true" collectionFormat:"multi" required:"true" maxItems:"100"`
	}
	afterIn struct {
		Site   string `path:"site"`
		Thread string `query:"thread" required:"true"`
		After  int64  `query:"after"`
	}
	latestIn struct {
		Site  string `path:"site"`
		Limit int    `query:"limit" minimum:"1" maximum:"100" default:"20"`
	}
)

func readingRoutes() []operation {
	const get = http.MethodGet
	return []operation{
		{get, "/api/v1/sites/{site}/comments", "A page of a thread", anybody, listIn{}, commentsJSON{}, 200, []int{404, 422}, ""},
		{get, "/api/v1/comments/{id}", "A comment with those above it", anybody, commentIn{}, commentInPlace{}, 200, []int{404}, ""},
		{get, "/api/v1/comments/{id}/replies", "More direct replies", anybody, repliesIn{}, commentList{}, 200, []int{404, 422}, ""},
		{get, "/api/v1/sites/{site}/counts", "Published comments of up to 100 threads", anybody, countsIn{}, countsJSON{}, 200, []int{404, 422}, ""},
		{get, "/api/v1/sites/{site}/events", "What happened in a thread after a number", anybody, afterIn{}, eventsJSON{}, 200, []int{404, 422}, ""},
		{get, "/api/v1/sites/{site}/latest", "The newest comments of a site", anybody, latestIn{}, latestJSON{}, 200, []int{404, 422}, ""},
		{get, "/api/v1/sites/{site}/live", "Upgrades to a WebSocket that tells what happens in a thread", "Pages on the site's list of origins.", afterIn{}, nil, 101, []int{403, 404, 422, 503}, ""},
		{get, "/api/v1/sites/{site}/origin", "Whether the page that asks is on the site's list of origins", "Any page.", siteIn{}, originJSON{}, 200, []int{404}, ""},
	}
}

type (
	registerRequest struct {
		siteIn
		Name     string `json:"name"`
		Email    string `json:"email"`
		Password string `json:"password"`
	}
	mailRequest struct {
		siteIn
		Email string `json:"email"`
	}
	loginRequest struct {
		siteIn
		Email    string `json:"email"`
		Password string `json:"password"`
		Session  string `json:"session,omitempty" enum:"cookie,token,frame" default:"cookie"`
		Code     string `json:"code,omitempty"` // of the second factor, where it is on
	}
	loginAnswer struct {
		Token   string      `json:"token,omitempty"`
		Expires string      `json:"expires_at,omitempty"`
		User    *shape.User `json:"user,omitempty"`
		Site    string      `json:"site,omitempty"`
	}
	claimRequest struct {
		Txn      string `json:"txn"`
		Verifier string `json:"verifier"`
		Bearer   bool   `json:"bearer,omitempty"`
	}
	ssoRequest struct {
		siteIn
		ssoIn
	}
	passkeyLogin struct {
		Ticket string         `json:"ticket"`
		Answer map[string]any `json:"answer"`
	}
	passkeyQuestion struct {
		Ticket  string         `json:"ticket"`
		Options map[string]any `json:"options"`
	}
)

func identityRoutes() []operation {
	const post = http.MethodPost
	return []operation{
		{post, "/api/v1/sites/{site}/register", "Make an account; a mail confirms it", ownPages, registerRequest{}, nil, 202, []int{400, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/sites/{site}/verification", "Send the confirming mail again", ownPages, mailRequest{}, nil, 202, []int{400, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/sites/{site}/login", "Log in, for a cookie or a token", ownPages, loginRequest{}, loginAnswer{}, 200, []int{400, 401, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/sites/{site}/logout", "End the session", member, siteIn{}, nil, 204, []int{403, 404, 503}, ""},
		{post, "/api/v1/sites/{site}/password-reset", "Send a mail that sets a new password", ownPages, mailRequest{}, nil, 202, []int{400, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/auth/claim", "Fetch the session that a sign-in window made", "The page that began the sign-in and holds its verifier.", claimRequest{}, claimAnswer{}, 200, []int{400, 403, 410, 415, 429, 503}, ""},
		{post, "/api/v1/sites/{site}/magic-link", "Mail a link and a code to sign in with", ownPages, mailRequest{}, magicOut{}, 202, []int{400, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/sites/{site}/sso", "Sign a reader in by the site's own token", "Pages on the site's list of origins.", ssoRequest{}, ssoOut{}, 200, []int{400, 401, 403, 404, 415, 422, 429, 503}, ""},
		{post, "/api/v1/passkeys/login/begin", "Begin a sign-in by passkey", ownPages, nil, passkeyQuestion{}, 200, []int{403, 429, 503}, ""},
		{post, "/api/v1/passkeys/login/finish", "Sign in by the passkey that answered", ownPages, passkeyLogin{}, nameOut{}, 200, []int{400, 401, 403, 415, 503}, ""},
	}
}

type (
	standardsQuery struct {
		Site string `path:"site"`
		Lang string `query:"lang"`
	}
)

func keepingRoutes() []operation {
	const path = "/api/v1/sites/{site}/"
	return []operation{
		{http.MethodGet, path + "standards", "The site's community standards", anybody, standardsQuery{}, shape.Standards{}, 200, []int{404}, ""},
	}
}
