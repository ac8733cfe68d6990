package store

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// claimed is a bench with an import of two people: Ann is known by the address of
// the bench's person 1, Bob by nothing.
func claimed(t *testing.T) (b *bench, a *discuss.Archive, admin discuss.Actor, ann discuss.ID) {
	t.Helper()
	b = newBench(t, Options{})
	a = &discuss.Archive{Source: "wordpress", Threads: []discuss.ArchiveThread{{Foreign: "t", Key: "https://news.example/a", Title: "A page", State: discuss.Open}}}
	mark, err := b.Marker(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	a.People = []discuss.ArchivePerson{
		{Foreign: "user:7", Name: "Old Ann", Marks: [][]byte{mark(discuss.AddressProof(" P1@Example.com"))}},
		{Foreign: "guest:bob", Name: "Bob"},
	}
	for i, who := range []string{"user:7", "guest:bob", "user:7", "user:7", "user:7"} {
		c := discuss.ArchiveComment{Foreign: string(rune('1' + i)), Thread: "t", Person: who, Body: "old", HTML: "<p>old</p>", Status: discuss.Published, Created: time.Unix(1e9+int64(i), 0)}
		if i == 4 {
			c.Status = discuss.Pending
		}
		a.Comments = append(a.Comments, c)
	}
	admin = b.people[0]
	if err := b.SetRole(context.Background(), b.site.ID, admin.Account, admin.Name, discuss.Admin); err != nil {
		t.Fatal(err)
	}
	admin.Role = discuss.Admin
	b.imports(t, a, fileRun)
	if err := b.queryRow(context.Background(), `SELECT id FROM authors WHERE foreign_id = 'user:7'`, nil, &ann); err != nil {
		t.Fatal(err)
	}
	return b, a, admin, ann
}

func (b *bench) asked(t *testing.T, admin discuss.Actor) discuss.Claim {
	t.Helper()
	list, err := b.verbs.Claims(context.Background(), b.site, admin)
	if err != nil || len(list) != 1 {
		t.Fatalf("%d wait for the site, %v", len(list), err)
	}
	return list[0]
}

func code(err error) string {
	var e *discuss.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

// Who has proved the address is asked whether the comments are theirs, and nobody
// else is; with the site's yes they are, with every counter, and nobody is the
// more trusted for it. The next run of the import adds nothing, and what it brings of the
// person is the member's.
func TestAPersonClaimsWhatWasImported(t *testing.T) {
	b, a, admin, ann := claimed(t)
	ctx := context.Background()
	one, two := b.people[1], b.people[2]
	if list, err := b.verbs.ClaimsOf(ctx, two.Account); err != nil || len(list) != 0 {
		t.Fatalf("another account is offered %+v, %v", list, err)
	}
	if err := b.verbs.AnswerClaim(ctx, two.Account, ann, true); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("another account asks: %v", err)
	}
	list, err := b.verbs.ClaimsOf(ctx, one.Account)
	if err != nil || len(list) != 1 || list[0].Person != ann || list[0].Comments != 3 || list[0].Name != "Old Ann" || len(list[0].Sample) != 3 || !list[0].First.Equal(time.Unix(1e9, 0)) {
		t.Fatalf("offered %+v, %v", list, err)
	}
	if err := b.verbs.AnswerClaim(ctx, one.Account, ann, true); err != nil {
		t.Fatal(err)
	}
	old := thread(t, b, "https://news.example/a")
	if c := b.foreignAuthor(t, "1"); c != ann {
		t.Error("the comments are the account's before the site has said so")
	}
	c := b.asked(t, admin)
	if err := b.verbs.DecideClaim(ctx, b.site, one, c.ID, true); err == nil {
		t.Fatal("a member decides about claims")
	}
	mod := one
	mod.Role = discuss.Moderator
	if err := b.verbs.DecideClaim(ctx, b.site, mod, c.ID, true); err == nil {
		t.Fatal("a moderator decides about claims")
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, c.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, c.ID, true); code(err) != "claim_over" {
		t.Errorf("decided twice: %v", err)
	}
	member, err := b.MemberOf(ctx, b.site.ID, one.Account)
	if err != nil {
		t.Fatal(err)
	}
	for _, foreign := range []string{"1", "3", "4", "5"} {
		if got := b.foreignAuthor(t, foreign); got != member.ID {
			t.Errorf("comment %s is %v's", foreign, got)
		}
	}
	p, err := b.PersonByID(ctx, b.site.ID, member.ID)
	if err != nil || p.Counts[discuss.Published] != 3 || p.Record.Published != 0 || p.Seen.Before(time.Unix(1e9+4, 0)) {
		t.Errorf("the member has %v published, %d for trust, seen %v, %v", p.Counts, p.Record.Published, p.Seen, err)
	}
	if now := thread(t, b, "https://news.example/a"); now.Seq <= old.Seq || now.Count != old.Count {
		t.Errorf("open pages hear nothing: %+v, was %+v", now, old)
	}
	var marks int
	if err := b.queryRow(ctx, `SELECT count(*) FROM author_marks`, nil, &marks); err != nil || marks != 0 {
		t.Errorf("%d marks are left, %v", marks, err)
	}
	if list, err := b.verbs.ClaimsOf(ctx, one.Account); err != nil || len(list) != 0 {
		t.Errorf("still offered: %+v, %v", list, err)
	}
	// Again, and with one comment more.
	if m, err := b.ImportArchive(ctx, b.site, a); err != nil || m != (discuss.Moved{}) {
		t.Errorf("the second run adds %+v, %v", m, err)
	}
	more := *a
	more.Comments = append(slices.Clone(a.Comments), discuss.ArchiveComment{Foreign: "9", Thread: "t", Person: "user:7", Body: "late", HTML: "<p>late</p>", Status: discuss.Published, Created: time.Unix(1e9+9, 0)})
	if m, err := b.ImportArchive(ctx, b.site, &more); err != nil || m != (discuss.Moved{Comments: 1}) {
		t.Errorf("the third run adds %+v, %v", m, err)
	}
	if got := b.foreignAuthor(t, "9"); got != member.ID {
		t.Errorf("what came later is %v's", got)
	}
	e, err := b.ExportAccount(ctx, one.Account)
	if err != nil || len(e.Claims) != 1 || len(e.Comments) != 5 {
		t.Errorf("the account's copy holds %v and %d comments, %v", e.Claims, len(e.Comments), err)
	}
	audit, err := b.AuditPage(ctx, discuss.AuditQuery{Site: b.site.ID, Limit: 10})
	if err != nil || !slices.ContainsFunc(audit, func(l discuss.AuditLine) bool { return l.Action == "approve claim" && l.Target == member.ID }) {
		t.Errorf("not written down: %+v, %v", audit, err)
	}
}

func (b *bench) foreignAuthor(t *testing.T, foreign string) (author discuss.ID) {
	t.Helper()
	if err := b.queryRow(context.Background(), `SELECT author_id FROM comments WHERE source = 'wordpress' AND foreign_id = ?1`, []any{foreign}, &author); err != nil {
		t.Fatal(err)
	}
	return author
}

// A claim that was declined is remembered; so is the person's own no. A second
// account that has the address by now is told that somebody has asked, and a
// banned one nothing at all.
func TestClaimsThatComeToNothing(t *testing.T) {
	b, _, admin, ann := claimed(t)
	ctx := context.Background()
	one, two := b.people[1], b.people[2]
	if err := b.verbs.AnswerClaim(ctx, one.Account, ann, true); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `UPDATE accounts SET email = 'gone@example.com' WHERE id = ?1`, one.Account); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `UPDATE accounts SET email = 'p1@example.com' WHERE id = ?1`, two.Account); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.AnswerClaim(ctx, two.Account, ann, true); code(err) != "claim_taken" {
		t.Errorf("the second who asks: %v", err)
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, b.asked(t, admin).ID, false); err != nil {
		t.Fatal(err)
	}
	if b.foreignAuthor(t, "1") != ann {
		t.Error("declined, and moved")
	}
	if err := b.verbs.AnswerClaim(ctx, two.Account, ann, false); err != nil {
		t.Fatal(err)
	}
	if list, err := b.verbs.ClaimsOf(ctx, two.Account); err != nil || len(list) != 0 {
		t.Errorf("asked again after a no: %+v, %v", list, err)
	}
	if _, err := b.Exec(t, `UPDATE accounts SET email = 'p2@example.com' WHERE id = ?1`, two.Account); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `UPDATE accounts SET email = 'p1@example.com' WHERE id = ?1`, one.Account); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.AnswerClaim(ctx, one.Account, ann, true); code(err) != "claim_declined" {
		t.Errorf("asked again after the site's no: %v", err)
	}
	// An address that somebody only typed is no proof; a banned account is not asked.
	if _, err := b.Exec(t, `UPDATE accounts SET email = 'p1-x@example.com' WHERE id = ?1`, one.Account); err != nil {
		t.Fatal(err)
	}
	typed, err := b.NewAccount(ctx, auth.Account{Email: "p1@example.com", Name: "Somebody"}, 0, "somebody", "")
	if err != nil {
		t.Fatal(err)
	}
	if list, err := b.verbs.ClaimsOf(ctx, typed.ID); err != nil || len(list) != 0 {
		t.Errorf("an address that is not proved is offered %+v, %v", list, err)
	}
	if _, err := b.ProveAddress(ctx, typed.ID, time.Now()); err != nil {
		t.Fatal(err)
	}
	if list, err := b.verbs.ClaimsOf(ctx, typed.ID); err != nil || len(list) != 1 {
		t.Errorf("proved: %+v, %v", list, err)
	}
	if err := b.verbs.AnswerClaim(ctx, typed.ID, ann, true); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `INSERT INTO bans (id, site_id, account_id, reason, created) VALUES (1, ?1, ?2, 'spam', 0)`, b.site.ID, typed.ID); err != nil {
		t.Fatal(err)
	}
	if list, err := b.verbs.ClaimsOf(ctx, typed.ID); err != nil || len(list) != 0 {
		t.Errorf("banned, and offered %+v, %v", list, err)
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, b.asked(t, admin).ID, true); code(err) != "banned" {
		t.Errorf("a banned account's claim is approved: %v", err)
	}
}

