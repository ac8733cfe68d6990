package pages

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type standaloneIn struct {
	Site   string           `path:"site" json:"-"`
	Thread edge.OptionalKey `query:"thread" description:"Needed, but for a search." json:"-"`
	Sort   string           `query:"sort" json:"-"`
	Under  string           `query:"under" json:"-"`
	Cursor string           `query:"cursor" json:"-"`
	Q      string           `query:"q" description:"Words to search the site for, or with thread that thread." json:"-"`
	Reply  string           `query:"reply" json:"-"` // the comment to answer
	Said   string           `query:"said" json:"-"`  // what became of a comment that was just posted
	noticeQuery
}

// standalone is /p/{site}?thread=K.
func (r Room) standalone(ctx context.Context, q *edge.Request, in standaloneIn) error {
	if in.Q != "" {
		return r.search(ctx, q, in)
	}
	query := plainQuery{Site: in.Site, Sort: in.Sort, Under: in.Under, Cursor: in.Cursor}
	if err := query.Thread.ReadText("thread", string(in.Thread)); err != nil {
		return err
	}
	var notice *noticeForm
	if in.Notice != "" {
		notice = &noticeForm{Comment: in.Notice}
	}
	said, err := r.noticeSaid(ctx, q, in.Receipt)
	if err != nil {
		return err
	}
	return r.show(ctx, q, query, plainForm{Parent: in.Reply, Said: in.Said}, func(p *plainPage) { p.Notice, p.NoticeSaid = notice, said })
}

// show answers with the page; more fills in what this answer has beside its form.
func (r Room) show(ctx context.Context, q *edge.Request, in plainQuery, form plainForm, more ...func(*plainPage)) error {
	p, err := r.gather(ctx, q, in, discuss.DefaultPageSize)
	if err != nil {
		return err
	}
	p.Form = form
	for _, fill := range more {
		fill(p)
	}
	if err := r.about(ctx, p); err != nil {
		return err
	}
	if q.Who.SignedIn() {
		p.User = &shape.User{ID: q.Who.Account.String(), Name: q.Who.Name}
		warnings, err := r.Discuss.Warnings(ctx, q.Who.Author)
		if err != nil {
			return err
		}
		p.Warnings = shape.Warnings(warnings)
		agreed, err := r.Discuss.Agreed(ctx, q.Site, q.Who)
		if err != nil {
			return err
		}
		if !agreed {
			p.Standards = q.Site.StandardsAt(func(path string) string { return path })
		}
	}
	if err := r.answering(ctx, p); err != nil {
		return err
	}
	if p.Form.Key == "" {
		var key [16]byte
		_, _ = rand.Read(key[:])
		p.Form.Key = base64.RawURLEncoding.EncodeToString(key[:])
	}
	var b bytes.Buffer
	if err := documents.ExecuteTemplate(&b, "page", p); err != nil {
		return err
	}
	h := &q.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "strict-origin-when-cross-origin")
	h.Set("Content-Security-Policy", q.Door.PageCSP(q.Site))
	h.SetContentType(edge.HTML)
	q.Response().SetBodyRaw(b.Bytes())
	return nil
}

// answering names the author of the comment that the form answers; one that
// can't be answered is none.
func (r Room) answering(ctx context.Context, p *plainPage) error {
	if p.Form.Parent == "" {
		return nil
	}
	id, err := discuss.ParseID(p.Form.Parent)
	if err != nil {
		return err
	}
	one, _, at, err := r.Discuss.Comment(ctx, id)
	if err == nil && p.Thread != nil && at.ID.String() == p.Thread.ID && !one.Tombstone() {
		p.Form.ParentName = one.Author.Name
	} else {
		p.Form.Parent = ""
	}
	return nil
}

type standaloneForm struct {
	plainQuery
	Act      string   `form:"act" json:"-"`
	Parent   string   `form:"parent_id" json:"-"`
	Body     string   `form:"body" json:"-"`
	Name     string   `form:"name" json:"-"`
	Key      string   `form:"key" json:"-"`
	Email    string   `form:"email" json:"-"`
	Password string   `form:"password" json:"-"`
	Code     string   `form:"code" json:"-"`
	Accept   string   `form:"accept" json:"-"` // the box beside the standards was ticked
	Seen     []string `form:"seen" json:"-"`   // the warnings whose box was ticked
	noticeFields
}

// standaloneForm takes the form: a comment, or a sign-in by password. The
// session is the first-party one, so only a page of our own origin may post.
func (r Room) standaloneForm(ctx context.Context, q *edge.Request, in standaloneForm) error {
	here := "/p/" + q.Site.Key + plainQuery{Thread: in.Thread}.link()
	if in.Act == "notice" {
		return r.sendNotice(ctx, q, in, here)
	}
	if in.Act == "follow" {
		return r.formFollow(ctx, q, in, here)
	}
	if in.Act == "login" {
		if err := formLogin(ctx, q, in); err != nil {
			return r.refuse(ctx, q, in, err)
		}
		return seeOther(q, here+"#write")
	}
	made, err := r.formPost(ctx, q, in)
	if err != nil {
		return r.refuse(ctx, q, in, err)
	}
	said := "posted"
	if made.Status != discuss.Published {
		said = "awaiting"
	}
	return seeOther(q, here+"&"+url.Values{"said": {said}}.Encode()+"#parley-"+made.ID.String())
}

