package web

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"html/template"
	"net/url"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"
	"golang.org/x/net/html"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// The stand-alone page of a thread: readable, paged and postable without
// JavaScript. With it, the same widget takes its place.

// renderMax is how many roots /render/ puts into one answer.
const renderMax = discuss.MaxPageSize

// plainComment is a comment as the templates show it.
type plainComment struct {
	ID, Name, Avatar, Status string
	When                     string // RFC 3339
	Date                     string
	Edited                   bool
	Badges                   []string
	Score                    int
	HTML                     template.HTML
	Kids                     []plainComment
	More                     int    // replies that are not here
	MoreLink, ReplyLink      string // "" where there is none
	Permalink                string
	Words                    i18n.Words
}

// plainPage is everything that one answer shows.
type plainPage struct {
	Words                         i18n.Words
	Site                          *shape.Site
	Thread                        *shape.Thread
	Key, Title, Home, Self, Base  string
	Standalone                    bool
	Comments                      []plainComment
	Above                         []plainComment // of a branch: the comments that lead to it
	Next, Atom, JSON, Whole, Here string
	Data                          template.JS // JSON-LD
	User                          *shape.User
	Warnings                      []shape.Warning // that the user has to acknowledge
	MayPost, MayGuest             bool
	Closing, ClosedOn             string // what is said of the end of the discussion; "" nothing
	Waits                         string // why comments wait at this hour
	Form                          plainForm
	CSP                           string
	Build                         string
}

// plainForm is the form with what has been typed so far.
type plainForm struct {
	Parent, ParentName, Body, Name, Key, Problem, Said, Login string
	Code                                                      bool     // the sign-in asks for a second factor too
	Seen                                                      []string // the warnings whose box was ticked
}

func (s *Server) plain(c *fiber.Ctx, st discuss.Site, words i18n.Words, sort string, rows []discuss.Comment, key string) []plainComment {
	out := make([]plainComment, 0, len(rows))
	for _, r := range rows {
		p := plainComment{
			ID: r.ID.String(), Status: string(r.Status), When: shape.Time(r.Created), Date: r.Created.UTC().Format("2 Jan 2006, 15:04"), Edited: !r.Edited.IsZero(),
			Score: r.Up - r.Down, Permalink: s.cfg.PublicURL + "/c/" + r.ID.String(), Words: words,
			Kids: s.plain(c, st, words, sort, r.Children, key),
		}
		if !r.Tombstone() {
			p.Name, p.Avatar, p.HTML = r.Author.Name, s.shape.Avatar(r.Author), template.HTML(r.HTML) // canonical HTML of our own renderer
			if r.Author.Role.AtLeast(discuss.Moderator) {
				p.Badges = append(p.Badges, words.T("moderator"))
			}
			p.ReplyLink = "?" + url.Values{"thread": {key}, "reply": {p.ID}}.Encode() + "#write"
		}
		if n := r.Kids - len(r.Children); n > 0 {
			p.More, p.MoreLink = n, "?"+url.Values{"thread": {key}, "under": {p.ID}}.Encode()
		}
		out = append(out, p)
	}
	return out
}

// gather fills a page from a query: a page of roots, or the replies under one comment.
func (s *Server) gather(ctx context.Context, c *fiber.Ctx, st discuss.Site, limit int) (*plainPage, error) {
	key, err := threadKey(c)
	if err != nil {
		return nil, err
	}
	words := s.cfg.Texts.Words(edge.Wanted(c), "page")
	out, err := s.siteOut(ctx, st)
	if err != nil {
		return nil, err
	}
	q := discuss.ListQuery{Sort: st.Settings.Sort, View: discuss.ViewThreads, Limit: limit}
	if v := c.Query("sort"); v != "" {
		q.Sort = discuss.Sort(v)
	}
	p := &plainPage{
		Words: words, Site: out, Key: key, Base: s.cfg.PublicURL, Build: s.build, MayPost: true, MayGuest: st.Settings.Guests, Title: key,
		Self: s.cfg.PublicURL + "/p/" + st.Key + "?" + url.Values{"thread": {key}}.Encode(),
		Atom: s.cfg.PublicURL + "/feeds/" + st.Key + ".atom?" + url.Values{"thread": {key}}.Encode(),
		JSON: s.cfg.PublicURL + "/feeds/" + st.Key + ".json?" + url.Values{"thread": {key}}.Encode(),
	}
	p.Whole = "?" + url.Values{"thread": {key}}.Encode()
	p.tellNight(out.Night, s.cfg.Now())
	th, err := s.cfg.Discuss.Store.ThreadByKey(ctx, st.ID, key)
	if discuss.KindOf(err) == discuss.NotFound {
		return p, nil
	}
	if err != nil {
		return nil, err
	}
	p.Thread, p.Title, p.Home, p.MayPost, q.Thread = s.shape.ThreadOf(th, st), titleOf(th), s.homeOf(st, th), th.StateAt(st, s.cfg.Now()) == discuss.Open, th.ID
	p.tellEnd(th.ClosesAt(st, s.cfg.Now()), s.cfg.Now())
	p.tellNight(s.shape.NightOf(st, th), s.cfg.Now())
	if v := c.Query("under"); v != "" {
		if err := s.under(ctx, c, st, p, th, v, &q); err != nil {
			return nil, err
		}
	}
	if q.After, err = discuss.ParseCursor(c.Query("cursor"), q.Sort); err != nil {
		return nil, err
	}
	page, err := s.cfg.Discuss.Page(ctx, q, st.Settings.MaxDepth)
	if err != nil {
		return nil, err
	}
	p.Comments = s.plain(c, st, words, string(q.Sort), page.Comments, key)
	if !page.Next.IsZero() {
		v := url.Values{"thread": {key}, "cursor": {page.Next.String()}}
		for _, name := range []string{"sort", "under"} {
			if c.Query(name) != "" {
				v.Set(name, c.Query(name))
			}
		}
		p.Next = "?" + v.Encode()
	}
	data, err := json.Marshal(linked(p, page.Comments)) // escapes <, > and &
	p.Data = template.JS(data)
	return p, err
}