// What somebody has claimed stays when the import is undone, and says why; a claim
// that nobody has answered goes with the import.
func TestUndoOfAClaimedImport(t *testing.T) {
	b, _, admin, ann := claimed(t)
	ctx := context.Background()
	if err := b.verbs.AnswerClaim(ctx, b.people[1].Account, ann, true); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, b.asked(t, admin).ID, true); err != nil {
		t.Fatal(err)
	}
	u := b.undoes(t, 1)
	if u.Comments != 1 || u.People != 1 || u.Stayed.Comments != 4 || u.Stayed.People != 1 || u.Stays[0].Why != discuss.StaysClaimed {
		t.Errorf("undone: %+v", u)
	}

	b, _, _, ann = claimed(t)
	if err := b.verbs.AnswerClaim(ctx, b.people[1].Account, ann, true); err != nil {
		t.Fatal(err)
	}
	if u := b.undoes(t, 1); u.Comments != 5 || u.People != 2 || len(u.Stays) != 0 {
		t.Errorf("undone: %+v", u)
	}
	var left int
	if err := b.queryRow(ctx, `SELECT (SELECT count(*) FROM claims) + (SELECT count(*) FROM author_marks)`, nil, &left); err != nil || left != 0 {
		t.Errorf("%d rows are left, %v", left, err)
	}
}

