package systemtest

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/golang-jwt/jwt/v5"
)

type badged struct {
	Comments []struct {
		ID     string
		Author struct {
			ID, Name string
			Badges   []string
		}
	}
}

// Who may write goes by the tier that the site's token says, in posting and in
// editing; badges say who subscribes, knows the subject, wrote the article or is new.
func TestTiersAndBadges(t *testing.T) {
	d := newDesk(t)
	key := strings.Fields(d.run("sso", "key", "news"))[0]
	signIn := func(sub, name, tier string, author bool) string {
		b, _ := json.Marshal(map[string]any{"token": sso(key, func(c jwt.MapClaims) {
			c["sub"], c["name"], c["tier"], c["author"], c["thread"] = sub, name, tier, author, "ferries"
		})})
		var out struct{ Bearer string }
		a := d.do("POST", "/api/v1/sites/news/sso", string(b), "Origin", testOrigin, "X-Parley", "1")
		a.into(t, &out)
		if out.Bearer == "" {
			t.Fatalf("sso: %d %s", a.status, a.body)
		}
		return out.Bearer
	}
	as := func(bearer, method, path, body string) answer {
		return d.do(method, path, body, "Authorization", "Bearer "+bearer, "Origin", testOrigin, "X-Parley", "1")
	}
	set := func(write string) answer {
		return d.do("PATCH", "/api/v1/sites/news/settings", `{"write":`+write+`}`, "Authorization", d.ad)
	}
	for _, bad := range []string{`"tiers"`, `["a","a"]`, `[""]`, `["members","gold"]`, `7`, `["` + strings.Repeat("x", 41) + `"]`} {
		if a := set(bad); a.status != 422 {
			t.Errorf("write %s: %d %s", bad, a.status, a.body)
		}
	}
	for _, good := range []string{`"members"`, `"everyone"`, `["gold","Reader plus"]`} {
		a := set(good)
		var out struct{ Write json.RawMessage }
		a.into(t, &out)
		if a.status != 200 || string(out.Write) != good {
			t.Errorf("write %s: %d, %s", good, a.status, out.Write)
		}
	}
	gold, none := signIn("1", "Gold Reader", "gold", true), signIn("2", "Nora None", "", false)
	const at, post = "/api/v1/sites/news/comments", `{"thread":"ferries","body":"words here"}`
	if a := as(none, "POST", at, post); a.status != 403 || !strings.Contains(string(a.body), `"tier"`) {
		t.Errorf("without a tier: %d %s", a.status, a.body)
	}
	if a := d.do("POST", at, post, "Authorization", d.ann); a.status != 403 {
		t.Errorf("an account without one: %d %s", a.status, a.body)
	}
	if a := d.do("POST", at, `{"thread":"ferries","body":"words here","guest":{"name":"Gus"}}`, "Origin", testOrigin, "X-Parley", "1"); a.status != 401 {
		t.Errorf("a guest: %d %s", a.status, a.body)
	}
	if a := d.do("POST", at, post, "Authorization", d.mo); a.status != 201 {
		t.Errorf("staff: %d %s", a.status, a.body)
	}
	a := as(gold, "POST", at, post)
	var made struct{ Comment struct{ ID string } }
	a.into(t, &made)
	if a.status != 201 {
		t.Fatalf("with a tier: %d %s", a.status, a.body)
	}
	if a := as(none, "PUT", "/api/v1/comments/"+made.Comment.ID+"/vote", `{"value":1}`); a.status != 200 {
		t.Errorf("a vote without a tier: %d %s", a.status, a.body)
	}
	me := func(bearer string) string {
		return string(as(bearer, "GET", "/api/v1/me?site=news&thread=ferries", "").body)
	}
	if !strings.Contains(me(none), `"tier":true`) || strings.Contains(me(gold), `"tier":true`) {
		t.Errorf("the overlay: %s %s", me(none), me(gold))
	}
	of := func(thread, name string) (id string, badges []string) {
		var page badged
		d.do("GET", at+"?thread="+url.QueryEscape(thread), "").into(t, &page)
		for _, c := range page.Comments {
			if c.Author.Name == name {
				return c.Author.ID, c.Author.Badges
			}
		}
		t.Fatalf("%s is not in %+v", name, page)
		return "", nil
	}
	id, badges := of("ferries", "Gold Reader")
	if !slices.Equal(badges, []string{"author", "subscriber", "newcomer"}) {
		t.Errorf("badges %v", badges)
	}
	if a := as(gold, "POST", at, `{"thread":"trains","body":"elsewhere"}`); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if _, badges := of("trains", "Gold Reader"); !slices.Equal(badges, []string{"subscriber", "newcomer"}) {
		t.Errorf("below another article: %v", badges)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/expert", `{"on":true}`, "Authorization", d.mo); a.status != 403 {
		t.Errorf("a moderator makes an expert: %d", a.status)
	}
	if a := d.do("POST", "/api/v1/sites/news/moderation/people/"+id+"/expert", `{"on":true}`, "Authorization", d.ad); a.status != 200 || !strings.Contains(string(a.body), `"expert"`) {
		t.Errorf("an expert: %d %s", a.status, a.body)
	}
	if _, badges := of("trains", "Gold Reader"); !slices.Equal(badges, []string{"expert", "subscriber", "newcomer"}) {
		t.Errorf("an expert: %v", badges)
	}
	var page struct{ Threads []struct{ ID, Key string } }
	d.do("GET", "/api/v1/sites/news/moderation/threads", "", "Authorization", d.mo).into(t, &page)
	for _, th := range page.Threads {
		if th.Key == "trains" {
			if a := d.do("PATCH", "/api/v1/sites/news/moderation/threads/"+th.ID, `{"authors":["`+id+`"]}`, "Authorization", d.mo); a.status != 200 || !strings.Contains(string(a.body), "Gold Reader") {
				t.Errorf("staff name the author: %d %s", a.status, a.body)
			}
		}
	}
	if _, badges := of("trains", "Gold Reader"); !slices.Contains(badges, "author") {
		t.Errorf("named by staff: %v", badges)
	}
	var card struct {
		Name            string
		Comments, Picks int
		Profile         *string `json:"profile_url"`
	}
	d.do("GET", "/api/v1/users/"+id, "").into(t, &card)
	if card.Name != "Gold Reader" || card.Comments != 2 || card.Picks != 0 || card.Profile != nil {
		t.Errorf("the card: %+v", card)
	}
	d.decide(t, d.mo, `[{"comment_id":"`+made.Comment.ID+`","action":"feature"}]`)
	d.do("PATCH", "/api/v1/sites/news/settings", `{"profiles":true}`, "Authorization", d.ad)
	d.do("GET", "/api/v1/users/"+id, "").into(t, &card)
	if card.Picks != 1 || card.Profile == nil {
		t.Fatalf("the card: %+v", card)
	}
	b := d.do("GET", strings.TrimPrefix(*card.Profile, d.base), "")
	if b.status != 200 || !strings.Contains(string(b.body), "elsewhere") || b.header.Get("X-Robots-Tag") != "noindex" {
		t.Errorf("the page of a person: %d %s", b.status, b.body)
	}
	signIn("1", "Gold Reader", "", false) // the subscription has ended
	if a := as(gold, "PATCH", "/api/v1/comments/"+made.Comment.ID, `{"body":"other words"}`); a.status != 403 {
		t.Errorf("an edit without a tier: %d %s", a.status, a.body)
	}
	if _, badges := of("trains", "Gold Reader"); slices.Contains(badges, "subscriber") {
		t.Errorf("ended, and %v", badges)
	}
}
