package app

import (
	"context"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"parley/internal/discuss"
	"parley/internal/store"
)

// issoSchema is Isso's, with its own trigger, which never runs here.
const issoSchema = `
CREATE TABLE threads (id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
CREATE TABLE comments (tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER, created FLOAT NOT NULL, modified FLOAT, mode INTEGER,
	remote_addr VARCHAR, text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR, likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL, notification INTEGER DEFAULT 0);
CREATE TRIGGER remove_stale_threads AFTER DELETE ON comments BEGIN DELETE FROM threads WHERE id NOT IN (SELECT tid FROM comments); END;
INSERT INTO threads VALUES (1, '/blog/one/', 'One');
INSERT INTO comments (tid, id, parent, created, modified, mode, remote_addr, text, author, email, likes, dislikes, voters) VALUES
	(1, 1, NULL, 1385566387.5, NULL, 1, '1.2.3.0', 'Some *md*', 'Ann', 'ann@example.com', 3, 1, x'00'),
	(1, 2, 1, 1385566400, 1385566500, 2, '1.2.3.0', 'Waits', NULL, NULL, 0, 0, x'00'),
	(1, 3, NULL, 1385566401, NULL, 4, '1.2.3.0', '', NULL, NULL, 0, 0, x'00');`

func otherDatabase(t *testing.T, schema string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "comments.db")
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(schema); err != nil {
		t.Fatal(err)
	}
	return path
}

// Isso keeps its comments in a database: it is read by what it holds, and a
// second time brings nothing.
func TestIssosDatabaseIsRead(t *testing.T) {
	path := otherDatabase(t, issoSchema)
	s := &Settings{Database: "sqlite:" + filepath.Join(t.TempDir(), "parley.db"), PublicURL: "http://127.0.0.1:1"}
	db, err := s.Open(store.Options{})
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	site, err := AddSite(ctx, db, "news", "News", []string{"https://blog.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	r, err := Import(ctx, s, "news", ImportOptions{Format: "auto"}, path)
	if err != nil || r.Comments != 3 || r.Threads != 1 || r.Statuses[discuss.Published] != 1 || r.Statuses[discuss.Pending] != 1 || r.Statuses[discuss.Deleted] != 1 {
		t.Fatalf("%+v, %v", r, err)
	}
	if r, err = Import(ctx, s, "news", ImportOptions{Format: "isso"}, path); err != nil || r.Comments != 0 {
		t.Errorf("a second time: %+v, %v", r, err)
	}
	threads, comments, err := db.SiteSize(ctx, site.ID)
	if err != nil || threads != 1 || comments != 1 {
		t.Errorf("the site has %d threads and %d published comments: %v", threads, comments, err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
}

// A database whose tables are programs of its own is refused, and so is one of
// another program, and a file that only begins like one.
func TestDatabasesThatAreNoIssos(t *testing.T) {
	for name, schema := range map[string]string{
		"a view":          "CREATE TABLE threads (id, uri, title); CREATE TABLE x (id); CREATE VIEW comments AS SELECT * FROM x;",
		"a virtual table": "CREATE TABLE threads (id, uri, title); CREATE VIRTUAL TABLE comments USING fts5(id, tid, text);",
		"another program": "CREATE TABLE posts (id);",
	} {
		s := &Settings{Database: "sqlite:" + filepath.Join(t.TempDir(), "parley.db"), PublicURL: "http://127.0.0.1:1"}
		db, err := s.Open(store.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := AddSite(context.Background(), db, "news", "News", []string{"https://blog.example"}, nil); err != nil {
			t.Fatal(err)
		}
		r, err := Import(context.Background(), s, "news", ImportOptions{Format: "auto"}, otherDatabase(t, schema))
		if err == nil || !strings.Contains(err.Error(), "table") {
			t.Errorf("%s: %+v, %v", name, r, err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
