package store

import (
	"context"
	"errors"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// erase has an account go with its texts.
func (a *archive) erase(who int) {
	a.t.Helper()
	ctx := context.Background()
	if err := a.SetErase(ctx, a.people[who].Account, time.Now(), true); err != nil {
		a.t.Fatal(err)
	}
	for more := true; more; {
		var err error
		if more, err = a.EraseSome(ctx, a.people[who].Account, 1); err != nil {
			a.t.Fatal(err)
		}
	}
}

// copied is a backup of now, opened as a restore would open it.
func (a *archive) copied() *Store {
	a.t.Helper()
	path := filepath.Join(a.t.TempDir(), "copy.db")
	if _, err := BackupAndLook(context.Background(), a.path, path); err != nil {
		a.t.Fatal(err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		a.t.Fatal(err)
	}
	a.t.Cleanup(func() { _ = s.Close() })
	return s
}

func what(list []Erasure) (out []string) {
	for _, e := range list {
		out = append(out, e.What)
	}
	slices.Sort(out)
	return out
}

// A backup from before an erasure is told of it: the person, the texts, what
// their authors had taken away and retention has dropped since, and a site. A
// second time nothing is left to do.
func TestABackupIsToldOfErasures(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	root := a.post(t, 1, "a", 0, "zqerased words")
	a.post(t, 2, "a", root.ID, "an answer that stays")
	taken := a.post(t, 2, "a", 0, "zqwithdrawn words")
	late := a.post(t, 3, "a", 0, "taken away and not yet gone")
	back := a.post(t, 3, "a", 0, "taken away and brought back")
	other, err := a.PutSite(ctx, discuss.Site{Key: "other", Name: "Other", Origins: []string{"https://other.example"}})
	if err != nil {
		t.Fatal(err)
	}
	old := a.copied()

	told := 0
	a.Listen(Listeners{Erased: func() { told++ }})
	if err := a.verbs.Delete(ctx, a.site, a.people[2], taken.ID); err != nil {
		t.Fatal(err)
	}
	a.erase(1)
	a.later(WithdrawnKept + time.Hour)
	for _, c := range []discuss.Comment{late, back} {
		if err := a.verbs.Delete(ctx, a.site, a.people[3], c.ID); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := a.verbs.Restore(ctx, a.site, a.people[3], back.ID, netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if err := a.DeleteSite(ctx, other, nil); err != nil {
		t.Fatal(err)
	}
	list, err := ErasuresIn(ctx, a.path)
	if err != nil || !slices.Equal(what(list), []string{"account", "comment", "comment", "site", "withdrawn", "withdrawn"}) {
		t.Fatalf("written down: %+v (%v)", list, err)
	}
	if told < 6 {
		t.Errorf("the ledger heard %d times of 6 erasures", told)
	}

	n, err := old.Replay(ctx, list)
	if err != nil || n != 6 && n != 5 { // what was both withdrawn and dropped counts once or twice
		t.Fatalf("%d were replayed (%v)", n, err)
	}
	if c, err := old.CommentByID(ctx, late.ID); err != nil || c.Status != discuss.Deleted || c.Body == "" {
		t.Errorf("what its author took away is %s with %q (%v)", c.Status, c.Body, err)
	}
	if c, err := old.CommentByID(ctx, back.ID); err != nil || c.Status != discuss.Published {
		t.Errorf("what its author brought back is %s (%v)", c.Status, err)
	}
	if _, err := old.AccountByID(ctx, a.people[1].Account); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("the account is there: %v", err)
	}
	for _, id := range []discuss.ID{root.ID, taken.ID} {
		if c, err := old.CommentByID(ctx, id); err != nil || c.Body != "" || c.Status != discuss.Deleted {
			t.Errorf("the comment has %q and is %s (%v)", c.Body, c.Status, err)
		}
	}
	if th, err := old.ThreadByKey(ctx, a.site.ID, "a"); err != nil || th.Count != 2 {
		t.Errorf("the thread counts %d, want the answer and what was brought back (%v)", th.Count, err)
	}
	if _, err := old.SiteByID(ctx, other.ID); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("the site is there: %v", err)
	}
	if _, err := old.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	if n, err := old.Replay(ctx, list); err != nil || n != 0 {
		t.Errorf("a second time %d (%v)", n, err)
	}
	again, err := ErasuresIn(ctx, old.path)
	if err != nil || !slices.Equal(what(again), what(list)) {
		t.Errorf("it does not know of them itself: %+v (%v)", again, err)
	}
}

// What stands in the ledger is not written there again, and for another ledger
// all of it is.
func TestTheLedgerLacksWhatIsNew(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	a.post(t, 1, "a", 0, "words")
	a.erase(1)
	lacks := func(want ...string) []Erasure {
		t.Helper()
		list, err := a.Unledgered(ctx, 10, false)
		if err != nil || !slices.Equal(what(list), want) {
			t.Fatalf("%v, want %v (%v)", what(list), want, err)
		}
		return list
	}
	if err := a.MarkLedgered(ctx, lacks("account", "comment"), true); err != nil {
		t.Fatal(err)
	}
	c := a.post(t, 2, "a", 0, "words")
	if err := a.verbs.Delete(ctx, a.site, a.people[2], c.ID); err != nil {
		t.Fatal(err)
	}
	lacks() // its author may still bring it back
	a.later(LedgerSettles + time.Second)
	if err := a.MarkLedgered(ctx, lacks("withdrawn"), true); err != nil {
		t.Fatal(err)
	}
	lacks()
	all, err := a.Erasures(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if err := a.MarkLedgered(ctx, all, false); err != nil {
		t.Fatal(err)
	}
	lacks("account", "comment", "withdrawn")
	if n, err := a.Replay(ctx, []Erasure{{What: ErasedAccount, ID: a.people[1].Account, At: time.Now(), Ledgered: true}, {What: "a planet", ID: 1}}); n != 0 || err == nil {
		t.Errorf("what no table takes: %d (%v)", n, err)
	}
}

// An erasure reaches what is held too.
func TestWhatWaitedIsHeldUntilItIsSaid(t *testing.T) {
	for _, end := range []string{"send", "drop", "erase"} {
		a := newArchive(t)
		ctx := context.Background()
		mo, err := a.NewAccount(ctx, auth.Account{Email: "mo@example.com", Name: "Mo", Verified: true}, a.site.ID, "mo", discuss.Moderator)
		if err != nil {
			t.Fatal(err)
		}
		c := a.post(t, 1, "a", 0, "words")
		if err := a.update(ctx, a.w.ch, func(tx *Tx) error { return tx.exec(`DELETE FROM jobs`) }); err != nil {
			t.Fatal(err)
		}
		if _, _, err := a.Enqueue(ctx, "k", "w", `{"To":"p1@example.com"}`, 9, 9); err != nil {
			t.Fatal(err)
		}
		if err := a.Collect(ctx, c.Author.ID, c.ID, "reply"); err != nil {
			t.Fatal(err)
		}
		if err := a.update(ctx, a.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE jobs SET run_at = 1`) }); err != nil { // of an old backup
			t.Fatal(err)
		}
		held, err := a.Hold(ctx)
		if err != nil || held != (Outgoing{Jobs: 1, Gathered: 1}) {
			t.Fatalf("%+v (%v)", held, err)
		}
		if jobs, err := a.ClaimJobs(ctx, 9, time.Minute); err != nil || len(jobs) != 0 {
			t.Errorf("held and claimed: %+v (%v)", jobs, err)
		}
		soon := time.Now().AddDate(1, 0, 0)
		if d, _, err := a.Digests(ctx, false, soon, 0, 9); err != nil || len(d) != 0 {
			t.Errorf("held and gathered: %+v (%v)", d, err)
		}
		if failed, err := a.FailedJobs(ctx, 9); err != nil || len(failed) != 0 {
			t.Errorf("held is called failed: %v (%v)", failed, err)
		}
		if news, err := a.StaffNews(ctx, func(string, time.Time) bool { return true }); err != nil || len(news) != 0 {
			t.Errorf("%s is told anew: %+v (%v)", mo.Name, news, err)
		}
		a.later(0)
		wantJobs, wantDigests := 0, 0
		switch end {
		case "send":
			err, wantJobs, wantDigests = a.SendHeld(ctx), 1, 1
		case "drop":
			err = a.DropHeld(ctx)
		case "erase":
			a.erase(1)
			err = a.SendHeld(ctx)
		}
		if err != nil {
			t.Fatal(err)
		}
		if held, err := a.Held(ctx); err != nil || held.Sum() != 0 {
			t.Errorf("%s: %+v is still held (%v)", end, held, err)
		}
		if jobs, err := a.ClaimJobs(ctx, 9, time.Minute); err != nil || len(jobs) != wantJobs {
			t.Errorf("%s: %d jobs are due, want %d (%v)", end, len(jobs), wantJobs, err)
		}
		if d, _, err := a.Digests(ctx, false, soon, 0, 9); err != nil || len(d) != wantDigests {
			t.Errorf("%s: %d messages are due, want %d (%v)", end, len(d), wantDigests, err)
		}
	}
}

// A copy is opened and counted; one that cannot be used is no backup.
func TestACopyIsLookedAt(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.post(t, 1, "a", 0, "one")
	b.post(t, 2, "a", 0, "two")
	dir := t.TempDir()
	c, err := BackupAndLook(ctx, b.path, filepath.Join(dir, "copy.db"))
	if err != nil || c.Comments != 2 || len(c.Identity) != 32 || c.Ledgered {
		t.Errorf("%+v (%v)", c, err)
	}
	if err := b.NoteLedger(ctx); err != nil {
		t.Fatal(err)
	}
	if c, err := Look(ctx, b.path); err != nil || !c.Ledgered {
		t.Errorf("with a ledger: %+v (%v)", c, err)
	}
	old := older(t, 167)
	if c, err := Look(ctx, old); err != nil || c.Version != 167 || c.Identity != "" {
		t.Errorf("of an older build: %+v (%v)", c, err)
	}
	if list, err := ErasuresIn(ctx, old); err != nil || list != nil {
		t.Errorf("its erasures: %+v (%v)", list, err)
	}
	if _, err := BackupAndLook(ctx, b.path, filepath.Join(dir, "no", "folder.db")); err == nil {
		t.Error("a copy into no folder is called good")
	}
	junk := filepath.Join(dir, "junk.db")
	if err := os.WriteFile(junk, []byte("a file of another program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Look(ctx, junk); err == nil || !errors.Is(err, errNotOurs) {
		t.Errorf("of another program: %v", err)
	}
}

// An older database is told what this build would do to it, in sentences, and is
// not touched; one of this build has nothing to fear.
func TestAnUpgradeIsSaidBefore(t *testing.T) {
	ctx := context.Background()
	path := older(t, 120, `INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (2, 1, 'member', 'Ann', 'ann', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (4, 1, 'a', '', '', 'open', 0)`,
		`INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created) VALUES (5, 1, 4, 5, 0, 2, 'b', 'b', 'published', 1, 0)`)
	have, list, err := Pending(ctx, path)
	if err != nil || have != 120 || len(list) < 20 {
		t.Fatalf("%d, %d steps (%v)", have, len(list), err)
	}
	for _, m := range list {
		if m.Version == 122 && (m.What != "What the sweep follows: spam that nobody has looked at." || !slices.Equal(m.Tables, []string{"comments"}) || m.Rows != 1 || m.Estimate != perRow) {
			t.Errorf("%+v", m)
		}
	}
	if again, _, err := Pending(ctx, path); err != nil || again != 120 {
		t.Errorf("asking has changed it to %d (%v)", again, err)
	}
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, list, err := Pending(ctx, path); err != nil || len(list) != 0 {
		t.Errorf("after the upgrade: %v (%v)", list, err)
	}
}

// Every migration says in a sentence what it is for.
func TestEveryMigrationSaysWhatItIsFor(t *testing.T) {
	all, err := sayMigrations()
	if err != nil || len(all) < 40 {
		t.Fatal(len(all), err)
	}
	for _, m := range all {
		if len(m.What) < 20 || !strings.ContainsAny(m.What[len(m.What)-1:], ".:") {
			t.Errorf("%04d says %q", m.Version, m.What)
		}
	}
}
