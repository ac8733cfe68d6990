// Package checks is the door of a check of an install: an admin makes one, opens
// a page with its token, and reads what the page said of itself.
package checks

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/installcheck"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

const (
	lasts      = time.Hour
	lookEvery  = 15 * time.Second // how often a page is fetched anew that has not reported
	lookTime   = 20 * time.Second // for one fetch and its second
	reportSize = 32 << 10
	cookieName = "__Host-parley-check" // says whether a browser keeps our cookies for a page
)

// Look fetches a page: by its address, and past its cache.
type Look func(ctx context.Context, page string) installcheck.Fetched

// Room is what this audience is served with. Make one with New.
type Room struct {
	Base  string
	Build string
	Look  Look
	Loads edge.PageLoads
	Now   func() time.Time

	kept *kept
}

// New completes a room.
func New(r Room) Room {
	r.kept = &kept{now: r.Now}
	return r
}

// Routes is the room's part of the table.
func (r Room) Routes() []edge.Route {
	const all = "/api/v1/sites/:site/checks"
	const one = all + "/:token"
	admins := edge.Desk(discuss.ActSettings)
	say := edge.Route{
		Method: "POST", Path: one, Summary: "What a page says of itself that was opened with a check's token; text/plain or JSON", Gate: edge.CheckedPage,
		Rate: "check", Limit: reportSize, Errors: []int{404, 413, 422, 429}, In: reportDoc{}, Out: heard{},
	}
	script := edge.Route{
		Method: "GET", Path: one + "/report.js", Summary: "The same, from a page whose policy lets scripts through and no requests", Gate: edge.CheckedPage,
		Rate: "check", Errors: []int{404, 422, 429}, Kind: "text/javascript; charset=utf-8",
	}
	return []edge.Route{
		edge.JSON(edge.Route{Method: "POST", Path: all, Summary: "Begin a check of a page: its address with a token", Gate: admins, Rate: "desk", Status: 201, Strict: true, Errors: []int{400, 401, 403, 404, 413, 415, 422, 429}}, r.begin),
		edge.JSON(edge.Route{Method: "GET", Path: one, Summary: "What a check has found so far", Gate: admins, Errors: []int{401, 403, 404}}, r.read),
		edge.Raw(say, r.say),
		edge.Answer(script, r.script),
	}
}

type beginIn struct {
	Site string `path:"site" json:"-"`
	Page string `json:"page"` // address of a page; "" is the front page of the site's first origin
}

// OptionalBody says that no body is needed.
func (beginIn) OptionalBody() {}

type checkIn struct {
	Site  string `path:"site" json:"-"`
	Token string `path:"token" json:"-"`
}

// Check is how a check of a page stands.
type checkOut struct {
	Token    string  `json:"token"`
	Page     string  `json:"page"`    // that is checked
	Address  string  `json:"address"` // of the page with the token, to be opened
	Expires  string  `json:"expires_at"`
	State    string  `json:"state" enum:"waiting,arrived"`
	Reported *string `json:"reported_at"` // when the page said last what it sees
	By       string  `json:"reported_by"` // the page that did, "" before
	Looked   *string `json:"looked_at"`   // when this server fetched it last
	// Verdict is the worst of what was found; waiting until something was looked at.
	Verdict   string                 `json:"verdict" enum:"waiting,ok,warn,bad"`
	Findings  []installcheck.Finding `json:"findings"`
	FirstSeen *string                `json:"first_seen_at"` // when a page of the site first showed its comments
	LastSeen  *string                `json:"last_seen_at"`  // when of late, to the hour
}

var errPage = discuss.Bad("page", "must be the address of a page, with http or https")

// begin makes a check of a page.
func (r Room) begin(ctx context.Context, q *edge.Request, in beginIn) (checkOut, error) {
	page := strings.TrimSpace(in.Page)
	if page == "" && len(q.Site.Origins) > 0 {
		page = q.Site.Origins[0] + "/"
	}
	u, err := url.Parse(page)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" || u.User != nil || len(page) > discuss.MaxKeyBytes {
		return checkOut{}, errPage
	}
	c := r.kept.add(q.Site.ID, withoutToken(page))
	r.look(c)
	return r.out(ctx, q.Site, c)
}

// read says how a check stands; where the page is silent it is fetched again.
func (r Room) read(ctx context.Context, q *edge.Request, in checkIn) (checkOut, error) {
	c := r.kept.get(in.Token)
	if c == nil || c.site != q.Site.ID {
		return checkOut{}, discuss.ErrNotFound
	}
	r.look(c)
	return r.out(ctx, q.Site, c)
}

