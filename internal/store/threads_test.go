package store

import (
	"context"
	"reflect"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// A thread that is opened again stays open for as long as a new one would.
func TestAReopenedThreadStaysOpen(t *testing.T) {
	clock := setClock(time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC))
	b := newBench(t, Options{Now: clock.now})
	ctx := context.Background()
	b.site.Settings.Moderation.CloseDays = 14
	if _, err := b.PutSite(ctx, b.site); err != nil {
		t.Fatal(err)
	}
	b.post(t, 1, "a", 0, "The first.")
	state := func() discuss.ThreadState {
		t.Helper()
		if err := b.verbs.CloseDue(ctx, b.site, clock.now()); err != nil {
			t.Fatal(err)
		}
		return thread(t, b, "a").State
	}
	if clock.pass(15 * 24 * time.Hour); state() != discuss.Closed {
		t.Fatal("it is open after its days")
	}
	open := discuss.Open
	th, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], thread(t, b, "a").ID, discuss.ThreadChange{State: &open})
	if err != nil || !th.Closes.Equal(clock.now().Add(14*24*time.Hour)) {
		t.Errorf("it closes %v: %v", th.Closes, err)
	}
	if clock.pass(13 * 24 * time.Hour); state() != discuss.Open {
		t.Error("it was closed again at once")
	}
	if clock.pass(2 * 24 * time.Hour); state() != discuss.Closed {
		t.Error("it never closes again")
	}
}

// The log says what a thread's address and further keys were, and an address
// of another site is none.
func TestAThreadsAddressIsTheSitesAndStandsInTheLog(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.post(t, 1, "a", 0, "The first.")
	id := thread(t, b, "a").ID
	elsewhere, here, keys := "https://elsewhere.example/a", "https://news.example/a", []string{"old-a"}
	_, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], id, discuss.ThreadChange{URL: &elsewhere})
	if e, _ := err.(*discuss.Error); e == nil || len(e.Fields) != 1 || e.Fields[0].Name != "url" {
		t.Errorf("an address of another site: %v", err)
	}
	if _, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], id, discuss.ThreadChange{URL: &here, Aliases: &keys}); err != nil {
		t.Fatal(err)
	}
	title := "A new title"
	_, kept, err := b.verbs.SetThread(ctx, b.site, b.people[0], id, discuss.ThreadChange{Title: &title})
	if err != nil || len(kept) != 1 || kept[0] != "old-a" {
		t.Errorf("keys after a change of the title: %v, %v", kept, err)
	}
	lines, err := b.AuditPage(ctx, discuss.AuditQuery{Site: b.site.ID, Kind: "thread", Limit: 10})
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	if l := lines[1]; !strings.Contains(l.After, here) || !strings.Contains(l.After, "old-a") || strings.Contains(l.Before, "old-a") {
		t.Errorf("%q -> %q", l.Before, l.After)
	}
}

// What is done on the server itself stands in the log as well.
func TestRolesGivenOnTheServerStandInTheLog(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	for range 2 { // giving it again changes nothing
		if err := b.SetRole(ctx, b.site.ID, b.people[3].Account, b.people[3].Name, discuss.Admin); err != nil {
			t.Fatal(err)
		}
	}
	admin := b.people[0]
	admin.Role = discuss.Admin
	if _, err := b.verbs.SetStandards(ctx, b.site, admin, "Be kind."); err != nil {
		t.Fatal(err)
	}
	lines, err := b.AuditPage(ctx, discuss.AuditQuery{Site: b.site.ID, Limit: 10})
	if err != nil || len(lines) != 2 {
		t.Fatalf("%+v, %v", lines, err)
	}
	if l := lines[1]; l.Action != "role" || l.Actor != 0 || l.Before != "member" || l.After != "admin" || l.Note == "" {
		t.Errorf("%+v", l)
	}
	if l := lines[0]; l.Action != "standards" || l.Name != admin.Name || l.After != "version 1" {
		t.Errorf("%+v", l)
	}
}

