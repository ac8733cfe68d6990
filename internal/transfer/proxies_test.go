package transfer

import "testing"

// A reader who wrote on a translated or stored copy of a page wrote under that page.
func TestCopiesOfAPageAreThatPage(t *testing.T) {
	for in, want := range map[string]string{
		"https://blog-example-com.translate.goog/a?_x_tr_sl=en&_x_tr_tl=de&page=2":                   "https://blog.example.com/a?page=2",
		"https://my--blog-example-com.translate.goog/":                                               "https://my-blog.example.com/",
		"http://translate.googleusercontent.com/translate_c?hl=de&u=http://blog.example.com/a&usg=x": "http://blog.example.com/a",
		"http://webcache.googleusercontent.com/search?q=cache:x1Y:blog.example.com/a+ferries&hl=en":  "http://blog.example.com/a",
		"https://web.archive.org/web/20200102030405/https://blog.example.com/a?p=1":                  "https://blog.example.com/a?p=1",
		"https://web.archive.org/about":                                                              "https://web.archive.org/about",
		"https://translate.google.com/?u=javascript:alert(1)":                                        "https://translate.google.com/?u=javascript:alert(1)",
		"https://blog.example.com/web/20200102030405/https://other.example/":                         "https://blog.example.com/web/20200102030405/https://other.example/",
		"::": "::",
	} {
		if got := unproxied(in); got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}
