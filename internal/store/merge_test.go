package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/discuss"
)

// mergeFates is what becomes of a table's rows about the source when two
// threads are merged.
var mergeFates = map[string]string{
	"aliases":          "lead to the target, and the source's own key with them",
	"alike_threads":    "what is like the source is like the target; the pair itself goes",
	"comments":         "go to the target, whatever their status",
	"events":           "stay: the log of an empty row tells its open pages where to look, until it is swept",
	"imports":          "name threads by a range of ids: an undo leaves merged ones",
	"follows":          "go to the target; who follows both follows once",
	"guest_follows":    "go to the target, and back; an address that follows both hears once",
	"merges":           "are what says so; merges into the source can't be undone any more",
	"page_reactions":   "go to the target; who has reacted to both pages in the same way counts once",
	"page_tallies_due": "are settled at either thread",
	"pages":            "go with their comments",
	"tallies_due":      "go with their comments",
	"threads":          "the source stays, empty and under a key that nobody can ask for; what was merged into it leads on",
}

// A table that names a thread has a word here about merges; so has every new one.
func TestEveryTableWithAThreadSaysWhatAMergeDoes(t *testing.T) {
	b := newBench(t, Options{})
	rows, err := b.query(context.Background(), `SELECT DISTINCT s.name FROM sqlite_schema s JOIN pragma_table_xinfo(s.name) c
		LEFT JOIN pragma_foreign_key_list(s.name) f ON f."from" = c.name
		WHERE s.type = 'table' AND (c.name LIKE '%thread%' OR f."table" = 'threads')`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	seen := map[string]bool{}
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		if seen[name] = true; mergeFates[name] == "" {
			t.Errorf("%s names a thread, and nobody says what becomes of its rows when that is merged", name)
		}
	}
	for name := range mergeFates {
		if !seen[name] {
			t.Errorf("%s names no thread", name)
		}
	}
}

// dumped is every row of the tables that a merge touches, without what a clock
// moves on: the numbers of events.
func dumped(t testing.TB, path string) map[string]string {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	out := map[string]string{}
	for table, columns := range map[string]string{
		"aliases": "*", "alike_threads": "*", "comments": "*", "follows": "*", "reactions": "*", "page_reactions": "*", "pages": "*", "tallies_due": "*", "votes": "*", "reports": "*", "authors": "id, published",
		"threads": "id, site_id, key, url, title, state, count, source, foreign_id, created, mode, slow, closes, url_by, title_by, spot, merged_into, reactions",
		"merges":  "*", "merge_parts": "*", "waiting": "*",
	} {
		rows, err := db.Query("SELECT " + columns + " FROM " + table + " ORDER BY 1, 2, 3")
		if table == "tallies_due" || table == "authors" {
			rows, err = db.Query("SELECT " + columns + " FROM " + table + " ORDER BY 1")
		}
		if err != nil {
			t.Fatal(err)
		}
		names, _ := rows.Columns()
		var all strings.Builder
		for rows.Next() {
			cells, at := make([]any, len(names)), make([]any, len(names))
			for i := range cells {
				at[i] = &cells[i]
			}
			if err := rows.Scan(at...); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintln(&all, cells...)
		}
		rows.Close()
		out[table] = all.String()
	}
	return out
}

func differ(t testing.TB, before, after map[string]string) {
	t.Helper()
	for table := range before {
		if before[table] != after[table] {
			t.Errorf("%s was\n%s\nand is\n%s", table, before[table], after[table])
		}
	}
}

