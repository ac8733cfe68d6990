package notify

import (
	"bytes"
	"html/template"
	"strings"
	texttemplate "text/template"
	"time"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/markup"
)

// Message is a mail: the same words as plain text and, where there is HTML, as
// a page without remote parts.
type Message struct {
	To, Subject, Text string
	Site              string // whose name stands in front of the sender's address
	HTML              string
	Unsubscribe       string // RFC 8058: a POST there ends it; "" for what was asked for just now
	ListID            string
	Thread            string   // messages with the same one belong together
	About             []string // ids of the comments whose words stand in it: it does not leave once they are gone
}

// Entry is one comment in a mail.
type Entry struct {
	About discuss.ID // the comment
	Name  string
	Staff bool
	At    time.Time
	Text  string
	Page  string
	Link  string
	Acts  []Act // what can be done about it
}

// Act is a thing that a mail offers to do.
type Act struct{ Label, Link string }

// letter is what a mail says, before it has a form.
type letter struct {
	Site    string
	Subject string
	Heading string
	Page    string // title of the page
	PageURL string
	About   discuss.ID // the comment that Quote is of
	Quote   string     // what the recipient wrote
	Quoted  string     // "You wrote"
	Entries []Entry
	Lines   []string
	More    string // below the entries
	After   string // below the quotation
	Command string // to be run on the server, below that
	Code    string // to be typed, large
	Button  string
	Link    string
	Footer  string
	Stop    string // label and address of unsubscribing
	StopURL string
	Daily   string
	DayURL  string
	Lang    string
	On      string
	Initial string
	Badge   string
}

const maxExcerpt = 600 // runes of a comment in a mail

// excerpt shortens a text to what a mail shows.
func excerpt(c discuss.Comment) string {
	s := markup.TextOf(c.HTML)
	if utf8.RuneCountInString(s) <= maxExcerpt {
		return s
	}
	r := []rune(s)
	return strings.TrimRight(string(r[:maxExcerpt]), " \n") + "…"
}

func initials(name string) string {
	var out []rune
	for _, w := range strings.Fields(name) {
		r, _ := utf8.DecodeRuneInString(w)
		out = append(out, r)
		if len(out) == 2 {
			break
		}
	}
	return strings.ToUpper(string(out))
}

// render gives a letter its two forms.
func (l letter) render(to string) (Message, error) {
	if l.Lang == "" {
		l.Lang = i18n.Fallback
	}
	if r, _ := utf8.DecodeRuneInString(l.Site); r != utf8.RuneError {
		l.Initial = strings.ToUpper(string(r))
	}
	var html, text bytes.Buffer
	if err := letterHTML.Execute(&html, l); err != nil {
		return Message{}, err
	}
	if err := letterText.Execute(&text, l); err != nil {
		return Message{}, err
	}
	m := Message{To: to, Site: l.Site, Subject: oneLine(l.Subject), Text: text.String(), HTML: html.String(), Unsubscribe: l.StopURL}
	if l.About != 0 {
		m.About = append(m.About, l.About.String())
	}
	for _, e := range l.Entries {
		if e.About != 0 {
			m.About = append(m.About, e.About.String())
		}
	}
	return m, nil
}

// oneLine keeps a name or a title from becoming a header of its own.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }

var funcs = map[string]any{
	"initials": initials,
	"clock":    func(t time.Time) string { return t.UTC().Format("15:04 MST") },
	"para":     func(s string) []string { return strings.Split(strings.TrimSpace(s), "\n") },
	"quote": func(s string) string {
		return "> " + strings.ReplaceAll(strings.TrimSpace(s), "\n", "\n> ")
	},
}

var letterText = texttemplate.Must(texttemplate.New("text").Funcs(funcs).Parse(`{{.Heading}}
{{- if .Page}}
{{.On}} {{.Page}}{{end}}
{{range .Lines}}
{{.}}
{{end}}
{{- if .Quote}}
{{.Quoted}}:
{{quote .Quote}}
{{end}}
{{- if .After}}
{{.After}}
{{if .Command}}
  {{.Command}}
{{end}}{{end}}
{{- if .Code}}
  {{.Code}}
{{end}}
{{- range .Entries}}
{{.Name}}{{if .Staff}} ({{$.Badge}}){{end}}, {{clock .At}}{{if .Page}}, {{$.On}} {{.Page}}{{end}}:
{{quote .Text}}
{{- if and .Link (not .Acts)}}
  {{.Link}}{{end}}
{{- range .Acts}}
  {{.Label}}: {{.Link}}{{end}}
{{end}}
{{- if .More}}
{{.More}}
{{end}}
{{- if .Link}}
{{.Button}}: {{.Link}}
{{end}}
-- 
{{.Footer}}
{{- if .StopURL}}
{{.Stop}}: {{.StopURL}}{{end}}
{{- if .DayURL}}
{{.Daily}}: {{.DayURL}}{{end}}
`))

