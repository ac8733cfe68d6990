package store

import (
	"context"
	"errors"
	"net/netip"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
)

func TestASelectionIsDecidedInAFewWritesAndTakenBackWhole(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	var ds []discuss.Decision
	for i := range 120 {
		c := b.post(t, 1+i%4, "a", 0, "A comment to decide about.")
		action := "reject"
		if i%3 == 0 {
			action = "spam"
		}
		ds = append(ds, discuss.Decision{Comment: c.ID, Action: action})
	}
	ds[7].Comment = 99             // unknown
	ds[60].Action = "applaud"      // no action
	ds[119].Action = "restore"     // it is published
	ds[80].Comment = ds[3].Comment // twice in one selection: both stand in the log
	before, _, _ := b.Writes()
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], ds)
	if err != nil {
		t.Fatal(err)
	}
	if after, _, _ := b.Writes(); after-before > 6 {
		t.Errorf("%d writes for 120 decisions", after-before)
	}
	for i, err := range out.Errors {
		want := map[int]error{7: discuss.ErrNotFound, 60: discuss.Bad("action", ""), 119: discuss.ErrState}[i]
		if (want == nil) != (err == nil) || want != nil && discuss.KindOf(err) != discuss.KindOf(want) {
			t.Errorf("decision %d: %v, want %v", i, err, want)
		}
	}
	page, err := b.List(ctx, discuss.ListQuery{Thread: thread(t, b, "a").ID, View: discuss.ViewFlat, Sort: discuss.SortNewest, Limit: 200})
	if err != nil || len(page) != 4 { // 7, 60, 80 and 119 stand
		t.Errorf("%d comments are left in view, want 4: %v", len(page), err)
	}
	done, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo)
	if err != nil || len(done) != 117 {
		t.Errorf("%d decisions were taken back, want 117: %v", len(done), err)
	}
	if n := thread(t, b, "a").Count; n != 120 {
		t.Errorf("%d comments after the undo, want 120", n)
	}
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); !errors.Is(err, discuss.ErrUndoOver) {
		t.Errorf("a second undo: %v", err)
	}
	if _, err := b.VerifyAudit(ctx); err != nil {
		t.Error(err)
	}
	recount(t, b.path)
}

func thread(t *testing.T, b *bench, key string) discuss.Thread {
	t.Helper()
	th, err := b.ThreadByKey(context.Background(), b.site.ID, key)
	if err != nil {
		t.Fatal(err)
	}
	return th
}

// What people decided was about the text they read: an edit since is for the
// services to look at again, and teaches nothing.
func TestADecisionIsAboutTheTextThatStoodThere(t *testing.T) {
	clock := setClock(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	kept, changed := b.post(t, 1, "a", 0, "A harmless remark."), b.post(t, 2, "a", 0, "Another harmless remark.")
	clock.pass(time.Second)
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: kept.ID, Action: "approve"}, {Comment: changed.ID, Action: "approve"}})
	if err != nil || out.Errors[0] != nil || out.Errors[1] != nil {
		t.Fatal(err, out.Errors)
	}
	clock.pass(time.Second)
	if _, err := b.verbs.Edit(ctx, b.site, b.people[2], changed.ID, "Cheap pills, here.", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	examples, err := b.TrainingExamples(ctx, b.site.ID, 10)
	if err != nil || len(examples) != 1 || examples[0].Comment != kept.ID || examples[0].HTML == "" {
		t.Errorf("learned from %+v, %v", examples, err)
	}
	hold := func(t discuss.Trace, _ discuss.Status, _ bool) discuss.Status { return discuss.Pending }
	for _, c := range []struct {
		id     discuss.ID
		edited time.Time // of the text that was asked about
		want   discuss.Status
	}{{kept.ID, time.Time{}, discuss.Published}, {changed.ID, time.Time{}, discuss.Published}, {changed.ID, clock.now(), discuss.Pending}} {
		if err := b.verbs.Rejudge(ctx, b.site, c.id, c.edited, discuss.Finding{Check: "akismet", Suggested: discuss.SuggestHold}, hold); err != nil {
			t.Fatal(err)
		}
		if got, err := b.CommentByID(ctx, c.id); err != nil || got.Status != c.want {
			t.Errorf("%s, want %s: %v", got.Status, c.want, err)
		}
	}
}