// closingNotice is how long before its end readers are told when a discussion closes.
const closingNotice = 24 * time.Hour

// tellEnd says when the discussion closes, or when it did. Nobody knows the
// zone of a reader without a script: times are UTC, and say so.
func (p *plainPage) tellEnd(at, now time.Time) {
	switch {
	case at.IsZero():
	case !p.MayPost:
		p.ClosedOn = p.Words.T("closed_on", i18n.Values{"date": plainDay(p.Words, at)})
	case at.Sub(now) < closingNotice:
		p.Closing = p.Words.T("closes", i18n.Values{"date": plainDay(p.Words, at), "time": at.UTC().Format("15:04")})
	}
}

// tellNight says that what everybody writes waits, while it is so.
func (p *plainPage) tellNight(n *shape.Night, now time.Time) {
	p.Waits = ""
	if n != nil && n.Mode == discuss.ModeAll && n.From <= shape.Time(now) {
		p.Waits = p.Words.T("night", i18n.Values{"time": n.Ends().UTC().Format("15:04")})
	}
}

// plainDay is a day as a page without a script can write it: Go knows the
// names of months in English alone.
func plainDay(words i18n.Words, at time.Time) string {
	if words.Lang != i18n.Fallback {
		return at.UTC().Format(time.DateOnly)
	}
	return at.UTC().Format("2 January 2006")
}

// under turns a query into that for the replies of one comment.
func (s *Server) under(ctx context.Context, c *fiber.Ctx, st discuss.Site, p *plainPage, th discuss.Thread, v string, q *discuss.ListQuery) error {
	id, err := discuss.ParseID(v)
	if err != nil {
		return err
	}
	one, above, at, err := s.cfg.Discuss.Comment(ctx, id)
	if err != nil {
		return err
	}
	if at.ID != th.ID {
		return discuss.ErrNotFound
	}
	one.Kids, one.Children = 0, nil
	for i := range above {
		above[i].Kids = 0
	}
	p.Above = s.plain(c, st, p.Words, "", append(above, one), p.Key)
	q.Parent, q.Sort = id, discuss.SortOldest
	return nil
}

type ldComment struct {
	Type    string      `json:"@type"`
	ID      string      `json:"@id"`
	URL     string      `json:"url"`
	Text    string      `json:"text"`
	Created string      `json:"dateCreated"`
	Edited  string      `json:"dateModified,omitempty"`
	Up      int         `json:"upvoteCount"`
	Down    int         `json:"downvoteCount"`
	Author  *ldPerson   `json:"author,omitempty"`
	Replies []ldComment `json:"comment,omitempty"`
}

type ldPerson struct {
	Type string `json:"@type"`
	Name string `json:"name"`
}

type ldPage struct {
	Context  string      `json:"@context"`
	Type     string      `json:"@type"`
	ID       string      `json:"@id"`
	URL      string      `json:"url"`
	Name     string      `json:"name"`
	Count    int         `json:"commentCount"`
	Comments []ldComment `json:"comment"`
}

// linked is the tree of comments as schema.org names it.
func linked(p *plainPage, rows []discuss.Comment) ldPage {
	home := p.Home
	if home == "" {
		home = p.Self
	}
	out := ldPage{Context: "https://schema.org", Type: "WebPage", ID: home, URL: home, Name: p.Title, Comments: ldComments(p.Base, rows)}
	if p.Thread != nil {
		out.Count = p.Thread.Count
	}
	return out
}

