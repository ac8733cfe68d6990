package web

import (
	"net/http"
	"slices"

	"parley/internal/web/shape"
)

// operations lists every route below /api/.
func operations() []operation {
	return slices.Concat(readingRoutes(), identityRoutes(), accountRoutes(), keepingRoutes())
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
	idIn struct {
		ID string `path:"id"`
	}
	providerIn struct {
		Provider string `path:"provider"`
	}
	ceremonyRequest struct {
		Ticket string         `json:"ticket"`
		Name   string         `json:"name,omitempty"`
		Answer map[string]any `json:"answer"`
	}
	ceremonyAnswer struct {
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
		{post, "/api/v1/passkeys/register/begin", "Begin adding a passkey", ownAccount, nil, ceremonyAnswer{}, 200, []int{401, 403, 422, 503}, ""},
		{post, "/api/v1/passkeys/register/finish", "Keep the passkey that was made", ownAccount, ceremonyRequest{}, nil, 201, []int{400, 401, 403, 415, 503}, ""},
		{post, "/api/v1/passkeys/login/begin", "Begin a sign-in by passkey", ownPages, nil, ceremonyAnswer{}, 200, []int{403, 429, 503}, ""},
		{post, "/api/v1/passkeys/login/finish", "Sign in by the passkey that answered", ownPages, ceremonyRequest{}, nameOut{}, 200, []int{400, 401, 403, 415, 503}, ""},
		{http.MethodDelete, "/api/v1/passkeys/{id}", "Remove a passkey", ownAccount, idIn{}, nil, 204, []int{401, 403, 404, 409, 503}, ""},
	}
}

const ownAccount = "An account session on our own origin, or a program with the scope admin. What needs it asks for a fresh proof: 403 proof."

func accountRoutes() []operation {
	const me = "/api/v1/me"
	const get, post, put, patch, del = http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete
	read, write := []int{401, 403}, []int{400, 401, 403, 404, 415, 422, 429, 503}
	return []operation{
		{get, me + "/account", "The account, its ways to sign in and its sites", ownAccount, nil, overviewJSON{}, 200, read, ""},
		{patch, me, "Change name, language or mail", ownAccount, meChange{}, meAnswer{}, 200, write, ""},
		{del, me, "Erase the account, in 24 hours", ownAccount, eraseIn{}, eraseOut{}, 202, append([]int{409}, write...), ""},
		{post, me + "/keep", "Do not erase it after all", ownAccount, nil, nil, 204, write, ""},
		{get, me + "/export", "Everything that is kept about the account, as ZIP", ownAccount, nil, nil, 200, append([]int{429}, read...), "application/zip"},
		{get, me + "/sessions", "Where the account is signed in", ownAccount, nil, sessionsJSON{}, 200, read, ""},
		{del, me + "/sessions", "Sign out everywhere else", ownAccount, nil, nil, 204, write, ""},
		{del, me + "/sessions/{id}", "Sign out there", ownAccount, idIn{}, nil, 204, write, ""},
		{get, me + "/tokens", "The account's API tokens", ownAccount, nil, tokensJSON{}, 200, read, ""},
		{post, me + "/tokens", "Make an API token", ownAccount, tokenIn{}, tokenOut{}, 201, write, ""},
		{del, me + "/tokens/{id}", "Revoke an API token", ownAccount, idIn{}, nil, 204, write, ""},
		{put, me + "/picture", "Set the picture; the body is the picture", ownAccount, nil, pictureOut{}, 200, append([]int{413}, write...), ""},
		{del, me + "/picture", "Remove the picture", ownAccount, nil, nil, 204, write, ""},
		{post, me + "/password", "Change the password; other sessions end", ownAccount, passwordIn{}, nil, 204, write, ""},
		{post, me + "/email", "Change the address; a mail confirms it", ownAccount, emailIn{}, nil, 202, write, ""},
		{post, me + "/proof", "Prove anew who one is", ownAccount, proofIn{}, nil, 204, write, ""},
		{del, me + "/identities/{provider}", "Remove a way to sign in", ownAccount, providerIn{}, nil, 204, append([]int{409}, write...), ""},
		{post, me + "/second-factor", "Begin switching the second factor on", ownAccount, nil, secondOut{}, 200, write, ""},
		{put, me + "/second-factor", "Switch it on with a code", ownAccount, secondIn{}, recoveryOut{}, 200, write, ""},
		{del, me + "/second-factor", "Switch it off", ownAccount, nil, nil, 204, write, ""},
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
