package systemtest

import (
	"crypto/sha256"
	"database/sql"
	big "encoding/binary"
	"strings"
	"testing"
)

// Whoever can write the file can make a log that follows from itself; the hash
// that somebody has kept is what it does not hold.
func TestDoctorKnowsTheLogByItsHead(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", testPassword, "--role", "admin")
	p.start()
	ad := p.login("ad@example.com")
	for _, body := range []string{`{"max_length":500}`} { // after the site and the role, which stand in the log too
		if a := p.do("PATCH", "/api/v1/sites/news/settings", body, "Authorization", ad); a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	p.kill()
	db, err := sql.Open("sqlite3", p.database)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var first, head string
	if err := db.QueryRow(`SELECT (SELECT hex(hash) FROM audit_log WHERE id = 1), (SELECT hex(hash) FROM audit_log ORDER BY id DESC LIMIT 1)`).Scan(&first, &head); err != nil {
		t.Fatal(err)
	}
	says := func(want string, heads ...string) {
		t.Helper()
		args := []string{"doctor"}
		for _, h := range heads {
			args = append(args, "--head", h)
		}
		if out := p.refusedOutput(args...); !strings.Contains(out, want) {
			t.Errorf("%v: %q is not in\n%s", heads, want, out)
		}
	}
	says("ok   audit log: row 3 of ", first, strings.ToLower(head))
	says("ok   audit log: row 1 of ", first, head)
	says("BAD  audit log: no row has the hash you kept", strings.Repeat("ab", sha256.Size))
	says("BAD  audit log: \"cafe\" is not a hash", "cafe")

	// The second act never was: the third takes its place, and the chain is made again.
	if _, err := db.Exec(`DELETE FROM audit_texts WHERE id = 2; DELETE FROM audit_log WHERE id = 2; UPDATE audit_log SET id = 2 WHERE id = 3; UPDATE audit_texts SET id = 2 WHERE id = 3`); err != nil {
		t.Fatal(err)
	}
	rechain(t, db)
	says("ok   audit log: all 2 rows follow from each other")
	says("BAD  audit log: no row has the hash you kept", head)
	says("ok   audit log: row 1 of ", first)

	// A row is changed and its hash is left alone: the head is there, and leads nowhere.
	if err := db.QueryRow(`SELECT hex(hash) FROM audit_log WHERE id = 2`).Scan(&head); err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE audit_log SET action = 'nothing' WHERE id = 1`); err != nil {
		t.Fatal(err)
	}
	says("BAD  audit log: row 2 has the hash you kept, but what stands before it does not lead there", head)
}

// rechain gives every row of the log the hash that follows from the row before,
// as somebody would who knows how it is made.
func rechain(t *testing.T, db *sql.DB) {
	t.Helper()
	rows, err := db.Query(`SELECT id, site_id, actor_id, target, rule, at, action, kind, digest FROM audit_log ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	type row struct {
		id   int64
		sum  []byte
		prev []byte
	}
	var made []row
	last := make([]byte, sha256.Size)
	for rows.Next() {
		var n [6]int64
		var action, kind string
		var digest []byte
		if err := rows.Scan(&n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &action, &kind, &digest); err != nil {
			t.Fatal(err)
		}
		h := sha256.New()
		put := func(b []byte) {
			_, _ = h.Write(big.BigEndian.AppendUint64(nil, uint64(len(b))))
			_, _ = h.Write(b)
		}
		for _, v := range n {
			put(big.BigEndian.AppendUint64(nil, uint64(v)))
		}
		for _, b := range [][]byte{[]byte(action), []byte(kind), digest, last} {
			put(b)
		}
		made = append(made, row{n[0], h.Sum(nil), last})
		last = h.Sum(nil)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	_ = rows.Close()
	for _, r := range made {
		if _, err := db.Exec(`UPDATE audit_log SET prev = ?, hash = ? WHERE id = ?`, r.prev, r.sum, r.id); err != nil {
			t.Fatal(err)
		}
	}
}
