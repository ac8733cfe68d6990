package systemtest

import (
	"testing"
)

// An owner learns that a page of theirs has shown the comments; a page that is
// not on the list, and our own, are none.
func TestTheFirstPageLoadIsNoted(t *testing.T) {
	d := newDesk(t)
	var set struct {
		First *string `json:"first_seen_at"`
		Last  *string `json:"last_seen_at"`
	}
	read := func() *string {
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &set)
		return set.First
	}
	for _, o := range []string{"https://other.test", d.base, "null", ""} {
		if a := d.do("GET", "/api/v1/sites/news/comments?thread=a", "", "Origin", o); a.status != 200 {
			t.Fatalf("a read by %q: %d", o, a.status)
		}
	}
	d.do("GET", "/api/v1/sites/nosuch/comments?thread=a", "", "Origin", testOrigin)
	d.do("GET", "/api/v1/sites/news/origin", "", "Origin", "https://other.test") // is written by a flush, after those above
	eventually(t, "a flush", func() bool {
		var s struct {
			Refused []any `json:"refused_origins"`
		}
		d.do("GET", "/api/v1/sites/news/settings", "", "Authorization", d.ad).into(t, &s)
		return len(s.Refused) == 1
	})
	if v := read(); v != nil {
		t.Fatalf("seen at %s, and no page of the list was", *v)
	}
	// what is answered from what is kept counts too: the answer to thread a is
	d.do("GET", "/api/v1/sites/news/comments?thread=a", "", "Origin", testOrigin)
	eventually(t, "the page load is noted", func() bool { return read() != nil })
	if set.Last == nil || *set.Last != *set.First {
		t.Errorf("first %v, last %v", *set.First, set.Last)
	}
	if a := d.do("PATCH", "/api/v1/sites/news/settings", `{"first_seen_at":null}`, "Authorization", d.ad); a.status != 422 {
		t.Errorf("a change of it: %d", a.status)
	}
}