func ldComments(base string, rows []discuss.Comment) []ldComment {
	out := []ldComment{}
	for _, r := range rows {
		url := base + "/c/" + r.ID.String()
		l := ldComment{Type: "Comment", ID: url, URL: url, Created: shape.Time(r.Created), Up: r.Up, Down: r.Down, Replies: ldComments(base, r.Children)}
		if !r.Tombstone() {
			l.Text, l.Author = plainText(r.HTML), &ldPerson{"Person", r.Author.Name}
		}
		if !r.Edited.IsZero() {
			l.Edited = shape.Time(r.Edited)
		}
		out = append(out, l)
	}
	return out
}

// plainText is the text of canonical HTML, a line per block.
func plainText(src string) string {
	z := html.NewTokenizer(strings.NewReader(src))
	var b strings.Builder
	for {
		switch z.Next() {
		case html.ErrorToken:
			return strings.TrimSpace(b.String())
		case html.TextToken:
			b.Write(z.Text())
		case html.EndTagToken, html.SelfClosingTagToken:
			switch name, _ := z.TagName(); string(name) {
			case "p", "li", "pre", "br", "blockquote", "h3", "h4", "h5", "h6", "tr":
				b.WriteByte('\n')
			}
		case html.StartTagToken:
			if name, _ := z.TagName(); string(name) == "br" {
				b.WriteByte('\n')
			}
		}
	}
}

// getRender is the thread as a piece of HTML, for pages that put it in on the
// server or when they are built, and for search engines.
func (s *Server) getRender(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	p, err := s.gather(ctx, c, st, renderMax)
	if err != nil {
		return err
	}
	p.MayPost = false
	for i := range p.Comments {
		noReplies(&p.Comments[i], s.cfg.PublicURL+"/p/"+st.Key)
	}
	if p.Next != "" {
		p.Next = s.cfg.PublicURL + "/p/" + st.Key + p.Next
	}
	var b bytes.Buffer
	if err := standalone.ExecuteTemplate(&b, "render", p); err != nil {
		return err
	}
	c.Response().Header.Add("Vary", "Accept-Language")
	return s.sendPublic(c, b.Bytes(), "text/html; charset=utf-8")
}

func noReplies(p *plainComment, page string) {
	p.ReplyLink = ""
	if p.MoreLink != "" {
		p.MoreLink = page + p.MoreLink
	}
	for i := range p.Kids {
		noReplies(&p.Kids[i], page)
	}
}

// getStandalone is /p/{site}?thread=K.
func (s *Server) getStandalone(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	return s.showStandalone(ctx, c, st, plainForm{Parent: c.Query("reply"), Said: c.Query("said")})
}

func (s *Server) showStandalone(ctx context.Context, c *fiber.Ctx, st discuss.Site, form plainForm) error {
	p, err := s.gather(ctx, c, st, discuss.DefaultPageSize)
	if err != nil {
		return err
	}
	p.Standalone, p.Form = true, form
	if v, token, err := s.SessionOf(ctx, c, edge.AccountCookie, auth.AccountSession); err == nil {
		p.User = &shape.User{ID: v.Account.ID.String(), Name: v.Account.Name}
		who, err := s.Actor(ctx, st, v, token)
		if err != nil {
			return err
		}
		warnings, err := s.cfg.Discuss.Warnings(ctx, who.Actor.Author)
		if err != nil {
			return err
		}
		p.Warnings = shape.Warnings(warnings)
	}
	if p.Form.Parent != "" {
		id, err := discuss.ParseID(p.Form.Parent)
		if err != nil {
			return err
		}
		if one, _, at, err := s.cfg.Discuss.Comment(ctx, id); err == nil && p.Thread != nil && at.ID.String() == p.Thread.ID && !one.Tombstone() {
			p.Form.ParentName = one.Author.Name
		} else {
			p.Form.Parent = ""
		}
	}
	if p.Form.Key == "" {
		var key [16]byte
		_, _ = rand.Read(key[:])
		p.Form.Key = base64.RawURLEncoding.EncodeToString(key[:])
	}
	p.Here = c.OriginalURL()
	var b bytes.Buffer
	if err := standalone.ExecuteTemplate(&b, "page", p); err != nil {
		return err
	}
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Content-Security-Policy", s.ownCSP(st))
	h.SetContentType("text/html; charset=utf-8")
	c.Response().SetBodyRaw(b.Bytes())
	return nil
}

// ownCSP is the policy of our pages that the site's own pages may frame.
func (s *Server) ownCSP(st discuss.Site) string {
	live := "ws" + strings.TrimPrefix(s.Own, "http")
	return "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' " + s.Own + "; connect-src 'self' " + s.Own + " " + live +
		"; form-action 'self'; base-uri 'none'; frame-ancestors 'self' " + strings.Join(st.Origins, " ") + "; require-trusted-types-for 'script'; trusted-types 'none'"
}

