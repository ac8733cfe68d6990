package store

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"parley/internal/discuss"
)

// archiveOf is an export with so many comments: some are replies, some were not
// published, some have votes.
func archiveOf(comments int) *discuss.Archive {
	a := &discuss.Archive{Source: "disqus"}
	for i := range max(1, comments/50) {
		a.Threads = append(a.Threads, discuss.ArchiveThread{
			Foreign: fmt.Sprint("t", i), Key: fmt.Sprint("https://news.example/", i), URL: fmt.Sprint("https://news.example/", i), Title: fmt.Sprint("Page ", i),
			State: discuss.Open, Created: time.Unix(1e9, 0), Aliases: []string{fmt.Sprint("disqus:", i), fmt.Sprint("/", i)},
		})
	}
	for i := range max(1, comments/20) {
		a.People = append(a.People, discuss.ArchivePerson{Foreign: fmt.Sprint("p", i), Name: fmt.Sprint("Old ", i)})
	}
	for i := range comments {
		c := discuss.ArchiveComment{
			Foreign: fmt.Sprint(i), Thread: a.Threads[i%len(a.Threads)].Foreign, Person: a.People[i%len(a.People)].Foreign,
			Body: fmt.Sprint("an old word ", i), HTML: fmt.Sprint("<p>an old word ", i, "</p>"), Status: discuss.Published, Created: time.Unix(1e9+int64(i)*60, 0),
		}
		if i >= len(a.Threads) && i%3 > 0 { // of what stands before it in the same thread
			c.Parent = fmt.Sprint(i - len(a.Threads))
		}
		switch i % 11 {
		case 3:
			c.Status = discuss.Deleted
			c.Body, c.HTML = "", ""
		case 5:
			c.Status = discuss.Pending
		case 7:
			c.Status = discuss.Spam
		case 9:
			c.Up, c.Down, c.Featured = 4, 1, true
		}
		a.Comments = append(a.Comments, c)
	}
	return a
}

var fileRun = discuss.ImportRun{Name: "disqus.xml", Size: 7, Digest: []byte("digest")}