// A decision that says which text was read is not carried out on another.
func TestNobodyDecidesAboutATextNobodyHasRead(t *testing.T) {
	clock := setClock(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "A remark.")
	decide := func(action string, read *time.Time) error {
		t.Helper()
		clock.pass(time.Second)
		out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: action, Read: read}})
		if err != nil {
			t.Fatal(err)
		}
		return out.Errors[0]
	}
	never := time.Time{}
	if err := decide("reject", &never); err != nil {
		t.Errorf("as it was read: %v", err)
	}
	if err := decide("restore", nil); err != nil {
		t.Errorf("whatever stands there: %v", err)
	}
	if _, err := b.verbs.Edit(ctx, b.site, b.people[1], c.ID, "Cheap pills.", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if err := decide("approve", &never); !errors.Is(err, discuss.ErrEdited) {
		t.Errorf("edited since: %v", err)
	}
	got, err := b.CommentByID(ctx, c.ID)
	if err != nil || got.Status != discuss.Published {
		t.Errorf("%+v, %v", got, err)
	}
	edited := got.Edited
	if err := decide("reject", &edited); err != nil {
		t.Errorf("the edited text was read: %v", err)
	}
	if _, err := b.verbs.Decide(ctx, b.site, b.people[0], nil); err == nil || err.(*discuss.Error).Fields[0].Name != "decisions" {
		t.Errorf("no decisions: %v", err)
	}
}

// A decision carries the status that was read. Where somebody else has moved
// the comment since, it is refused with who and when, unless it overrides that;
// what its author has taken away nobody decides about.
func TestDecisionAboutWhatWasNotRead(t *testing.T) {
	clock := setClock(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	other := b.people[5]
	other.Role = discuss.Moderator
	decide := func(who discuss.Actor, ds ...discuss.Decision) (errs []error, undo string) {
		t.Helper()
		clock.pass(time.Second)
		out, err := b.verbs.Decide(ctx, b.site, who, ds)
		if err != nil {
			t.Fatal(err)
		}
		return out.Errors, out.Undo
	}
	refused := func(what string, err error, status discuss.Status, by string) {
		t.Helper()
		var e *discuss.Error
		if !errors.Is(err, discuss.ErrState) || !errors.As(err, &e) || e.Standing == nil {
			t.Errorf("%s: %v", what, err)
			return
		}
		if e.Standing.Status != status || e.Standing.By != by || !e.Standing.At.Equal(clock.now().Add(-time.Second)) {
			t.Errorf("%s: %+v", what, *e.Standing)
		}
	}
	for _, first := range []string{"reject", "spam", "delete"} {
		c, calm := b.post(t, 1, "a", 0, "A remark."), b.post(t, 2, "a", 0, "Another.")
		if errs, _ := decide(other, discuss.Decision{Comment: c.ID, Action: first, Was: discuss.Published}); errs[0] != nil {
			t.Fatal(errs)
		}
		now, err := b.CommentByID(ctx, c.ID)
		if err != nil {
			t.Fatal(err)
		}
		// Many at once: the one is refused, the others are done.
		errs, _ := decide(b.people[0], discuss.Decision{Comment: c.ID, Action: "approve", Was: discuss.Published}, discuss.Decision{Comment: calm.ID, Action: "feature", Was: discuss.Published})
		refused("approve after "+first, errs[0], now.Status, "Person 5")
		if errs[1] != nil {
			t.Errorf("the one beside it: %v", errs[1])
		}
		if c, _ := b.CommentByID(ctx, c.ID); c.Status != now.Status {
			t.Errorf("it moved to %s", c.Status)
		}
		if errs, _ = decide(b.people[0], discuss.Decision{Comment: c.ID, Action: "approve", Was: discuss.Published, Override: true}); errs[0] != nil {
			t.Errorf("overridden: %v", errs[0])
		}
		// The one whose decision was overridden reads of that in their undo.
		if c, _ := b.CommentByID(ctx, c.ID); c.Status != discuss.Published {
			t.Errorf("overridden, it is %s", c.Status)
		}
	}

	c := b.post(t, 1, "a", 0, "A remark.")
	_, undo := decide(b.people[0], discuss.Decision{Comment: c.ID, Action: "reject"})
	if errs, _ := decide(other, discuss.Decision{Comment: c.ID, Action: "approve", Was: discuss.Rejected}); errs[0] != nil {
		t.Fatal(errs)
	}
	done, left, err := b.verbs.Undo(ctx, b.site, b.people[0], undo)
	if err != nil || len(done) != 0 || left[c.ID].By != "Person 5" || left[c.ID].Status != discuss.Published {
		t.Errorf("undone %v, left %+v, %v", done, left, err)
	}

	if err := b.verbs.Delete(ctx, b.site, b.people[1], c.ID); err != nil {
		t.Fatal(err)
	}
	for _, action := range []string{"approve", "reject", "spam", "delete", "restore", "feature"} {
		for _, override := range []bool{false, true} {
			if errs, _ := decide(b.people[0], discuss.Decision{Comment: c.ID, Action: action, Was: discuss.Published, Override: override}); !errors.Is(errs[0], discuss.ErrWithdrawn) {
				t.Errorf("%s of what its author took away, override %v: %v", action, override, errs[0])
			}
		}
	}
	if errs, _ := decide(b.people[0], discuss.Decision{Comment: c.ID, Action: "approve", Was: "gone"}); discuss.KindOf(errs[0]) != discuss.Invalid {
		t.Errorf("a status there is none of: %v", errs[0])
	}
	edited := b.post(t, 1, "a", 0, "A remark.")
	if _, err := b.verbs.Edit(ctx, b.site, b.people[1], edited.ID, "Another remark.", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	if errs, _ := decide(b.people[0], discuss.Decision{Comment: edited.ID, Action: "reject", Read: &time.Time{}, Override: true}); errs[0] != nil {
		t.Errorf("an edited one, overridden: %v", errs[0])
	}
}

// An undo gives back what stood before its own decision, and leaves that of
// somebody else alone though both came to the same.
func TestAnUndoLeavesTheSameDecisionOfAnother(t *testing.T) {
	clock := setClock(time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC))
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "A remark.")
	other := b.people[5]
	other.Role = discuss.Moderator
	var undo []string
	for _, who := range []discuss.Actor{b.people[0], other} {
		clock.pass(time.Second)
		out, err := b.verbs.Decide(ctx, b.site, who, []discuss.Decision{{Comment: c.ID, Action: "reject"}})
		if err != nil || out.Errors[0] != nil {
			t.Fatal(err, out.Errors)
		}
		undo = append(undo, out.Undo)
	}
	if ids, _, err := b.verbs.Undo(ctx, b.site, b.people[0], undo[0]); err != nil || len(ids) != 0 {
		t.Errorf("the first took %v back: %v", ids, err)
	}
	if got, err := b.CommentByID(ctx, c.ID); err != nil || got.Status != discuss.Rejected {
		t.Errorf("%s, %v", got.Status, err)
	}
	if ids, _, err := b.verbs.Undo(ctx, b.site, other, undo[1]); err != nil || len(ids) != 1 {
		t.Errorf("the second took %v back: %v", ids, err)
	}
}