// twoThreads are pages with everything that can stand on one.
func twoThreads(t *testing.T, b *bench) (from, into discuss.Thread) {
	t.Helper()
	ctx := context.Background()
	do := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	old, new := "http://news.example/a", "https://news.example/a"
	root := b.post(t, 1, old, 0, "first of the old page")
	reply := b.post(t, 2, old, root.ID, "an answer")
	b.post(t, 3, old, reply.ID, "an answer to that")
	spam := b.post(t, 1, old, 0, "buy this")
	gone := b.post(t, 4, old, 0, "with an answer, and taken away")
	b.post(t, 3, old, gone.ID, "under what goes")
	there := b.post(t, 1, new, 0, "first of the new page")
	b.post(t, 2, new, there.ID, "an answer there")
	held := b.post(t, 5, old, 0, "waits")
	_, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: spam.ID, Action: "spam"}, {Comment: gone.ID, Action: "delete"}})
	do(err)
	do(b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.setStatus(held.ID, discuss.Pending) }))
	from, err = b.ThreadByKey(ctx, b.site.ID, old)
	do(err)
	into, err = b.ThreadByKey(ctx, b.site.ID, new)
	do(err)
	_, _, err = b.verbs.SetThread(ctx, b.site, b.people[0], from.ID, discuss.ThreadChange{Aliases: &[]string{"/a", "older"}})
	do(err)
	for who, threads := range map[int][]string{1: {old}, 2: {old, new}, 3: {new}} {
		for _, key := range threads {
			do(b.verbs.Follow(ctx, b.site, b.people[who], key, 0, true))
		}
	}
	_, _, err = b.verbs.Vote(ctx, b.site, b.people[4], root.ID, 1, netip.Addr{})
	do(err)
	reacting := b.site
	reacting.Settings.Reactions = []string{"agree", "funny"}
	for who, reacted := range map[int][]struct{ key, name string }{1: {{old, "agree"}, {new, "agree"}}, 2: {{old, "agree"}, {old, "funny"}}, 3: {{new, "funny"}}} {
		for _, on := range reacted {
			_, err = b.verbs.ReactToPage(ctx, reacting, b.people[who], on.key, on.name, true, netip.Addr{})
			do(err)
		}
	}
	_, err = b.verbs.React(ctx, reacting, b.people[4], root.ID, "agree", true, netip.Addr{})
	do(err)
	b.settle(t)
	return from, into
}

// settle waits for tallies that are due.
func (b *bench) settle(t testing.TB) {
	t.Helper()
	for range 500 {
		var n int
		if err := b.queryRow(context.Background(), `SELECT (SELECT count(*) FROM tallies_due) + (SELECT count(*) FROM page_tallies_due)`, nil, &n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		time.Sleep(2 * time.Millisecond)
	}
	t.Fatal("tallies stay due")
}

func TestMergeAndUndo(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	from, into := twoThreads(t, b)
	before := dumped(t, b.path)
	b.events = nil
	out, err := b.verbs.Merge(ctx, b.site, b.people[0], from.ID, into.ID)
	if err != nil || out.Undo == "" || out.Running {
		t.Fatal(out, err)
	}
	recount(t, b.path)
	now, err := b.ThreadByID(ctx, into.ID)
	if err != nil || now.Count != from.Count+into.Count || now.Title != into.Title || now.Key != into.Key || now.State != discuss.Open {
		t.Errorf("the target is %+v", now)
	}
	for _, key := range []string{from.Key, "/a", "older", into.Key} {
		if th, err := b.ThreadByKey(ctx, b.site.ID, key); err != nil || th.ID != into.ID {
			t.Errorf("%s leads to %v, %v", key, th.ID, err)
		}
	}
	if counts, err := b.Counts(ctx, b.site.ID, []string{from.Key, into.Key}); err != nil || counts[from.Key] != now.Count || counts[into.Key] != now.Count {
		t.Error("counts", counts, err)
	}
	resets := map[discuss.ID]int64{}
	b.mu.Lock()
	for _, e := range b.events {
		if e.Type == discuss.ThreadReset {
			resets[e.ThreadID] = e.Seq
		}
	}
	b.mu.Unlock()
	if resets[from.ID] == 0 || resets[from.ID] != resets[into.ID] || resets[into.ID] <= max(from.Seq, into.Seq) {
		t.Errorf("resets %v after %d and %d", resets, from.Seq, into.Seq)
	}
	list, err := b.Threads(ctx, discuss.ThreadQuery{Site: b.site.ID, Limit: 10})
	if err != nil || len(list) != 1 || list[0].ID != into.ID || list[0].Waiting != 1 {
		t.Errorf("the list holds %+v, %v", list, err)
	}
	if all, err := b.CountAll(ctx, from.ID); err != nil || all != 0 {
		t.Error("left behind:", all, err)
	}
	lines, err := b.AuditPage(ctx, discuss.AuditQuery{Site: b.site.ID, Kind: "thread", Limit: 10})
	if err != nil || len(lines) < 2 || lines[0].Action != "merge" || lines[0].Before != from.Key || lines[0].TargetName != into.Key {
		t.Errorf("the log says %+v, %v", lines, err)
	}
	for _, line := range lines {
		if strings.HasPrefix(line.TargetName, goneKey) {
			t.Errorf("the log names a thread that is gone %q", line.TargetName)
		}
	}
	if follows, err := b.Follows(ctx, memberOf(t, b, 1), into.ID); err != nil || !slices.Contains(follows, 0) {
		t.Error("who followed the source follows", follows, err)
	}
	late := b.post(t, 1, from.Key, 0, "by the old address")
	if late.ThreadID != into.ID {
		t.Error("a post to the old address is in", late.ThreadID)
	}
	if _, err := b.Exec(t, `DELETE FROM comments WHERE id = ?1`, late.ID); err != nil { // so that what is left is what was
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `UPDATE threads SET count = count - 1 WHERE id = ?1`, into.ID); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Exec(t, `UPDATE authors SET published = published - 1 WHERE id = ?1`, late.Author.ID); err != nil {
		t.Fatal(err)
	}
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); err != nil {
		t.Fatal(err)
	}
	differ(t, before, dumped(t, b.path))
	recount(t, b.path)
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); !errors.Is(err, discuss.ErrUndoOver) {
		t.Error("undone twice:", err)
	}
}