// postStandalone takes the form: a comment, or a sign-in by password. The
// session is the first-party one, so only a page of our own origin may post.
func (s *Server) postStandalone(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Params("site"))
	if err != nil {
		return err
	}
	edge.VaryByOrigin(c)
	if o := c.Get("Origin"); o == "" || !s.OwnOrigin(c, o) {
		return discuss.ErrOrigin
	}
	sent, err := edge.Form(c, MaxBody)
	if err != nil {
		return err
	}
	form := plainForm{Parent: sent.Get("parent_id"), Body: sent.Get("body"), Name: sent.Get("name"), Key: sent.Get("key"), Login: sent.Get("email"), Seen: sent["seen"]}
	here := "/p/" + st.Key + "?" + url.Values{"thread": {c.Query("thread")}}.Encode()
	if sent.Get("act") == "login" {
		if err := s.formLogin(ctx, c, form.Login, sent.Get("password"), sent.Get("code")); err != nil {
			return s.refuseForm(ctx, c, st, form, err)
		}
		return s.seeOther(c, st, here+"#write")
	}
	made, err := s.formPost(ctx, c, st, form)
	if err != nil {
		return s.refuseForm(ctx, c, st, form, err)
	}
	said := "posted"
	if made.Status != discuss.Published {
		said = "awaiting"
	}
	return s.seeOther(c, st, here+"&"+url.Values{"said": {said}}.Encode()+"#parley-"+made.ID.String())
}

func (s *Server) seeOther(c *fiber.Ctx, st discuss.Site, to string) error {
	c.Set("Content-Security-Policy", s.ownCSP(st))
	return c.Redirect(to, fiber.StatusSeeOther)
}

// refuseForm shows the page again with what was typed and why it was not taken.
func (s *Server) refuseForm(ctx context.Context, c *fiber.Ctx, st discuss.Site, form plainForm, err error) error {
	var de *discuss.Error
	if !errors.As(err, &de) || de.Kind == discuss.Internal {
		return err
	}
	form.Problem, form.Code = de.Detail, errors.Is(err, auth.ErrSecond) || errors.Is(err, auth.ErrSecondCode)
	if len(de.Fields) > 0 {
		form.Problem = de.Fields[0].Name + " " + de.Fields[0].Message
	}
	if errors.Is(err, discuss.ErrWarned) { // the form shows the warning, and a box to tick
		form.Problem = s.cfg.Texts.Words(edge.Wanted(c), "page").T("warned_first")
	}
	if de.Puzzle != nil { // a page without a script can't work
		form.Problem = s.cfg.Texts.Words(edge.Wanted(c), "page").T("needs_work")
	}
	c.Status(edge.KindStatus[de.Kind])
	return s.showStandalone(ctx, c, st, form)
}

func (s *Server) formPost(ctx context.Context, c *fiber.Ctx, st discuss.Site, form plainForm) (discuss.Comment, error) {
	var made discuss.Comment
	key, err := threadKey(c)
	if err != nil {
		return made, err
	}
	if err := s.Limits.Take("post", s.ClientIP(c)); err != nil {
		return made, err
	}
	var who edge.Caller
	v, token, err := s.SessionOf(ctx, c, edge.AccountCookie, auth.AccountSession)
	switch {
	case err == nil:
		if who, err = s.Actor(ctx, st, v, token); err != nil {
			return made, err
		}
	case discuss.KindOf(err) != discuss.NotFound:
		return made, err
	}
	for _, v := range form.Seen { // the boxes beside the warnings
		id, err := discuss.ParseID(v)
		if err != nil {
			return made, err
		}
		if err := s.cfg.Discuss.Acknowledge(ctx, st, who.Actor, id); err != nil {
			return made, err
		}
	}
	d := discuss.Draft{ThreadKey: key, Body: form.Body, GuestName: form.Name, IP: s.ClientAddr(c), Agent: c.Get("User-Agent")}
	if form.Parent != "" {
		if d.Parent, err = discuss.ParseID(form.Parent); err != nil {
			return made, discuss.Bad("parent_id", "is not a comment of this thread")
		}
	}
	digest := sha256.Sum256([]byte(key + "\x00" + form.Parent + "\x00" + form.Name + "\x00" + form.Body))
	made, _, err = s.cfg.Discuss.Post(ctx, st, who.Actor, d, discuss.Once{Key: form.Key, Digest: digest[:]})
	return made, err
}

func (s *Server) formLogin(ctx context.Context, c *fiber.Ctx, email, password, code string) error {
	acc, second, err := s.checkLogin(ctx, c, email, password, code)
	if err != nil {
		return err
	}
	return s.signedIn(ctx, c, acc, second)
}