// Everything of an author waits from a rejection on that makes a third of the
// week before it, for seven days, whatever is approved meanwhile.
func TestADemotionLastsItsSevenDays(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	clock := setClock(start)
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	decide := func(actions ...string) {
		t.Helper()
		var ds []discuss.Decision
		for _, a := range actions {
			ds = append(ds, discuss.Decision{Comment: b.post(t, 1, "a", 0, "Something to decide about.").ID, Action: a})
		}
		clock.pass(time.Second)
		if out, err := b.verbs.Decide(ctx, b.site, b.people[0], ds); err != nil || errors.Join(out.Errors...) != nil {
			t.Fatal(err, out.Errors)
		}
	}
	demoted := func() bool {
		t.Helper()
		a, err := b.MemberOf(ctx, b.site.ID, b.people[1].Account)
		if err != nil {
			t.Fatal(err)
		}
		r, err := b.Decided(ctx, a.ID)
		if err != nil {
			t.Fatal(err)
		}
		return r.Demoted(clock.now())
	}
	decide("approve", "approve", "approve", "approve", "approve")
	if clock.set(start.Add(6 * 24 * time.Hour)); demoted() {
		t.Error("demoted without a rejection")
	}
	decide("reject")
	if demoted() {
		t.Error("one of six")
	}
	decide("reject", "approve", "reject") // one moment: the order in it says nothing
	if !demoted() {
		t.Error("three of nine")
	}
	bad := clock.now()
	decide("approve", "approve", "approve", "approve", "approve")
	if clock.set(bad.Add(7*24*time.Hour - time.Minute)); !demoted() {
		t.Error("it lifted before its seven days")
	}
	if clock.set(bad.Add(7*24*time.Hour + time.Minute)); demoted() {
		t.Error("it did not lift itself")
	}
}

// hand is a clock that a test moves; the store's own work reads it meanwhile.
type hand struct{ ms atomic.Int64 }

func setClock(at time.Time) *hand {
	h := &hand{}
	h.set(at)
	return h
}

func (h *hand) now() time.Time       { return time.UnixMilli(h.ms.Load()).UTC() }
func (h *hand) set(at time.Time)     { h.ms.Store(at.UnixMilli()) }
func (h *hand) pass(d time.Duration) { h.ms.Add(d.Milliseconds()) }

