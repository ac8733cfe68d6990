package signin

import "testing"

// A sign-in for which the whole page went leads back to that page alone: not to
// another origin, nor to a page that may lead on to one.
func TestSignInsLeadBackToThePage(t *testing.T) {
	const origin = "https://news.example"
	for page, good := range map[string]bool{
		origin + "/a":                                        true,
		origin + "/a?page=2&fbclid=x_Y-1":                    true,
		origin + "/a?q=100%25+sure":                          false, // an encoding that does not end is not looked into
		origin + "/a?q=a%20b%3Ac/d":                          true,
		origin + ".evil.example/a":                           false,
		"https://user@news.example/a":                        false,
		"https:news.example/a":                               false,
		"https://news.example\\@evil.example/":               false,
		origin + "/go?to=https://evil.example/":              false,
		origin + "/go?to=HTTPS%3A%2F%2Fevil.example":         false,
		origin + "/go?to=//evil.example":                     false,
		origin + "/go?to=%252F%252Fevil.example":             false,
		origin + "/go?to=/%5Cevil.example":                   false,
		origin + "/go?to=https:evil.example":                 false,
		origin + "/go?https://evil.example":                  false,
		origin + "/go?x=%25252568ttps%2525253A%25252F/e.com": false,
	} {
		if got := returns(origin, page); got != good {
			t.Errorf("%s: %v", page, got)
		}
	}
}