// What is so already is no act: readers are told of nothing, and the log has no row.
func TestWhatIsSoAlreadyIsNoAct(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	c := b.post(t, 1, "a", 0, "The first.")
	id := thread(t, b, "a").ID
	closed, title, url, mode, slow, keys, at := discuss.Closed, "Ferries", "https://news.example/a", discuss.ModeAll, 30, []string{"old-a"}, time.Date(2027, 1, 2, 3, 4, 5, 600e6, time.UTC)
	set := func(change discuss.ThreadChange) discuss.Thread {
		t.Helper()
		th, aliases, err := b.verbs.SetThread(ctx, b.site, b.people[0], id, change)
		if err != nil || change.Aliases != nil && len(aliases) != len(*change.Aliases) {
			t.Fatal(aliases, err)
		}
		return th
	}
	decide := func(action string) string {
		t.Helper()
		out, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: c.ID, Action: action}})
		if err != nil || out.Errors[0] != nil {
			t.Fatal(err, out.Errors)
		}
		return out.Undo
	}
	rows := func() (rows, events int) {
		t.Helper()
		if err := b.queryRow(ctx, `SELECT (SELECT count(*) FROM audit_log), (SELECT seq FROM threads WHERE id = ?1)`, []any{id}, &rows, &events); err != nil {
			t.Fatal(err)
		}
		return rows, events
	}
	for name, change := range map[string]discuss.ThreadChange{
		"state": {State: &closed}, "title": {Title: &title}, "url": {URL: &url}, "mode": {Mode: &mode}, "slow": {Slow: &slow}, "aliases": {Aliases: &keys}, "closes": {Closes: &at},
	} {
		was, _ := rows()
		first := set(change)
		once, told := rows()
		if once != was+1 {
			t.Errorf("%s: %d rows for a change", name, once-was)
		}
		again := set(change)
		if first.Seq, first.URLFrom, first.TitleFrom = again.Seq, again.URLFrom, again.TitleFrom; !reflect.DeepEqual(again, first) {
			t.Errorf("%s again: %+v, want %+v", name, again, first)
		}
		if n, heard := rows(); n != once || heard != told {
			t.Errorf("%s again: %d rows and %d events for nothing", name, n-once, heard-told)
		}
	}
	for _, action := range []string{"feature", "unfeature"} {
		undo := decide(action)
		once, told := rows()
		if again := decide(action); undo == "" || again != "" {
			t.Errorf("%s: undone by %q, and again by %q", action, undo, again)
		}
		if n, heard := rows(); n != once || heard != told {
			t.Errorf("%s again: %d rows and %d events for nothing", action, n-once, heard-told)
		}
	}
}

// Titles, names and reasons are found in any alphabet, however they are spelled
// in capitals; a page whose comments all wait is found by what its card says.
func TestListsAreSearchedInEveryAlphabet(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	named, waits := b.post(t, 1, "a", 0, "The first."), b.post(t, 1, "b", 0, "It waits.")
	title := "Паромы на Неве: ÉTÉ"
	if _, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], named.ThreadID, discuss.ThreadChange{Title: &title}); err != nil {
		t.Fatal(err)
	}
	err := b.update(ctx, b.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO pages (comment_id, thread_id, url, title, at) VALUES (?1, ?2, '', 'Мосты', 0)`, waits.ID, waits.ThreadID)
	})
	if err != nil {
		t.Fatal(err)
	}
	for search, want := range map[string]discuss.ID{"паромы": named.ThreadID, "НЕВЕ": named.ThreadID, "été": named.ThreadID, "мосты": waits.ThreadID} {
		list, err := b.Threads(ctx, discuss.ThreadQuery{Site: b.site.ID, Search: search, Limit: 5})
		if err != nil || len(list) != 1 || list[0].ID != want {
			t.Errorf("%q finds %v, %v", search, list, err)
		}
	}
	if _, err := b.verbs.Ban(ctx, b.site, b.people[0], discuss.Sanction{Domain: "spam.example", Reason: "Реклама"}); err != nil {
		t.Fatal(err)
	}
	if list, err := b.Bans(ctx, discuss.BansQuery{Site: b.site.ID, Search: "реклама", Limit: 5}); err != nil || len(list) != 1 {
		t.Errorf("a ban by its reason: %v, %v", list, err)
	}
}
