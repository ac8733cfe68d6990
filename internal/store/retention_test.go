package store

import (
	"context"
	"fmt"
	"net/netip"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

// archive is a store whose clock runs ahead, with what has been refused in it.
type archive struct {
	*bench
	t     *testing.T
	ahead atomic.Int64
}

func newArchive(t *testing.T) *archive {
	a := &archive{t: t}
	a.bench = newBench(t, Options{Now: func() time.Time { return time.Now().Add(time.Duration(a.ahead.Load())) }})
	return a
}

func (a *archive) decide(id discuss.ID, action string) {
	a.t.Helper()
	out, err := a.verbs.Decide(context.Background(), a.site, a.people[0], []discuss.Decision{{Comment: id, Action: action, Reason: "Off topic", Note: "seen before"}})
	if err != nil || out.Errors[0] != nil {
		a.t.Fatal(action, err, out.Errors)
	}
}

// later sweeps when so much time has passed.
func (a *archive) later(d time.Duration) {
	a.t.Helper()
	a.ahead.Add(int64(d))
	if err := a.Sweep(context.Background()); err != nil {
		a.t.Fatal(err)
	}
}

func (a *archive) count(query string, args ...any) (n int) {
	a.t.Helper()
	if err := a.queryRow(context.Background(), query, args, &n); err != nil {
		a.t.Fatal(err)
	}
	return n
}

// Rejected text is kept for 90 days after the decision and spam for 14; then
// the text goes with its earlier versions, and the row stays. What waits, and
// what stands, is never swept.
func TestRefusedTextsAreDropped(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	rejected, spam, stands := a.post(t, 1, "a", 0, "rejected words"), a.post(t, 1, "a", 0, "spam words"), a.post(t, 1, "a", 0, "words that stand")
	pending, unseen, late := a.post(t, 1, "a", 0, "pending words"), a.post(t, 1, "a", 0, "unseen spam"), a.post(t, 1, "a", 0, "rejected later")
	reply := a.post(t, 2, "a", rejected.ID, "an answer to it")
	if _, err := a.verbs.Edit(ctx, a.site, a.people[1], rejected.ID, "rejected words, edited", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	a.indexed(context.Background())
	a.decide(rejected.ID, "reject")
	a.decide(spam.ID, "spam")
	if err := a.update(ctx, a.w.ch, func(tx *Tx) error { // as the gate would
		for id, to := range map[discuss.ID]discuss.Status{pending.ID: discuss.Pending, unseen.ID: discuss.Spam} {
			if err := tx.setStatus(id, to); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	names := map[string]discuss.ID{"rejected": rejected.ID, "spam": spam.ID, "stands": stands.ID, "pending": pending.ID, "unseen": unseen.ID, "late": late.ID}
	check := func(when string, swept ...string) {
		t.Helper()
		gone := map[string]bool{}
		for _, name := range swept {
			gone[name] = true
		}
		for name, id := range names {
			if n := a.count(`SELECT count(*) FROM comments WHERE id = ?1 AND body = '' AND html = '' AND trace = ''`, id); (n == 1) != gone[name] {
				t.Errorf("%s: the text of %q is gone: %v", when, name, n == 1)
			}
		}
	}
	a.later(SpamKept - time.Hour)
	check("before a fortnight")
	a.later(2 * time.Hour)
	check("after a fortnight", "spam")
	a.decide(late.ID, "reject")
	a.later(RejectedKept - SpamKept)
	check("after 90 days", "spam", "unseen", "rejected")
	if n := a.count(`SELECT count(*) FROM revisions WHERE comment_id = ?1`, rejected.ID); n != 0 {
		t.Errorf("%d earlier versions are left", n)
	}
	if n := a.count(`SELECT count(*) FROM comments_text WHERE comments_text MATCH 'edited'`); n != 0 {
		t.Error("the text can still be searched for")
	}
	a.later(SpamKept)
	check("90 days after the later decision", "spam", "unseen", "rejected", "late")

	c, err := a.CommentByID(ctx, rejected.ID)
	if err != nil || c.Status != discuss.Rejected || c.Kids != 1 {
		t.Errorf("the row: %+v, %v", c, err)
	}
	if c, err := a.CommentByID(ctx, reply.ID); err != nil || c.Parent != rejected.ID || c.Status != discuss.Published {
		t.Errorf("its answer: %+v, %v", c, err)
	}
	for _, action := range []string{"approve", "restore"} {
		out, err := a.verbs.Decide(ctx, a.site, a.people[0], []discuss.Decision{{Comment: rejected.ID, Action: action}})
		if err != nil || out.Errors[0] != discuss.ErrState {
			t.Errorf("%s of a text that is gone: %v, %v", action, err, out.Errors)
		}
	}
	if l, err := a.TrainingExamples(ctx, a.site.ID, 100); err != nil || len(l) != 0 {
		t.Errorf("examples without a text: %+v, %v", l, err)
	}
}

// More old versions than one write takes are all gone before their texts are.
func TestEarlierVersionsGoWithTheirText(t *testing.T) {
	a := newArchive(t)
	c := a.post(t, 1, "a", 0, "words")
	a.decide(c.ID, "reject")
	if err := a.update(context.Background(), a.w.ch, func(tx *Tx) error {
		if err := tx.exec(`WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2) INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created)
			SELECT c.id + i, c.site_id, c.thread_id, c.id + i, 0, c.author_id, 'w', 'w', 'rejected', 0, c.created + i FROM n, comments c WHERE c.id = ?1`, c.ID, sweepChunk+10); err != nil {
			return err
		}
		return tx.exec(`INSERT INTO revisions (comment_id, at, n, body, html) VALUES (?1, 0, 0, 'old', 'old')`, c.ID+sweepChunk+5)
	}); err != nil {
		t.Fatal(err)
	}
	a.later(RejectedKept + time.Hour)
	if texts, versions := a.count(`SELECT count(*) FROM comments WHERE body <> ''`), a.count(`SELECT count(*) FROM revisions`); texts != 0 || versions != 0 {
		t.Errorf("%d texts and %d versions are left", texts, versions)
	}
}

// What was decided is known for two years; then reasons, notes and names go
// and the chain of the audit log still holds.
func TestDecisionsAreForgottenAfterTwoYears(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	c := a.post(t, 1, "a", 0, "words")
	a.decide(c.ID, "reject")
	if err := a.update(ctx, a.w.ch, func(tx *Tx) error {
		return tx.audit(discuss.Entry{Site: a.site.ID, Action: "settings", Kind: "settings", Note: "stays readable"})
	}); err != nil {
		t.Fatal(err)
	}
	left := func() string {
		return fmt.Sprint(a.count(`SELECT count(*) FROM audit_texts t JOIN audit_log l ON l.id = t.id WHERE l.kind = 'comment'`),
			a.count(`SELECT count(*) FROM audit_texts t JOIN audit_log l ON l.id = t.id WHERE l.kind = 'settings'`),
			a.count(`SELECT count(*) FROM comments WHERE reason <> '' AND decider_id IS NOT NULL`), a.count(`SELECT count(*) FROM comments WHERE decided IS NOT NULL`))
	}
	a.later(DecisionsKept - time.Hour)
	if got := left(); got != "1 1 1 1" {
		t.Errorf("before two years: %s", got)
	}
	a.later(2 * time.Hour)
	if got := left(); got != "0 1 0 1" {
		t.Errorf("after two years: %s", got)
	}
	if n, err := a.VerifyAudit(ctx); err != nil || n != 2 {
		t.Errorf("the chain: %d rows, %v", n, err)
	}
	lines, err := a.AuditPage(ctx, discuss.AuditQuery{Site: a.site.ID, Limit: 10})
	if err != nil || len(lines) != 2 || !lines[1].Erased || lines[0].Erased {
		t.Errorf("the log: %+v, %v", lines, err)
	}
}

// Jobs that were given up hold addresses, and are kept as long as the mail log.
func TestFailedJobsAreDropped(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	if err := a.update(ctx, a.w.ch, func(tx *Tx) error {
		for range 2 {
			if err := tx.enqueue(notify.KindTell, "{}"); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	jobs, err := a.ClaimJobs(ctx, 1, time.Minute)
	if err != nil || len(jobs) != 1 {
		t.Fatal(jobs, err)
	}
	if err := a.RetryJob(ctx, jobs[0].ID, a.opt.Now(), "no such address"); err != nil {
		t.Fatal(err)
	}
	a.later(FailedJobsKept - time.Hour)
	if n := a.count(`SELECT count(*) FROM jobs`); n != 2 {
		t.Errorf("%d jobs before a month", n)
	}
	a.later(2 * time.Hour)
	if n := a.count(`SELECT count(*) FROM jobs WHERE failed IS NULL`); n != 1 || a.count(`SELECT count(*) FROM jobs`) != 1 {
		t.Errorf("%d jobs that may still run", n)
	}
}

// A moderator who is erased is in no text of the audit log any more, and what
// an erased person wrote cannot be brought back without its words.
func TestErasureReachesModeratorsAndDecisions(t *testing.T) {
	a := newArchive(t)
	ctx := context.Background()
	c := a.post(t, 1, "a", 0, "words")
	out, err := a.verbs.Decide(ctx, a.site, a.people[0], []discuss.Decision{{Comment: c.ID, Action: "delete"}})
	if err != nil {
		t.Fatal(err)
	}
	erase := func(who int, text bool) {
		t.Helper()
		if err := a.SetErase(ctx, a.people[who].Account, a.opt.Now(), text); err != nil {
			t.Fatal(err)
		}
		if _, err := a.EraseSome(ctx, a.people[who].Account, 100); err != nil {
			t.Fatal(err)
		}
	}
	erase(1, true)
	if done, _, err := a.verbs.Undo(ctx, a.site, a.people[0], out.Undo); err != nil || len(done) != 0 {
		t.Errorf("undone: %v, %v", done, err)
	}
	for _, action := range []string{"approve", "restore"} {
		out, err := a.verbs.Decide(ctx, a.site, a.people[0], []discuss.Decision{{Comment: c.ID, Action: action}})
		if err != nil || out.Errors[0] != discuss.ErrState {
			t.Errorf("%s of an erased comment: %v, %v", action, err, out.Errors)
		}
	}
	if c, err := a.CommentByID(ctx, c.ID); err != nil || c.Status != discuss.Deleted {
		t.Errorf("the erased comment: %+v, %v", c, err)
	}
	if n := a.count(`SELECT count(*) FROM audit_texts WHERE actor = ?1`, a.people[0].Name); n == 0 {
		t.Fatal("the log does not name who decided")
	}
	erase(0, false)
	if n := a.count(`SELECT count(*) FROM audit_texts WHERE actor = ?1`, a.people[0].Name); n != 0 {
		t.Errorf("%d rows still name the erased moderator", n)
	}
	if _, err := a.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
}
