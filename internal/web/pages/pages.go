// Package pages is the door of documents: the dashboard, the account's page,
// the stand-alone page of a thread, what mailed links lead to, and the rest of
// what our own origin shows to people. What they look like is in *.html.
package pages

import (
	"context"
	"embed"
	"html/template"
	"io/fs"
	"slices"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

//go:embed *.html
var files embed.FS

var documents = edge.ParseDocuments(files, template.FuncMap{"dict": dict}, "*.html")

// dict gives a message its values in a template: names and values in turn.
func dict(pairs ...any) i18n.Values {
	out := i18n.Values{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			out[name] = pairs[i+1]
		}
	}
	return out
}

// Threads is what this room reads and writes of threads.
type Threads interface {
	Thread(ctx context.Context, site discuss.ID, key string) (discuss.Thread, error)
	Search(ctx context.Context, q discuss.SearchQuery) ([]discuss.Found, discuss.Cursor, error)
	Page(ctx context.Context, q discuss.ListQuery, depth int) (discuss.Page, error)
	Comment(ctx context.Context, id discuss.ID) (discuss.Comment, []discuss.Comment, discuss.Thread, error)
	Agree(ctx context.Context, site discuss.Site, who discuss.Actor) error
	Agreed(ctx context.Context, site discuss.Site, who discuss.Actor) (bool, error)
	Card(ctx context.Context, id discuss.ID) (discuss.Card, discuss.Site, error)
	PublishedBy(ctx context.Context, id discuss.ID, limit int) ([]discuss.RemovedComment, error)
	Warnings(ctx context.Context, a discuss.Author) ([]discuss.Note, error)
	StandardsShown(ctx context.Context, site discuss.Site, otherwise string) (discuss.Standards, error)
	Follow(ctx context.Context, site discuss.Site, who discuss.Actor, key string, comment discuss.ID, yes bool) error
	FollowAsGuest(ctx context.Context, site discuss.Site, key string, comment discuss.ID, email string) error
	PersonAt(ctx context.Context, person discuss.ID) (comment discuss.ID, err error)
	AccountOf(ctx context.Context, person discuss.ID) (site, account discuss.ID, err error)
	ToDecide(ctx context.Context, site discuss.Site, who discuss.Actor, id discuss.ID) (discuss.Comment, discuss.Thread, error)

	Post(ctx context.Context, site discuss.Site, who discuss.Actor, d discuss.Draft, once discuss.Once) (discuss.Comment, bool, error)
	NoticeOutcome(ctx context.Context, site discuss.Site, receipt string) (string, error)
	Acknowledge(ctx context.Context, site discuss.Site, who discuss.Actor, id discuss.ID) error
	Notify(ctx context.Context, site discuss.Site, id discuss.ID, n discuss.Notice) (receipt string, err error)
	Decide(ctx context.Context, site discuss.Site, who discuss.Actor, ds []discuss.Decision) (discuss.Outcome, error)
}

// Setup makes the first account and site.
type Setup interface {
	Setup(ctx context.Context, ticket []byte, a auth.Account, site *discuss.Site, now time.Time) (auth.Account, error)
	Fresh(ctx context.Context) (bool, error)
}

// Mails is what the links in mails may change.
type Mails interface {
	ChooseMail(ctx context.Context, author discuss.ID, what, choice string) error
	ChooseNews(ctx context.Context, author discuss.ID, choice string) error
	ConfirmGuest(ctx context.Context, comment discuss.ID, email string) error
	ForgetGuest(ctx context.Context, comment discuss.ID, email string) error
	ConfirmFollow(ctx context.Context, follow discuss.ID, email string) error
	EndFollow(ctx context.Context, follow discuss.ID, email string) error
	StopHeads(ctx context.Context, account discuss.ID) error
	MailChoice(ctx context.Context, author discuss.ID) (replies string, address bool, err error)
}

// Room is what this audience is served with.
type Room struct {
	Discuss   Threads
	Auth      *auth.Service
	Setup     Setup
	Mails     Mails
	Texts     *i18n.Catalogues
	Shape     shape.Shaper
	Key       []byte // signs the links in mails
	Relay     bool   // mail is sent; else it is printed
	Now       func() time.Time
	Build     string // name of this build of the front end
	Docs      fs.FS  // the documentation; nil where it is not served
	Document  func(markdown string) (html string, err error)
	Retention []discuss.Kept // how long what is about people is kept
	Demo      func() string  // where /demo/ leads; "" without the demo
}

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route { return slices.Concat(r.own(), r.ofThreads(), r.mailed()) }

