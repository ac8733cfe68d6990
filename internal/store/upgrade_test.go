package store

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pressly/goose/v3"

	"parley/internal/discuss"
)

// older makes a database as the migrations up to a version leave it.
func older(t *testing.T, version int64, rows ...string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "p.db")
	db, err := sql.Open("sqlite3", "file:"+path+"?_foreign_keys=1")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	dir, err := fs.Sub(migrations, "migrations")
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(goose.DialectSQLite3, db, dir, goose.WithGoMigrations((&Store{opt: Options{Skeleton: strings.ToLower}}).foldNames()))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(context.Background(), version); err != nil {
		t.Fatal(err)
	}
	for _, q := range rows {
		if _, err := db.Exec(q); err != nil {
			t.Fatalf("%s: %v", q, err)
		}
	}
	return path
}

// Whoever was warned before warnings had to be acknowledged acknowledges what
// is open; guests cannot. What people chose to hear by mail stays.
func TestAnOlderDatabaseKeepsWarningsAndChoices(t *testing.T) {
	path := older(t, 33,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created, warnings) VALUES (2, 1, 'member', 'Ann', 'ann', 0, 2), (3, 1, 'guest', 'Gus', 'gus', 0, 1), (4, 1, 'member', 'Bo', 'bo', 0, 0)`,
		`INSERT INTO notes (id, author_id, writer_id, kind, text, seen, created) VALUES (5, 2, 4, 'warning', 'open', NULL, 0), (6, 2, 4, 'warning', 'read', 1, 0), (7, 3, 4, 'warning', 'to a guest', NULL, 0), (8, 4, 4, 'note', 'no warning', NULL, 0)`,
		`INSERT INTO mail_choices (author_id, replies, waiting) VALUES (2, 'daily', 'off')`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for author, want := range map[int]int{2: 1, 3: 0, 4: 0} {
		var got int
		if err := s.queryRow(context.Background(), `SELECT unread FROM authors WHERE id = ?1`, []any{author}, &got); err != nil || got != want {
			t.Errorf("author %d has %d to acknowledge, want %d (%v)", author, got, want, err)
		}
	}
	var choice string
	if err := s.queryRow(context.Background(), `SELECT replies || outcomes || waiting FROM mail_choices WHERE author_id = 2`, nil, &choice); err != nil || choice != "dailynowoff" {
		t.Errorf("her choice of mail became %q (%v)", choice, err)
	}
}

// What an older version owed is still done: questions by their site, mail
// whatever it says of a site, and a guest's yes for the browser that gave it.
func TestWhatWasOwedBeforeAnUpgradeIsDone(t *testing.T) {
	path := older(t, 42,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (7, 'news', 'News', '{}', 0)`,
		`INSERT INTO jobs (id, kind, payload, run_at, created) VALUES (1, 'ask', '{"key":5,"site":7,"text":"hook"}', 0, 0),
			(2, 'waiting', '{"key":0,"site":7,"text":""}', 0, 0), (3, 'mail', '{"template":"verify","site":"News"}', 0, 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (3, 7, 'guest', 'Ferdi', 'ferdi', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (4, 7, 'a', '', '', 'open', 0)`,
		`INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created) VALUES (5, 7, 4, 5, 0, 3, 'b', 'b', 'published', 1, 0)`,
		`INSERT INTO guest_marks (comment_id, token, created) VALUES (5, x'01', 0)`,
		`INSERT INTO guest_mail (comment_id, site_id, email, confirmed) VALUES (5, 7, 'ferdi@inbox.example', 1)`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	ctx := context.Background()
	if sites, err := s.SitesToScore(ctx); err != nil || len(sites) != 1 || sites[0] != 7 {
		t.Errorf("sites that ask: %v, %v", sites, err)
	}
	if q, err := s.ClaimScoringRequests(ctx, 7, 10, time.Minute); err != nil || len(q) != 1 || q[0].ID != 1 {
		t.Errorf("questions: %+v, %v", q, err)
	}
	if jobs, err := s.ClaimJobs(ctx, 10, time.Minute); err != nil || len(jobs) != 2 {
		t.Errorf("jobs: %+v, %v", jobs, err)
	}
	var mark []byte
	if err := s.queryRow(ctx, `SELECT mark FROM guest_mail`, nil, &mark); err != nil || len(mark) != 1 {
		t.Errorf("mark %x, %v", mark, err)
	}
}

