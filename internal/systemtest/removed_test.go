package systemtest

import (
	"fmt"
	"strings"
	"testing"
)

// TestRemovedWordsAreInNoPublicAnswer removes a word in each way that readers
// and moderators have and asks, as a stranger, everything that is public. A
// repeat of the post that made it tells its author no more than that.
func TestRemovedWordsAreInNoPublicAnswer(t *testing.T) {
	d := newDesk(t)
	ids := map[string]string{}
	plant := func(word string) string {
		t.Helper()
		a := d.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"a","body":"some words and %s"}`, word), "Authorization", d.ann, "Idempotency-Key", word)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		var out struct{ Comment comment }
		a.into(t, &out)
		d.post(d.bo, "a", out.Comment.ID, "an answer that stays to "+word[2:4])
		ids[word] = out.Comment.ID
		return out.Comment.ID
	}
	edit := func(who, id, body string) {
		t.Helper()
		if a := d.do("PATCH", "/api/v1/comments/"+id, fmt.Sprintf(`{"body":%q}`, body), "Authorization", who); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	if a := d.do("DELETE", "/api/v1/comments/"+plant("zqdeleted"), "", "Authorization", d.ann); a.status != 204 {
		t.Fatal(a.status)
	}
	redacted := plant("zqredacted")
	edit(d.mo, redacted, "a moderator took it away")
	if a := d.do("PATCH", "/api/v1/comments/"+redacted, `{"body":"zqredacted"}`, "Authorization", d.ann); a.status != 409 || !strings.Contains(string(a.body), "redacted") {
		t.Errorf("its author puts it back: %d %s", a.status, a.body)
	}
	if a := d.do("DELETE", "/api/v1/comments/"+plant("zqmoderator"), "", "Authorization", d.mo); a.status != 204 {
		t.Fatal(a.status)
	}
	edited := plant("zqedited")
	edit(d.ann, edited, "another text")
	actions := map[string]string{"zqrejected": "reject", "zqspam": "spam", "zqdecided": "delete"}
	for word := range actions { // all of them first: after some rejections everything of their author waits
		plant(word)
	}
	for word, action := range actions {
		d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":%q}]`, ids[word], action))
	}
	d.decide(t, d.mo, fmt.Sprintf(`[{"comment_id":%q,"action":"reject"},{"comment_id":%q,"action":"approve"}]`, edited, edited))
	paths := []string{
		"/api/v1/sites/news/comments?thread=a", "/api/v1/sites/news/comments?thread=a&view=flat&sort=newest&limit=100", "/api/v1/sites/news/latest?limit=100",
		"/api/v1/sites/news/events?thread=a&after=0", "/p/news?thread=a", "/feeds/news.atom", "/feeds/news.json", "/feeds/news.atom?thread=a", "/feeds/news.json?thread=a",
	}
	for _, id := range ids {
		paths = append(paths, "/api/v1/comments/"+id, "/api/v1/comments/"+id+"/replies", "/api/v1/comments/"+id+"/revisions", "/p/news?thread=a&under="+id)
	}
	for _, path := range paths {
		for _, who := range []string{"", d.bo} {
			header := []string{}
			if who != "" {
				header = []string{"Authorization", who}
			}
			a := d.do("GET", path, "", header...)
			for word := range ids {
				if strings.Contains(string(a.body), word) {
					t.Errorf("%s (%d) says %s", path, a.status, word)
				}
			}
		}
	}
	for _, word := range []string{"zqredacted", "zqdeleted", "zqrejected"} {
		a := d.do("POST", "/api/v1/sites/news/comments", fmt.Sprintf(`{"thread":"a","body":"some words and %s"}`, word), "Authorization", d.ann, "Idempotency-Key", word)
		var out struct{ Comment comment }
		a.into(t, &out)
		if a.status != 201 || out.Comment.ID != ids[word] || strings.Contains(string(a.body), word) {
			t.Errorf("a repeat of the post with %s: %d %s", word, a.status, a.body)
		}
	}
}