// Exec changes the file under the store, as no verb would.
func (b *bench) Exec(t testing.TB, query string, args ...any) (sql.Result, error) {
	t.Helper()
	db, err := sql.Open("sqlite3", b.path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	return db.Exec(query, args...)
}

func memberOf(t testing.TB, b *bench, who int) (id discuss.ID) {
	t.Helper()
	if err := b.queryRow(context.Background(), `SELECT id FROM authors WHERE account_id = ?1`, []any{b.people[who].Account}, &id); err != nil {
		t.Fatal(err)
	}
	return id
}

// What is answered under a merged comment in the seconds before an undo goes
// back with it: a branch is never in two threads.
func TestAnAnswerGoesBackWithItsBranch(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	root := b.post(t, 1, "old", 0, "a root")
	there := b.post(t, 2, "new", 0, "a root there")
	out, err := b.verbs.Merge(ctx, b.site, b.people[0], root.ThreadID, there.ThreadID)
	if err != nil {
		t.Fatal(err)
	}
	answer, stays := b.post(t, 3, "new", root.ID, "an answer"), b.post(t, 3, "old", there.ID, "another")
	if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); err != nil {
		t.Fatal(err)
	}
	for id, want := range map[discuss.ID]discuss.ID{answer.ID: root.ThreadID, stays.ID: there.ThreadID} {
		if c, err := b.CommentByID(ctx, id); err != nil || c.ThreadID != want {
			t.Errorf("%v is in %v, %v", id, c.ThreadID, err)
		}
	}
	recount(t, b.path)
}