// What was removed, named or replaced before it was known by whom: earlier texts
// of what was always public stay public, a thread that somebody has only
// followed loses the title they gave it, the index is made anew, and a
// remembered answer is a comment's id.
func TestAnOlderDatabaseKeepsWhatWasPublic(t *testing.T) {
	comment := func(id, thread int, status, body, more string) string {
		return fmt.Sprintf(`INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created%s) VALUES (%d, 1, %d, %d, 0, 2, '%s', '<p>x</p>', '%s', %d, 100%s)`,
			strings.Split(more+"|", "|")[0], id, thread, id, body, status, map[string]int{"published": 1}[status], strings.Split(more+"|", "|")[1])
	}
	path := older(t, 51,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (2, 1, 'member', 'Ann', 'ann', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, count, created) VALUES (10, 1, 'named', 'https://a', 'Named', 'open', 2, 100),
			(11, 1, 'followed', 'https://b', 'Followed', 'open', 0, 50), (12, 1, 'late', 'https://c', 'Late', 'open', 1, 50)`,
		comment(20, 10, "published", "alpha words", ""), comment(21, 10, "published", "beta words", ", decided|, 5"), comment(22, 12, "published", "gamma words", ""),
		`INSERT INTO revisions (comment_id, at, n, body, html) VALUES (20, 1, 1, 'old', '<p>old</p>'), (21, 1, 1, 'waited', '<p>waited</p>')`,
		`INSERT INTO idempotency (site_id, actor, key, digest, answer, at) VALUES (1, 'a', 'json', x'01', CAST('{"comment":{"id":"k","html":"<p>x</p>"}}' AS BLOB), 0), (1, 'a', 'form', x'01', CAST('k published' AS BLOB), 0)`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := context.Background()
	for id, want := range map[discuss.ID]int{20: 1, 21: 0} {
		if list, err := s.Revisions(ctx, id, false); err != nil || len(list) != want {
			t.Errorf("comment %d shows %v, %v", id, list, err)
		}
	}
	for id, want := range map[discuss.ID]discuss.Thread{
		10: {Title: "Named", URLFrom: discuss.NamedByComment}, 11: {}, 12: {Title: "Late"}, // to be named by the next one
	} {
		if th, err := s.ThreadByID(ctx, id); err != nil || th.Title != want.Title || th.URLFrom != want.URLFrom || th.TitleFrom != want.URLFrom {
			t.Errorf("thread %d: %+v, %v", id, th, err)
		}
	}
	for _, key := range []string{"json", "form"} {
		if r, ok, err := s.Remembered(ctx, 1, "a", key); err != nil || !ok || r.Comment.String() != "k" {
			t.Errorf("%s: %+v %v %v", key, r, ok, err)
		}
	}
	var n int
	if err := s.queryRow(ctx, `SELECT count(*) FROM comments_text WHERE comments_text MATCH 'words'`, nil, &n); err != nil || n != 3 {
		t.Errorf("%d of three are found: %v", n, err)
	}
}

// What an older database holds with vowel marks is found by its letters, and
// leaves the index whole.
func TestAnOlderDatabaseIsSearchedByLettersAlone(t *testing.T) {
	path := older(t, 146,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (2, 1, 'member', 'Ann', 'ann', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, count, created) VALUES (10, 1, 'a', '', '', 'open', 2, 100)`,
		`INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created) VALUES
			(20, 1, 10, 20, 0, 2, 'بَيْت 東京', '', 'published', 1, 100), (21, 1, 10, 21, 0, 2, 'plain', '', 'published', 1, 100)`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	hits := func(words string) (n int) {
		t.Helper()
		if err := s.queryRow(context.Background(), `SELECT count(*) FROM comments_text WHERE comments_text MATCH ?1`, []any{words}, &n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, words := range []string{"بيت", "東京", "plain"} {
		if n := hits(words); n != 1 {
			t.Errorf("%s is found %d times", words, n)
		}
	}
	if err := s.update(context.Background(), s.w.ch, func(tx *Tx) error { return tx.exec(`UPDATE comments SET body = ''`) }); err != nil {
		t.Fatal(err)
	}
	for _, words := range []string{"بيت", "東京", "plain", "ب"} {
		if n := hits(words); n != 0 {
			t.Errorf("%s is in no text, and is found %d times", words, n)
		}
	}
}

// A member's name is compared as names are today, whenever it was taken.
func TestAnUpgradeFoldsNamesAnew(t *testing.T) {
	path := older(t, 146,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO accounts (id, email, name, password, created) VALUES (9, 'ann@example.com', 'ANN *', '', 0)`,
		`INSERT INTO authors (id, site_id, account_id, kind, name, skeleton, created) VALUES (2, 1, 9, 'member', 'ANN *', 'ann *', 0)`)
	s, err := Open(path, Options{Skeleton: func(n string) string { return strings.ToLower(strings.TrimRight(n, " *")) }})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var got string
	if err := s.queryRow(context.Background(), `SELECT skeleton FROM authors WHERE id = 2`, nil, &got); err != nil || got != "ann" {
		t.Errorf("it is compared as %q (%v)", got, err)
	}
}

// What a text gives to the index stays the same, letter for letter: it has to be
// taken out as it was put in.
func TestTheWordsOfTheIndexStayTheSame(t *testing.T) {
	path := older(t, 164,
		`INSERT INTO sites (id, key, name, settings, created) VALUES (1, 'news', 'News', '{}', 0)`,
		`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (2, 1, 'member', 'Ann', 'ann', 0)`,
		`INSERT INTO threads (id, site_id, key, url, title, state, created) VALUES (3, 1, 'a', '', '', 'open', 0)`,
		`WITH RECURSIVE letter(n) AS (SELECT 1 UNION ALL SELECT n + 11 FROM letter WHERE n < 0x2FFFF)
			INSERT INTO comments (id, site_id, thread_id, root_id, depth, author_id, body, html, status, shown, created)
			SELECT n, 1, 3, n, 0, 2, 'a' || char(n) || ' b' || char(n, n), '', 'published', 1, 0 FROM letter WHERE n NOT BETWEEN 0xD800 AND 0xDFFF`,
		`CREATE TABLE were AS SELECT id, words FROM comment_words`)
	s, err := Open(path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	var all, twice, differ int
	if err := s.queryRow(context.Background(), `SELECT count(*), sum(w.words <> c.body), sum(w.words IS NOT n.words)
		FROM were w LEFT JOIN comment_words n ON n.id = w.id JOIN comments c ON c.id = w.id`, nil, &all, &twice, &differ); err != nil {
		t.Fatal(err)
	}
	if all < 15_000 || twice < 5000 || differ != 0 {
		t.Errorf("of %d texts, %d of which have something said twice, %d give other words", all, twice, differ)
	}
}