// An erased account takes along the name that its comments bore before, what it
// could be known by, and its claims; another run does not bring the name back.
func TestErasureOfWhoHasClaimed(t *testing.T) {
	b, a, admin, ann := claimed(t)
	ctx := context.Background()
	if err := b.verbs.AnswerClaim(ctx, b.people[1].Account, ann, true); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.DecideClaim(ctx, b.site, admin, b.asked(t, admin).ID, true); err != nil {
		t.Fatal(err)
	}
	// Another imported person with the same address, of whom nothing was said.
	other := *a
	other.Source = "disqus"
	b.imports(t, &other, discuss.ImportRun{Name: "other", Digest: []byte("other")})
	if err := b.SetErase(ctx, b.people[1].Account, time.Now(), true); err != nil {
		t.Fatal(err)
	}
	for more := true; more; {
		var err error
		if more, err = b.EraseSome(ctx, b.people[1].Account, 100); err != nil {
			t.Fatal(err)
		}
	}
	if m, err := b.ImportArchive(ctx, b.site, a); err != nil || m != (discuss.Moved{}) {
		t.Errorf("the next run adds %+v, %v", m, err)
	}
	var marks, named int
	if err := b.queryRow(ctx, `SELECT (SELECT count(*) FROM author_marks) + (SELECT count(*) FROM claims), (SELECT count(*) FROM authors WHERE name = 'Old Ann' AND source = 'wordpress')`, nil, &marks, &named); err != nil || marks != 0 || named != 0 {
		t.Errorf("%d rows and %d names are left, %v", marks, named, err)
	}
	var said int
	if err := b.queryRow(ctx, `SELECT count(*) FROM audit_texts WHERE instr(note, 'Old Ann') > 0`, nil, &said); err != nil || said != 0 {
		t.Errorf("the log names %d, %v", said, err)
	}
	var texts int
	if err := b.queryRow(ctx, `SELECT count(*) FROM comments WHERE source = 'wordpress' AND foreign_id <> '2' AND body <> ''`, nil, &texts); err != nil || texts != 0 {
		t.Errorf("%d texts are left, %v", texts, err)
	}
}

