package store

import (
	"context"
	"testing"

	"parley/internal/discuss"
)

// A site that is deleted leaves no word behind, and no other site loses any.
func TestADeletedSiteIsGone(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	root := b.post(t, 1, "a", 0, "A rosemary bush stands there")
	b.post(t, 2, "a", root.ID, "And a rosemary hedge")
	other, err := b.PutSite(ctx, discuss.Site{Key: "other", Name: "Other", Origins: []string{"https://other.example"}})
	if err != nil {
		t.Fatal(err)
	}
	b.site.Settings.Guests = true
	if err := b.verbs.FollowAsGuest(ctx, b.site, "a", 0, "gast@inbox.example"); err != nil {
		t.Fatal(err)
	}
	if err := b.RingAuthor(ctx, root.ID, discuss.NotifyPicked); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.ReadNotifications(ctx, b.people[1].Account, b.site.ID, root.ID); err != nil {
		t.Fatal(err)
	}
	b.indexed(ctx)
	if err := b.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Site: b.site.ID, Actor: discuss.Author{ID: root.Author.ID, Name: "Ann Lee"}, Action: "settings", Kind: "settings", Target: b.site.ID, After: "guests"}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	told := 0
	if err := b.DeleteSite(ctx, b.site, func(n int) { told = n }); err != nil {
		t.Fatal(err)
	}
	if told != 2 {
		t.Errorf("told of %d comments", told)
	}
	if _, err := b.SiteByKey(ctx, b.site.Key); discuss.KindOf(err) != discuss.NotFound {
		t.Errorf("the site: %v", err)
	}
	if _, err := b.SiteByKey(ctx, other.Key); err != nil {
		t.Errorf("the other site: %v", err)
	}
	if _, err := b.VerifyAudit(ctx); err != nil {
		t.Errorf("the audit log: %v", err)
	}
	var named int
	if err := b.queryRow(ctx, `SELECT count(*) FROM audit_texts t JOIN audit_log l ON l.id = t.id WHERE l.site_id = ?1 AND t.actor || t.reason || t.note || t.before || t.after <> ''`, []any{b.site.ID}, &named); err != nil || named != 0 {
		t.Errorf("the audit log names %d, %v", named, err)
	}
	for _, table := range []string{"threads", "comments", "authors", "votes", "revisions", "follows", "events", "notifications", "bells", "mentions", "guest_follows"} {
		var n int
		if err := b.queryRow(ctx, "SELECT count(*) FROM "+table, nil, &n); err != nil || n != 0 {
			t.Errorf("%s: %d rows are left, %v", table, n, err)
		}
	}
	var hits int
	if err := b.queryRow(ctx, `SELECT count(*) FROM comments_text WHERE comments_text MATCH 'rosemary'`, nil, &hits); err != nil || hits != 0 {
		t.Errorf("the index finds %d, %v", hits, err)
	}
}