// page is a route that shows a document.
func page(path, summary string, gate edge.Gate, errors ...int) edge.Route {
	return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: gate, Kind: edge.HTML, Errors: errors}
}

// own is what people do with the server itself.
func (r Room) own() []edge.Route {
	setup := edge.Route{Method: "POST", Path: "/setup", Summary: "Make the first account and site", Gate: edge.OwnPages, Rate: "logins", Status: 201, Errors: []int{400, 403, 404, 409, 413, 415, 422, 429, 503}}
	demo := page("/demo/", "The demo's news site", edge.Anybody, 404)
	demo.Status = 302
	text := func(path, kind, summary string) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: edge.Anybody, Kind: kind}
	}
	return []edge.Route{
		edge.Raw(page("/", "What this server is", edge.Anybody), r.front),
		edge.Raw(text("/robots.txt", "text/plain", "What robots shall leave alone"), r.robots),
		edge.Raw(text("/favicon.ico", "image/svg+xml", "The icon of our own pages"), r.icon),
		edge.Raw(page("/dashboard/", "The dashboard", edge.Anyone), r.dashboard),
		edge.Answer(page("/account", "A person's own account", edge.Anyone), r.account),
		edge.Answer(page("/push", "Explains messages to this device, then asks the browser", edge.Anyone), r.push),
		edge.Raw(text("/manifest.webmanifest", "application/manifest+json", "What the account is called on a Home Screen"), r.manifest),
		edge.Raw(page("/setup", "The form that makes the first account", edge.Anybody), r.setupPage),
		edge.JSON(setup, r.setup),
		edge.Raw(page("/docs/", "The documentation", edge.Anybody, 404), r.docsPage),
		edge.Raw(page("/docs/:page", "A page of it", edge.Anybody, 404), r.docsPage),
		edge.Raw(demo, r.demo),
	}
}

// ofThreads is what shows a thread outside the widget.
func (r Room) ofThreads() []edge.Route {
	form := edge.Route{Method: "POST", Path: "/p/:site", Summary: "Post a comment, or sign in, by the page's form", Gate: edge.OwnForm, Rate: "form", Status: 303, Errors: []int{400, 401, 403, 404, 409, 413, 415, 422, 429, 503}}
	link := page("/c/:id", "Leads to a comment on its page", edge.Anybody, 404)
	link.Status = 302
	person := page("/u/:id", "Leads to the newest comment of a person whom another comment names", edge.Anybody, 404)
	person.Status = 302
	return []edge.Route{
		edge.Answer(link, r.permalink),
		edge.Answer(person, r.person),
		edge.Answer(page("/p/:site", "A thread as a page of its own, without a script", edge.Visitor, 404, 422, 429), r.standalone),
		edge.Answer(form, r.standaloneForm),
		edge.Answer(page("/p/:site/people/:id", "What somebody has published on a site, where that has pages of people", edge.PublicSite, 404), r.profile),
		edge.Answer(page("/p/:site/standards", "A site's community standards", edge.PublicSite, 404), r.standards),
		edge.Answer(page("/p/:site/privacy", "What a site's comments keep of people, and for how long", edge.PublicSite, 404), r.privacy),
		edge.Answer(page("/render/:site", "A thread as a piece of HTML", edge.PublicSite, 404, 422, 429, 503), r.render),
		edge.Answer(page("/frame/:site", "The document that mode=frame shows", edge.FramingPage, 403, 404, 422), r.frame),
	}
}

// mailed is what links in mails lead to. A GET never changes anything, because
// programs that scan mail open every link.
func (r Room) mailed() []edge.Route {
	do := func(path, summary, rate string) edge.Route {
		return edge.Route{Method: "POST", Path: path, Summary: summary, Gate: edge.MailLink, Rate: rate, Kind: edge.HTML, Errors: []int{403, 404, 409, 422, 429, 503}}
	}
	return []edge.Route{
		edge.Answer(page("/mail/decide", "Asks whether to decide about a comment", edge.MailLink, 403, 404), r.decidePage),
		edge.Answer(do("/mail/decide", "Decide about a comment by a mailed link", "report"), r.decide),
		edge.Answer(page("/mail/unsubscribe", "Asks what to do about mails", edge.MailLink, 404), r.unsubscribePage),
		edge.Answer(do("/mail/unsubscribe", "Do it, with one click (RFC 8058)", "mailed"), r.unsubscribe),
	}
}
