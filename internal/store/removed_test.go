package store

import (
	"bytes"
	"context"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// holds returns in which of the files a word stands, whatever its case. A term
// of the search index is stored without what it shares with the one before, so
// a word is looked for by its end.
func (a *archive) holds(word string) (out []string) {
	a.t.Helper()
	for _, name := range []string{"p.db", "p.db-wal"} {
		b, err := os.ReadFile(filepath.Join(filepath.Dir(a.path), name))
		if err != nil {
			a.t.Fatal(err)
		}
		if bytes.Contains(bytes.ToLower(b), []byte(word)) {
			out = append(out, name)
		}
	}
	if a.count(`SELECT count(*) FROM comments_text WHERE comments_text MATCH ?1`, word) > 0 {
		out = append(out, "the search index")
	}
	return out
}

// TestRemovedWordsAreGone plants a word for each way in which a text is
// removed, has all of them and then retention do their work, and looks for it
// in the database, its log, the search index and a fresh copy.
func TestRemovedWordsAreGone(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	edit := func(who int, id discuss.ID, text string) {
		t.Helper()
		if _, err := a.verbs.Edit(ctx, a.site, a.people[who], id, text, netip.Addr{}); err != nil {
			t.Fatal(err)
		}
	}
	say := func(who int, word string) discuss.Comment {
		defer a.indexed(ctx)
		return a.post(t, who, "a", 0, "some other words and "+word+" among them")
	}
	for i := range 300 { // so that the index has segments and the file free pages
		a.post(t, 1+i%3, "a", 0, "words that stay "+strings.Repeat("and more ", i%20))
	}
	words := []string{"zqdeleted", "zqrejected", "zqspam", "zqmoderator", "zqredacted", "zqedited", "zqhidden", "zqerased", "zqrevision", "zqnote", "zqpage", "zqremembered"}

	d := say(1, "zqdeleted")
	if err := a.verbs.Delete(ctx, a.site, a.people[1], d.ID); err != nil {
		t.Fatal(err)
	}
	a.decide(say(1, "zqrejected").ID, "reject")
	a.decide(say(1, "zqspam").ID, "spam")
	a.decide(say(1, "zqmoderator").ID, "delete")
	r := say(1, "zqredacted")
	edit(0, r.ID, "a moderator took it away")
	h := say(1, "zqedited")
	edit(1, h.ID, "some words and zqhidden")
	a.decide(h.ID, "reject")
	e := say(4, "zqerased")
	edit(4, e.ID, "its second text, zqrevision zqerased")
	if err := a.verbs.Report(ctx, a.site, a.people[2], e.ID, "other", "look at zqnote", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	held := a.site
	held.Settings.Hold = discuss.ModeAll
	p, _, err := a.verbs.Post(ctx, held, a.people[4], discuss.Draft{ThreadKey: "b", Title: "a page called zqpage", Body: "zqremembered"}, discuss.Once{Key: "k", Digest: []byte{1}})
	if err != nil || p.Status != discuss.Pending {
		t.Fatal(p.Status, err)
	}
	a.indexed(ctx)
	for _, w := range words {
		if len(a.holds(w)) == 0 {
			t.Fatalf("%s was never there: this test sees nothing", w)
		}
	}

	if err := a.SetErase(ctx, a.people[4].Account, time.Now(), true); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		if more, err = a.EraseSome(ctx, a.people[4].Account, 1); err != nil {
			t.Fatal(err)
		}
	}
	gone := func(when string, words ...string) {
		t.Helper()
		for _, w := range words {
			var where []string
			for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) { // the log is cut when nobody waits
				if where = a.holds(w); len(where) == 0 {
					break
				}
				if time.Now().After(deadline) {
					t.Errorf("%s %s stands in %v", when, w, where)
					break
				}
			}
		}
	}
	gone("erased:", "zqerased", "zqrevision", "zqnote", "zqpage", "zqremembered")
	a.later(SpamKept + time.Hour)
	gone("after a fortnight", "zqspam")
	if where := a.holds("zqdeleted"); len(where) == 0 {
		t.Error("what its author deleted is gone before its time")
	}
	a.later(WithdrawnKept - SpamKept)
	gone("after a month", "zqdeleted")
	a.later(RejectedKept - WithdrawnKept)
	gone("after three months", words...)

	file := filepath.Join(t.TempDir(), "copy.db")
	if err := Backup(ctx, a.path, file); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range words {
		if bytes.Contains(bytes.ToLower(b), []byte(w)) {
			t.Errorf("%s stands in a fresh copy", w)
		}
	}
	if _, err := a.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	a.indexed(ctx)
	if n := a.count(`SELECT count(*) FROM comments_text WHERE comments_text MATCH 'stay'`); n != 300 {
		t.Errorf("of 300 texts that stay %d are found", n)
	}
}
