package systemtest

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
)

// A hundred cards come packed, and lean for who draws them: what stands there
// as HTML is not sent a second time as it was typed.
func TestTheQueueIsLeanAndPacked(t *testing.T) {
	d := newDesk(t)
	d.run("site", "set", "news", "--hold", "all")
	for i := range 100 {
		d.write(t, d.bo, fmt.Sprintf("/page-%d", i%7), fmt.Sprintf("Comment number %d. %s", i, strings.Repeat(fmt.Sprintf("Ferry %d leaves at %d past the hour, or so they say. ", i, i%60), 6)))
	}
	get := func(query, encoding string) (*http.Response, []byte) {
		t.Helper()
		r, err := http.NewRequest("GET", d.base+"/api/v1/sites/news/moderation/queue?limit=100"+query, nil)
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Authorization", "Bearer "+strings.TrimPrefix(d.mo, "Bearer "))
		r.Header.Set("Accept-Encoding", encoding)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil || res.StatusCode != 200 {
			t.Fatalf("%d %v %s", res.StatusCode, err, b)
		}
		return res, b
	}
	_, whole := get("", "identity")
	_, lean := get("&fields=card", "identity")
	res, packed := get("&fields=card", "gzip, br")
	t.Logf("a hundred cards: %d bytes, lean %d, packed %d", len(whole), len(lean), len(packed))
	if res.Header.Get("Content-Encoding") != "gzip" || !strings.Contains(strings.Join(res.Header.Values("Vary"), ","), "Accept-Encoding") {
		t.Errorf("headers: %v", res.Header)
	}
	if len(packed) > 20_000 {
		t.Errorf("a hundred cards come as %d bytes", len(packed))
	}
	if strings.Contains(string(lean), `"body":`) || !strings.Contains(string(whole), `"body":`) || !strings.Contains(string(lean), `"html":`) {
		t.Error("lean leaves out the body and nothing else")
	}
	z, err := gzip.NewReader(strings.NewReader(string(packed)))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := io.ReadAll(z); err != nil || string(b) != string(lean) {
		t.Errorf("what is unpacked is another answer: %v", err)
	}
}