func (b *bench) imports(t testing.TB, a *discuss.Archive, run discuss.ImportRun) int64 {
	t.Helper()
	n, _, err := b.RunImport(context.Background(), b.site, spooled(t, a), run, nil)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (b *bench) undoes(t testing.TB, n int64) discuss.Undone {
	t.Helper()
	plan, err := b.UndoPlan(context.Background(), b.site.ID, n)
	if err != nil {
		t.Fatal(err)
	}
	u, err := b.UndoImport(context.Background(), b.site.ID, n, nil)
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(plan) != fmt.Sprint(u) {
		t.Errorf("the plan was %+v, and it became %+v", plan, u)
	}
	return u
}

// notDumped are tables that an undo leaves more in than there was, and columns
// that go on: the log of events, what was done, and numbers that only grow.
var notDumped = map[string]bool{"imports": true, "import_ranges": true, "events": true, "events_floor": true, "audit_log": true, "audit_texts": true, "sqlite_sequence": true, "erasures": true}

// dump is every row of every table, and what a search would find.
func (b *bench) dump(t testing.TB) map[string][]string {
	t.Helper()
	ctx := context.Background()
	b.indexed(ctx)
	out := map[string][]string{}
	var tables []string
	if err := b.rows(ctx, `SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'comments!_text%' ESCAPE '!'`, nil, func(row scanner) error {
		var name string
		err := row.Scan(&name)
		tables = append(tables, name)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		if notDumped[table] {
			continue
		}
		query := `SELECT * FROM "` + table + `"`
		switch table {
		case "waiting": // a row of zeros is as good as none
			query += ` WHERE pending + reported + spam > 0`
		case "threads": // seq counts the events
			query = `SELECT id, site_id, key, url, title, state, count, source, foreign_id, created, mode, slow, closes, url_by, title_by FROM threads`
		}
		if err := b.dumpRows(ctx, query, func(line string) { out[table] = append(out[table], line) }); err != nil {
			t.Fatal(table, err)
		}
		slices.Sort(out[table])
	}
	return out
}

func (b *bench) dumpRows(ctx context.Context, query string, take func(line string)) error {
	db, err := sql.Open("sqlite3", "file:"+b.path+"?mode=ro")
	if err != nil {
		return err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, query)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	for rows.Next() {
		values := make([]any, len(columns))
		for i := range values {
			values[i] = new(any)
		}
		if err := rows.Scan(values...); err != nil {
			return err
		}
		var line strings.Builder
		for i := range values {
			fmt.Fprintf(&line, "%s=%v ", columns[i], *values[i].(*any))
		}
		take(line.String())
	}
	return rows.Err()
}

func same(t testing.TB, before, after map[string][]string) {
	t.Helper()
	for _, table := range slices.Sorted(maps.Keys(maps.Collect(func(yield func(string, bool) bool) {
		for _, m := range []map[string][]string{before, after} {
			for k := range m {
				if !yield(k, true) {
					return
				}
			}
		}
	}))) {
		if !slices.Equal(before[table], after[table]) {
			t.Errorf("%s: %d rows were there, and now %d; the first: \n%v\n%v", table, len(before[table]), len(after[table]), first(before[table]), first(after[table]))
		}
	}
}

func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}

// recountImported is recount of what an import's votes, which nobody here gave,
// do not spoil.
func recountImported(t testing.TB, b *bench) {
	t.Helper()
	for what, q := range map[string]string{
		"threads.count":     `SELECT count(*) FROM threads t WHERE count <> (SELECT count(*) FROM comments WHERE thread_id = t.id AND status = 'published')`,
		"comments.replies":  `SELECT count(*) FROM comments c WHERE replies <> (SELECT count(*) FROM comments WHERE parent_id = c.id AND status = 'published')`,
		"comments.kids":     `SELECT count(*) FROM comments c WHERE kids <> (SELECT count(*) FROM comments WHERE parent_id = c.id AND shown = 1)`,
		"comments.shown":    `SELECT count(*) FROM comments WHERE shown <> (status = 'published' OR kids > 0)`,
		"authors.published": `SELECT count(*) FROM authors a WHERE published <> (SELECT count(*) FROM comments WHERE author_id = a.id AND status = 'published')`,
		"branch": `SELECT count(*) FROM comments c WHERE parent_id IS NULL AND abs(branch - max(rank,
			0.8 * coalesce((SELECT max(rank) FROM comments WHERE root_id = c.id AND parent_id IS NOT NULL AND status = 'published'), 0))) > 1e-9`,
		"waiting": `SELECT count(*) FROM sites s LEFT JOIN waiting w ON w.site_id = s.id WHERE (coalesce(w.pending, 0), coalesce(w.reported, 0), coalesce(w.spam, 0)) IS NOT
			(SELECT coalesce(sum(status = 'pending'), 0), coalesce(sum(status = 'published' AND reports > 0), 0), coalesce(sum(status = 'spam' AND decided IS NULL), 0) FROM comments c WHERE c.site_id = s.id)`,
		"words of nothing": `SELECT count(*) FROM unindexed WHERE id NOT IN (SELECT id FROM comments)`,
	} {
		if err := b.dumpRows(context.Background(), q, func(line string) {
			if !strings.HasSuffix(line, "=0 ") {
				t.Errorf("%s: %s rows differ from a recount", what, line)
			}
		}); err != nil {
			t.Errorf("%s: %v", what, err)
		}
	}
}

// What was there before an import is there after its undo, row by row, and the
// same file comes in again under a new number.
func TestAnUndoneImportWasNeverThere(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	// A thread that the import finds, with an address that its page has had.
	b.post(t, 1, "https://news.example/0", 0, "the first word here")
	before := b.dump(t)
	a := archiveOf(3000)
	n := b.imports(t, a, fileRun)
	between := b.dump(t)
	if len(between["comments"]) != 3001 || slices.Equal(before["aliases"], between["aliases"]) {
		t.Fatalf("%d comments", len(between["comments"]))
	}
	if _, moved, err := b.RunImport(ctx, b.site, spooled(t, archiveOf(3000)), fileRun, nil); err != nil || moved != (discuss.Moved{}) {
		t.Errorf("a second run added %+v, %v", moved, err)
	}
	if u := b.undoes(t, n); u.Comments != 3000 || u.Threads != 59 || u.People != 150 || len(u.Stays) != 0 || u.Stayed != (discuss.Moved{}) {
		t.Errorf("%+v", u)
	}
	same(t, before, b.dump(t))
	recountImported(t, b)
	b.finds(t, "old")
	im, err := b.ImportByID(ctx, b.site.ID, n)
	if err != nil || im.State != discuss.ImportUndone || im.Comments != 3000 || len(im.Undo) == 0 {
		t.Errorf("%+v, %v", im, err)
	}
	if _, err := b.UndoImport(ctx, b.site.ID, n, nil); !errors.Is(err, discuss.ErrImportState) {
		t.Errorf("a second undo: %v", err)
	}
	again, moved, err := b.RunImport(ctx, b.site, spooled(t, a), fileRun, nil)
	if err != nil || moved.Comments != 3000 || again == n {
		t.Errorf("the same file again: import %d, %+v, %v", again, moved, err)
	}
	recountImported(t, b)
}

// holds reports whether a word stands anywhere in the closed file.
func (b *bench) holds(t testing.TB, word string) bool {
	t.Helper()
	if err := b.Close(); err != nil {
		t.Fatal(err)
	}
	b.Store = nil
	file, err := os.ReadFile(b.path)
	if err != nil {
		t.Fatal(err)
	}
	return bytes.Contains(file, []byte(word))
}

// The words of many comments leave the index later than the comments, and then
// for good; others' words stay in it.
func TestUndoneWordsAreNowhere(t *testing.T) {
	const word = "qzxvoften"
	b := newBench(t, Options{})
	b.post(t, 1, "a", 0, "a word that stays")
	a := archiveOf(undoQuick)
	for i := range a.Comments {
		a.Comments[i].Body += fmt.Sprint(" ", word, i%7)
	}
	n := b.imports(t, a, fileRun)
	b.finds(t, "stays", "a word that stays")
	if u := b.undoes(t, n); u.Comments != undoQuick {
		t.Fatalf("%+v", u)
	}
	b.finds(t, "stays", "a word that stays")
	b.finds(t, word+"1")
	if b.holds(t, word) {
		t.Error("the file still has a word of what was undone")
	}
}

// What fails while the index puts words off does not have it put them off later.
func TestTheIndexForgetsAtOnceAgain(t *testing.T) {
	const word = "qzxverased"
	for _, fails := range []bool{false, true} {
		b := newBench(t, Options{})
		ctx := context.Background()
		c := b.post(t, 1, "a", 0, "first "+word)
		b.post(t, 1, "b", 0, "another of the kind")
		b.indexed(ctx)
		failed := errors.New("failed")
		if err := b.update(ctx, b.w.ch, func(tx *Tx) error {
			return tx.unindexLater(func() error {
				if fails {
					return failed
				}
				return nil
			})
		}); fails != errors.Is(err, failed) {
			t.Fatal(err)
		}
		if err := b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.eraseText(c.ID) }); err != nil {
			t.Fatal(err)
		}
		if b.holds(t, word) {
			t.Errorf("the file has a word of what was erased, with fails %v", fails)
		}
	}
}

