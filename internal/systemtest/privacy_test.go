package systemtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/store"
)

// The privacy page says what holds: it follows the settings, in the reader's
// language, and its table is the server's.
func TestThePrivacyPageFollowsTheSettings(t *testing.T) {
	d := newDesk(t)
	page := func(header ...string) string {
		a := d.do("GET", "/p/news/privacy", "", header...)
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		return string(a.body)
	}
	before := page()
	for _, want := range []string{"Comments that were rejected</td><td>90 days", "Spam that nobody has looked at</td><td>30 days", fmt.Sprintf("moderators</td><td>%d days", store.PrefixesKept/(24*time.Hour)), "No comment is sent to another company"} {
		if !strings.Contains(before, want) {
			t.Errorf("%q is not on the page", want)
		}
	}
	for _, unwanted := range []string{"as a guest", "Akismet", "Backups", "drawn anew"} {
		if strings.Contains(before, unwanted) {
			t.Errorf("%q is on the page, and is not so", unwanted)
		}
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"guests":true,"images":"members","akismet_key":"k","scorer_url":"https://scores.example/v1"}`, "Authorization", d.ad); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	after := page()
	for _, want := range []string{"as a guest", "Akismet, scores.example", "drawn anew", "push service", "reactions stay in the counts"} {
		if !strings.Contains(after, want) {
			t.Errorf("%q is not on the page after the change", want)
		}
	}
	if ru := page("Accept-Language", "ru"); !strings.Contains(ru, "Отклонённые комментарии</td><td>90 дней") || !strings.Contains(ru, `lang="ru"`) {
		t.Error("a Russian reader gets another page")
	}
	if a := d.do("GET", "/p/nothing/privacy", ""); a.status != 404 {
		t.Errorf("of a site that there is not: %d", a.status)
	}
	var table struct {
		Kept []struct {
			What    string
			Seconds int64
		}
	}
	d.do("GET", "/api/v1/sites/news/settings/retention", "", "Authorization", d.mo).into(t, &table)
	for i, k := range store.Retention() {
		if i >= len(table.Kept) || table.Kept[i].What != k.What || table.Kept[i].Seconds != int64(k.For.Seconds()) {
			t.Fatalf("row %d of the settings is not %+v: %+v", i, k, table.Kept)
		}
	}
}
