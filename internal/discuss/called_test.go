package discuss

import (
	"encoding/json"
	"os"
	"strings"
	"testing"
)

func TestWhatAThreadIsCalledIsLegible(t *testing.T) {
	site := Site{Name: "News", Origins: []string{"https://news.example"}}
	for _, c := range []struct{ title, url, key, want string }{
		{"A title", "https://news.example/a", "a", "A title"},
		{"", "https://news.example/harbour/", "a", "news.example/harbour"},
		{"", "", "https://news.example/", "news.example"},
		{"", "https://news.example/%D0%BF%D0%BE%D1%80%D1%82", "a", "news.example/порт"},
		{"", "https://news.example/a%20b", "a", "news.example/a%20b"},           // no blank is seen in an address
		{"", "https://news.example/%E2%80%AEx", "a", "news.example/%E2%80%AEx"}, // nor anything that turns it round
		{"", "https://news.example/%FF", "a", "news.example/%FF"},               // nor what is no letter
		{"", "https://news.example/" + strings.Repeat("long-", 40), "a", "news.example/" + strings.Repeat("long-", 13) + "l…"},
		{"", "", "article-42", "News"},
		{"", "https://elsewhere.example/x", "article-42", "News"},
	} {
		if got := (Thread{Title: c.title, URL: c.url, Key: c.key}).Called(site); got != c.want {
			t.Errorf("%+v is called %q", c, got)
		}
	}
}

// A refusal says a reason as the buttons and mails do.
func TestReasonsAreSaidAsTheirLabelsAre(t *testing.T) {
	b, err := os.ReadFile("../../static/i18n/en/reasons.json")
	if err != nil {
		t.Fatal(err)
	}
	var words map[string]any
	if err := json.Unmarshal(b, &words); err != nil {
		t.Fatal(err)
	}
	for _, reason := range Reasons {
		if want := words["reason_"+reason]; (Ban{Reason: reason}).refusal().Detail != "You can't comment here. Reason: "+want.(string)+". You can still read." {
			t.Errorf("%s: %s", reason, (Ban{Reason: reason}).refusal().Detail)
		}
	}
}
