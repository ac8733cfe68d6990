package web

import (
	"encoding/json"
	"errors"
	"html/template"
	"strings"
	"unicode/utf8"

	"github.com/gofiber/fiber/v2"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/web/edge"
)

// popupMeta is what the sign-in window knows when it opens.
type popupMeta struct {
	Site         string     `json:"site,omitempty"`
	Origin       string     `json:"origin,omitempty"`
	Return       string     `json:"return,omitempty"`    // where no window could be opened: the page to go back to
	Challenge    string     `json:"challenge,omitempty"` // with it
	Proof        string     `json:"proof,omitempty"`     // that the page asked by itself
	Way          string     `json:"way,omitempty"`       // what the reader has chosen already
	Label        string     `json:"label,omitempty"`     // of that way
	Step         string     `json:"step,omitempty"`
	Ways         []auth.Way `json:"ways"`
	Registration bool       `json:"registration"`
	User         *popupUser `json:"user,omitempty"`
	Newcomer     *popupUser `json:"newcomer,omitempty"`
	SSO          string     `json:"sso,omitempty"` // the site's own log-in page
}

type popupUser struct {
	Name    string `json:"name"`
	Picture bool   `json:"picture"`
	Mail    bool   `json:"mail"` // an address is known, so mail can be chosen
}

// popupSteps are the steps that the address may ask for; any other is the first.
var popupSteps = map[string]bool{"name": true, "denied": true, "failed": true, "expired": true, "done": true, "taken": true}

// pagePopup is the sign-in window of one site, for a widget on one origin.
func (s *Server) pagePopup(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Query("site"))
	if err != nil {
		return err
	}
	m := popupMeta{Site: st.Key, Origin: c.Query("origin"), Registration: st.Settings.Registration && !st.Settings.SignIn.NoAccounts, Way: c.Query("provider")}
	if !s.Listed(c, st, m.Origin) { // a person looks at this: whoever runs the page should learn why
		_ = s.RefuseOrigin(c, st, m.Origin)
		c.Status(fiber.StatusForbidden)
		return s.popup(c, popupMeta{Step: "origin"}, st.Name, "")
	}
	if page := c.Query("return"); page != "" {
		err := s.mayReturn(ctx, c, st, m.Origin, page, c.Query("proof"))
		if errors.Is(err, discuss.ErrOrigin) {
			c.Status(fiber.StatusForbidden)
			return s.popup(c, popupMeta{Step: "expired"}, st.Name, "")
		}
		if err != nil {
			return err
		}
		m.Return, m.Challenge, m.Proof = page, c.Query("challenge"), s.returnProof(st, m.Origin, page)
	}
	if popupSteps[c.Query("step")] {
		m.Step = c.Query("step")
	}
	if m.Ways, err = s.cfg.Auth.Ways(ctx, st); err != nil {
		return err
	}
	m.SSO = st.Settings.SignIn.SSOLogin
	for _, w := range m.Ways {
		if w.ID == m.Way {
			m.Label = w.Label
		}
	}
	if m.Label == "" {
		m.Way = ""
	}
	if m.Step == "name" {
		who, _, _, err := s.cfg.Auth.Newcomer(ctx, c.Cookies(newcomerCookie))
		if err != nil {
			m.Step = "expired"
		} else {
			m.Label, m.Newcomer = who.Label, &popupUser{Name: who.Name, Picture: who.Picture != "", Mail: who.Email != ""}
		}
	}
	if v, _, err := s.SessionOf(ctx, c, edge.AccountCookie, auth.AccountSession); err == nil && (v.Account.Site == 0 || v.Account.Site == st.ID) {
		m.User = &popupUser{Name: v.Account.Name}
	}
	return s.popup(c, m, st.Name, st.Settings.Standards)
}

func (s *Server) popup(c *fiber.Ctx, m popupMeta, site, standards string) error {
	if m.Ways == nil {
		m.Ways = []auth.Way{}
	}
	b, err := json.Marshal(m)
	if err != nil {
		return err
	}
	first, _ := utf8.DecodeRuneInString(site)
	words := pageWords{s.cfg.Texts.Words(edge.Wanted(c), "popup"), site}
	return s.page(c, popupPage, map[string]any{"W": words, "Meta": string(b), "Site": site, "Letter": strings.ToUpper(string(first)), "Registration": m.Registration, "Standards": standards})
}

// pageWords are the texts of one of our documents about one site.
type pageWords struct {
	i18n.Words
	site string
}