// Whoever takes a comment away while a service is asked, and back, has gone
// round nothing: the answer that came meanwhile counts, and it is asked again.
func TestTakingACommentAwayForAMomentGoesRoundNothing(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.site.Settings.Moderation.HookURL, b.site.Settings.Moderation.HookSecret = "https://hook.example/", "s"
	c := b.post(t, 1, "a", 0, "A remark that the hook minds.")
	if err := b.verbs.Delete(ctx, b.site, b.people[1], c.ID); err != nil {
		t.Fatal(err)
	}
	reject := func(discuss.Trace, discuss.Status, bool) discuss.Status { return discuss.Rejected }
	if err := b.verbs.Rejudge(ctx, b.site, c.ID, time.Time{}, discuss.Finding{Check: "hook", Suggested: discuss.SuggestReject}, reject); err != nil {
		t.Fatal(err)
	}
	back, err := b.verbs.Restore(ctx, b.site, b.people[1], c.ID, netip.Addr{})
	if err != nil || back.Status != discuss.Rejected {
		t.Errorf("it came back %s, %v", back.Status, err)
	}
	var asked int
	if err := b.queryRow(ctx, `SELECT count(*) FROM jobs WHERE kind = 'ask'`, nil, &asked); err != nil || asked != 1 {
		t.Errorf("%d questions, %v", asked, err)
	}
}

// Who sends spam is not told that it was found; who is rejected is told why.
func TestSpammersHearOfNothing(t *testing.T) {
	for action, want := range map[string]int{"spam": 0, "reject": 1, "delete": 1} {
		b := newBench(t, Options{})
		ctx := context.Background()
		b.site.Settings.Moderation.MailOutcomes = true
		var ds []discuss.Decision
		for range 4 { // more than a demotion needs
			ds = append(ds, discuss.Decision{Comment: b.post(t, 1, "a", 0, "Buy now.").ID, Action: action})
		}
		if out, err := b.verbs.Decide(ctx, b.site, b.people[0], ds); err != nil || errors.Join(out.Errors...) != nil {
			t.Fatal(err, out.Errors)
		}
		var mails int
		if err := b.queryRow(ctx, `SELECT count(DISTINCT kind) FROM jobs WHERE kind IN ('outcome', 'demoted') AND ?1 = ?1`, []any{0}, &mails); err != nil {
			t.Fatal(err)
		}
		if got := min(mails, 1); got != want {
			t.Errorf("%s: %d kinds of mail, want %d", action, mails, want)
		}
	}
}

// A comment waits since it was held, reported or edited into a hold, however
// old it is, and an undo gives back since when it had waited.
func TestWaitingBeginsWithWhatHoldsIt(t *testing.T) {
	start := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	clock := setClock(start)
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	old, held := b.post(t, 1, "a", 0, "An old remark."), b.site
	clock.set(start.Add(8 * 24 * time.Hour))
	held.Settings.Hold = discuss.ModeAll
	c, _, err := b.verbs.Post(ctx, held, b.people[2], discuss.Draft{ThreadKey: "a", Body: "A new one that is held."}, discuss.Once{})
	if err != nil {
		t.Fatal(err)
	}
	clock.pass(time.Hour)
	if err := b.verbs.Report(ctx, b.site, b.people[3], old.ID, "spam", "", netip.Addr{}); err != nil {
		t.Fatal(err)
	}
	reported := clock.now()
	list := func(want ...discuss.ID) []discuss.Queued {
		t.Helper()
		rows, err := b.Queue(ctx, discuss.QueueQuery{Site: b.site.ID, State: discuss.QueueAll, Order: discuss.OrderOldest, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []discuss.ID
		for _, r := range rows {
			got = append(got, r.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("the longest first: %v, want %v", got, want)
		}
		return rows
	}
	if rows := list(c.ID, old.ID); !rows[1].Waiting.Equal(reported) || !rows[0].Waiting.Equal(c.Created) {
		t.Errorf("waiting since %v and %v, want %v and %v", rows[0].Waiting, rows[1].Waiting, c.Created, reported)
	}
	clock.pass(time.Minute)
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: old.ID, Action: "approve"}, {Comment: c.ID, Action: "approve"}})
	if err != nil || errors.Join(out.Errors...) != nil {
		t.Fatal(err, out.Errors)
	}
	list()
	clock.pass(time.Second)
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); err != nil {
		t.Fatal(err)
	}
	if rows := list(c.ID, old.ID); !rows[1].Waiting.Equal(reported) || !rows[0].Waiting.Equal(c.Created) {
		t.Errorf("after an undo they wait since %v and %v, want %v and %v", rows[0].Waiting, rows[1].Waiting, c.Created, reported)
	}
}

// What nobody has decided about has no time of that: not 1970.
func TestWhatWasNeverDecidedHasNoTime(t *testing.T) {
	b := newBench(t, Options{})
	c := b.post(t, 1, "a", 0, "a comment that nobody has looked at")
	out, err := b.verbs.Decide(context.Background(), b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: "approve", Was: discuss.Pending}})
	if err != nil {
		t.Fatal(err)
	}
	var e *discuss.Error
	if !errors.As(out.Errors[0], &e) || e.Standing == nil || e.Standing.Status != discuss.Published || !e.Standing.At.IsZero() {
		t.Errorf("%v: %+v", out.Errors[0], e)
	}
}