func (b *bench) foreign(t testing.TB, n string) discuss.ID {
	t.Helper()
	var id discuss.ID
	if err := b.queryRow(context.Background(), `SELECT id FROM comments WHERE source = 'disqus' AND foreign_id = ?1`, []any{n}, &id); err != nil {
		t.Fatal(n, err)
	}
	return id
}

// Whatever somebody has done about a comment, it stays, and what it answers.
func TestWhatSomebodyHasTouchedStays(t *testing.T) {
	ctx := context.Background()
	decide := func(action string) func(b *bench, id discuss.ID) error {
		return func(b *bench, id discuss.ID) error {
			done, err := b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: id, Action: action}})
			if err == nil {
				err = done.Errors[0]
			}
			return err
		}
	}
	for name, c := range map[string]struct {
		touch func(b *bench, id discuss.ID) error
		why   string
	}{
		"a reply": {func(b *bench, id discuss.ID) error {
			_, _, err := b.verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: "https://news.example/0", Parent: id, Body: "I think so too"}, discuss.Once{})
			return err
		}, discuss.StaysReply},
		"a vote": {func(b *bench, id discuss.ID) error {
			_, _, err := b.verbs.Vote(ctx, b.site, b.people[1], id, 1, netip.Addr{})
			return err
		}, discuss.StaysVote},
		"a report": {func(b *bench, id discuss.ID) error {
			return b.verbs.Report(ctx, b.site, b.people[1], id, "spam", "", netip.Addr{})
		}, discuss.StaysReport},
		"an approval":            {decide("approve"), discuss.StaysDecision},
		"a rejection":            {decide("reject"), discuss.StaysDecision},
		"a pick":                 {decide("feature"), discuss.StaysDecision},
		"a moderator's deletion": {decide("delete"), discuss.StaysDecision},
		"a notice": {func(b *bench, id discuss.ID) error {
			_, err := b.verbs.Notify(ctx, b.site, id, discuss.Notice{Name: "Dora Ray", Email: "d@example.com", Why: "it is a lie about me and the law forbids it", GoodFaith: true})
			return err
		}, discuss.StaysNotice},
		"a follower": {func(b *bench, id discuss.ID) error {
			return b.verbs.Follow(ctx, b.site, b.people[1], "https://news.example/0", id, true)
		}, discuss.StaysFollow},
		"an edit": {func(b *bench, id discuss.ID) error {
			_, err := b.verbs.Edit(ctx, b.site, b.people[0], id, "another word", netip.Addr{})
			return err
		}, discuss.StaysEdit},
	} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, Options{})
			a := &discuss.Archive{
				Source: "disqus", Threads: []discuss.ArchiveThread{{Foreign: "t", Key: "https://news.example/0", State: discuss.Open, Aliases: []string{"old:0"}}},
				People: []discuss.ArchivePerson{{Foreign: "p", Name: "Ann"}, {Foreign: "q", Name: "Bob"}, {Foreign: "r", Name: "Cid"}},
			}
			for i, parent := range []string{"", "0", "1", "0", ""} {
				a.Comments = append(a.Comments, discuss.ArchiveComment{
					Foreign: fmt.Sprint(i), Thread: "t", Person: []string{"p", "q", "q", "r", "r"}[i], Parent: parent, Body: fmt.Sprint("an old word ", i), Status: discuss.Published, Created: time.Unix(1e9, 0),
				})
			}
			n := b.imports(t, a, fileRun)
			touched := b.foreign(t, "1")
			root := b.foreign(t, "0")
			if err := c.touch(b, touched); err != nil {
				t.Fatal(err)
			}
			b.settled(t)
			u := b.undoes(t, n)
			if u.Comments != 3 || u.People != 1 || u.Stayed != (discuss.Moved{Threads: 1, Comments: 2, People: 2}) {
				t.Errorf("%+v", u)
			}
			if !slices.Contains(u.Stays, discuss.Stay{What: "comment", ID: touched.String(), Why: c.why}) || !slices.Contains(u.Stays, discuss.Stay{What: "comment", ID: root.String(), Why: discuss.StaysBelow}) {
				t.Errorf("%+v", u.Stays)
			}
			if th := thread(t, b, "old:0"); th.Key != "https://news.example/0" {
				t.Errorf("the other address leads to %q", th.Key)
			}
			recountImported(t, b)
			if _, moved, err := b.RunImport(ctx, b.site, spooled(t, a), fileRun, nil); err != nil || moved != (discuss.Moved{Comments: 3, People: 1}) {
				t.Errorf("the file again: %+v, %v", moved, err)
			}
		})
	}
}