func TestWhatCannotBeMerged(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	a, bb, c := b.post(t, 1, "a", 0, "words of a").ThreadID, b.post(t, 1, "b", 0, "words of b").ThreadID, b.post(t, 1, "c", 0, "words of c").ThreadID
	other, err := b.PutSite(ctx, discuss.Site{Key: "other", Name: "Other", Origins: []string{"https://other.example"}, Settings: discuss.DefaultSettings()})
	if err != nil {
		t.Fatal(err)
	}
	mod := b.people[0]
	refuse := func(what string, site discuss.Site, who discuss.Actor, from, into discuss.ID, code string) {
		t.Helper()
		_, err := b.verbs.Merge(ctx, site, who, from, into)
		var e *discuss.Error
		if !errors.As(err, &e) || e.Code != code {
			t.Errorf("%s: %v, not %s", what, err, code)
		}
	}
	refuse("a reader", b.site, b.people[1], a, bb, "role")
	refuse("into itself", b.site, mod, a, a, "invalid")
	refuse("into nothing", b.site, mod, a, 12, "invalid")
	refuse("of another site", other, mod, a, bb, "not_found")
	first, err := b.verbs.Merge(ctx, b.site, mod, a, bb)
	if err != nil {
		t.Fatal(err)
	}
	refuse("twice", b.site, mod, a, c, "merged")
	refuse("into what is gone", b.site, mod, c, a, "invalid")
	if _, _, err := b.verbs.SetThread(ctx, b.site, mod, a, discuss.ThreadChange{}); !errors.Is(err, discuss.ErrNotFound) {
		t.Error("a merged thread was changed:", err)
	}
	if _, err := b.verbs.Merge(ctx, b.site, mod, bb, c); err != nil {
		t.Fatal("a chain:", err)
	}
	for _, key := range []string{"a", "b", "c"} {
		if th, err := b.ThreadByKey(ctx, b.site.ID, key); err != nil || th.ID != c || th.Count != 3 {
			t.Errorf("%s leads to %+v, %v", key, th, err)
		}
	}
	if th, err := b.ThreadByID(ctx, a); err != nil || th.Merged != c {
		t.Error("the first of the chain leads to", th.Merged, err)
	}
	if _, _, err := b.verbs.Undo(ctx, b.site, mod, first.Undo); !errors.Is(err, discuss.ErrUndoOver) {
		t.Error("what was merged on was undone:", err)
	}
	recount(t, b.path)
}

// A merge that was cut short is gone on with: meanwhile nothing can be written
// to the source, and neither thread be merged with others.
func TestAMergeThatWasCutShortGoesOn(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	source := b.post(t, 1, "old", 0, "a root")
	fillThread(t, b, source.ThreadID, 2*mergeChunk)
	target := b.post(t, 2, "new", 0, "a root there").ThreadID
	third := b.post(t, 2, "third", 0, "a root elsewhere").ThreadID
	m := discuss.Merge{ID: b.ids.Next(time.Now()), Site: b.site.ID, Source: source.ThreadID, Target: target, Total: 2*mergeChunk + 1, Created: time.Now()}
	if err := b.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.BeginMerge{Merge: m}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if more, err := b.MoveMerged(ctx, m.ID); err != nil || !more {
		t.Fatal(more, err)
	}
	recount(t, b.path)
	if _, _, err := b.verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: "old", Body: "too late"}, discuss.Once{}); !errors.Is(err, discuss.ErrThreadClosed) {
		t.Error("the source takes comments:", err)
	}
	open := discuss.Open
	if _, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], source.ThreadID, discuss.ThreadChange{State: &open}); !errors.Is(err, discuss.ErrMerging) {
		t.Error("the source was opened:", err)
	}
	for _, two := range [][2]discuss.ID{{source.ThreadID, third}, {target, third}, {third, source.ThreadID}} {
		if _, err := b.verbs.Merge(ctx, b.site, b.people[0], two[0], two[1]); two[0] != target && !errors.Is(err, discuss.ErrMerging) || two[0] == target && !errors.Is(err, discuss.ErrMerging) {
			t.Error("merged meanwhile:", two, err)
		}
	}
	if list, err := b.verbs.Merges(ctx, b.site, b.people[0]); err != nil || len(list) != 1 || list[0].Moved != mergeChunk {
		t.Errorf("under way: %+v, %v", list, err)
	}
	if err := b.verbs.RunMerges(ctx, time.Time{}); err != nil {
		t.Fatal(err)
	}
	if th, err := b.ThreadByKey(ctx, b.site.ID, "old"); err != nil || th.ID != target || th.Count != 2*mergeChunk+2 {
		t.Errorf("%+v %v", th, err)
	}
	if list, err := b.verbs.Merges(ctx, b.site, b.people[0]); err != nil || len(list) != 0 {
		t.Errorf("still under way: %+v, %v", list, err)
	}
	recount(t, b.path)
}