// Whoever runs the server can say who somebody is, also of people who are here:
// their comments enter as the account's, or become them. Nothing that is said
// wrong writes anything.
func TestAuthorsAreMappedByWhoRunsTheServer(t *testing.T) {
	b, a, _, ann := claimed(t)
	ctx := context.Background()
	sp := spooled(t, a)
	for old, email := range map[string]string{"Nobody": "p1@example.com", "Old Ann": "nobody@example.com", "user:7": "no address"} {
		if m, err := b.MapAuthors(ctx, b.site.ID, sp, map[string]string{old: email}); err == nil {
			t.Errorf("%s is %s: %v", old, email, m)
		}
	}
	said, err := b.MapAuthors(ctx, b.site.ID, sp, map[string]string{"Old Ann": "P2@example.com", "guest:bob": "p3@example.com"})
	if err != nil || said["user:7"] != b.people[2].Account || said["guest:bob"] != b.people[3].Account {
		t.Fatalf("%v, %v", said, err)
	}
	run := fileRun
	run.Authors = said
	if _, m, err := b.RunImport(ctx, b.site, spooled(t, a), run, nil); err != nil || m != (discuss.Moved{}) {
		t.Fatalf("%+v, %v", m, err)
	}
	two, err := b.MemberOf(ctx, b.site.ID, b.people[2].Account)
	if err != nil {
		t.Fatal(err)
	}
	if got := b.foreignAuthor(t, "1"); got != two.ID || got == ann {
		t.Errorf("comment 1 is %v's", got)
	}
	if m, err := b.ImportArchive(ctx, b.site, a); err != nil || m != (discuss.Moved{}) {
		t.Errorf("a run without it adds %+v, %v", m, err)
	}
	if _, err := b.MapAuthors(ctx, b.site.ID, sp, map[string]string{"Old Ann": "p4@example.com"}); err == nil {
		t.Error("somebody is two accounts")
	}

	fresh := newBench(t, Options{})
	before := fresh.dump(t)
	run.Authors = map[string]discuss.ID{"user:7": fresh.people[2].Account}
	n, m, err := fresh.RunImport(ctx, fresh.site, spooled(t, a), run, nil)
	if err != nil || m != (discuss.Moved{Threads: 1, Comments: 5, People: 2}) {
		t.Fatalf("%+v, %v", m, err)
	}
	if two, err = fresh.MemberOf(ctx, fresh.site.ID, fresh.people[2].Account); err != nil || fresh.foreignAuthor(t, "1") != two.ID {
		t.Errorf("comment 1 is %v's, %v", fresh.foreignAuthor(t, "1"), err)
	}
	if p, err := fresh.PersonByID(ctx, fresh.site.ID, two.ID); err != nil || p.Counts[discuss.Published] != 3 || p.Record.Published != 0 {
		t.Errorf("%v, %d, %v", p.Counts, p.Record.Published, err)
	}
	if u := fresh.undoes(t, n); u.Comments != 5 || u.People != 2 || len(u.Stays) != 0 {
		t.Errorf("undone: %+v", u)
	}
	after := fresh.dump(t)
	for _, table := range []string{"authors", "comments", "threads", "author_marks"} {
		if !slices.Equal(before[table], after[table]) {
			t.Errorf("%s: was %v, is %v", table, before[table], after[table])
		}
	}
}

