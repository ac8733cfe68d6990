package store

import (
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A stranger's database that was cut off is refused; SQLite would read it as far as it goes.
func TestAnotherDatabaseThatIsCutOff(t *testing.T) {
	path := filepath.Join(t.TempDir(), "other.db")
	db, err := sql.Open("sqlite3", fileURL(path, "mode=rwc"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`CREATE TABLE comments (id INTEGER, text TEXT);
		WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) INSERT INTO comments SELECT i, 'some words of a comment' FROM n`); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	open := func() error {
		o, err := OpenOther(context.Background(), path, []string{"comments"})
		if err != nil {
			return err
		}
		return o.Close()
	}
	if err := open(); err != nil {
		t.Fatalf("a whole one: %v", err)
	}
	at, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	for _, size := range []int64{at.Size() - 1, at.Size() / 2} {
		if err := os.Truncate(path, size); err != nil {
			t.Fatal(err)
		}
		if err := open(); err == nil || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("cut at %d of %d: %v", size, at.Size(), err)
		}
	}
}