// T is a text with the site's name in it.
func (w pageWords) T(key string) string { return w.Words.T(key, i18n.Values{"site": w.site}) }

// mark stands where a text has a part that the page itself fills.
const mark = "\x00"

// Before is a text up to its {email}, After the rest of it.
func (w pageWords) Before(key string) string {
	before, _, _ := strings.Cut(w.Words.T(key, i18n.Values{"email": mark}), mark)
	return before
}

// After is the part of a text after its {email}.
func (w pageWords) After(key string) string {
	_, after, _ := strings.Cut(w.Words.T(key, i18n.Values{"email": mark}), mark)
	return after
}

// pageTicket is where a mailed link leads. The link's secret stands behind the
// #, so no log and no scanner that follows links ever sends it; the page's
// button does, by POST.
func (s *Server) pageTicket(step string) fiber.Handler {
	return func(c *fiber.Ctx) error { return s.popup(c, popupMeta{Step: step}, "Parley", "") }
}

// pageSSO is where a site's own log-in page leads back to, with its token
// behind the #.
func (s *Server) pageSSO(c *fiber.Ctx) error {
	ctx, done := edge.Deadline()
	defer done()
	st, err := s.Site(ctx, c.Query("site"))
	if err != nil {
		return err
	}
	return s.popup(c, popupMeta{Site: st.Key, Step: "sso"}, st.Name, "")
}

// sprite is the icons of our own documents.
const sprite = `<svg width="0" height="0" hidden aria-hidden="true"><symbol id="i-back" viewBox="0 0 16 16"><path d="M9.75 4.25 6 8l3.75 3.75"/></symbol>
<symbol id="i-mail" viewBox="0 0 16 16"><rect x="2" y="3.5" width="12" height="9" rx="1.5"/><path d="m2.5 4.6 5.5 4.3 5.5-4.3"/></symbol>
<symbol id="i-eye" viewBox="0 0 16 16"><path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z"/><circle cx="8" cy="8" r="1.9"/></symbol>
<symbol id="i-finger" viewBox="0 0 16 16"><path d="M4 11.5c.6-1.3.9-2.6.9-3.9a3.1 3.1 0 0 1 6.2 0c0 .7 0 1.5-.2 2.4M8 7.6c0 2-.4 3.9-1.3 5.7M10.4 12.2c-.2.6-.3 1.1-.6 1.6M2.4 9.5c.2-.6.3-1.2.3-1.9A5.3 5.3 0 0 1 8 2.3c1.9 0 3.5 1 4.5 2.5M13.3 7.2v.4c0 1-.1 2-.3 3"/></symbol>
<symbol id="i-alert" viewBox="0 0 16 16"><path d="M7.1 2.9 1.9 11.8c-.4.7.1 1.6.9 1.6h10.4c.8 0 1.3-.9.9-1.6L8.9 2.9a1.04 1.04 0 0 0-1.8 0Z"/><path d="M8 6.25v3"/><circle cx="8" cy="11.3" r=".5" fill="currentColor"/></symbol>
<symbol id="i-check" viewBox="0 0 16 16"><path d="m3.25 8.5 3.1 3.1 6.4-6.85"/></symbol>
<symbol id="i-lock" viewBox="0 0 16 16"><rect x="3.25" y="7" width="9.5" height="6.5" rx="1.4"/><path d="M5.1 7V5.4a2.9 2.9 0 0 1 5.8 0V7"/></symbol>
<symbol id="i-facebook" viewBox="0 0 16 16"><path stroke="none" fill="currentColor" d="M8 1.25a6.75 6.75 0 0 0-1.2 13.39V9.9H5.15V8h1.65V6.55c0-1.65.98-2.56 2.48-2.56.5 0 .98.05 1.47.13v1.62h-.85c-.82 0-1.08.51-1.08 1.03V8h1.83l-.29 1.9H8.82v4.78A6.75 6.75 0 0 0 8 1.25Z"/></symbol>
<symbol id="i-google" viewBox="0 0 16 16"><path stroke-width="1.9" d="M13.4 8H8.3M13.4 8a5.4 5.4 0 1 1-1.7-3.93"/></symbol>
<symbol id="i-apple" viewBox="0 0 16 16"><path stroke="none" fill="currentColor" d="M10.9 8.4c0-1.4 1.1-2 1.2-2.1-.7-1-1.7-1.1-2.1-1.1-.9-.1-1.7.5-2.1.5-.5 0-1.1-.5-1.9-.5-1 0-1.9.6-2.4 1.4-1 1.8-.3 4.4.7 5.8.5.7 1.1 1.5 1.8 1.4.7 0 1-.5 1.9-.5.9 0 1.1.5 1.9.4.8 0 1.3-.7 1.8-1.4.5-.8.8-1.6.8-1.6s-1.6-.6-1.6-2.3ZM9.5 4.3c.4-.5.6-1.1.6-1.8-.6 0-1.2.4-1.6.8-.4.4-.7 1.1-.6 1.7.6.1 1.2-.3 1.6-.7Z"/></symbol>
<symbol id="i-github" viewBox="0 0 16 16"><path d="M6 13.5v-2.2c-2 .5-2.6-.9-2.9-1.5M10 13.5v-2.4c0-.7-.2-1.1-.5-1.4 1.7-.2 3.25-.8 3.25-3.5 0-.8-.3-1.4-.75-1.9.1-.4.25-1.1-.1-1.8-.7 0-1.5.5-1.9.8a6.5 6.5 0 0 0-3.5 0c-.5-.3-1.2-.8-1.9-.8-.4.7-.2 1.4-.1 1.8-.5.5-.75 1.1-.75 1.9 0 2.7 1.6 3.3 3.25 3.5-.3.3-.5.7-.5 1.2"/></symbol></svg>`

