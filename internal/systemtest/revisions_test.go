package systemtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// TestHistoryShowsWhatWasPublic asks as a stranger, by the running program, for
// texts that waited, that a moderator changed, and that a verdict took away.
func TestHistoryShowsWhatWasPublic(t *testing.T) {
	d := newDesk(t)
	hold := func(mode string) { t.Helper(); d.settings(t, map[string]any{"mode": mode}) }
	edit := func(who, id, body string) {
		t.Helper()
		if a := d.do("PATCH", "/api/v1/comments/"+id, fmt.Sprintf(`{"body":%q}`, body), "Authorization", who); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	history := func(id, who string) string {
		t.Helper()
		header := []string{}
		if who != "" {
			header = []string{"Authorization", who}
		}
		a := d.do("GET", "/api/v1/comments/"+id+"/revisions", "", header...)
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var out struct {
			Revisions []struct {
				HTML   string
				Public bool
			}
		}
		if err := json.Unmarshal(a.body, &out); err != nil {
			t.Fatal(err)
		}
		var s []string
		for _, r := range out.Revisions {
			s = append(s, fmt.Sprint(r.HTML, r.Public))
		}
		return strings.Join(s, " ")
	}
	hold("all")
	c := d.post(d.ann, "a", "", "never approved")
	edit(d.ann, c.ID, "approved")
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"approve"}]`, c.ID))
	if got := history(c.ID, ""); got != "" {
		t.Errorf("a stranger reads %s", got)
	}
	hold("publish")
	edit(d.ann, c.ID, "approved, and edited by its author")
	if got := history(c.ID, ""); got != "<p>approved</p>true" {
		t.Errorf("a stranger reads %s", got)
	}
	edit(d.mo, c.ID, "redacted")
	for _, who := range []string{"", d.bo} {
		if got := history(c.ID, who); got != "" {
			t.Errorf("after the redaction another reads %s", got)
		}
	}
	want := "<p>approved, and edited by its author</p>false <p>approved</p>false <p>never approved</p>false"
	for _, who := range []string{d.ann, d.mo} {
		if got := history(c.ID, who); got != want {
			t.Errorf("its author, or a moderator, reads %s", got)
		}
	}
}
