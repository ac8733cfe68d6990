package systemtest

import (
	"strings"
	"testing"
)

// What a reader keeps of a discussion: follow, mute, undo, preview, standards.
func TestKeeping(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo Berg", "--password", testPassword)
	p.run("user", "add", "--site", "news", "--email", "ada@example.com", "--name", "Ada Min", "--password", testPassword, "--role", "admin")
	p.start()
	ann, bo, ada := p.login("ann@example.com"), p.login("bo@example.com"), p.login("ada@example.com")
	type overlay struct {
		Following bool
		Follows   []string
		Mutes     []string
		Mine      []string
	}
	me := func(token string) (o overlay) {
		p.do("GET", "/api/v1/me?site=news&thread=k", "", "Authorization", token).into(t, &o)
		return o
	}
	want := func(what string, a answer, status int, parts ...string) {
		t.Helper()
		if a.status != status {
			t.Fatalf("%s: %d %s, want %d", what, a.status, a.body, status)
		}
		for _, s := range parts {
			if !strings.Contains(string(a.body), s) {
				t.Errorf("%s: %s lacks %s", what, a.body, s)
			}
		}
	}

	// Following a page nobody has written on yet makes its thread.
	want("signed out", p.do("PUT", "/api/v1/sites/news/follow?thread=k", "", "Origin", testOrigin, "X-Parley", "1"), 401)
	want("follow", p.do("PUT", "/api/v1/sites/news/follow?thread=k", `{"url":"https://news.example/k","title":"K"}`, "Authorization", ann), 204)
	if !me(ann).Following || me(bo).Following {
		t.Error("following is one person's own")
	}
	root := p.post(bo, "k", "", "root")
	want("follow a comment", p.do("PUT", "/api/v1/sites/news/follow?thread=k&comment="+root.ID, "", "Authorization", ann), 204)
	want("twice", p.do("PUT", "/api/v1/sites/news/follow?thread=k&comment="+root.ID, "", "Authorization", ann), 204)
	if got := me(ann); len(got.Follows) != 1 || got.Follows[0] != root.ID {
		t.Errorf("follows %v, want %s", got.Follows, root.ID)
	}
	want("a comment of another thread", p.do("PUT", "/api/v1/sites/news/follow?thread=other&comment="+root.ID, "", "Authorization", ann), 404)
	want("unfollow", p.do("DELETE", "/api/v1/sites/news/follow?thread=k", "", "Authorization", ann), 204)
	if me(ann).Following {
		t.Error("still following")
	}

	// Muting folds one person for one reader.
	var c struct {
		Comment struct{ Author struct{ ID string } }
	}
	p.do("GET", "/api/v1/comments/"+root.ID, "").into(t, &c)
	author := c.Comment.Author.ID
	want("mute", p.do("PUT", "/api/v1/users/"+author+"/mute", "", "Authorization", ann), 204)
	want("mute oneself", p.do("PUT", "/api/v1/users/"+author+"/mute", "", "Authorization", bo), 409)
	want("mute nobody", p.do("PUT", "/api/v1/users/zzzz/mute", "", "Authorization", bo), 404)
	if got := me(ann).Mutes; len(got) != 1 || got[0] != author {
		t.Errorf("mutes %v, want %s", got, author)
	}
	want("unmute", p.do("DELETE", "/api/v1/users/"+author+"/mute", "", "Authorization", ann), 204)
	if got := me(ann).Mutes; len(got) != 0 {
		t.Errorf("mutes %v after the end", got)
	}

	// A deletion can be taken back by its author, once, and by nobody else.
	want("delete", p.do("DELETE", "/api/v1/comments/"+root.ID, "", "Authorization", bo), 204)
	if n := len(p.page("thread=k").Comments); n != 0 {
		t.Errorf("%d comments after the deletion", n)
	}
	want("undo by another", p.do("POST", "/api/v1/comments/"+root.ID+"/restore", "", "Authorization", ann), 404)
	want("undo", p.do("POST", "/api/v1/comments/"+root.ID+"/restore", "", "Authorization", bo), 200, `"status":"published"`)
	if n := len(p.page("thread=k").Comments); n != 1 {
		t.Errorf("%d comments after the undo", n)
	}
	want("undo again", p.do("POST", "/api/v1/comments/"+root.ID+"/restore", "", "Authorization", bo), 409)
	want("delete by a moderator", p.do("DELETE", "/api/v1/comments/"+root.ID, "", "Authorization", ada), 204)
	want("undo of that", p.do("POST", "/api/v1/comments/"+root.ID+"/restore", "", "Authorization", bo), 409)

	// The preview is the server's own rendering and stores nothing.
	want("preview", p.do("POST", "/api/v1/sites/news/preview", `{"body":"**b** <script>x</script>"}`, "Authorization", bo), 200, "<strong>b</strong>")
	want("preview from elsewhere", p.do("POST", "/api/v1/sites/news/preview", `{"body":"**b**"}`, "Origin", "https://evil.example", "X-Parley", "1"), 403)
	want("preview too short", p.do("POST", "/api/v1/sites/news/preview", `{"body":"x"}`, "Authorization", bo), 422, `"field":"body"`)

	// Standards: Parley's own until the site has some, versions after that.
	want("standards", p.do("GET", "/api/v1/sites/news/standards", ""), 200, `"version":0`, "<ol>")
	want("standards by a member", p.do("PUT", "/api/v1/sites/news/standards", `{"body":"1. Be *kind*."}`, "Authorization", bo), 403)
	want("standards by the admin", p.do("PUT", "/api/v1/sites/news/standards", `{"body":"1. Be *kind*."}`, "Authorization", ada), 200, `"version":1`)
	want("standards", p.do("GET", "/api/v1/sites/news/standards", ""), 200, `"version":1`, "<em>kind</em>")
	want("too long", p.do("PUT", "/api/v1/sites/news/standards", `{"body":"`+strings.Repeat("x", 20_001)+`"}`, "Authorization", ada), 422, `"field":"body"`)
}