const face = "-apple-system,BlinkMacSystemFont,'Segoe UI',Inter,Roboto,Helvetica,Arial,sans-serif"

var letterHTML = template.Must(template.New("html").Funcs(funcs).Parse(strings.ReplaceAll(`<!doctype html>
<html lang="{{.Lang}}" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no">
<title>{{.Heading}}</title>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
@media (max-width:620px){.sheet{width:100% !important;border-radius:0 !important;border-left:0 !important;border-right:0 !important}.pad{padding-left:20px !important;padding-right:20px !important}.outer{padding:0 !important}.btn a{display:block !important;text-align:center !important}}
@media (prefers-color-scheme:dark){.bg{background:#111110 !important}.sheet{background:#191918 !important;border-color:#2F2E2B !important}.t1{color:#EDEBE6 !important}.t2{color:#BDB9B0 !important}.t3,.t3 a{color:#9C978D !important}.rule{border-color:#2F2E2B !important}.q{border-color:#413F3B !important}.btn td{background:#9DB8FF !important}.btn a{color:#10131C !important}.logo{background:#EDEBE6 !important;color:#191918 !important}.chip{background:#22304F !important;color:#A9C1FF !important}}
</style>
</head>
<body class="bg" style="margin:0;padding:0;background:#F6F5F2;-webkit-text-size-adjust:100%;">
<table role="presentation" class="bg" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:#F6F5F2;">
<tr><td class="outer" align="center" style="padding:40px 16px;overflow-wrap:anywhere;word-break:break-word;">
<table role="presentation" class="sheet" width="560" cellpadding="0" cellspacing="0" border="0" style="width:560px;max-width:560px;background:#FFFFFF;border:1px solid #E7E4DE;border-radius:14px;">
<tr><td class="pad" style="padding:28px 36px 0;"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>
<td class="logo" width="28" height="28" align="center" style="width:28px;height:28px;background:#1C1B19;border-radius:7px;color:#FFFFFF;font:700 15px/28px Georgia,serif;">{{.Initial}}</td>
<td class="t2" style="padding-left:10px;font:600 14px/1.3 FACE;color:#55514A;">{{.Site}}</td>
</tr></table></td></tr>
<tr><td class="pad" style="padding:24px 36px 0;">
<h1 class="t1" style="margin:0;font:680 22px/1.25 FACE;letter-spacing:-.4px;color:#1C1B19;">{{.Heading}}</h1>
{{- if .Page}}
<p class="t2" style="margin:6px 0 0;font:400 15px/1.5 FACE;color:#55514A;">{{.On}} {{if .PageURL}}<a class="t2" href="{{.PageURL}}" style="color:#55514A;">{{.Page}}</a>{{else}}{{.Page}}{{end}}</p>
{{- end}}
{{- range .Lines}}
<p class="t2" style="margin:14px 0 0;font:400 15px/1.55 FACE;color:#55514A;">{{.}}</p>
{{- end}}
</td></tr>
{{- if .Code}}
<tr><td class="pad" style="padding:18px 36px 0;"><p class="t1" style="margin:0;font:600 30px/1.2 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;letter-spacing:6px;color:#1C1B19;">{{.Code}}</p></td></tr>
{{- end}}
{{- if .Quote}}
<tr><td class="pad" style="padding:24px 36px 0;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr><td class="q" style="border-left:3px solid #D6D2CA;padding:0 0 0 14px;">
<p class="t3" style="margin:0 0 3px;font:400 13px/1.4 FACE;color:#6C685F;">{{.Quoted}}</p>
{{- range para .Quote}}
<p class="t2" style="margin:0;font:400 15px/1.55 FACE;color:#55514A;overflow-wrap:anywhere;word-break:break-word;">{{.}}</p>
{{- end}}
</td></tr></table></td></tr>
{{- end}}
{{- if .After}}
<tr><td class="pad" style="padding:22px 36px 28px;">
<p class="t2" style="margin:0;font:400 15px/1.55 FACE;color:#55514A;">{{.After}}</p>
{{- if .Command}}
<p class="t1 q" style="margin:12px 0 0;padding:10px 12px;border:1px solid #D6D2CA;border-radius:8px;font:400 13px/1.5 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;color:#1C1B19;overflow-wrap:anywhere;word-break:break-word;">{{.Command}}</p>
{{- end}}
</td></tr>
{{- end}}
{{- range .Entries}}
<tr><td class="pad" style="padding:22px 36px 0;"><table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"><tr>
<td width="36" valign="top" style="width:36px;padding-top:2px;"><table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr><td width="36" height="36" align="center" style="width:36px;height:36px;border-radius:18px;background:#D3E9EA;color:#1A6169;font:600 13px/36px FACE;">{{initials .Name}}</td></tr></table></td>
<td valign="top" style="padding-left:12px;">
<p class="t1" style="margin:0;font:600 15px/1.4 FACE;color:#1C1B19;">{{.Name}}{{if .Staff}} <span class="chip" style="display:inline-block;background:#EDF1FB;color:#2650B9;font:600 11px/19px FACE;padding:0 6px;border-radius:5px;margin-left:3px;">{{$.Badge}}</span>{{end}} <span class="t3" style="font-weight:400;font-size:13px;color:#6C685F;margin-left:3px;">{{clock .At}}</span></p>
{{- if .Page}}
<p class="t3" style="margin:0;font:400 13px/1.5 FACE;color:#6C685F;">{{$.On}} {{if .Link}}<a class="t3" href="{{.Link}}" style="color:#6C685F;">{{.Page}}</a>{{else}}{{.Page}}{{end}}</p>
{{- end}}
{{- range para .Text}}
<p class="t1" style="margin:3px 0 0;font:400 16px/1.58 FACE;color:#1C1B19;">{{.}}</p>
{{- end}}
{{- if .Acts}}
<p class="t3" style="margin:8px 0 0;font:600 14px/1.8 FACE;color:#6C685F;">{{range $i, $a := .Acts}}{{if $i}} &nbsp;·&nbsp; {{end}}<a class="t2" href="{{.Link}}" style="color:#2650B9;">{{.Label}}</a>{{end}}</p>
{{- end}}
</td></tr></table></td></tr>
{{- end}}
{{- if .More}}
<tr><td class="pad" style="padding:22px 36px 0;"><p class="t3" style="margin:0;font:400 15px/1.55 FACE;color:#6C685F;">{{.More}}</p></td></tr>
{{- end}}
{{- if .Link}}
<tr><td class="pad" style="padding:26px 36px 32px;"><table role="presentation" class="btn" cellpadding="0" cellspacing="0" border="0"><tr><td style="background:#2B59C9;border-radius:8px;"><a href="{{.Link}}" style="display:inline-block;padding:13px 22px;font:600 15px/1.2 FACE;color:#FFFFFF;text-decoration:none;">{{.Button}}</a></td></tr></table></td></tr>
{{- end}}
{{- if not (or .Link .After)}}
<tr><td height="28" style="height:28px;font-size:0;line-height:28px;">&nbsp;</td></tr>
{{- end}}
<tr><td class="pad rule t3" style="padding:18px 36px 24px;border-top:1px solid #E7E4DE;font:400 13px/1.6 FACE;color:#6C685F;">{{.Footer}}
{{- if .StopURL}} <a href="{{.StopURL}}" style="color:#6C685F;">{{.Stop}}</a>{{end}}
{{- if .DayURL}} · <a href="{{.DayURL}}" style="color:#6C685F;">{{.Daily}}</a>{{end}}</td></tr>
</table>
<p class="t3" style="margin:14px 0 0;font:400 12px/1.5 FACE;color:#6C685F;">{{.Site}}{{if ne .Site "Parley"}} · Parley{{end}}</p>
</td></tr></table>
</body></html>
`, "FACE", face)))

// Plain is a short message about a site: a heading and one line.
func Plain(to, site, subject, heading, line, footer string) (Message, error) {
	return letter{Site: site, Subject: subject, Heading: heading, Lines: []string{line}, Footer: footer}.render(to)
}