// What is kept about a person or a thread keeps them, with nothing in it.
func TestPeopleAndThreadsThatWereTouchedStay(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	n := b.imports(t, archiveOf(200), fileRun)
	c, err := b.CommentByID(ctx, b.foreign(t, "1"))
	if err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.AddNote(ctx, b.site, b.people[0], c.Author.ID, "note", "was rude"); err != nil {
		t.Fatal(err)
	}
	closed := discuss.Closed
	if _, _, err := b.verbs.SetThread(ctx, b.site, b.people[0], c.ThreadID, discuss.ThreadChange{State: &closed}); err != nil {
		t.Fatal(err)
	}
	if err := b.verbs.Follow(ctx, b.site, b.people[1], "https://news.example/2", 0, true); err != nil {
		t.Fatal(err)
	}
	u := b.undoes(t, n)
	want := []discuss.Stay{
		{What: "thread", ID: "https://news.example/2", Why: discuss.StaysFollow},
		{What: "thread", ID: "https://news.example/1", Why: discuss.StaysChanged},
		{What: "person", ID: c.Author.ID.String(), Why: discuss.StaysPerson},
	}
	if !slices.Equal(u.Stays, want) || u.Comments != 200 {
		t.Errorf("%+v", u)
	}
	recountImported(t, b)
}

