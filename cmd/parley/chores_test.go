package main

import (
	"context"
	"crypto/sha256"
	"database/sql"
	big "encoding/binary"
	"encoding/json"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/i18n"
	"parley/internal/notify"
	"parley/internal/store"
	"parley/static"
)

// yard is the chores on a real store, under a clock that the test sets.
type yard struct {
	t    *testing.T
	path string
	db   *store.Store
	now  time.Time
	site discuss.Site
	mod  discuss.Actor
}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{t: t, path: filepath.Join(t.TempDir(), "p.db"), now: time.Date(2026, 11, 25, 2, 59, 0, 0, time.UTC)}
	y.open()
	ctx := context.Background()
	site, err := discuss.NewSite("news", "News", []string{testOrigin})
	if err != nil {
		t.Fatal(err)
	}
	if y.site, err = y.db.PutSite(ctx, site); err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]discuss.Role{"ada": discuss.Admin, "mo": discuss.Moderator, "ann": discuss.Member, "op": discuss.Member} {
		a, err := y.db.NewAccount(ctx, auth.Account{Email: name + "@example.com", Name: name, Verified: name != "ann", Operator: name == "op"}, y.site.ID, name, role)
		if err != nil {
			t.Fatal(err)
		}
		if name == "ada" {
			y.mod = discuss.Actor{Account: a.ID, Name: name, Role: role}
		}
	}
	return y
}

func (y *yard) open() {
	y.t.Helper()
	var err error
	if y.db, err = store.Open(y.path, store.Options{Now: func() time.Time { return y.now }}); err != nil {
		y.t.Fatal(err)
	}
	y.t.Cleanup(func() { _ = y.db.Close() })
}

// started is the chores as a start of the program makes them.
func (y *yard) started() *chores {
	y.t.Helper()
	dir, err := fs.Sub(static.Files, "i18n")
	if err != nil {
		y.t.Fatal(err)
	}
	texts, err := i18n.Load(dir)
	if err != nil {
		y.t.Fatal(err)
	}
	now := func() time.Time { return y.now }
	return &chores{db: y.db, verbs: &discuss.Service{Store: y.db}, now: now, tell: &notify.Teller{
		Audience: y.db, Texts: texts, Now: now, Link: func(p string) string { return "https://talk.example" + p },
		Token: func(purpose string, author, _ discuss.ID, _ string) string { return purpose + author.String() },
	}}
}

// round is one turn of the chores; it returns the mails that were owed by it.
func (y *yard) round(c *chores) (to []string, last notify.Message) {
	y.t.Helper()
	ctx := context.Background()
	if err := c.round(ctx); err != nil {
		y.t.Fatal(err)
	}
	jobs, err := y.db.ClaimJobs(ctx, 100, time.Second)
	if err != nil {
		y.t.Fatal(err)
	}
	for _, j := range jobs {
		if err := json.Unmarshal([]byte(j.Payload), &last); err != nil {
			y.t.Fatal(err)
		}
		to = append(to, last.To)
		if err := y.db.FinishJob(ctx, j.ID); err != nil {
			y.t.Fatal(err)
		}
	}
	slices.Sort(to)
	return to, last
}

// act writes one row into the audit log.
func (y *yard) act() {
	y.t.Helper()
	verbs := &discuss.Service{Store: y.db}
	if err := verbs.SetSite(context.Background(), y.site.ID, y.mod, func(s *discuss.Site) error { s.Name += "!"; return nil }); err != nil {
		y.t.Fatal(err)
	}
}

// The head of the audit log leaves once a day, to operators and admins with a
// proved address, also when the program starts again; one click ends it.
func TestTheHeadOfTheAuditLogIsMailedOnceADay(t *testing.T) {
	y := newYard(t)
	c := y.started()
	if to, _ := y.round(c); len(to) != 0 {
		t.Errorf("before its hour: %v", to)
	}
	y.now = y.now.Add(2 * time.Minute)
	if to, _ := y.round(y.started()); !slices.Equal(to, []string{"ada@example.com", "op@example.com"}) {
		t.Errorf("the first day, with the roles that were given on the server: %v", to)
	}
	y.now = y.now.AddDate(0, 0, 1)
	y.act()
	_, head, err := y.db.AuditHead(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	to, m := y.round(c)
	if !slices.Equal(to, []string{"ada@example.com", "op@example.com"}) || !strings.Contains(m.Text, "parley doctor --head "+head) || !strings.Contains(m.Text, "2026-11-26") || m.Unsubscribe == "" {
		t.Fatalf("on the day: %v\n%s", to, m.Text)
	}
	y.act()
	y.now = y.now.Add(10 * time.Hour)
	if to, _ := y.round(c); len(to) != 0 {
		t.Errorf("a second time: %v", to)
	}
	if to, _ := y.round(y.started()); len(to) != 0 {
		t.Errorf("after a restart: %v", to)
	}
	people, err := y.db.Keepers(context.Background())
	if err != nil || len(people) != 2 {
		t.Fatalf("%+v %v", people, err)
	}
	for _, p := range people {
		if p.Email == "ada@example.com" {
			if err := y.db.StopHeads(context.Background(), p.Author); err != nil {
				t.Fatal(err)
			}
		}
	}
	y.now = y.now.AddDate(0, 0, 1)
	if to, _ := y.round(c); !slices.Equal(to, []string{"op@example.com"}) {
		t.Errorf("the day after, without Ada: %v", to)
	}
}

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
