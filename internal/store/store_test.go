package store

import (
	"context"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/discuss/storetest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// bench is one store with a site, a few people and the domain's verbs on it.
type bench struct {
	*Store
	path   string
	site   discuss.Site
	people []discuss.Actor
	verbs  discuss.Service
	mu     sync.Mutex
	events []discuss.Event
}

func newBench(t testing.TB, opt Options) *bench {
	t.Helper()
	b := &bench{path: filepath.Join(t.TempDir(), "p.db")}
	if opt.TallyEvery == 0 {
		opt.TallyEvery = 5 * time.Millisecond
	}
	var err error
	if b.Store, err = Open(b.path, opt); err != nil {
		t.Fatal(err)
	}
	b.Listen(Listeners{Committed: func(e []discuss.Event) {
		b.mu.Lock()
		b.events = append(b.events, e...)
		b.mu.Unlock()
	}})
	t.Cleanup(func() {
		if b.Store != nil {
			if err := b.Close(); err != nil {
				t.Errorf("close: %v", err)
			}
		}
	})
	if _, timed := t.(*testing.B); !timed {
		doubted(t, b.Store)
	}
	ctx := context.Background()
	b.site, err = b.PutSite(ctx, discuss.Site{Key: "news", Name: "News", Origins: []string{"https://news.example"}, Settings: discuss.DefaultSettings()})
	if err != nil {
		t.Fatal(err)
	}
	for i := range 6 {
		name := fmt.Sprintf("Person %d", i)
		a, err := b.NewAccount(ctx, auth.Account{Email: fmt.Sprintf("p%d@example.com", i), Name: name, Verified: true}, b.site.ID, name, discuss.Member)
		if err != nil {
			t.Fatal(err)
		}
		who := discuss.Actor{Account: a.ID, Name: name, Role: discuss.Member}
		if i == 0 {
			who.Role = discuss.Moderator
		}
		b.people = append(b.people, who)
	}
	b.verbs = discuss.Service{Store: b.Store, Text: plainText()}
	return b
}

func plainText() discuss.Text {
	return discuss.Text{
		Clean: func(s string) (string, error) { return strings.TrimSpace(s), nil }, Name: func(s string) (string, error) { return s, nil },
		Render:   func(_ context.Context, s string) (string, error) { return "<p>" + s + "</p>", nil },
		Skeleton: strings.ToLower,
	}
}

func (b *bench) post(t testing.TB, who int, thread string, parent discuss.ID, text string) discuss.Comment {
	t.Helper()
	c, _, err := b.verbs.Post(context.Background(), b.site, b.people[who], discuss.Draft{ThreadKey: thread, Parent: parent, Body: text}, discuss.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// recount compares every counter with what it counts.
func recount(t testing.TB, path string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for what, q := range map[string]string{
		"threads.count":    `SELECT count(*) FROM threads t WHERE count <> (SELECT count(*) FROM comments WHERE thread_id = t.id AND status = 'published')`,
		"comments.replies": `SELECT count(*) FROM comments c WHERE replies <> (SELECT count(*) FROM comments WHERE parent_id = c.id AND status = 'published')`,
		"comments.kids":    `SELECT count(*) FROM comments c WHERE kids <> (SELECT count(*) FROM comments WHERE parent_id = c.id AND shown = 1)`,
		"comments.shown":   `SELECT count(*) FROM comments WHERE shown <> (status = 'published' OR kids > 0)`,
		"comments.up":      `SELECT count(*) FROM comments c WHERE up <> (SELECT count(*) FROM votes WHERE comment_id = c.id AND value = 1)`,
		"comments.down":    `SELECT count(*) FROM comments c WHERE down <> (SELECT count(*) FROM votes WHERE comment_id = c.id AND value = -1)`,
		"comments.reports": `SELECT count(*) FROM comments c WHERE reports <> (SELECT count(*) FROM reports WHERE comment_id = c.id AND open = 1)`,
		"authors.published": `SELECT count(*) FROM authors a WHERE published <>
			(SELECT count(*) FROM comments WHERE author_id = a.id AND status = 'published')`,
		"events gapless but for resets": `SELECT count(*) FROM threads t WHERE seq - (SELECT coalesce(max(seq), 0) FROM events WHERE thread_id = t.id AND type = 'reset')
				<> (SELECT count(*) FROM events e WHERE thread_id = t.id AND seq > (SELECT coalesce(max(seq), 0) FROM events WHERE thread_id = t.id AND type = 'reset'))
			OR seq <> (SELECT coalesce(max(seq), 0) FROM events WHERE thread_id = t.id)`,
		"branch": `SELECT count(*) FROM comments c WHERE parent_id IS NULL AND abs(branch - max(rank,
			0.8 * coalesce((SELECT max(rank) FROM comments WHERE root_id = c.id AND parent_id IS NOT NULL AND status = 'published'), 0))) > 1e-9`,
		"waiting": `SELECT count(*) FROM sites s LEFT JOIN waiting w ON w.site_id = s.id WHERE (coalesce(w.pending, 0), coalesce(w.reported, 0), coalesce(w.spam, 0)) IS NOT
			(SELECT coalesce(sum(status = 'pending'), 0), coalesce(sum(status = 'published' AND reports > 0), 0), coalesce(sum(status = 'spam' AND decided IS NULL), 0) FROM comments c WHERE c.site_id = s.id)`,
		"roots and depths": `SELECT count(*) FROM comments c JOIN comments p ON p.id = c.parent_id
			WHERE c.root_id <> p.root_id OR c.depth <> p.depth + 1 OR c.thread_id <> p.thread_id`,
	} {
		var n int
		if err := db.QueryRow(q).Scan(&n); err != nil {
			t.Errorf("%s: %v", what, err)
		} else if n != 0 {
			t.Errorf("%s: %d rows differ from a recount", what, n)
		}
	}
	var ok string
	if err := db.QueryRow("PRAGMA integrity_check").Scan(&ok); err != nil || ok != "ok" {
		t.Errorf("integrity: %s %v", ok, err)
	}
	rows, err := db.Query("PRAGMA foreign_key_check")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if rows.Next() {
		t.Error("a foreign key points nowhere")
	}
}

func TestConformance(t *testing.T) {
	storetest.Run(t, func(t *testing.T) storetest.Bench {
		b := newBench(t, Options{})
		t.Cleanup(func() {
			b.settled(t)
			recount(t, b.path)
			preparedOnce(t, b.Store)
		})
		return storetest.Bench{Store: b.Store, Site: b.site, People: b.people, Settle: func() { b.settled(t) }}
	})
}

// settled waits until no vote is due.
func (b *bench) settled(t testing.TB) {
	t.Helper()
	for range 1000 {
		var n int
		if err := b.queryRow(context.Background(), `SELECT count(*) FROM tallies_due`, nil, &n); err != nil {
			t.Fatal(err)
		}
		if n == 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	t.Fatal("votes are never settled")
}

func TestRandomWorkEndsWithCountersEqualToARecount(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	var mu sync.Mutex
	ids := []discuss.ID{b.post(t, 1, "a", 0, "first").ID}
	pick := func(r *rand.Rand) discuss.ID {
		mu.Lock()
		defer mu.Unlock()
		return ids[r.IntN(len(ids))]
	}
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(w), 42))
			for range 250 {
				who := b.people[r.IntN(len(b.people))]
				var err error
				switch r.IntN(8) {
				case 0, 1:
					var c discuss.Comment
					d := discuss.Draft{ThreadKey: fmt.Sprint("t", r.IntN(2)), Body: "random words"}
					if r.IntN(4) > 0 {
						d.Parent, d.ThreadKey = pick(r), "a"
					}
					if c, _, err = b.verbs.Post(ctx, b.site, who, d, discuss.Once{}); err == nil {
						mu.Lock()
						ids = append(ids, c.ID)
						mu.Unlock()
					}
				case 2:
					_, err = b.verbs.Edit(ctx, b.site, who, pick(r), fmt.Sprint("edited ", r.Int()), netip.Addr{})
				case 3:
					err = b.verbs.Delete(ctx, b.site, who, pick(r))
				case 4, 5:
					_, _, err = b.verbs.Vote(ctx, b.site, who, pick(r), r.IntN(3)-1, netip.Addr{})
				case 6:
					err = b.verbs.Report(ctx, b.site, who, pick(r), "spam", "", netip.Addr{})
				case 7:
					actions := []string{"approve", "reject", "spam", "delete", "restore", "feature", "unfeature"}
					var out discuss.Outcome
					out, err = b.verbs.Decide(ctx, b.site, b.people[0], []discuss.Decision{{Comment: pick(r), Action: actions[r.IntN(7)]}})
					if err == nil && r.IntN(3) == 0 && out.Undo != "" {
						_, _, err = b.verbs.Undo(ctx, b.site, b.people[0], out.Undo)
					}
				}
				if k := discuss.KindOf(err); err != nil && k != discuss.Conflict && k != discuss.NotFound && k != discuss.Forbidden && k != discuss.Invalid {
					t.Errorf("unexpected: %v", err)
				}
			}
		})
	}
	wg.Wait()
	b.settled(t)
	recount(t, b.path)
	last := map[discuss.ID]int64{}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, e := range b.events {
		if e.Seq != last[e.ThreadID]+1 {
			t.Fatalf("thread %v: event %d after %d", e.ThreadID, e.Seq, last[e.ThreadID])
		}
		last[e.ThreadID] = e.Seq
	}
}

