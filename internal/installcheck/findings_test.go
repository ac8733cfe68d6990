package installcheck

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"
)

const page = "https://news.example/transport/ferries"

func seen() Seen {
	return Seen{Base: "https://talk.example", Build: "b1", Site: "news", Name: "The Lantern", Origins: []string{"https://news.example"}, Origin: "https://news.example", Kept: true, Page: page}
}

func fine() Report {
	return Report{
		Build: "b1", Base: "https://talk.example", Page: page, Canonical: []string{page}, Elements: []Element{{Site: "news"}}, Scripts: []string{"https://talk.example/embed.js"},
		Loads: 1, Opener: "same-origin-allow-popups", API: "ok", Socket: "open", RTT: 41, By: "post",
	}
}

// wrongs are the codes of what is not well.
func wrongs(list []Finding) (out []string) {
	for _, f := range list {
		if f.Level != OK {
			out = append(out, f.Code)
		}
	}
	return out
}

// complete fails for a finding that has not one sentence and one thing to do.
func complete(t *testing.T, list []Finding) {
	t.Helper()
	for _, f := range list {
		if f.Sentence[:1] != strings.ToUpper(f.Sentence[:1]) {
			t.Errorf("%s: %q begins with a small letter", f.Code, f.Sentence)
		}
		if !strings.HasSuffix(f.Sentence, ".") || f.Do == "" || f.Copy == "" != (f.CopyAs == "") || strings.Count(f.Do, "`")%2 != 0 {
			t.Errorf("%s: %q, %q, %q as %q", f.Code, f.Sentence, f.Do, f.Copy, f.CopyAs)
		}
	}
}

// Every cause that a browser can tell has its own line of the table, and no other speaks.
func TestWhatAPageReports(t *testing.T) {
	csp := func(directive, blocked string) func(*Seen, *Report) {
		return func(_ *Seen, r *Report) {
			r.Policy = []Violation{{Directive: directive, Blocked: blocked}}
			if directive == "connect-src" {
				r.API, r.Socket, r.By = "failed", "failed", "script"
			}
		}
	}
	for _, c := range []struct {
		want string
		turn func(*Seen, *Report)
	}{
		{"", func(*Seen, *Report) {}},
		{"origin_not_listed", func(s *Seen, r *Report) { s.Origin, r.Socket, s.Kept = "https://www.news.example", "failed", false }},
		{"sandboxed", func(s *Seen, r *Report) {
			s.Origin, r.Sandboxed, r.Framed, r.Socket, s.Kept = "null", true, true, "failed", false
		}},
		{"http_page", func(_ *Seen, r *Report) {
			r.Page, r.Canonical = "http://news.example/transport/ferries", nil
		}},
		{"no_element", func(_ *Seen, r *Report) { r.Elements, r.Socket = nil, "failed" }},
		{"wrong_site", func(_ *Seen, r *Report) { r.Elements[0].Site, r.Socket = "blog", "failed" }},
		{"script_elsewhere", func(_ *Seen, r *Report) { r.Base = "https://cdn.example" }},
		{"csp_connect", csp("connect-src", "https://talk.example/api/v1/sites/news/comments")},
		{"csp_connect", csp("connect-src", "wss://talk.example/api/v1/sites/news/live")},
		{"csp_img", csp("img-src", "https://talk.example/avatars/1.svg")},
		{"csp_script", csp("script-src-elem", "https://talk.example/assets/b1/view.js")},
		{"", csp("img-src", "https://ads.example/x.gif")},
		{"", csp("frame-src", "https://talk.example/robots.txt")}, // nothing of ours is in a frame there
		{"csp_frame", func(s *Seen, r *Report) {
			csp("frame-src", "https://talk.example/robots.txt")(s, r)
			r.Elements[0].Mode = "frame"
		}},
		{"csp_connect_reported", func(_ *Seen, r *Report) {
			r.Policy = []Violation{{Directive: "connect-src", Blocked: "https://talk.example/api", Only: true}}
		}},
		{"request_blocked", func(_ *Seen, r *Report) { r.API, r.Socket, r.By = "failed", "failed", "script" }},
		{"hidden_by_page", func(_ *Seen, r *Report) {
			r.Elements[0].Hidden, r.Elements[0].Rule = "display: none on #comments", "#comments"
		}},
		{"hidden_by_blocklist", func(_ *Seen, r *Report) { r.Elements[0].Hidden = "display: none on #comments" }},
		{"second_copy", func(_ *Seen, r *Report) { r.Scripts = append(r.Scripts, "https://talk.example/embed.js?v=2") }},
		{"second_copy", func(_ *Seen, r *Report) { r.Loads = 2 }},
		{"old_copy", func(_ *Seen, r *Report) { r.Build = "b0" }},
		{"canonical_other", func(_ *Seen, r *Report) { r.Canonical = []string{"https://news.example/ferries"} }},
		{"canonical_other", func(_ *Seen, r *Report) { r.Canonical = []string{strings.Replace(page, "https", "http", 1)} }},
		{"canonical_root", func(_ *Seen, r *Report) { r.Canonical = []string{"https://news.example/"} }},
		{"canonical_elsewhere", func(_ *Seen, r *Report) { r.Canonical = []string{"https://other.example/transport/ferries"} }},
		{"canonical_several", func(_ *Seen, r *Report) { r.Canonical = append(r.Canonical, "https://news.example/x") }},
		{"canonical_broken", func(_ *Seen, r *Report) { r.Canonical = []string{"javascript:x"} }},
		{"", func(_ *Seen, r *Report) {
			r.Canonical, r.Elements[0].Thread = []string{"https://news.example/"}, "a-17"
		}},
		{"coop", func(_ *Seen, r *Report) { r.Opener = "same-origin" }},
		{"socket_blocked", func(_ *Seen, r *Report) { r.Socket = "failed" }},
		{"cookie_dropped", func(s *Seen, _ *Report) { s.Kept = false }},
		{"clock", func(_ *Seen, r *Report) { r.Clock = -3_600_000 }},
		{"held", func(_ *Seen, r *Report) { r.Held = "Cookiebot" }},
		{"held", func(_ *Seen, r *Report) { r.Late, r.Managers = 4_000, []string{"WP Rocket"} }},
		{"", func(_ *Seen, r *Report) { r.Late, r.Managers = 200, []string{"WP Rocket"} }},
		{"worker", func(_ *Seen, r *Report) { r.Worker, r.Handles = "https://news.example/sw.js", true }},
		{"", func(_ *Seen, r *Report) { r.Worker = "https://news.example/sw.js" }},
		{"framed", func(_ *Seen, r *Report) { r.Framed = true }},
		{"slow", func(_ *Seen, r *Report) { r.RTT = 2_000 }},
	} {
		s, r := seen(), fine()
		c.turn(&s, &r)
		list := Findings(s, &r, nil)
		complete(t, list)
		if got := strings.Join(wrongs(list), " "); got != c.want {
			t.Errorf("want %q, got %q", c.want, got)
		}
	}
}

