package systemtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// A widget tells its reader what was decided about them on its own site; of
// other sites it hears nothing.
func TestAWidgetSeesTheDecisionsOfItsOwnSite(t *testing.T) {
	parallel(t)
	d := newDesk(t)
	d.run("site", "add", "blog", "--name", "Blog", "--origin", "https://blog.example")
	here := d.post(d.ann, "a", "", "words that go here").ID
	var there struct{ Comment struct{ ID string } }
	if err := json.Unmarshal(d.do("POST", "/api/v1/sites/blog/comments", `{"thread":"b","body":"words that go there"}`, "Authorization", d.ann).body, &there); err != nil {
		t.Fatal(err)
	}
	d.run("user", "add", "--site", "blog", "--email", "ed@example.com", "--name", "Ed Blogger", "--password", testPassword, "--role", "moderator")
	moderators := map[string]string{"news": d.mo, "blog": d.login("ed@example.com")}
	for site, id := range map[string]string{"news": here, "blog": there.Comment.ID} {
		if a := d.do("POST", "/api/v1/sites/"+site+"/moderation/decisions", fmt.Sprintf(`[{"comment_id":%q,"action":"reject","reason":"off_topic"}]`, id), "Authorization", moderators[site]); a.status != 200 {
			t.Fatalf("%s: %d %s", site, a.status, a.body)
		}
	}
	widget := []string{"Cookie", signedIn(t, d.program, "ann@example.com").widgetOf(), "Origin", testOrigin, "X-Parley", "1"}
	own := string(d.do("GET", "/api/v1/me/decisions?site=news", "", widget...).body)
	if !strings.Contains(own, here) || strings.Contains(own, there.Comment.ID) {
		t.Errorf("the widget is told %s", own)
	}
	if a := d.do("GET", "/api/v1/me/decisions?site=blog", "", widget...); a.status == 200 {
		t.Errorf("the widget of one site is told of another: %s", a.body)
	}
	if a := d.do("GET", "/api/v1/me/decisions", "", widget...); a.status != 403 {
		t.Errorf("the widget is told of every site: %d %s", a.status, a.body)
	}
	if all := string(d.do("GET", "/api/v1/me/decisions", "", "Authorization", d.ann).body); !strings.Contains(all, here) || !strings.Contains(all, there.Comment.ID) {
		t.Errorf("a program is told %s", all)
	}
}