func TestOneFailingRequestFailsAlone(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	var wg sync.WaitGroup
	errs := make([]error, 64)
	for i := range errs {
		wg.Go(func() {
			errs[i] = b.Write(ctx, func(r discuss.Reader) (ch discuss.Changes, err error) {
				th := discuss.Thread{ID: r.NextID(), SiteID: b.site.ID, Key: fmt.Sprint("k", i), State: discuss.Open, Created: r.Now()}
				ch.Add(discuss.NewThread{Thread: th})
				switch i % 8 {
				case 1:
					ch.Add(discuss.Then(func(discuss.Reader) (discuss.Changes, error) { return nil, discuss.ErrRole }))
				case 2:
					ch.Add(discuss.Then(func(discuss.Reader) (discuss.Changes, error) { panic("a bug") }))
				case 3:
					ch.Add(discuss.NewThread{Thread: th}) // a constraint
				}
				return ch, nil
			})
		})
	}
	wg.Wait()
	for i, err := range errs {
		_, find := b.ThreadByKey(ctx, b.site.ID, fmt.Sprint("k", i))
		if bad := i%8 >= 1 && i%8 <= 3; bad != (err != nil) || bad != (find != nil) {
			t.Errorf("request %d: error %v, row %v", i, err, find)
		}
	}
}

// What holds addresses and hashes is its owner's alone, with its log.
func TestTheFileIsItsOwnersAlone(t *testing.T) {
	b := newBench(t, Options{})
	b.post(t, 1, "a", 0, "something")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(b.path + suffix)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o600 {
			t.Errorf("%s%s: %o, want 600", filepath.Base(b.path), suffix, got)
		}
	}
}

func TestANewerDatabaseIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "p.db")
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec("INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, 1)"); err != nil {
		t.Fatal(err)
	}
	_ = db.Close()
	if _, err := Open(path, Options{}); err != ErrNewer {
		t.Errorf("got %v, want ErrNewer", err)
	}
}