// A later run with other rules for addresses can give the threads of an earlier
// one their new keys; a key that another thread has is left.
func TestThreadsOfAnEarlierRunAreRekeyed(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	archive := func(host string) *discuss.Archive {
		return &discuss.Archive{Source: "disqus", Threads: []discuss.ArchiveThread{
			{Foreign: "1", Key: "https://" + host + "/a", URL: "https://" + host + "/a", State: discuss.Open},
			{Foreign: "2", Key: "https://" + host + "/b", URL: "https://" + host + "/b", State: discuss.Open},
		}}
	}
	b.imports(t, archive("old.example"), fileRun)
	a, taken := thread(t, b, "https://old.example/a"), b.post(t, 1, "https://news.example/b", 0, "hello")
	sp := spooled(t, archive("news.example"))
	plan, err := b.RekeyPlan(ctx, b.site, sp)
	if err != nil || plan.Renamed != 1 || !slices.Equal(plan.Clashes, []string{"https://news.example/b"}) {
		t.Fatalf("the plan: %+v, %v", plan, err)
	}
	if _, _, err := b.RunImport(ctx, b.site, sp, discuss.ImportRun{Name: "again", Digest: []byte("2"), Rekey: true}, nil); err != nil {
		t.Fatal(err)
	}
	if now := thread(t, b, "https://news.example/a"); now.ID != a.ID || now.Key != "https://news.example/a" || now.URL != now.Key {
		t.Errorf("the thread is %+v, was %+v", now, a)
	}
	if old := thread(t, b, "https://old.example/a"); old.ID != a.ID {
		t.Errorf("the old address leads to %+v", old)
	}
	if b := thread(t, b, "https://news.example/b"); b.ID != taken.ThreadID {
		t.Errorf("another thread's key was taken: %+v", b)
	}
	if plan, err := b.RekeyPlan(ctx, b.site, sp); err != nil || plan.Renamed != 0 {
		t.Errorf("the next plan: %+v, %v", plan, err)
	}
}

// What somebody can be known by is in no file but as a keyed hash, and drops after
// its time.
func TestMarksAreDropped(t *testing.T) {
	at := time.Now()
	b := newBench(t, Options{Now: func() time.Time { return at }})
	ctx := context.Background()
	mark, err := b.Marker(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if bytes.Equal(mark(discuss.AddressProof("a@example.com")), mark(discuss.SubjectProof("google", "a@example.com"))) || mark("") != nil {
		t.Error("an address and a subject are the same, or nothing is something")
	}
	b.imports(t, &discuss.Archive{Source: "disqus", People: []discuss.ArchivePerson{{Foreign: "1", Name: "Ann", Marks: [][]byte{mark(discuss.AddressProof("a@example.com"))}}}}, fileRun)
	names, _ := filepath.Glob(b.path + "*")
	for _, name := range names {
		if text, err := os.ReadFile(name); err != nil || bytes.Contains(text, []byte("a@example.com")) {
			t.Errorf("%s holds the address, %v", name, err)
		}
	}
	count := func() (n int) {
		if err := b.queryRow(ctx, `SELECT count(*) FROM author_marks`, nil, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if count() != 1 {
		t.Fatalf("%d marks", count())
	}
	at = at.Add(ClaimMarksKept + time.Hour)
	if err := b.Sweep(ctx); err != nil || count() != 0 {
		t.Errorf("%d marks after their time, %v", count(), err)
	}
}
