package systemtest

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

const chainLength = 100_000

// TestAChainOfAHundredThousandReplies is read, answered at its end and taken
// away at its root: nothing in Go or SQL recurses along it.
func TestAChainOfAHundredThousandReplies(t *testing.T) {
	p := newProgram(t)
	p.bin = binaryPlain // this is about size; smaller imports look for races
	file := filepath.Join(t.TempDir(), "chain.jsonl")
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, `{"type":"header","parley":1,"site":"news"}`)
	fmt.Fprintln(w, `{"type":"thread","id":"t","key":"chain","url":"","title":"A chain","state":"open"}`)
	fmt.Fprintln(w, `{"type":"person","id":"p","name":"Somebody"}`)
	for i := range chainLength {
		parent := ""
		if i > 0 {
			parent = fmt.Sprint("c", i-1)
		}
		fmt.Fprintf(w, `{"type":"comment","id":"c%d","thread":"t","person":"p","parent":%q,"body":"link %d","status":"published","created_at":"2024-01-01T00:00:00Z"}`+"\n", i, parent, i)
	}
	fmt.Fprintf(w, `{"type":"end","threads":1,"people":1,"comments":%d}`+"\n", chainLength)
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
	_ = f.Close()
	r := p.imported("--site", "news", "--format", "parley", file)
	if r.Comments != chainLength {
		t.Fatalf("imported %d: %+v", r.Comments, r.Skipped)
	}
	p.start()
	ann := p.login("ann@example.com")
	page := p.page("thread=chain")
	depth := 0
	for at := page.Comments; len(at) > 0; at = at[0].Replies {
		depth++
	}
	if page.Thread.CommentCount != chainLength || len(page.Comments) != 1 || depth != 7 {
		t.Errorf("a page of %d roots, %d levels, counting %d", len(page.Comments), depth, page.Thread.CommentCount)
	}
	last := p.page("thread=chain&view=flat&sort=newest&limit=1").Comments[0]
	var one struct {
		Comment   struct{ Depth int }
		Ancestors []comment
	}
	p.do("GET", "/api/v1/comments/"+last.ID, "").into(t, &one)
	if one.Comment.Depth != chainLength-1 || len(one.Ancestors) == 0 || len(one.Ancestors) > 1000 {
		t.Errorf("the last one is at depth %d with %d ancestors", one.Comment.Depth, len(one.Ancestors))
	}
	reply := p.post(ann, "chain", last.ID, "and one more")
	if a := p.do("DELETE", "/api/v1/comments/"+reply.ID, "", "Authorization", ann); a.status != 204 {
		t.Errorf("delete the last: %d", a.status)
	}
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo", "--password", testPassword, "--role", "moderator")
	mo := p.login("mo@example.com")
	b, _ := json.Marshal([]map[string]string{{"comment_id": page.Comments[0].ID, "action": "delete"}})
	if a := p.do("POST", "/api/v1/sites/news/moderation/decisions", string(b), "Authorization", mo); a.status != 200 {
		t.Errorf("delete the root: %d %s", a.status, a.body)
	}
	page = p.page("thread=chain")
	if len(page.Comments) != 1 || page.Comments[0].Status != "deleted" || page.Comments[0].Author != nil {
		t.Errorf("the root is no tombstone: %+v", page.Comments)
	}
}
