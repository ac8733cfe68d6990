package discuss

import (
	"errors"
	"testing"
)

func TestRemapPatterns(t *testing.T) {
	for _, c := range []struct{ from, to, key, want string }{ // want "" stays
		{"/blog/*", "/news/*", "https://a.example/blog/x/y", "https://a.example/news/x/y"},
		{"/blog/*", "/news/*", "https://a.example/blog/x?p=1", "https://a.example/news/x?p=1"},
		{"/blog/*", "/news/*", "/blog/x", "/news/x"},
		{"/blog/*", "/news/*", "https://a.example/other/blog/x", ""},
		{"/blog/*", "/news/*", "article-42", ""},
		{"/blog/*", "/news/*", "blog/x", ""},
		{"/a", "/b", "https://a.example/a", "https://a.example/b"},
		{"/a", "/b", "https://a.example/a/", ""},
		{"/a", "/b", "https://a.example/ab", ""},
		{"/*", "/*/", "https://a.example/x", "https://a.example/x/"},
		{"/*", "/*/", "https://a.example/x/", ""},
		{"/*", "/*/", "https://a.example/", ""},
		{"/*/", "/*", "https://a.example/x/", "https://a.example/x"},
		{"/*/", "/*", "https://a.example/", ""},
		{"/*.html", "/*", "https://a.example/x.html", "https://a.example/x"},
		{"/x*", "/y", "https://a.example/x1", "https://a.example/y"},
		{"/?p=*", "/post/*", "https://a.example/?p=12", "https://a.example/post/12"},
		{"http://a.example/*", "https://a.example/*", "http://a.example/x", "https://a.example/x"},
		{"http://a.example/*", "https://a.example/*", "https://a.example/x", ""},
		{"http://*", "https://*", "http://a.example/x?y", "https://a.example/x?y"},
		{"HTTP://A.example:80/*", "https://B.example/*", "http://a.example/X", "https://b.example/X"},
		{"https://old.example/*", "https://new.example/blog/*", "https://old.example/x", "https://new.example/blog/x"},
		{"https://old.example", "https://new.example", "https://old.example/", "https://new.example/"},
	} {
		m, err := ParseRemap(c.from, c.to)
		if err != nil {
			t.Errorf("%s → %s: %v", c.from, c.to, err)
			continue
		}
		got, ok := m.Apply(c.key)
		if ok != (c.want != "") || ok && got != c.want {
			t.Errorf("%s → %s makes %q, %t of %q, want %q", c.from, c.to, got, ok, c.key, c.want)
		}
	}
	for _, c := range []struct{ from, to, field string }{
		{"", "/x", "from"},
		{"/x", "", "to"},
		{"/*/*", "/*", "from"},
		{"/*", "/*/*", "to"},
		{"/x", "/*", "to"},
		{"/x", "https://a.example/x", "to"},
		{"https://a.example/x", "/x", "to"},
		{"x", "y", "from"},
		{"ftp://a.example/*", "https://a.example/*", "from"},
		{"http://a.example/*", "gopher://a.example/*", "to"},
		{"/a b", "/c", "from"},
		{"/a\x00", "/c", "from"},
		{"/a#b", "/c", "from"},
		{"/same/*", "/same/*", "to"},
	} {
		_, err := ParseRemap(c.from, c.to)
		var e *Error
		if !errors.As(err, &e) || len(e.Fields) == 0 || e.Fields[0].Name != c.field {
			t.Errorf("%q → %q: %v, want one about %s", c.from, c.to, err, c.field)
		}
	}
	site := Site{Origins: []string{"https://a.example"}}
	for to, ok := range map[string]bool{"https://a.example/*": true, "https://b.example/*": false, "http://a.example/*": false} {
		m, err := ParseRemap("http://old.example/*", to)
		if err != nil {
			t.Fatal(err)
		}
		if err := m.onSite(site); (err == nil) != ok {
			t.Errorf("%s: %v", to, err)
		}
	}
}