var popupPage = template.Must(template.New("popup").Parse(`<!doctype html>
<html lang="{{.W.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
<title>{{.W.T "title"}}</title><meta name="parley" content="{{.Meta}}">
<link rel="stylesheet" href="/assets/signin.css"><script type="module" src="/assets/popup.js"></script></head>
<body class="popup">` + sprite + `
<main class="box">
{{define "back"}}<button type="button" class="back" data-go="choose"><svg class="i flip" aria-hidden="true"><use href="#i-back"/></svg>{{.W.T "back"}}</button>{{end -}}
{{define "idrow"}}<div class="idrow"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg><span data-email></span><button type="button" class="lnk" data-go="choose">{{.W.T "change"}}</button></div>{{end -}}
{{define "show"}}<button type="button" class="ib" aria-label="{{.W.T "show_password"}}" aria-pressed="false"><svg class="i" aria-hidden="true"><use href="#i-eye"/></svg></button>{{end -}}
<p class="note bad step-note" role="alert" id="error" hidden></p>
<section class="step" data-step="choose" hidden><span class="lg" aria-hidden="true">{{.Letter}}</span><h1 tabindex="-1">{{.W.T "choose_head"}}</h1><p class="lead" data-kept hidden>{{.W.T "kept_while"}}</p>
<div class="provs" id="provs" hidden></div><div class="or" id="provs-or" hidden>{{.W.T "or"}}</div>
<form id="address" novalidate><div class="field"><label for="e1">{{.W.T "email"}}</label><input class="inp" id="e1" name="email" type="email" autocomplete="username webauthn" inputmode="email" placeholder="{{.W.T "email_example"}}" required></div>
<button class="btn pri full">{{.W.T "continue"}}</button></form></section>
<section class="step" data-step="continue" hidden><span class="lg" aria-hidden="true">{{.Letter}}</span><h1 tabindex="-1">{{.W.T "welcome"}}</h1><p class="lead" data-kept hidden>{{.W.T "kept"}}</p><button type="button" class="btn pri full" id="continue"></button><button type="button" class="btn full" id="other">{{.W.T "other_account"}}</button></section>
<section class="step" data-step="login" hidden>{{template "back" .}}<h1 tabindex="-1">{{.W.T "welcome"}}</h1>{{template "idrow" .}}
<button type="button" class="btn full" data-passkey hidden><svg class="i" aria-hidden="true"><use href="#i-finger"/></svg>{{.W.T "use_passkey"}}</button><div class="or" data-passkey hidden>{{.W.T "or"}}</div>
<form id="login" novalidate><input type="email" name="email" autocomplete="username" hidden>
<div class="field"><div class="row"><label class="lbl" for="p1">{{.W.T "password"}}</label><button type="button" class="lnk" data-go="reset">{{.W.T "forgot"}}</button></div>
<div class="pw"><input class="inp" id="p1" name="password" type="password" autocomplete="current-password" required>{{template "show" .}}</div></div>
<button class="btn pri full">{{.W.T "sign_in"}}</button></form>
<button type="button" class="btn ghost full" data-magic><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg>{{.W.T "mail_link"}}</button>
{{if .Registration}}<p class="hint">{{.W.T "new_here"}} <button type="button" class="lnk" data-go="register">{{.W.T "create"}}</button></p>{{end}}</section>
<section class="step" data-step="register" hidden>{{template "back" .}}<h1 tabindex="-1">{{.W.T "create_head"}}</h1>{{template "idrow" .}}
<form id="register" novalidate><input type="email" name="email" autocomplete="username" hidden>
<div class="field"><label for="n1">{{.W.T "display_name"}}</label><input class="inp" id="n1" name="name" autocomplete="nickname" minlength="2" maxlength="40" aria-describedby="n1h" required><p class="hint" id="n1h">{{.W.T "name_hint"}}</p></div>
<div class="field"><label for="p3">{{.W.T "password"}}</label><div class="pw"><input class="inp" id="p3" name="password" type="password" autocomplete="new-password" minlength="8" aria-describedby="p3h" required>{{template "show" .}}</div>
<div class="meter" aria-hidden="true"><i></i><i></i><i></i><i></i></div><p class="hint" id="p3h">{{.W.T "password_hint"}}</p></div>
<button class="btn pri full">{{.W.T "create_button"}}</button></form>{{if .Standards}}<p class="hint">{{.W.T "accept"}} <a href="{{.Standards}}" target="_blank" rel="noopener">{{.W.T "standards"}}</a>.</p>{{end}}</section>
<section class="step" data-step="reset" hidden>{{template "back" .}}<h1 tabindex="-1">{{.W.T "reset_head"}}</h1><p class="lead">{{.W.T "reset_lead"}}</p>
<form id="reset" novalidate><div class="field"><label for="e2">{{.W.T "email"}}</label><input class="inp" id="e2" name="email" type="email" autocomplete="username" required></div><button class="btn pri full">{{.W.T "send_link"}}</button></form></section>
<section class="step" data-step="unverified" hidden>{{template "back" .}}<span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "confirm_head"}}</h1><p class="lead">{{.W.Before "confirm_lead"}}<b data-email></b>{{.W.After "confirm_lead"}}</p><button type="button" class="btn full" id="resend">{{.W.T "send_again"}}</button></section>
<section class="step" data-step="sent" hidden>{{template "back" .}}<span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "sent_head"}}</h1><p class="lead">{{.W.Before "sent_lead"}}<b data-email></b>{{.W.After "sent_lead"}}</p><button type="button" class="btn full" data-go="login">{{.W.T "sign_in"}}</button></section>
<section class="step" data-step="link" hidden>{{template "back" .}}<span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "link_head"}}</h1><p class="lead">{{.W.Before "link_lead"}}<b data-email></b>{{.W.After "link_lead"}}</p>
<form id="code" novalidate><div class="field"><label class="sr" for="c1">{{.W.T "code_label"}}</label><div class="codes"><input class="inp code" id="c1" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="6" required></div></div><button class="btn pri full">{{.W.T "sign_in"}}</button></form>
<p class="hint">{{.W.T "link_hint"}} <button type="button" class="lnk" data-magic>{{.W.T "again"}}</button></p></section>
<section class="step" data-step="passkey" hidden>{{template "back" .}}<span class="ic pulse"><svg class="i" aria-hidden="true"><use href="#i-finger"/></svg></span><h1 tabindex="-1">{{.W.T "passkey_head"}}</h1><p class="lead">{{.W.T "passkey_lead"}}</p><button type="button" class="btn full" id="passkey-stop">{{.W.T "cancel"}}</button><button type="button" class="btn ghost full" data-magic><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg>{{.W.T "mail_instead"}}</button></section>
<section class="step" data-step="second" hidden>{{template "back" .}}<span class="ic"><svg class="i" aria-hidden="true"><use href="#i-lock"/></svg></span><h1 tabindex="-1">{{.W.T "second_head"}}</h1><p class="lead">{{.W.T "second_lead"}}</p>
<form id="second" novalidate><div class="field"><label for="c2">{{.W.T "code"}}</label><input class="inp" id="c2" name="code" autocomplete="one-time-code" maxlength="24" required></div><button class="btn pri full">{{.W.T "sign_in"}}</button></form></section>
<section class="step" data-step="magic" hidden><span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "sign_in"}}</h1><p class="lead">{{.W.T "magic_lead"}}</p><button type="button" class="btn pri full" id="magic">{{.W.T "magic_button"}}</button></section>
<section class="step" data-step="email" hidden><span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "address_head"}}</h1><p class="lead">{{.W.T "address_lead"}}</p><button type="button" class="btn pri full" id="email-confirm">{{.W.T "confirm"}}</button></section>
<section class="step" data-step="name" hidden><img class="pic" id="pic" alt="" width="56" height="56" src="/avatars/1.svg"><h1 tabindex="-1">{{.W.T "name_head"}}</h1><p class="lead" id="told"></p>
<form id="introduce" novalidate><div class="field"><label for="n2">{{.W.T "display_name"}}</label><input class="inp" id="n2" name="name" autocomplete="nickname" minlength="2" maxlength="40" required></div>
<label class="check" id="photo-row" hidden><input class="chk" type="checkbox" name="picture" checked><span id="photo"></span></label>
<label class="check" id="mail-row" hidden><input class="chk" type="checkbox" name="mail_replies"><span>{{.W.T "mail_replies"}}</span></label>
<button class="btn pri full">{{.W.T "continue"}}</button></form></section>
<section class="step" data-step="denied" hidden><span class="ic bad"><svg class="i" aria-hidden="true"><use href="#i-alert"/></svg></span><h1 tabindex="-1" id="denied"></h1><p class="lead">{{.W.T "denied_lead"}}<span data-kept hidden> {{.W.T "kept"}}</span></p><button type="button" class="btn pri full" data-again></button><button type="button" class="btn full" data-go="choose">{{.W.T "another_way"}}</button></section>
<section class="step" data-step="failed" hidden><span class="ic bad"><svg class="i" aria-hidden="true"><use href="#i-alert"/></svg></span><h1 tabindex="-1" id="failed"></h1><p class="lead">{{.W.T "failed_lead"}}<span data-kept hidden> {{.W.T "kept"}}</span></p><button type="button" class="btn pri full" data-again></button><button type="button" class="btn full" data-go="choose">{{.W.T "another_way"}}</button></section>
<section class="step" data-step="expired" hidden><span class="ic bad"><svg class="i" aria-hidden="true"><use href="#i-alert"/></svg></span><h1 tabindex="-1">{{.W.T "expired_head"}}</h1><p class="lead">{{.W.T "expired_lead"}}<span data-kept hidden> {{.W.T "kept"}}</span></p></section>
<section class="step" data-step="origin" hidden><span class="ic bad"><svg class="i" aria-hidden="true"><use href="#i-alert"/></svg></span><h1 tabindex="-1">{{.W.T "origin_head"}}</h1><p class="lead">{{.W.T "origin_lead"}}</p></section>
<section class="step" data-step="taken" hidden><span class="ic bad"><svg class="i" aria-hidden="true"><use href="#i-alert"/></svg></span><h1 tabindex="-1">{{.W.T "taken_head"}}</h1><p class="lead">{{.W.T "taken_lead"}}</p></section>
<section class="step" data-step="away" hidden><span class="ic pulse"><svg class="i" aria-hidden="true"><use href="#i-lock"/></svg></span><h1 tabindex="-1" id="away"></h1><p class="lead" data-kept hidden>{{.W.T "kept"}}</p></section>
<section class="step" data-step="cut" hidden><span class="ic"><svg class="i" aria-hidden="true"><use href="#i-lock"/></svg></span><h1 tabindex="-1">{{.W.T "cut_head"}}</h1><p class="lead">{{.W.T "cut_lead"}}</p></section>
<section class="step" data-step="verify" hidden><span class="ic"><svg class="i" aria-hidden="true"><use href="#i-mail"/></svg></span><h1 tabindex="-1">{{.W.T "confirm_head"}}</h1><p class="lead">{{.W.T "verify_lead"}}</p><button type="button" class="btn pri full" id="verify">{{.W.T "confirm"}}</button></section>
<section class="step" data-step="newpassword" hidden><h1 tabindex="-1">{{.W.T "reset_head"}}</h1><form id="newpassword" novalidate>
<div class="field"><label for="p4">{{.W.T "password"}}</label><div class="pw"><input class="inp" id="p4" name="password" type="password" autocomplete="new-password" minlength="8" required>{{template "show" .}}</div><p class="hint">{{.W.T "newpassword_hint"}}</p></div><button class="btn pri full">{{.W.T "save"}}</button></form></section>
<section class="step" data-step="done" hidden><span class="ic ok"><svg class="i" aria-hidden="true"><use href="#i-check"/></svg></span><h1 tabindex="-1" id="done-title">{{.W.T "done_head"}}</h1><p class="lead" role="status" id="done-text">{{.W.T "done_lead"}}</p></section>
<noscript><section class="step"><h1>{{.W.T "no_script"}}</h1></section></noscript>
<footer class="foot"><span>{{.W.T "run_by"}}</span></footer>
</main></body></html>
`))
