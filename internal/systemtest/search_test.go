package systemtest

import (
	"net/url"
	"reflect"
	"strings"
	"testing"
	"unicode/utf16"
)

type foundPage struct {
	Comments []struct {
		ID, Text string
		Marks    [][2]int
		Thread   *struct{ Key string }
	}
	Next *string `json:"next_cursor"`
}

func (p *program) search(query string, more ...string) (out foundPage, words []string) {
	v := url.Values{"q": {query}}
	for i := 0; i < len(more); i += 2 {
		v.Set(more[i], more[i+1])
	}
	p.do("GET", "/api/v1/sites/news/search?"+v.Encode(), "").into(p.t, &out)
	for _, c := range out.Comments {
		units := utf16.Encode([]rune(c.Text))
		for _, m := range c.Marks {
			words = append(words, string(utf16.Decode(units[m[0]:m[1]])))
		}
	}
	return out, words
}

// Readers search what is published, in a thread and on the whole site.
func TestReadersSearch(t *testing.T) {
	d := newDesk(t)
	first, _ := d.write(t, d.bo, "a", "The winter timetable is due, says **everybody**")
	second, _ := d.write(t, d.ann, "a", "Два парома стоят, 渡轮停了, and ||the timetable|| is hidden")
	other, _ := d.write(t, d.ann, "b", "A link https://ferries.example/ about timetables")
	ids := func(p foundPage) (out []string) {
		for _, c := range p.Comments {
			out = append(out, c.ID)
		}
		return out
	}
	for _, c := range []struct {
		what, q string
		want    []string
		words   []string
	}{
		{"a word", "winter ", []string{first}, []string{"winter"}},
		{"its beginning", "timet", []string{other, second, first}, []string{"timetables", "timetable"}}, // what a spoiler covers is found and not shown
		{"a form", "паром ", []string{second}, []string{"парома"}},
		{"a script without spaces", "渡轮", []string{second}, []string{"渡轮"}},
		{"all the words", "timetable everybody", []string{first}, []string{"timetable", "everybody"}},
		{"a person", "from:bo", []string{first}, nil},
		{"a person's word", `from:"Ann Lee" timetable`, []string{other, second}, []string{"timetables"}},
		{"links", "has:link", []string{other}, nil},
		{"nobody", "from:nobody timetable", nil, nil},
		{"pictures", "has:image timetable", nil, nil},
		{"nothing", "hovercraft", nil, nil},
		{"marks alone", "…", nil, nil},
	} {
		got, words := d.search(c.q)
		if !reflect.DeepEqual(ids(got), c.want) || !reflect.DeepEqual(words, c.words) {
			t.Errorf("%s: %v %v, want %v %v", c.what, ids(got), words, c.want, c.words)
		}
		for _, f := range got.Comments {
			if strings.Contains(f.Text, "the timetable") || f.Thread == nil {
				t.Errorf("%s: %+v", c.what, f)
			}
		}
	}
	if got, _ := d.search("timet", "thread", "a"); !reflect.DeepEqual(ids(got), []string{second, first}) {
		t.Errorf("in a thread: %v", ids(got))
	}
	if got, _ := d.search("timet", "thread", "nowhere"); len(got.Comments) != 0 {
		t.Errorf("in a thread that there is not: %v", ids(got))
	}
	page, _ := d.search("timet", "limit", "2")
	if page.Next == nil || !reflect.DeepEqual(ids(page), []string{other, second}) {
		t.Fatalf("a page of two: %v", ids(page))
	}
	if page, _ = d.search("timet", "limit", "2", "cursor", *page.Next); page.Next != nil || !reflect.DeepEqual(ids(page), []string{first}) {
		t.Errorf("the next: %v %v", ids(page), page.Next)
	}
	for _, c := range []struct{ query, field string }{
		{"q=", "q"}, {"", "q"}, {"q=" + strings.Repeat("x", 201), "q"}, {"q=has:legs", "q"}, {"q=x&cursor=zz", "cursor"}, {"q=x&limit=51", "limit"},
	} {
		if a := d.do("GET", "/api/v1/sites/news/search?"+c.query, ""); a.status != 422 || !strings.Contains(string(a.body), `"field":"`+c.field+`"`) {
			t.Errorf("%s: %d %s", c.query, a.status, a.body)
		}
	}
	if a := d.do("GET", "/api/v1/sites/nowhere/search?q=x", ""); a.status != 404 {
		t.Errorf("a site that there is not: %d", a.status)
	}

	// What is not published is not found, nor what its author has taken away.
	d.do("POST", "/api/v1/sites/news/moderation/decisions", `[{"comment_id":"`+first+`","action":"reject"}]`, "Authorization", d.mo)
	d.do("DELETE", "/api/v1/comments/"+other, "", "Authorization", d.ann)
	until(t, "what was taken away is still found", func() bool { got, _ := d.search("timet"); return reflect.DeepEqual(ids(got), []string{second}) })
}

// The same without a script: /p/{site}?q=, and a comment for other pages.
func TestSearchAndOembedAsPages(t *testing.T) {
	d := newDesk(t)
	a := d.do("POST", "/api/v1/sites/news/comments", `{"thread":"/k","url":"`+testOrigin+`/k","title":"Ferries","body":"The winter <b>timetable</b> is due & ||hidden||"}`, "Authorization", d.bo)
	var made struct{ Comment struct{ ID string } }
	a.into(t, &made)
	id := made.Comment.ID
	page := func(path string, status int, parts ...string) {
		t.Helper()
		a := d.do("GET", path, "")
		if a.status != status {
			t.Errorf("%s: %d %s", path, a.status, a.body)
		}
		for _, s := range parts {
			if !strings.Contains(string(a.body), s) {
				t.Errorf("%s lacks %s:\n%s", path, s, a.body)
			}
		}
	}
	page("/p/news?q=timetable", 200, "<mark>timetable</mark>", "/c/"+id, "Ferries", `content="noindex"`)
	page("/p/news?q=timet*&thread=/k", 200, "<mark>timetable</mark>")
	page("/p/news?q=hovercraft", 200, "No comment says “hovercraft”.")
	page("/p/news?q=%3Cscript%3E", 200, "“&lt;script&gt;”")
	page("/p/news?q=has:legs", 422, "has:link")
	page("/p/news?q=x&thread=nowhere", 404)
	page("/p/news", 422)
	page("/p/news?thread=/k", 200, `role="search"`)

	at := url.QueryEscape(d.base + "/c/" + id)
	page("/oembed?url="+at, 200, `"type":"rich"`, `"author_name":"Bo Berg"`, `"title":"Ferries"`, "▒▒▒▒")
	page("/oembed?url="+url.QueryEscape(testOrigin+"/k#parley-"+id)+"&maxwidth=320", 200, `"width":320`)
	page("/oembed?format=xml&url="+at, 422, "JSON")
	page("/oembed?url="+url.QueryEscape("https://elsewhere.example/c/"+id), 404)
	page("/oembed?url=", 422, `"url"`)
	if a := d.do("GET", "/oembed?url="+at, ""); strings.Contains(string(a.body), "<b>") || strings.Contains(string(a.body), "hidden") {
		t.Errorf("oEmbed: %s", a.body)
	}
	d.do("DELETE", "/api/v1/comments/"+id, "", "Authorization", d.bo)
	until(t, "a deleted comment is still given away", func() bool { return d.do("GET", "/oembed?url="+at, "").status == 404 })
}
