package systemtest

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/cleantext"
)

// TestEveryWayInIsClean writes the same characters into every field that
// people read, by every way in, and looks for them in every answer.
func TestEveryWayInIsClean(t *testing.T) {
	d := newDesk(t)
	raw := "x\u202Ey\u009Bz\u2066\x0E" + strings.Repeat("\u0316", 60)
	entities := "x&#8238;y&#x9b;z&#14;&#8294;" + strings.Repeat("&#x316;", 60)
	body := func(fields map[string]any) string {
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	do := func(want int, method, path, who string, fields any) answer {
		t.Helper()
		b, err := json.Marshal(fields)
		if err != nil {
			t.Fatal(err)
		}
		a := d.do(method, path, string(b), "Authorization", who)
		if a.status != want {
			t.Errorf("%s %s: %d %s", method, path, a.status, a.body)
		}
		return a
	}
	var c struct{ Comment comment }
	for _, text := range []string{raw, entities} {
		a := d.do("POST", "/api/v1/sites/news/comments", body(map[string]any{"thread": "a", "title": raw, "url": testOrigin + "/a", "body": "posted " + text}), "Authorization", d.ad)
		if a.status != 201 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		a.into(t, &c)
		do(200, "PATCH", "/api/v1/comments/"+c.Comment.ID, d.ad, map[string]any{"body": "edited " + text})
	}
	do(422, "POST", "/api/v1/sites/news/comments", d.ann, map[string]any{"thread": "k\u202E", "body": "a key is not cleaned, it is refused"})
	id, _ := d.write(t, d.ann, "a", "something to report")
	do(202, "POST", "/api/v1/comments/"+id+"/reports", d.bo, map[string]any{"reason": raw, "note": raw})
	do(200, "POST", "/api/v1/sites/news/moderation/decisions", d.mo, []map[string]any{{"comment_id": id, "action": "reject", "reason": raw, "note": raw}})
	ann := d.person(t, d.mo, "Ann Lee").ID
	if a := d.act(d.mo, ann, "note", body(map[string]any{"text": raw})); a.status >= 300 {
		t.Errorf("note: %d %s", a.status, a.body)
	}
	if a := d.act(d.mo, ann, "warn", body(map[string]any{"text": raw})); a.status >= 300 {
		t.Errorf("warning: %d %s", a.status, a.body)
	}
	d.settings(t, map[string]any{"name": "The " + raw})
	do(200, "PUT", "/api/v1/sites/news/standards", d.ad, map[string]any{"body": "Be kind.\x00 " + raw})
	var list struct{ Threads []struct{ ID string } }
	d.do("GET", "/api/v1/sites/news/moderation/threads", "", "Authorization", d.mo).into(t, &list)
	do(200, "PATCH", "/api/v1/sites/news/moderation/threads/"+list.Threads[0].ID, d.mo, map[string]any{"title": "By the desk " + raw})
	d.run("site", "add", "second", "--name", "Second "+raw, "--origin", "https://second.example")
	file := filepath.Join(t.TempDir(), "in.jsonl")
	var lines []string
	for _, l := range []map[string]any{
		{"type": "header", "parley": 1, "site": "news"},
		{"type": "thread", "id": "t", "key": "imported", "title": raw, "state": "open", "aliases": []string{"al\u202Eias"}},
		{"type": "thread", "id": "u", "key": "ke\u202Ey", "title": "refused", "state": "open"},
		{"type": "person", "id": "p", "name": "Imported " + raw},
		{"type": "comment", "id": "1", "thread": "t", "person": "p", "body": raw, "html": "<p>" + entities + "</p>", "status": "published", "created_at": "2024-01-01T00:00:00Z"},
		{"type": "comment", "id": "2", "thread": "t", "person": "p", "body": "written by hand " + entities, "status": "published", "created_at": "2024-01-01T00:00:00Z"},
		{"type": "end", "threads": 2, "people": 1, "comments": 2},
	} {
		lines = append(lines, body(l))
	}
	if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if rep := d.imported("--site", "news", "--format", "parley", file); rep.Comments != 2 || len(rep.Skipped) != 1 {
		t.Errorf("import: %+v", rep)
	}
	for _, name := range []string{raw + "name", "na\u202Eme"} { // a name is its bearer's to mend
		if a := d.do("POST", "/api/v1/sites/news/register", body(map[string]any{"email": "new@example.com", "name": name, "password": testPassword})); a.status != 422 {
			t.Errorf("a name: %d %s", a.status, a.body)
		}
	}
	for _, path := range []string{
		"/api/v1/sites/news/comments?thread=a", "/api/v1/sites/news/comments?thread=imported", "/api/v1/sites/news/latest", "/p/news?thread=a", "/p/news?thread=imported",
		"/feeds/news.atom", "/feeds/news.json", "/api/v1/sites/news/moderation/queue?state=all", "/api/v1/sites/news/moderation/queue?state=rejected",
		"/api/v1/sites/news/moderation/queue?state=decided", "/api/v1/sites/news/moderation/audit", "/api/v1/sites/news/moderation/people", "/api/v1/sites/news/moderation/people/" + ann,
		"/api/v1/sites/news/moderation/threads", "/api/v1/sites/news/settings", "/p/news/standards", "/api/v1/sites/news/standards", "/api/v1/sites/second/comments?thread=a", "/api/v1/comments/" + c.Comment.ID + "/revisions",
	} {
		a := d.do("GET", path, "", "Authorization", d.ad)
		if a.status != 200 {
			t.Errorf("%s: %d", path, a.status)
			continue
		}
		var text string
		if strings.HasPrefix(string(a.body), "{") { // what JSON escapes is there all the same
			var v any
			if err := json.Unmarshal(a.body, &v); err != nil {
				t.Fatal(err)
			}
			text = fmt.Sprint(v)
		} else {
			text = string(a.body)
		}
		if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && cleantext.Forbidden(r) }); i >= 0 {
			t.Errorf("%s holds %+q", path, text[max(0, i-40):min(len(text), i+20)])
		}
		if strings.Contains(text, strings.Repeat("\u0316", cleantext.MaxMarks+1)) {
			t.Errorf("%s holds a tower", path)
		}
	}
}
