package desk

import (
	"bytes"
	"context"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// refusedOrigin is a page that was refused of late and is still not on the list.
type refusedOrigin struct {
	Origin string `json:"origin"`
	First  string `json:"first_at"`
	Last   string `json:"last_at"`
	Count  int    `json:"count"`
}

func (r Room) settingsOf(ctx context.Context, site discuss.Site) (settingsOut, error) {
	out := asSettings(site)
	out.Refused, out.Changes = []refusedOrigin{}, map[string]settingChange{}
	list, err := r.Refused.RefusedOrigins(ctx, site)
	if err != nil {
		return out, err
	}
	for _, v := range list {
		out.Refused = append(out.Refused, refusedOrigin{v.Origin, shape.Time(v.First), shape.Time(v.Last), v.Count})
	}
	seen, err := r.Loads.PageLoad(ctx, site.ID)
	if err != nil {
		return out, err
	}
	if !seen.First.IsZero() {
		out.FirstSeen, out.LastSeen = shape.Ptr(shape.Time(seen.First)), shape.Ptr(shape.Time(seen.Last))
	}
	changes, err := r.Discuss.Store.SettingChanges(ctx, site.ID)
	for _, c := range changes {
		if name, ok := settingOf[c.Name]; ok {
			out.Changes[name] = settingChange{c.By, shape.Time(c.At)}
		}
	}
	return out, err
}

// notTaken are what the settings say and a PATCH can't change.
var notTaken = []string{"key", "refused_origins", "first_seen_at", "last_seen_at", "archived_at", "deletes_at", "changes"}

func (r Room) settings(ctx context.Context, q *edge.Request, _ onSite) (settingsOut, error) {
	return r.settingsOf(ctx, q.Site)
}

// patch is a change of settings as it was sent: what it does not name stays as
// it is at the moment of the write.
type patch struct{ raw json.RawMessage }

func (p *patch) UnmarshalJSON(b []byte) error {
	p.raw = bytes.Clone(b)
	return nil
}

// over reads the change over a site's settings.
func (p patch) over(site discuss.Site) (settingsIn, error) {
	in := settingsIn{settings: asSettings(site).settings}
	return in, edge.Unmarshal(p.raw, &in)
}

// setSettings changes the settings that the body names.
func (r Room) setSettings(ctx context.Context, q *edge.Request, p patch) (settingsOut, error) {
	first, err := p.over(q.Site) // refuse what cannot be read before the write begins
	if err != nil {
		return settingsOut{}, err
	}
	err = onlyKnown(p.raw)
	stronger := first.StaffSecond != q.Site.Settings.SignIn.StaffSecond
	if err == nil && (stronger || first.SSORoles && !q.Site.Settings.SignIn.SSORoles || first.guarded(q.Site.Settings.Moderation)) {
		err = q.Door.Proved(q.Caller)
	}
	if err == nil && stronger && first.StaffSecond && !q.Caller.Session.Second {
		err = errOwnSecond
	}
	if err != nil {
		return settingsOut{}, err
	}
	err = r.Discuss.SetSite(ctx, q.Site.ID, q.Who, func(site *discuss.Site) error {
		in, err := p.over(*site)
		if err != nil {
			return err
		}
		if err := in.unchanged(*site); err != nil {
			return err
		}
		return in.into(site)
	})
	if err != nil {
		return settingsOut{}, err
	}
	return r.changed(ctx, q)
}

// changed has everybody see new settings: those who ask, and open pages, if it
// is something that a page shows or keeps to.
func (r Room) changed(ctx context.Context, q *edge.Request) (settingsOut, error) {
	q.Door.ForgetSites()
	r.Forget()
	site, err := q.Door.Site(ctx, q.Site.Key)
	if err != nil {
		return settingsOut{}, err
	}
	was, err := r.OnPages(ctx, q.Site)
	if err != nil {
		return settingsOut{}, err
	}
	is, err := r.OnPages(ctx, site)
	if err != nil {
		return settingsOut{}, err
	}
	if !reflect.DeepEqual(was, is) {
		if err := r.Discuss.Touch(ctx, site.ID, r.Watched()); err != nil {
			return settingsOut{}, err
		}
	}
	return r.settingsOf(ctx, site)
}

// OnPage is what an open page shows of a site, or goes by.
type OnPage struct {
	site      shape.Site
	paths     string
	closeDays int
	closedAll bool
	night     discuss.Night
}

// OnPages is what open pages show of a site as it is.
func (r Room) OnPages(ctx context.Context, site discuss.Site) (OnPage, error) {
	ways, err := r.Auth.Ways(ctx, site)
	m := site.Settings.Moderation
	v := *r.Shape.SiteOf(site, ways)
	v.Night = nil // told by the setting: the next night is another one every day
	return OnPage{v, strings.Join(site.Settings.ClosedPaths, " "), m.CloseDays, m.ClosedAll, m.Night}, err
}

// guarded reports whether a change is about a secret or about where one is sent.
func (in settingsIn) guarded(m discuss.Moderation) bool {
	for _, k := range []struct {
		sent *string
		have string
	}{{in.AkismetKey, m.AkismetKey}, {in.ScorerKey, m.ScorerKey}, {in.HookSecret, m.HookSecret}, {&in.ScorerURL, m.ScorerURL}, {&in.HookURL, m.HookURL}} {
		if k.sent != nil && *k.sent != k.have {
			return true
		}
	}
	return false
}

// settingNames are the fields a PATCH may name.
var settingNames = func() map[string]bool {
	b, _ := json.Marshal(settingsOut{})
	var m map[string]json.RawMessage
	_ = json.Unmarshal(b, &m)
	out := map[string]bool{}
	for name := range m {
		out[name] = !slices.Contains(notTaken, name)
	}
	out["add_origins"], out["remove_origins"], out["was"] = true, true, true
	return out
}()

// onlyKnown refuses settings that do not exist: a misspelt one would look as if
// it had been set.
func onlyKnown(body []byte) error {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(body, &m); err != nil {
		return edge.ErrNotJSON
	}
	for name := range m {
		if !settingNames[name] {
			if len(name) > 40 {
				name = name[:40]
			}
			return discuss.Bad(name, "is no setting that can be changed")
		}
	}
	return nil
}

// errOwnSecond keeps an admin from shutting himself out with everybody else.
var errOwnSecond = &discuss.Error{Kind: discuss.Conflict, Code: "own_second", Detail: "Set up a passkey or a second factor for your own account first, and sign in with it. Then ask it of the others."}

type mailTest struct {
	To string `json:"to"`
}

var errMailOff = &discuss.Error{Kind: discuss.Conflict, Code: "mail_off", Detail: "Mail is off: this server has no relay, and what it would send is printed to its log. Set PARLEY_SMTP_URL and start it again."}

// mailTestTime is more than the mail server is given to take one.
const mailTestTime = 30 * time.Second

// testMail sends a mail to the admin who asks. It does not go through the queue: what the mail
// server says of it is the answer.
func (r Room) testMail(ctx context.Context, q *edge.Request, _ onSite) (mailTest, error) {
	if !r.Relay {
		return mailTest{}, errMailOff
	}
	to := q.Caller.Session.Account.Email
	if !strings.Contains(to, "@") || strings.HasPrefix(to, "@") {
		return mailTest{}, &discuss.Error{Kind: discuss.Conflict, Code: "no_address", Detail: "Your account has no email address."}
	}
	w := r.Texts.Words(q.Get("Accept-Language"), "mail")
	v := i18n.Values{"site": q.Site.Name}
	m, err := notify.Plain(to, q.Site.Name, w.T("test_subject", v), w.T("test_heading"), w.T("test_line"), w.T("test_footer", v))
	if err != nil {
		return mailTest{}, err
	}
	if err := r.Send(ctx, m); err != nil {
		return mailTest{}, &discuss.Error{Kind: discuss.Conflict, Code: "mail_failed", Detail: "The mail server didn't take it: " + strings.TrimSuffix(err.Error(), ".") + "."}
	}
	return mailTest{to}, nil
}

// news is how often a member of staff hears of new comments.
type news struct {
	Often string `json:"new_comments" enum:"each,hourly,daily,never"`
}

type newsIn struct {
	onSite
	news
}

func (r Room) news(ctx context.Context, q *edge.Request, _ onSite) (news, error) {
	often, err := r.Mails.NewsChoice(ctx, q.Who.Author.ID)
	return news{often}, err
}

func (r Room) chooseNews(ctx context.Context, q *edge.Request, in newsIn) (news, error) {
	if !slices.Contains(notify.NewsChoices, in.Often) {
		return news{}, discuss.Bad("new_comments", "must be each, hourly, daily or never")
	}
	if !q.Who.May(discuss.ActPick) { // auditors read, and are told of nothing
		return news{}, discuss.ErrRole
	}
	if q.Who.Author.ID == 0 {
		return news{}, &discuss.Error{Kind: discuss.Conflict, Code: "state", Detail: "You are not a member of this site."}
	}
	return in.news, r.Mails.ChooseNews(ctx, q.Who.Author.ID, in.Often)
}

type standardsIn struct {
	onSite
	Body string `json:"body"`
}

// setStandards gives a site a new version of its community standards, in Markdown.
func (r Room) setStandards(ctx context.Context, q *edge.Request, in standardsIn) (shape.Standards, error) {
	v, err := r.Discuss.SetStandards(ctx, q.Site, q.Who, in.Body)
	if err != nil {
		return shape.Standards{}, err
	}
	r.Forget()
	return shape.Standards{Version: v.Version, URL: q.Site.Settings.Standards, HTML: v.HTML, Updated: shape.Ptr(shape.Time(v.At))}, nil
}
