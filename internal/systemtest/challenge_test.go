package systemtest

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

const riskyPost = `{"thread":"a","body":"look at https://cheap.example now","guest":{"name":"Gus"}}`

type puzzle struct {
	Algorithm string `json:"algorithm"`
	Challenge string `json:"challenge"`
	MaxNumber int    `json:"maxnumber"`
	Salt      string `json:"salt"`
	Signature string `json:"signature"`
}

// puzzleOf is the challenge of a refusal.
func puzzleOf(t *testing.T, a answer) puzzle {
	t.Helper()
	var out struct {
		Code      string
		Challenge puzzle
	}
	a.into(t, &out)
	if a.status != 403 || out.Code != "challenge" || out.Challenge.Algorithm != "SHA-256" || out.Challenge.MaxNumber == 0 {
		t.Fatalf("not challenged: %d %s", a.status, a.body)
	}
	return out.Challenge
}

// proof does what a browser does, from what the documentation says.
func (q puzzle) proof(t *testing.T) string {
	t.Helper()
	for n := range q.MaxNumber + 1 {
		if h := sha256.Sum256([]byte(q.Salt + strconv.Itoa(n))); hex.EncodeToString(h[:]) == q.Challenge {
			b, _ := json.Marshal(map[string]any{"algorithm": q.Algorithm, "challenge": q.Challenge, "number": n, "salt": q.Salt, "signature": q.Signature})
			return base64.RawURLEncoding.EncodeToString(b)
		}
	}
	t.Fatal("the challenge has no answer")
	return ""
}

func TestRiskyGuestIsAskedForWork(t *testing.T) {
	d := newDesk(t)
	d.run("site", "set", "news", "--guests", "--challenge")
	guest := func(body, proof, key string) answer {
		t.Helper()
		return d.do("POST", "/api/v1/sites/news/comments", body, "Origin", testOrigin, "X-Parley", "1", "X-Parley-Proof", proof, "Idempotency-Key", key)
	}
	if a := guest(`{"thread":"a","body":"a plain comment","guest":{"name":"Gus"}}`, "", "plain"); a.status != 201 {
		t.Fatalf("a plain comment: %d %s", a.status, a.body)
	}
	refused := guest(riskyPost, "", "k")
	if got := refused.header.Get("Access-Control-Allow-Origin"); got != testOrigin {
		t.Errorf("the page may not read the challenge: %q", got)
	}
	first := puzzleOf(t, refused)
	if q := d.queue(t, ""); len(q.Comments) != 0 {
		t.Errorf("something was stored: %+v", q)
	}
	proof := first.proof(t)
	forged := first
	forged.Signature = strings.Repeat("0", len(forged.Signature))
	next := puzzleOf(t, guest(riskyPost, forged.proof(t), "k"))
	if next.Salt == first.Salt {
		t.Error("the same puzzle again")
	}

	a := guest(riskyPost, proof, "k") // the key was not spent by the refusals
	if a.status != 201 || !strings.Contains(string(a.body), `"status":"pending"`) {
		t.Fatalf("with a proof: %d %s", a.status, a.body)
	}
	if again := guest(riskyPost, "", "k"); again.status != 201 || string(again.body) != string(a.body) {
		t.Errorf("what was answered stays answered: %d %s", again.status, again.body)
	}
	q := d.queue(t, "")
	if len(q.Comments) != 1 || !strings.Contains(string(d.do("GET", "/api/v1/sites/news/moderation/queue", "", "Authorization", d.mo).body), `"check":"proof"`) {
		t.Errorf("the queue: %+v", q)
	}
	puzzleOf(t, guest(strings.Replace(riskyPost, "look", "Look", 1), proof, "other")) // a proof is good for one comment

	status, _, page := d.form(http.DefaultClient, "/p/news?thread=a", d.base, url.Values{"act": {"post"}, "name": {"Gus"}, "body": {"see https://cheap.example"}, "key": {"form"}})
	if status != 403 || !strings.Contains(page, "Sign in below") || !strings.Contains(page, "see https://cheap.example</textarea>") {
		t.Errorf("the page without a script: %d %s", status, page)
	}

	d.do("PUT", "/api/v1/sites/news/moderation/rules", `{"suspect":["scam"]}`, "Authorization", d.mo)
	puzzleOf(t, guest(`{"thread":"a","body":"what a scam","guest":{"name":"Gus"}}`, "", "word"))
	if _, status := d.write(t, d.ann, "a", "what a scam this is"); status != "pending" {
		t.Errorf("a member's is %s", status)
	}
	if _, status := d.write(t, d.mo, "a", "no scam at all"); status != "published" {
		t.Errorf("a moderator's is %s", status)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"challenge":false}`, "Authorization", d.ad); a.status != 200 || !strings.Contains(string(a.body), `"challenge":false`) {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := guest(strings.Replace(riskyPost, "look", "LOOK", 1), "", "off"); a.status != 201 {
		t.Errorf("where the site asks for none: %d %s", a.status, a.body)
	}
}

func TestPreflightAllowsTheProof(t *testing.T) {
	p := newProgram(t)
	p.start()
	r, err := http.NewRequest("OPTIONS", p.base+"/api/v1/sites/news/comments", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Origin", testOrigin)
	r.Header.Set("Access-Control-Request-Method", "POST")
	r.Header.Set("Access-Control-Request-Headers", "x-parley-proof")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != 204 || !strings.Contains(res.Header.Get("Access-Control-Allow-Headers"), "X-Parley-Proof") {
		t.Errorf("%d %v", res.StatusCode, res.Header)
	}
}