// A comment that another import answers stays, and so does the address by which
// people have written since.
func TestWhatLaterCameToAnImportKeepsIt(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	b.post(t, 1, "https://news.example/0", 0, "the first word here")
	n := b.imports(t, archiveOf(20), fileRun)
	b.post(t, 1, "disqus:0", 0, "by another address")
	later := archiveOf(20)
	later.Comments = append(later.Comments, discuss.ArchiveComment{Foreign: "new", Thread: "t0", Person: "p0", Parent: "0", Body: "a later reply", Status: discuss.Published, Created: time.Unix(2e9, 0)})
	m := b.imports(t, later, discuss.ImportRun{Name: "later.xml", Digest: []byte("later")})
	u := b.undoes(t, n)
	if u.Comments != 19 || u.Stayed != (discuss.Moved{Comments: 1, People: 1}) {
		t.Errorf("%+v", u)
	}
	want := []discuss.Stay{
		{What: "comment", ID: b.foreign(t, "0").String(), Why: discuss.StaysLater},
		{What: "address", ID: "/0", Why: discuss.StaysAddressed},
		{What: "address", ID: "disqus:0", Why: discuss.StaysAddressed},
	}
	for _, stay := range want {
		if !slices.Contains(u.Stays, stay) {
			t.Errorf("%+v is not in %+v", stay, u.Stays)
		}
	}
	if u := b.undoes(t, m); u.Comments != 1 || u.Threads != 0 {
		t.Errorf("of the later one %+v", u)
	}
	recountImported(t, b)
	if err := b.verbs.Follow(ctx, b.site, b.people[1], "disqus:0", 0, true); err != nil {
		t.Error(err)
	}
}

// An import that was cut short goes on under its number, and its undo removes
// what both runs brought; an undo that was cut short goes on as well.
func TestImportsAndUndosThatWereCutShortGoOn(t *testing.T) {
	b := newBench(t, Options{})
	before := b.dump(t)
	cut, stop := context.WithCancel(context.Background())
	n, moved, err := b.RunImport(cut, b.site, spooled(t, archiveOf(5000)), fileRun, func(comments int) {
		if comments >= 400 {
			stop()
		}
	})
	if err == nil || moved.Comments == 0 || moved.Comments == 5000 {
		t.Fatalf("%+v, %v", moved, err)
	}
	if im, err := b.ImportByID(context.Background(), b.site.ID, n); err != nil || im.State != discuss.ImportFailed || im.Moved != moved {
		t.Errorf("%+v, %v; it brought %+v", im, err, moved)
	}
	if again := b.imports(t, archiveOf(5000), fileRun); again != n {
		t.Errorf("it went on as import %d, and was %d", again, n)
	}
	cut, stop = context.WithCancel(context.Background())
	if u, err := b.UndoImport(cut, b.site.ID, n, func(comments int) {
		if comments >= 400 {
			stop()
		}
	}); err == nil || u.Comments == 0 || u.Comments == 5000 {
		t.Fatalf("%+v, %v", u, err)
	}
	recountImported(t, b)
	if im, err := b.ImportByID(context.Background(), b.site.ID, n); err != nil || im.State != discuss.ImportDone || !im.Undoing {
		t.Errorf("%+v, %v", im, err)
	}
	u, err := b.UndoImport(context.Background(), b.site.ID, n, nil)
	if err != nil || u.Moved != (discuss.Moved{Threads: 100, Comments: 5000, People: 250}) {
		t.Errorf("%+v, %v", u, err)
	}
	same(t, before, b.dump(t))
}

