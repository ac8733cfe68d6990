package discuss

import "testing"

// However the address of a page is written, it is the same page.
func TestClosedPathsTakeNoDetours(t *testing.T) {
	site := Site{Settings: Settings{ClosedPaths: []string{"/court/*", "/one"}}}
	for key, want := range map[string]bool{
		"/court/1": true, "/court": true, "/court/": true, "//court/1": true, "/a/../court/1": true, "/./court/1": true, "/%63ourt/1": true, "/court/%zz": true,
		"https://news.example//court/1": true, "https://news.example/a/../court/1?x=1": true, "https://news.example/a/%2e%2e/court/1": true,
		"/one": true, "/one/": true, "/one/two": false,
		"/Court/1": false, "/courtyard": false, "/free/court/1": false, "article-43": false, "https://court/1": false, "": false,
	} {
		if got := (Thread{Key: key}).closedByPath(site); got != want {
			t.Errorf("the key %s: closed %v, want %v", key, got, want)
		}
		if got := (Thread{Key: "k", URL: key}).closedByPath(site); got != want {
			t.Errorf("the address %s: closed %v, want %v", key, got, want)
		}
	}
}
