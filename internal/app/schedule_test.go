package app

import (
	"context"
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

// yard is the schedule on a real store, under a clock that the test sets.
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
	site, err := discuss.NewSite("news", "News", []string{"https://news.example"})
	if err != nil {
		t.Fatal(err)
	}
	if y.site, err = y.db.PutSite(ctx, site); err != nil {
		t.Fatal(err)
	}
	for name, role := range map[string]discuss.Role{"ada": discuss.Admin, "ed": discuss.Admin, "mo": discuss.Moderator, "ann": discuss.Member, "op": discuss.Member} {
		a, err := y.db.NewAccount(ctx, auth.Account{Email: name + "@example.com", Name: name, Verified: name != "ann", Operator: name == "op"}, y.site.ID, name, role)
		if err != nil {
			t.Fatal(err)
		}
		if asks := true; name != "ed" { // the others have asked, whether or not they may hear
			if err := y.db.SetChoices(ctx, a.ID, auth.Changes{AuditMail: &asks}); err != nil {
				t.Fatal(err)
			}
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
	db := y.db
	y.t.Cleanup(func() { _ = db.Close() })
}

// started is the schedule as a start of the program makes them.
func (y *yard) started() *schedule {
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
	return &schedule{db: y.db, verbs: &discuss.Service{Store: y.db}, now: now, tell: &notify.Teller{
		Audience: y.db, Bells: y.db, Texts: texts, Now: now, Link: func(p string) string { return "https://talk.example" + p },
		Token: func(purpose string, author, _ discuss.ID, _ string) string { return purpose + author.String() },
	}}
}

// round is one turn of the schedule; it returns the mails that were owed by it.
func (y *yard) round(c *schedule) (to []string, last notify.Message) {
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
// proved address who have asked for it, also when the program starts again; one click ends it.
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
	people, err := y.db.HeadRecipients(context.Background())
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
