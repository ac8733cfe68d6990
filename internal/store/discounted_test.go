package store

import (
	"context"
	"net/netip"
	"testing"
	"time"

	"parley/internal/discuss"
)

// A brigade is kept out with one decision: the comment stays, what its
// reporters have open elsewhere and report next weighs nothing, its author's
// record shows dismissed reports apart, and an undo takes all of it back.
func TestReportersAreDiscountedWithTheDecision(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	c, other, third := b.post(t, 1, "a", 0, "A remark that a group dislikes."), b.post(t, 1, "a", 0, "Another."), b.post(t, 1, "a", 0, "A third.")
	b.verbs.Network = func(netip.Addr) ([]byte, string) { return []byte{7}, "192.0.2.0/24" }
	ip := netip.MustParseAddr("192.0.2.9")
	report := func(who int, id discuss.ID) {
		t.Helper()
		if err := b.verbs.Report(ctx, b.site, b.people[who], id, "spam", "", ip); err != nil {
			t.Fatal(err)
		}
	}
	weight := func(id discuss.ID) (o discuss.Objections) {
		t.Helper()
		if err := b.Write(ctx, func(r discuss.Reader) (_ discuss.Changes, err error) { o, err = r.Objections(id); return nil, err }); err != nil {
			t.Fatal(err)
		}
		return o
	}
	for _, who := range []int{2, 3} {
		if err := b.SetTrust(ctx, b.site.ID, b.people[who].Account, discuss.LevelMember); err != nil {
			t.Fatal(err)
		}
		report(who, c.ID)
		report(who, other.ID)
	}
	if _, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: third.ID, Action: "approve"}}); err != nil {
		t.Fatal(err)
	}
	list, err := b.OpenReports(ctx, []discuss.ID{c.ID})
	if err != nil || len(list[c.ID]) != 2 || list[c.ID][0].Name != "Person 2" || list[c.ID][0].Network != list[c.ID][1].Network || list[c.ID][0].Network == 0 {
		t.Errorf("shown: %+v, %v", list, err)
	}
	if o := weight(other.ID); o.Weight != 2 {
		t.Errorf("before: %+v", o)
	}
	if out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: "reject", Discount: true}}); err != nil || discuss.KindOf(out.Errors[0]) != discuss.Invalid {
		t.Errorf("with a rejection: %v %v", out.Errors, err)
	}
	out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: "approve", Discount: true}})
	if err != nil || out.Errors[0] != nil {
		t.Fatal(out.Errors, err)
	}
	if o := weight(other.ID); o.Weight != 0 || o.Reports != 2 || o.Void != 2 || discuss.Priority(discuss.Trace{}, o) != 0 {
		t.Errorf("what they report elsewhere weighs: %+v", o)
	}
	report(2, third.ID)
	if o := weight(third.ID); o.Weight != 0 || o.Reports != 1 || o.Void != 1 {
		t.Errorf("what they report next weighs: %+v", o)
	}
	counts, err := b.QueueCounts(ctx, b.site.ID)
	if err != nil {
		t.Fatal(err)
	}
	reported, err := b.Queue(ctx, discuss.QueueQuery{Site: b.site.ID, State: discuss.QueueReported, Order: discuss.OrderOldest, Limit: 100})
	if err != nil || counts[discuss.QueueReported] != len(reported) || len(reported) != 2 {
		t.Errorf("the list of reported ones has %d, its number says %d: %v", len(reported), counts[discuss.QueueReported], err)
	}
	person := func(who discuss.ID) discuss.Person {
		t.Helper()
		p, err := b.verbs.Person(ctx, b.site, b.people[0], who)
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
	if p := person(c.Author.ID); p.Reported != 0 || p.Dismissed != 2 {
		t.Errorf("its author: %d reports and %d dismissed ones, want 0 and 2", p.Reported, p.Dismissed)
	}
	if p := person(list[c.ID][0].Reporter); p.Record.Reports != 1 || p.Record.Agreed != 0 || !p.Discounted.After(time.Now()) {
		t.Errorf("a reporter: %+v until %s", p.Record, p.Discounted)
	}
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); err != nil {
		t.Fatal(err)
	}
	lines, err := b.verbs.Audit(ctx, b.people[0], discuss.AuditQuery{Site: b.site.ID, Kind: "person", Limit: 10}, false)
	if err != nil || len(lines) != 4 || lines[0].Action != "discount_undone" || lines[1].Action != "discount_undone" || lines[0].Target == lines[1].Target {
		t.Errorf("after the undo the log says of its reporters: %+v, %v", lines, err)
	}
	if o := weight(other.ID); o.Weight != 2 || o.Void != 0 {
		t.Errorf("after the undo what they report weighs: %+v", o)
	}
	if o := weight(c.ID); o.Weight != 2 || o.Reports != 2 {
		t.Errorf("after the undo the comment: %+v", o)
	}
	if p := person(c.Author.ID); p.Dismissed != 0 {
		t.Errorf("after the undo %d are dismissed", p.Dismissed)
	}
}
