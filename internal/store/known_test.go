package store

import (
	"context"
	"database/sql/driver"
	"reflect"
	"slices"
	"strings"
	"testing"

	"parley/internal/discuss"
)

// doubted has the writer ask again for everything it believes to know.
func doubted(t testing.TB, s *Store) {
	t.Helper()
	if err := s.update(context.Background(), s.w.ch, func(tx *Tx) error {
		tx.w.known.doubt = func(query string, kept, fresh []driver.Value) {
			if !reflect.DeepEqual(kept, fresh) {
				t.Errorf("the writer believed %v where %v stands: %s", kept, fresh, query)
			}
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What is known holds while rows are written that it was not read from, and no
// longer: by the same column, by a row that goes with another, by a write that
// was taken back.
func TestWhatIsKnownIsAskedAgainWhenItMayHaveChanged(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	const query = `SELECT text FROM notes WHERE author_id = ?1`
	asks := func() (kept bool) {
		t.Helper()
		if err := b.update(ctx, b.w.ch, func(tx *Tx) error {
			was, ok := tx.w.known.answers[question{query, [2]any{discuss.ID(1)}}]
			kept = ok && tx.w.known.holds(was)
			tx.recall(query, discuss.ID(1), nil)
			return nil
		}); err != nil {
			t.Fatal(err)
		}
		return kept
	}
	do := func(query string) {
		t.Helper()
		if err := b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.exec(query) }); err != nil {
			t.Fatal(err)
		}
	}
	asks()
	for _, c := range []struct {
		write string
		kept  bool
	}{
		{`UPDATE authors SET published = published`, true},
		{`UPDATE notes SET seen = seen`, true},
		{`UPDATE notes SET text = text`, false},
		{`INSERT INTO notes (id, author_id, kind, text, created) SELECT 9, id, 'note', '', 0 FROM authors LIMIT 0`, false},
		{`DELETE FROM authors WHERE id = -1`, false}, // notes go with their author
	} {
		do(c.write)
		if kept := asks(); kept != c.kept {
			t.Errorf("after %s kept = %v", c.write, kept)
		}
	}
	broken := b.update(ctx, b.w.ch, func(tx *Tx) error {
		tx.recall(query, discuss.ID(1), nil)
		return context.Canceled
	})
	if broken == nil || asks() {
		t.Error("what a write saw that was taken back is believed", broken)
	}
	other := raw(t, b.path)
	if _, err := other.Exec(`UPDATE notes SET seen = seen`, nil); err != nil {
		t.Fatal(err)
	}
	if _, err := other.Exec(`UPDATE sites SET name = name || '!'`, nil); err != nil {
		t.Fatal(err)
	}
	if asks() {
		t.Error("what another process may have changed is believed")
	}
}

// TestKnownIsBounded: who asks for a thousand keys that are not there fills nothing.
func TestKnownIsBounded(t *testing.T) {
	b := newBench(t, Options{})
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		for i := range 3 * knownMax {
			tx.recall(followedQuery, discuss.ID(i), nil)
		}
		if n := len(tx.w.known.answers); n > knownMax {
			t.Errorf("%d answers are kept", n)
		}
		if n := len(tx.w.stmt(followedQuery).reads); n == 0 || slices.Contains(tx.w.stmt(followedQuery).writes, 0) {
			t.Error("what it reads is not known")
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
}

// What SQLite does not tell of is not recalled: a generated column.
func TestAGeneratedColumnIsNotRecalled(t *testing.T) {
	b := newBench(t, Options{})
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		tx.recall(`SELECT waits FROM comments WHERE id = ?1`, discuss.ID(1), nil)
		return nil
	}); err == nil || !strings.Contains(err.Error(), "generated") {
		t.Errorf("it is: %v", err)
	}
}

// A statement is not begun anew under whoever reads its rows.
func TestAStatementIsReadByOne(t *testing.T) {
	b := newBench(t, Options{})
	for range 3 {
		b.post(t, 1, "a", 0, "one of three")
	}
	if err := b.update(context.Background(), b.w.ch, func(tx *Tx) error {
		const query = `SELECT id FROM comments WHERE id > ?1`
		rows, err := tx.w.stmt(query).Query(0)
		if err != nil {
			return err
		}
		n := 0
		for rows.Next() {
			if _, err := tx.w.stmt(query).Query(0); err == nil {
				t.Error("it is run again")
			}
			n++
		}
		if n != 3 {
			t.Errorf("%d rows of three", n)
		}
		return rows.Err()
	}); err != nil {
		t.Fatal(err)
	}
}
