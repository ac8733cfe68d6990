package web

import (
	"net/http"
	"slices"
)

// operations lists every route below /api/.
func operations() []operation {
	return slices.Concat(readingRoutes(), writingRoutes(), identityRoutes(), moderationRoutes(), keepingRoutes())
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
	}
}

type (
	postRequest struct {
		Site string `path:"site"`
		Key  string `header:"Idempotency-Key" maxLength:"64"`
		postIn
	}
	editRequest struct {
		commentIn
		editIn
	}
	voteRequest struct {
		commentIn
		Value int `json:"value" minimum:"-1" maximum:"1"`
	}
	reportRequest struct {
		commentIn
		reportIn
	}
	meIn struct {
		Site   string `query:"site" required:"true"`
		Thread string `query:"thread"`
	}
)

func writingRoutes() []operation {
	return []operation{
		{http.MethodPost, "/api/v1/sites/{site}/comments", "Post a comment", mayGuest, postRequest{}, commentOut{}, 201, []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 503}, ""},
		{http.MethodPatch, "/api/v1/comments/{id}", "Edit an own comment", member, editRequest{}, commentOut{}, 200, []int{400, 401, 403, 404, 409, 413, 415, 422, 503}, ""},
		{http.MethodDelete, "/api/v1/comments/{id}", "Delete an own comment", member, commentIn{}, nil, 204, []int{401, 403, 404, 503}, ""},
		{http.MethodGet, "/api/v1/comments/{id}/revisions", "The texts that a comment had", member, commentIn{}, revisionsJSON{}, 200, []int{403, 404}, ""},
		{http.MethodGet, "/api/v1/comments/{id}/source", "The text as it was written, for its author and moderators", member, commentIn{}, sourceJSON{}, 200, []int{401, 403, 404}, ""},
		{http.MethodPut, "/api/v1/comments/{id}/vote", "Vote", member, voteRequest{}, voteJSON{}, 200, []int{400, 401, 403, 404, 409, 415, 422, 429, 503}, ""},
		{http.MethodPost, "/api/v1/comments/{id}/reports", "Report a comment", member, reportRequest{}, nil, 202, []int{400, 401, 403, 404, 415, 422, 429, 503}, ""},
		{http.MethodGet, "/api/v1/me", "What is the caller's own on a site and thread", member, meIn{}, meJSON{}, 200, []int{403, 404}, ""},
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
		Session  string `json:"session,omitempty" enum:"cookie,token" default:"cookie"`
	}
	loginAnswer struct {
		Token   string  `json:"token,omitempty"`
		Expires string  `json:"expires_at,omitempty"`
		User    *meUser `json:"user,omitempty"`
		Site    string  `json:"site,omitempty"`
	}
	claimRequest struct {
		Txn      string `json:"txn"`
		Verifier string `json:"verifier"`
		Bearer   bool   `json:"bearer,omitempty"`
	}
	claimAnswer struct {
		User   meUser `json:"user"`
		Bearer string `json:"bearer,omitempty"`
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
		{post, "/api/v1/auth/claim", "Fetch the session that a sign-in window made", "The page that began the sign-in and holds its verifier.", claimRequest{}, claimAnswer{}, 200, []int{400, 403, 410, 415, 503}, ""},
	}
}

type (
	followRequest struct {
		Site    string `path:"site"`
		Thread  string `query:"thread" required:"true"`
		Comment string `query:"comment"`
	}
	followBody struct {
		URL   string `json:"url,omitempty"`
		Title string `json:"title,omitempty"`
	}
	userIn struct {
		ID string `path:"id"`
	}
	bodyRequest struct {
		siteIn
		bodyIn
	}
	standardsQuery struct {
		Site string `path:"site"`
		Lang string `query:"lang"`
	}
)

func keepingRoutes() []operation {
	const path = "/api/v1/sites/{site}/"
	write := []int{401, 403, 404, 409, 422, 429, 503}
	return []operation{
		{http.MethodPut, path + "follow", "Hear of new comments of a thread, or of replies to one comment", member, pathAndBody{followRequest{}, followBody{}}, nil, 204, append([]int{400, 415}, write...), ""},
		{http.MethodDelete, path + "follow", "Hear of them no more", member, followRequest{}, nil, 204, write, ""},
		{http.MethodPut, "/api/v1/users/{id}/mute", "Fold a person's comments for oneself", member, userIn{}, nil, 204, write, ""},
		{http.MethodDelete, "/api/v1/users/{id}/mute", "Unfold them again", member, userIn{}, nil, 204, write, ""},
		{http.MethodPost, "/api/v1/comments/{id}/restore", "Take one's own deletion back, within seconds", member, commentIn{}, commentOut{}, 200, write, ""},
		{http.MethodPost, path + "preview", "A text as it would be posted", mayGuest, bodyRequest{}, previewJSON{}, 200, append([]int{400, 413, 415}, write...), ""},
		{http.MethodGet, path + "standards", "The site's community standards", anybody, standardsQuery{}, standardsJSON{}, 200, []int{404}, ""},
		{http.MethodPut, path + "standards", "A new version of them", "Admins of the site: an account session on our own origin, or a program with the scope admin.", bodyRequest{}, standardsJSON{}, 200, append([]int{400, 413, 415}, write...), ""},
	}
}
