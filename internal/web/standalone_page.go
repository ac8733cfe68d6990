package web

import (
	"html/template"

	"parley/internal/i18n"
)

// standalone holds "page", the document of /p/, and "render", the piece of
// HTML of /render/. The custom element takes the place of what is inside it
// once its script is there.
var standalone = template.Must(template.New("standalone").Funcs(template.FuncMap{"dict": dict}).Parse(`{{define "page"}}<!doctype html>
<html lang="{{.Words.Lang}}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Words.T "page_title"}}: {{.Title}}</title>
{{with .Home}}<link rel="canonical" href="{{.}}">
{{end}}<link rel="alternate" type="application/atom+xml" href="{{.Atom}}" title="Atom">
<link rel="alternate" type="application/feed+json" href="{{.JSON}}" title="JSON Feed">
<link rel="stylesheet" href="/assets/page.css">
<script type="application/ld+json">{{.Data}}</script>
<script async src="/embed.js"></script></head>
<body><header class="top-bar"><p>{{.Site.Name}}</p><h1>{{if .Home}}<a href="{{.Home}}">{{.Title}}</a>{{else}}{{.Title}}{{end}}</h1></header>
<main><parley-comments site="{{.Site.Key}}" thread="{{.Key}}" url="{{.Home}}" title="{{.Title}}" lazy="off">
<section class="w plain" aria-label="{{.Words.T "page_title"}}">
<header class="hd"><h2>{{.Words.T "page_title"}} <span class="n">{{if .Thread}}{{.Thread.Count}}{{else}}0{{end}}</span></h2></header>
{{if eq .Form.Said "posted"}}<p class="said" role="status">{{.Words.T "posted"}}</p>{{end}}{{if eq .Form.Said "awaiting"}}<p class="said" role="status">{{.Words.T "awaiting"}}</p>{{end}}
{{template "form" .}}
{{template "list" .}}
<footer class="ftl"><nav><a href="{{.Atom}}">Atom</a> <a href="{{.JSON}}">JSON Feed</a></nav><span>Parley</span></footer>
</section></parley-comments></main></body></html>
{{end}}

{{define "render"}}<section class="parley-render" data-parley-site="{{.Site.Key}}" data-parley-thread="{{.Key}}">
<h2><a href="{{.Self}}">{{.Words.T "page_title"}}</a> ({{if .Thread}}{{.Thread.Count}}{{else}}0{{end}})</h2>
{{template "list" .}}
<script type="application/ld+json">{{.Data}}</script>
</section>
{{end}}

{{define "list"}}{{if .Above}}<p><a href="{{.Whole}}">{{.Words.T "whole"}}</a></p>
<ol class="above">{{range .Above}}<li>{{template "comment" .}}</li>{{end}}</ol>
{{end}}{{if .Comments}}<ol class="top">{{range .Comments}}{{template "branch" .}}{{end}}</ol>{{else}}<p class="muted">{{.Words.T "empty"}}</p>{{end}}
{{with .Next}}<p><a class="btn full" rel="next" href="{{.}}">{{$.Words.T "more"}}</a></p>{{end}}{{end}}

{{define "branch"}}<li>{{template "comment" .}}{{if .Kids}}<ol class="kids">{{range .Kids}}{{template "branch" .}}{{end}}</ol>{{end}}{{if .More}}<p class="c-more"><a href="{{.MoreLink}}">{{.Words.T "more_replies" (dict "n" .More)}}</a></p>{{end}}</li>
{{end}}

{{define "comment"}}<article class="c" id="parley-{{.ID}}"><div class="c-av">{{with .Avatar}}<img class="av" src="{{.}}" alt="" width="36" height="36" loading="lazy">{{end}}</div><div class="c-main">{{if .Name}}<header class="c-h"><b class="c-n"><bdi>{{.Name}}</bdi></b>{{range .Badges}} <span class="bdg ok">{{.}}</span>{{end}} <a class="c-t" href="{{.Permalink}}"><time datetime="{{.When}}">{{.Date}}</time></a>{{if .Edited}} <span class="c-t">{{.Words.T "edited"}}</span>{{end}}</header>
<div class="c-b" dir="auto">{{.HTML}}</div>
<p class="c-a"><span>{{.Words.T "score" (dict "n" .Score)}}</span>{{with .ReplyLink}} <a href="{{.}}">{{$.Words.T "reply"}}</a>{{end}}</p>{{else}}<p class="muted">{{if eq .Status "deleted"}}{{.Words.T "tomb_deleted"}}{{else}}{{.Words.T "tomb_removed"}}{{end}}</p>{{end}}</div></article>{{end}}

{{define "form"}}{{with .Closing}}<p class="ban">{{.}}</p>
{{end}}{{if not .MayPost}}<p class="closed">{{if .ClosedOn}}{{.ClosedOn}}{{else}}{{.Words.T "closed"}}{{end}}</p>{{else}}{{if or .User .MayGuest}}<form class="cp" id="write" method="post" action="/p/{{.Site.Key}}{{.Whole}}">
{{with .Waits}}<p class="ban">{{.}}</p>{{end}}{{with .Form.Problem}}<p class="err" role="alert">{{.}}</p>{{end}}{{with .Form.ParentName}}<p>{{$.Words.T "replying_to" (dict "name" .)}} · <a href="{{$.Whole}}#write">{{$.Words.T "cancel"}}</a></p>{{end}}
{{range .Warnings}}<div class="warned"><b>{{$.Words.T "warned" (dict "site" $.Site.Name)}}</b><p dir="auto">{{.Text}}</p>
<label><input type="checkbox" name="seen" value="{{.ID}}" required> {{$.Words.T "warned_yes"}}</label></div>
{{end}}<input type="hidden" name="act" value="post"><input type="hidden" name="key" value="{{.Form.Key}}">{{with .Form.Parent}}<input type="hidden" name="parent_id" value="{{.}}">{{end}}
<label>{{if .User}}{{.Words.T "as" (dict "name" .User.Name)}}{{else}}{{.Words.T "your_comment"}}{{end}}<textarea name="body" rows="5" required maxlength="{{.Site.MaxLength}}" dir="auto">{{.Form.Body}}</textarea></label>
{{if not .User}}<label>{{.Words.T "your_name"}}<input name="name" required minlength="2" maxlength="40" autocomplete="nickname" value="{{.Form.Name}}"></label>
{{end}}<button class="btn pri">{{.Words.T "post"}}</button></form>{{end}}
{{if not .User}}<details class="cp" {{if not .MayGuest}}id="write"{{end}} {{if or .Form.Code (and .Form.Problem (not .MayGuest))}}open{{end}}><summary>{{.Words.T "sign_in" (dict "name" .Site.Name)}}</summary><form method="post" action="/p/{{.Site.Key}}{{.Whole}}">
{{if not .MayGuest}}{{with .Form.Problem}}<p class="err" role="alert">{{.}}</p>{{end}}{{end}}<input type="hidden" name="act" value="login">
<label>{{.Words.T "email"}}<input name="email" type="email" required autocomplete="username" value="{{.Form.Login}}"></label>
<label>{{.Words.T "password"}}<input name="password" type="password" required autocomplete="current-password"></label>
{{if .Form.Code}}<label>{{.Words.T "second_code"}}<input name="code" required autocomplete="one-time-code"></label>
{{end}}<button class="btn">{{.Words.T "sign_in_do"}}</button></form></details>{{end}}{{end}}{{end}}
`))

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