// fillThread adds comments to a thread as a busy day would, without its verbs.
func fillThread(t testing.TB, b *bench, thread discuss.ID, n int) {
	t.Helper()
	author := memberOf(t, b, 1)
	if err := b.update(context.Background(), b.w.bulk, func(tx *Tx) error {
		for i := range n {
			id := tx.NextID()
			rank := 0.0
			if i%10 == 0 {
				rank = float64(i%7) / 10
			}
			if err := tx.insertComment(discuss.Comment{
				ID: id, SiteID: b.site.ID, ThreadID: thread, Root: id, Author: discuss.Author{ID: author}, Body: "said by somebody about something", HTML: "<p>said</p>",
				Status: discuss.Published, Created: tx.Now(), Rank: rank, Heat: rank,
			}, nil, nil); err != nil {
				return err
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// An undo that was cut short is gone on with, too.
func TestAnUndoThatWasCutShortGoesOn(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	from, into := twoThreads(t, b)
	fillThread(t, b, from.ID, 2*mergeChunk)
	before := dumped(t, b.path)
	if _, err := b.verbs.Merge(ctx, b.site, b.people[0], from.ID, into.ID); err != nil {
		t.Fatal(err)
	}
	var id discuss.ID
	if err := b.queryRow(ctx, `SELECT id FROM merges WHERE state = 'done'`, nil, &id); err != nil {
		t.Fatal(err)
	}
	if err := b.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.BeginUnmerge{Merge: id}}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if more, err := b.MoveMerged(ctx, id); err != nil || !more {
		t.Fatal(more, err)
	}
	recountAmid(t, b)
	if list, err := b.verbs.Merges(ctx, b.site, b.people[0]); err != nil || len(list) != 1 || list[0].State != discuss.MergeUndoing {
		t.Errorf("under way: %+v, %v", list, err)
	}
	if err := b.verbs.RunMerges(ctx, time.Time{}); err != nil {
		t.Fatal(err)
	}
	differ(t, before, dumped(t, b.path))
	recount(t, b.path)
}

// recountAmid compares what threads count with what is in them while comments move.
func recountAmid(t testing.TB, b *bench) {
	t.Helper()
	var n int
	if err := b.queryRow(context.Background(), `SELECT count(*) FROM threads t WHERE count <> (SELECT count(*) FROM comments WHERE thread_id = t.id AND status = 'published')`, nil, &n); err != nil || n != 0 {
		t.Errorf("%d threads count wrongly, %v", n, err)
	}
}

// People go on writing while two threads become one, and two again: what was
// taken is somewhere, and everything is counted.
func TestWritingWhileThreadsAreMerged(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	from, into := b.post(t, 1, "old", 0, "a root"), b.post(t, 2, "new", 0, "a root there")
	fillThread(t, b, from.ThreadID, 3*mergeChunk)
	stop := make(chan struct{})
	var wg sync.WaitGroup
	var taken atomic.Int64
	for who, at := range map[int]discuss.Comment{1: from, 2: into, 3: from, 4: into} {
		wg.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-stop:
					return
				default:
				}
				key := []string{"old", "new"}[i%2]
				_, _, err := b.verbs.Post(ctx, b.site, b.people[who], discuss.Draft{ThreadKey: key, Parent: []discuss.ID{0, at.ID}[i/2%2], Body: fmt.Sprint("words ", who, i)}, discuss.Once{})
				switch k := discuss.KindOf(err); {
				case err == nil:
					taken.Add(1)
				case k != discuss.Conflict && k != discuss.Invalid: // read only, or a comment of the other thread
					t.Error(err)
				}
			}
		})
	}
	for range 3 {
		out, err := b.verbs.Merge(ctx, b.site, b.people[0], from.ThreadID, into.ThreadID)
		if err != nil {
			t.Fatal(err)
		}
		recountAmid(t, b)
		if _, _, err := b.verbs.Undo(ctx, b.site, b.people[0], out.Undo); err != nil {
			t.Fatal(err)
		}
		recountAmid(t, b)
	}
	close(stop)
	wg.Wait()
	recount(t, b.path)
	var n int64
	if err := b.queryRow(ctx, `SELECT count(*) FROM comments`, nil, &n); err != nil || n != taken.Load()+3*mergeChunk+2 {
		t.Errorf("%d comments are there, of %d taken, %v", n, taken.Load(), err)
	}
	if taken.Load() == 0 {
		t.Error("nobody could write")
	}
}
