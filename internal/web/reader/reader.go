// Package reader is the door of those who take part: what they post, edit,
// delete, vote, report and follow, and what is their own on a page.
package reader

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Mails is what people choose to hear by mail.
type Mails interface {
	ChooseMail(ctx context.Context, author discuss.ID, what, choice string) error
	// MailChoice is how often somebody hears of replies and of what they follow; address says
	// whether they have one that mail goes to.
	MailChoice(ctx context.Context, author discuss.ID) (replies string, address bool, err error)
}

// Room is what this audience is served with.
type Room struct {
	Discuss *discuss.Service
	Mails   Mails
	Shape   shape.Shaper
	Ticket  func(site, author discuss.ID) string // for the socket that tells them what is decided
	Now     func() time.Time
}

// Statuses of problems that most routes of this room may answer.
var (
	refused = []int{403, 404}
	reads   = []int{401, 403, 404}
	writes  = []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 503}
)

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	image := edge.Raw(edge.Route{
		Method: "POST", Path: "/api/v1/sites/:site/images", Summary: "Upload an image for a comment", Gate: edge.OnSite, Rate: "image", Large: true, Member: true, Limit: maxImageForm,
		Status: 201, Errors: writes,
	}, r.addImage)
	image.In, image.Out, image.Takes = onSite{}, imageOut{}, imageForm{}
	return []edge.Route{
		image,
		edge.JSON(edge.Route{Method: "DELETE", Path: "/api/v1/sites/:site/images/:image", Summary: "Take back an image that no comment shows", Gate: edge.OnSite, Rate: "keep", Errors: []int{401, 403, 404, 429, 503}}, r.dropImage),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/sites/:site/comments", Summary: "Post a comment", Gate: edge.OnSiteOrGuest, Rate: "post", Status: 201, Errors: writes}, r.post),
		edge.JSON(edge.Route{Method: "PATCH", Path: "/api/v1/comments/:id", Summary: "Edit an own comment", Gate: edge.OnComment, Rate: "post", Errors: writes}, r.edit),
		edge.JSON(edge.Route{Method: "DELETE", Path: "/api/v1/comments/:id", Summary: "Delete an own comment", Gate: edge.OnComment, Rate: "post", Errors: []int{401, 403, 404, 429, 503}}, r.remove),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/comments/:id/restore", Summary: "Take an own deletion back", Gate: edge.OnComment, Rate: "post", Errors: []int{401, 403, 404, 409, 429, 503}}, r.restore),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/comments/:id/revisions", Summary: "The texts that a comment had", Gate: edge.OnComment, Errors: reads}, r.revisions),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/comments/:id/source", Summary: "The text as it was written, for its author and moderators", Gate: edge.OnComment, Errors: reads}, r.source),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/comments/:id/vote", Summary: "Vote", Gate: edge.OnComment, Rate: "vote", Errors: writes}, r.vote),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/comments/:id/reactions/:name", Summary: "React to a comment, or no longer", Gate: edge.OnComment, Rate: "vote", Errors: writes}, r.react),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/sites/:site/reactions/:name", Summary: "React to a page, or no longer", Gate: edge.OnSite, Rate: "vote", Errors: writes}, r.reactToPage),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/comments/:id/reports", Summary: "Report a comment", Gate: edge.OnComment, Rate: "report", Status: 202, Errors: writes}, r.report),
		edge.JSON(edge.Route{Method: "DELETE", Path: "/api/v1/comments/:id/reports", Summary: "Take an own report back", Gate: edge.OnComment, Rate: "report", Errors: []int{401, 403, 404, 429, 503}}, r.unreport),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/comments/:id/notices", Summary: "Give notice of illegal content", Gate: edge.OnCommentOrGuest, Rate: "report", Status: 202, Errors: []int{400, 403, 404, 415, 422, 429, 503}}, r.notice),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/sites/:site/notices/:receipt", Summary: "What became of a notice", Gate: edge.OnSiteOrGuest, Errors: refused}, r.noticeOutcome),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/me", Summary: "What is the caller's own on a site and thread", Gate: edge.OnQuerySite, Errors: reads}, r.me),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/sites/:site/mentionable", Summary: "Whom a comment on a thread may name", Gate: edge.OnSiteOrGuest, Errors: append([]int{422}, reads...)}, r.mentionable),
		edge.JSON(edge.Route{Method: "GET", Path: "/api/v1/me/mail", Summary: "How often the caller hears by mail of replies on a site, and of what they follow there", Gate: edge.OnQuerySite, Errors: reads}, r.mail),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/me/mail", Summary: "Choose how often", Gate: edge.OnQuerySite, Rate: "keep", Errors: writes}, r.chooseMail),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/sites/:site/follow", Summary: "Follow a thread, or the replies to one comment", Gate: edge.OnSite, Rate: "keep", Errors: writes}, r.follow(true)),
		edge.JSON(edge.Route{Method: "DELETE", Path: "/api/v1/sites/:site/follow", Summary: "Follow it no more", Gate: edge.OnSite, Rate: "keep", Errors: writes}, r.follow(false)),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/sites/:site/follow/guest", Summary: "Follow a thread, or the replies to one comment, by an address whose owner is asked first; the answer is the same for every address", Gate: edge.OnSiteOrGuest, Rate: "mail", Status: 202, Errors: writes}, r.followAsGuest),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/users/:id/mute", Summary: "Mute a person", Gate: edge.OnPerson, Rate: "keep", Errors: []int{401, 403, 404, 409, 422, 429, 503}}, r.mute(true)),
		edge.JSON(edge.Route{Method: "DELETE", Path: "/api/v1/users/:id/mute", Summary: "Mute them no more", Gate: edge.OnPerson, Rate: "keep", Errors: []int{401, 403, 404, 409, 422, 429, 503}}, r.mute(false)),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/sites/:site/warnings/:id/seen", Summary: "Acknowledge a warning", Gate: edge.OnSite, Rate: "keep", Errors: []int{401, 403, 404, 429, 503}}, r.acknowledge),
		edge.JSON(edge.Route{Method: "PUT", Path: "/api/v1/sites/:site/standards/accepted", Summary: "Accept the site's standards as they stand", Gate: edge.OnSite, Rate: "keep", Errors: []int{401, 403, 404, 429, 503}}, r.agree),
		edge.JSON(edge.Route{Method: "POST", Path: "/api/v1/sites/:site/preview", Summary: "Show a text as it would be posted", Gate: edge.OnSiteOrGuest, Rate: "preview", Errors: []int{400, 401, 403, 404, 413, 415, 422, 429, 503}}, r.preview),
	}
}