func (r Room) out(ctx context.Context, site discuss.Site, c *check) (checkOut, error) {
	seen, err := r.Loads.PageLoad(ctx, site.ID)
	if err != nil {
		return checkOut{}, err
	}
	v := c.copied()
	out := checkOut{Token: v.token, Page: v.page, Address: withToken(v.page, v.token), Expires: shape.Time(v.made.Add(lasts)), State: "waiting"}
	if !seen.First.IsZero() {
		out.FirstSeen, out.LastSeen = shape.Ptr(shape.Time(seen.First)), shape.Ptr(shape.Time(seen.Last))
	}
	if v.said != nil {
		out.State, out.Reported, out.By = "arrived", shape.Ptr(shape.Time(v.saidAt)), v.said.Page
	}
	if v.saw != nil {
		out.Looked = shape.Ptr(shape.Time(v.sawAt))
	}
	out.Findings = installcheck.Findings(installcheck.Seen{
		Base: r.Base, Build: r.Build, Site: site.Key, Name: site.Name, Origins: site.Origins, Origin: v.origin, Kept: v.cookie, Page: v.page, Waited: r.Now().Sub(v.made),
	}, v.said, v.saw)
	out.Verdict = "waiting"
	if v.said != nil || v.saw != nil {
		out.Verdict = installcheck.Verdict(out.Findings)
	}
	return out, nil
}

// look fetches the page, if that is due, without anybody waiting for it.
func (r Room) look(c *check) {
	if r.Look == nil || !c.begins(r.Now()) {
		return
	}
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), lookTime)
		defer cancel()
		saw := r.Look(ctx, c.page)
		c.saws(saw, r.Now())
	}()
}

type reportDoc struct {
	checkIn
	installcheck.Report
}

// heard is what a page is told that says what it sees.
type heard struct {
	Now    int64 `json:"now"`    // this server's clock, in milliseconds
	Listed bool  `json:"listed"` // the page's origin is on the site's list
	Cookie bool  `json:"cookie"` // the cookie of an earlier answer came back
}

// say takes a report. An empty body asks for the answer alone: the clock, and a
// cookie to see whether it comes back.
func (r Room) say(ctx context.Context, q *edge.Request) error {
	c := r.kept.get(q.Params("token"))
	q.Set("Access-Control-Allow-Origin", "*")
	q.Set("Cache-Control", "no-store")
	edge.VaryByOrigin(q.Ctx)
	if c == nil {
		return discuss.ErrNotFound
	}
	site, err := q.Door.SiteByID(ctx, c.site)
	if err != nil {
		return err
	}
	origin := q.Get("Origin")
	out := heard{Now: r.Now().UnixMilli(), Listed: q.Door.Listed(q.Ctx, site, origin), Cookie: q.Cookies(cookieName) == q.Params("token")}
	if out.Listed {
		q.Door.Allow(q.Ctx, site)
		q.Response().Header.Add("Set-Cookie", cookieName+"="+q.Params("token")+"; Path=/; Secure; HttpOnly; SameSite=None; Partitioned; Max-Age=600")
	} else {
		_ = q.Door.RefuseOrigin(q.Ctx, site, origin)
	}
	if body := q.Request().Body(); len(body) > 0 {
		said, err := installcheck.Read(body)
		if err != nil {
			return discuss.Bad("report", "cannot be read")
		}
		c.says(said, "post", origin, out.Cookie, r.Now())
	}
	return edge.SendJSON(q.Ctx, out)
}

type scriptIn struct {
	checkIn
	Report string `query:"r" required:"true" json:"-"` // the report as base64url
}

// script takes a report that comes as a script's address. What it says of its
// origin is the page's word: a module asks with one, and that is believed first.
func (r Room) script(_ context.Context, q *edge.Request, in scriptIn) error {
	c := r.kept.get(in.Token)
	q.Set("Access-Control-Allow-Origin", "*")
	q.Set("Cache-Control", "no-store")
	if c == nil {
		return discuss.ErrNotFound
	}
	b, err := base64.RawURLEncoding.DecodeString(in.Report)
	if err != nil || !json.Valid(b) {
		return discuss.Bad("r", "cannot be read")
	}
	said, err := installcheck.Read(b)
	if err != nil {
		return discuss.Bad("r", "cannot be read")
	}
	c.says(said, "script", q.Get("Origin"), false, r.Now())
	q.Status(http.StatusOK)
	q.Response().Header.SetContentType("text/javascript; charset=utf-8")
	return q.SendString("export {};\n")
}

// withToken is a page's address with the token of a check.
func withToken(page, token string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	if u.RawQuery != "" {
		u.RawQuery += "&"
	}
	u.RawQuery += installcheck.Parameter + "=" + token
	return u.String()
}

// withoutToken is a page's address as it is without the token of an earlier check.
func withoutToken(page string) string {
	u, err := url.Parse(page)
	if err != nil {
		return page
	}
	var kept []string
	for _, p := range strings.Split(u.RawQuery, "&") {
		if p != "" && !strings.HasPrefix(p, installcheck.Parameter+"=") {
			kept = append(kept, p)
		}
	}
	u.RawQuery, u.Fragment = strings.Join(kept, "&"), ""
	return u.String()
}