// What a fetch of the page shows while no browser reports.
func TestWhatAFetchShows(t *testing.T) {
	const script, place = `<script async src="https://talk.example/embed.js"></script>`, `<parley-comments site="news"></parley-comments>`
	const tags = script + place
	for _, c := range []struct {
		want, body string
		header     []string
		turn       func(*Fetched)
	}{
		{want: "", body: tags},
		{want: "no_tag", body: `<p>An article`},
		{want: "no_tag", body: `<p>An article`, header: []string{"X-Cache", "HIT"}},
		{want: "no_script", body: place},
		{want: "amp", body: `<html amp><p>An article`},
		{want: "tag_in_comment", body: `<!-- ` + tags + ` -->`},
		{want: "tag_as_text", body: `<p>&lt;parley-comments site="news"&gt;`},
		{want: "tag_inert", body: `<noscript>` + tags + `</noscript>`},
		{want: "tag_inert", body: `<template>` + tags + `</template>`},
		{want: "tag_held", body: strings.Replace(tags, "async", `type="text/plain" data-cookieconsent="statistics"`, 1)},
		{want: "tag_held", body: strings.Replace(tags, "async", `type="0a1b2c3d4e5f60718293a4b5-text/javascript"`, 1)},
		{want: "tag_held", body: strings.Replace(tags, "async src", `type="rocketlazyloadscript" data-rocket-src`, 1)},
		{want: "tag_held", body: strings.Replace(tags, "async src", `data-src`, 1)},
		{want: "mixed_content", body: strings.Replace(tags, "https:", "http:", 1)},
		{want: "script_elsewhere", body: strings.Replace(tags, "talk.example", "cdn.example", 1)},
		{want: "wrong_site", body: strings.Replace(tags, `"news"`, `"blog"`, 1)},
		{want: "wrong_site", body: `<script src="https://talk.example/embed.js" data-site="blog"></script>`},
		{want: "csp_connect csp_script", body: tags, header: []string{"Content-Security-Policy", "default-src 'self'"}},
		{want: "csp_connect", body: `<meta http-equiv="Content-Security-Policy" content="script-src https://talk.example; connect-src 'self'">` + tags},
		{want: "", body: `<meta http-equiv="Content-Security-Policy" content="script-src 'nonce-x'; connect-src *.example">` + tags},
		{want: "csp_script", body: tags, header: []string{"Content-Security-Policy", "script-src https://talk.example/embed.js"}},
		{want: "", body: tags, header: []string{"Content-Security-Policy", "script-src https://talk.example/embed.js https://talk.example/assets/"}},
		{want: "canonical_root", body: `<link rel=canonical href="/">` + tags},
		{want: "coop", body: tags, header: []string{"Cross-Origin-Opener-Policy", "same-origin"}},
		{want: "stale_cache", body: tags, turn: func(f *Fetched) { f.Fresh = true }},
		{want: "page_missing", turn: func(f *Fetched) { f.Status = 404 }},
		{want: "page_refuses", turn: func(f *Fetched) { f.Status = 401 }},
		{want: "page_fails", turn: func(f *Fetched) { f.Status = 500 }},
		{want: "page_no_name", turn: func(f *Fetched) { f.Failed = NoName }},
		{want: "page_tls", turn: func(f *Fetched) { f.Failed = NoTrust }},
		{want: "page_private", turn: func(f *Fetched) { f.Failed = NotReached }},
		{want: "page_redirects", turn: func(f *Fetched) { f.Failed = TooMany }},
		{want: "page_unreachable", turn: func(f *Fetched) { f.Failed = NoAnswer }},
		{want: "token_dropped", body: tags, turn: func(f *Fetched) { f.Final = page }},
		{want: "http_page", body: tags, turn: func(f *Fetched) { f.Final = strings.Replace(f.Final, "https", "http", 1) }},
	} {
		h := http.Header{}
		if c.header != nil {
			h.Set(c.header[0], c.header[1])
		}
		f := ReadPage(h, []byte(c.body), page+"?"+Parameter+"=fresh")
		f.Status = 200
		if c.turn != nil {
			c.turn(&f)
		}
		list := Findings(seen(), nil, &f)
		complete(t, list)
		if got := wrongs(list); !slices.Equal(sorted(got), strings.Fields(c.want)) {
			t.Errorf("%s %v: want %q, got %q", c.body, c.header, c.want, got)
		}
	}
	quiet := ReadPage(nil, []byte(tags), page+"?"+Parameter+"=fresh")
	s := seen()
	s.Waited = time.Minute
	if got := wrongs(Findings(s, nil, &quiet)); !slices.Equal(got, []string{"silent"}) {
		t.Errorf("a page that says nothing: %v", got)
	}
	s = seen()
	s.Page = "https://www.news.example/"
	if got := wrongs(Findings(s, nil, &quiet)); !slices.Equal(got, []string{"origin_not_listed"}) {
		t.Errorf("a page that is not on the list: %v", got)
	}
	if list := Findings(seen(), nil, nil); list == nil || len(list) != 0 {
		t.Errorf("nothing is known yet: %v", list)
	}
}

func sorted(list []string) []string {
	slices.Sort(list)
	return list
}

// A report may hold anything: what is kept of it is bounded.
func TestAReportIsBounded(t *testing.T) {
	long := strings.Repeat("ж", 3_000)
	r, err := Read([]byte(`{"held":"` + long + `","scripts":["` + long + `"],"elements":[` + strings.Repeat(`{"site":"`+long+`"},`, 30) + `{}],"policy":[{"blocked":"` + long + `"}]}`))
	if err != nil || len(r.Elements) != maxItems || len([]rune(r.Held)) != maxRunes || len([]rune(r.Elements[0].Site)) != maxRunes || len([]rune(r.Scripts[0])) != maxRunes || len([]rune(r.Policy[0].Blocked)) != maxRunes {
		t.Errorf("%v, %d elements", err, len(r.Elements))
	}
	if _, err := Read([]byte(`[]`)); err == nil {
		t.Error("a list is no report")
	}
	if list := Findings(Seen{}, &Report{}, nil); len(list) == 0 {
		t.Error("an empty report says nothing")
	}
}