// formFollow follows the thread: whoever is signed in at once, an address once its
// owner has said yes.
func (r Room) formFollow(ctx context.Context, q *edge.Request, in standaloneForm, here string) error {
	said, follow := "followed", func() error { return r.Discuss.Follow(ctx, q.Site, q.Who, string(in.Thread), 0, true) }
	if !q.Who.SignedIn() {
		said, follow = "follow_asked", func() error {
			email, err := auth.Email(in.Email)
			if err != nil {
				return discuss.Bad("email", "must be one email address")
			}
			if err := q.Door.Limits.Take("mail", q.Door.ClientIP(q.Ctx)); err != nil {
				return err
			}
			return r.Discuss.FollowAsGuest(ctx, q.Site, string(in.Thread), 0, email)
		}
	}
	if err := follow(); err != nil {
		return r.refuse(ctx, q, in, err)
	}
	return seeOther(q, here+"&"+url.Values{"said": {said}}.Encode())
}

func seeOther(q *edge.Request, to string) error {
	q.Set("Content-Security-Policy", q.Door.PageCSP(q.Site))
	return q.Redirect(to, http.StatusSeeOther)
}

// refuse shows the page again with what was typed and why it was not taken.
func (r Room) refuse(ctx context.Context, q *edge.Request, in standaloneForm, err error) error {
	de, err := refusal(err)
	if err != nil {
		return err
	}
	form := plainForm{Parent: in.Parent, Body: in.Body, Name: in.Name, Key: in.Key, Login: in.Email, Problem: de.Detail}
	form.Code = errors.Is(de, auth.ErrSecond) || errors.Is(de, auth.ErrSecondCode)
	if len(de.Fields) > 0 {
		form.Problem = de.Fields[0].Name + " " + de.Fields[0].Message
	}
	words := r.Texts.Words(edge.Wanted(q.Ctx), "page")
	if de.Ban != nil {
		form.Problem = r.keptOut(q, *de.Ban)
	}
	if errors.Is(de, discuss.ErrWarned) { // the form shows the warning, and a box to tick
		form.Problem = words.T("warned_first")
	}
	if errors.Is(de, discuss.ErrSignedOut) && in.Name != "" && !q.Site.Settings.TakesGuests() { // it took them when the form was opened
		form.Problem = words.T("no_guests")
	}
	if de.Puzzle != nil { // a page without a script can't work
		form.Problem = words.T("needs_work")
	}
	q.Status(edge.KindStatus[de.Kind])
	return r.show(ctx, q, in.plainQuery, form)
}

// refusal is what the server said no with; an error that is no refusal stays one.
func refusal(err error) (*discuss.Error, error) {
	var de *discuss.Error
	if !errors.As(err, &de) || de.Kind == discuss.Internal {
		return nil, err
	}
	return de, nil
}

// formPost posts as the JSON route does: the same draft, verb and checks.
func (r Room) formPost(ctx context.Context, q *edge.Request, in standaloneForm) (made discuss.Comment, err error) {
	if err := q.Door.Limits.Take("post", q.Door.ClientIP(q.Ctx)); err != nil { // here, so that the page comes back with what was typed
		return made, err
	}
	for _, v := range in.Seen { // the boxes beside the warnings
		id, err := discuss.ParseID(v)
		if err != nil {
			return made, err
		}
		if err := r.Discuss.Acknowledge(ctx, q.Site, q.Who, id); err != nil {
			return made, err
		}
	}
	if in.Accept != "" {
		if err := r.Discuss.Agree(ctx, q.Site, q.Who); err != nil {
			return made, err
		}
	}
	var parent *string
	if in.Parent != "" {
		parent = &in.Parent
	}
	d, err := q.Draft(string(in.Thread), in.Body, parent)
	if err != nil {
		return made, err
	}
	d.GuestName = in.Name
	digest := sha256.Sum256([]byte(d.ThreadKey + "\x00" + in.Parent + "\x00" + in.Name + "\x00" + in.Body))
	made, _, err = q.Paced(func() (discuss.Comment, bool, error) {
		return r.Discuss.Post(ctx, q.Site, q.Who, d, discuss.Once{Key: in.Key, Digest: digest[:]})
	})
	return made, err
}

func formLogin(ctx context.Context, q *edge.Request, in standaloneForm) error {
	acc, second, err := q.Door.CheckPassword(ctx, q.Ctx, in.Email, in.Password, in.Code)
	if err != nil {
		return err
	}
	_, err = q.Door.StartSession(ctx, q.Ctx, acc, second)
	return err
}