// Two imports of one source into one site do not run at once; one that crashed
// holds nobody up for ever, and finds that its work is another's.
func TestOneImportOfASourceAtATime(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	var second error
	var once sync.Once
	n, _, err := b.RunImport(ctx, b.site, spooled(t, archiveOf(600)), fileRun, func(int) {
		once.Do(func() {
			// It is at work, as its next chunk would say.
			go func() {
				time.Sleep(3 * importLook)
				_ = b.update(ctx, b.w.ch, func(tx *Tx) error {
					return tx.exec(`UPDATE imports SET beat = beat + 1 WHERE runner IS NOT NULL`)
				})
			}()
			_, second = b.beginImport(ctx, b.site.ID, "disqus", discuss.ImportRun{})
		})
	})
	if err != nil || !errors.Is(second, discuss.ErrImportRuns) {
		t.Errorf("the second: %v; the first: %v", second, err)
	}
	lost, err := b.beginImport(ctx, b.site.ID, "disqus", discuss.ImportRun{Name: "lost", Digest: []byte("lost")})
	if err != nil {
		t.Fatal(err)
	}
	// A plan needs nobody to stop.
	if _, err := b.UndoPlan(ctx, b.site.ID, lost.id); err != nil {
		t.Errorf("what an undo of it would do: %v", err)
	}
	// It says nothing for a while.
	if err := b.update(ctx, b.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE imports SET beat = beat - ?1 WHERE runner IS NOT NULL`, importSilence.Milliseconds())
	}); err != nil {
		t.Fatal(err)
	}
	found, err := b.beginImport(ctx, b.site.ID, "disqus", discuss.ImportRun{Name: "lost", Digest: []byte("lost")})
	if err != nil || found.id != lost.id || found.id == n {
		t.Errorf("%+v after %+v, %v", found, lost, err)
	}
	if err := b.update(ctx, b.w.ch, func(tx *Tx) error { return lost.beats(tx) }); !errors.Is(err, discuss.ErrImportTaken) {
		t.Errorf("the lost one goes on: %v", err)
	}
	if err := b.endImport(found, nil); err != nil {
		t.Error(err)
	}
}

// Ids of events do not come again when the newest went with their thread: a
// server that has seen them would miss what has them next.
func TestIdsOfEventsDoNotComeAgain(t *testing.T) {
	b := newBench(t, Options{})
	n := b.imports(t, archiveOf(100), fileRun)
	beside, err := Open(b.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	heard := make(chan discuss.Event, 100)
	beside.Listen(Listeners{Committed: func(events []discuss.Event) {
		for _, e := range events {
			if e.Type == discuss.CommentCreated {
				heard <- e
			}
		}
	}})
	b.undoes(t, n)
	c := b.post(t, 1, "a", 0, "the first word after it")
	select {
	case e := <-heard:
		if e.Comment != c.ID {
			t.Errorf("it heard of %v", e)
		}
	case <-time.After(10 * time.Second):
		t.Error("the other process has not heard of the comment")
	}
}

// Every table that points at a comment, a thread or a person is one of those
// that an undo looks at, or says why it is not.
func TestWhatAnUndoLooksAt(t *testing.T) {
	b := newBench(t, Options{})
	never := map[string]string{
		"comments author_id": "those who wrote stay", "comments thread_id": "what has comments stays", "comments parent_id": "replies",
		"tallies_due comment_id": "derived from votes", "notifications comment_id": "says that somebody is told of a comment, which keeps what it answers", "mentions comment_id": "of comments that were written here", "guest_marks comment_id": "of guests' comments", "guest_mail comment_id": "of guests' comments",
		"digests comment_id": "says that somebody is told of a reply, which keeps what it answers", "pages comment_id": "of comments that came by a page",
		"page_tallies_due thread_id": "derived from reactions", "pages thread_id": "of comments in it", "aliases thread_id": "go with the thread", "guest_follows thread_id": "go with the thread", "events thread_id": "the log", "alike_threads thread_id": "derived", "alike_threads like_id": "derived",
	}
	never["images comment_id"] = "go with the comment that shows them"
	never["author_marks author_id"], never["authors became"] = "what somebody could be known by goes with them", "a member is none of an import"
	// Only who signs in has rows there, and then the person has an account.
	for _, c := range []string{
		"votes author_id", "reactions author_id", "page_reactions author_id", "reports author_id", "networks author_id", "follows author_id", "mutes author_id", "digests author_id", "staff_news author_id", "desk_looks author_id",
		"notifications author_id", "bells author_id", "mentions author_id", "mail_choices author_id", "bans set_by", "setting_changes author_id", "invitations by_id", "article_authors author_id",
	} {
		never[c] = "of who signs in"
	}
	looked := map[string]string{"comments": undoComments, "threads": undoThreads, "authors": undoPeople}
	seen := 0
	if err := b.dumpRows(context.Background(), `SELECT s.name AS a, k."from" AS b, k."table" AS c FROM sqlite_schema s JOIN pragma_foreign_key_list(s.name) k WHERE s.type = 'table' AND k."table" IN ('comments', 'threads', 'authors')`, func(line string) {
		seen++
		var table, column, to string
		if _, err := fmt.Sscanf(line, "a=%s b=%s c=%s", &table, &column, &to); err != nil {
			t.Fatal(line, err)
		}
		if never[table+" "+column] == "" && !strings.Contains(looked[to], "FROM "+table+" ") {
			t.Errorf("%s.%s points at %s, and an undo does not look at it", table, column, to)
		}
	}); err != nil || seen < 20 {
		t.Fatal(seen, err)
	}
}

// People who answer while an import is being undone lose nothing: what they
// answered stays, or they are told that it is gone.
func TestPeoplePostWhileAnImportIsUndone(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	n := b.imports(t, archiveOf(1500), fileRun)
	var ids []discuss.ID
	if err := b.rows(ctx, `SELECT id FROM comments WHERE source = 'disqus' AND status = 'published' AND parent_id IS NULL ORDER BY id`, nil, func(row scanner) error {
		var id discuss.ID
		err := row.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	beside, err := Open(b.path, Options{}) // a server's
	if err != nil {
		t.Fatal(err)
	}
	defer beside.Close()
	verbs := discuss.Service{Store: beside, Text: plainText()}
	stop, done, begun := make(chan struct{}), make(chan []discuss.Comment), make(chan struct{})
	begin := sync.OnceFunc(func() { close(begun) })
	go func() {
		var kept []discuss.Comment
		for i := 0; ; i = (i + 7) % len(ids) {
			select {
			case <-stop:
				done <- kept
				return
			default:
			}
			th, err := beside.CommentByID(ctx, ids[i])
			if err != nil {
				continue
			}
			key := ""
			if err := beside.queryRow(ctx, `SELECT key FROM threads WHERE id = ?1`, []any{th.ThreadID}, &key); err != nil {
				continue
			}
			if c, _, err := verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: key, Parent: ids[i], Body: fmt.Sprint("a reply of today ", i)}, discuss.Once{}); err == nil {
				kept = append(kept, c)
				begin()
			}
		}
	}()
	<-begun
	u, err := b.UndoImport(ctx, b.site.ID, n, nil)
	close(stop)
	kept := <-done
	if err != nil || u.Comments+u.Stayed.Comments != 1500 {
		t.Errorf("%+v, %v", u.Moved, err)
	}
	for _, c := range kept {
		if now, err := b.CommentByID(ctx, c.ID); err != nil || now.Parent != c.Parent {
			t.Errorf("%v: %v", c.ID, err)
		}
	}
	recountImported(t, b)
}
