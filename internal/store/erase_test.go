package store_test

import (
	"context"
	"errors"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

// clock is a time that the test moves.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := &clock{}
	c.ms.Store(time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC).UnixMilli())
	return c
}

func (c *clock) now() time.Time       { return time.UnixMilli(c.ms.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.ms.Add(d.Milliseconds()) }
func (c *clock) opt() store.Options   { return store.Options{Now: c.now} }
func (c *clock) id(s *store.Store) *auth.Service {
	a := auth.New(s, c.now)
	a.Name, a.Skeleton = func(n string) (string, error) { return n, nil }, func(n string) string { return n }
	a.Link = func(p string) string { return p }
	return a
}

func eraseWorld(t *testing.T) (*clock, *store.Store, *auth.Service, discuss.Site) {
	t.Helper()
	c := newClock()
	s, err := store.Open(t.TempDir()+"/p.db", c.opt())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	site, err := discuss.NewSite("news", "News", []string{"https://news.example"})
	if err != nil {
		t.Fatal(err)
	}
	site, err = s.PutSite(context.Background(), site)
	if err != nil {
		t.Fatal(err)
	}
	return c, s, c.id(s), site
}

func account(t *testing.T, s *store.Store, site discuss.Site, name string) auth.Account {
	t.Helper()
	a, err := s.NewAccount(context.Background(), auth.Account{Email: name + "@example.com", Name: name, Verified: true}, site.ID, name, discuss.Member)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// writes posts a comment, as an answer where parent says so.
func writes(t *testing.T, s *store.Store, site discuss.Site, a auth.Account, parent discuss.ID, body string) discuss.Comment {
	t.Helper()
	svc := &discuss.Service{Store: s, Text: discuss.Text{
		Clean:  func(b string) (string, error) { return b, nil },
		Render: func(_ context.Context, b string) (string, error) { return "<p>" + b + "</p>", nil },
		Name:   func(n string) (string, error) { return n, nil }, Skeleton: func(n string) string { return n },
	}}
	c, _, err := svc.Post(context.Background(), site, discuss.Actor{Account: a.ID, Name: a.Name, Role: discuss.Member}, discuss.Draft{ThreadKey: "t", Body: body, Parent: parent}, discuss.Once{})
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestAnAccountIsErasedAfterADay(t *testing.T) {
	for _, text := range []bool{false, true} {
		c, s, id, site := eraseWorld(t)
		ctx := context.Background()
		ann, bo := account(t, s, site, "ann"), account(t, s, site, "bo")
		root := writes(t, s, site, ann, 0, "my words")
		writes(t, s, site, bo, root.ID, "an answer")
		alone := writes(t, s, site, ann, 0, "alone")
		if _, err := id.Erase(ctx, ann.ID, text); err != nil {
			t.Fatal(err)
		}
		c.pass(23 * time.Hour)
		if err := id.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AccountByID(ctx, ann.ID); err != nil {
			t.Fatalf("erased within the day: %v", err)
		}
		c.pass(2 * time.Hour)
		if err := id.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if _, err := s.AccountByID(ctx, ann.ID); !errors.Is(err, discuss.ErrNotFound) {
			t.Errorf("text %v: the account is there: %v", text, err)
		}
		got, err := s.CommentByID(ctx, root.ID)
		if err != nil {
			t.Fatal(err)
		}
		if got.Author.Name != "Deleted account" || got.Author.Account != 0 {
			t.Errorf("text %v: by %+v", text, got.Author)
		}
		if text != (got.Body == "" && got.HTML == "" && got.Status == discuss.Deleted) {
			t.Errorf("text %v: %q is %s", text, got.Body, got.Status)
		}
		th, err := s.ThreadByKey(ctx, site.ID, "t")
		if err != nil {
			t.Fatal(err)
		}
		want := 3
		if text {
			want = 1
		}
		if th.Count != want {
			t.Errorf("text %v: the thread counts %d", text, th.Count)
		}
		list, err := s.List(ctx, discuss.ListQuery{Thread: th.ID, View: discuss.ViewFlat, Sort: discuss.SortOldest, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range list {
			if text && c.ID == alone.ID {
				t.Error("a comment without answers left a place")
			}
		}
		// The name is free again.
		if a := account(t, s, site, "ann"); a.ID == ann.ID {
			t.Error("the number was given twice")
		}
	}
}

func TestErasingCanBeTakenBack(t *testing.T) {
	c, s, id, site := eraseWorld(t)
	ctx := context.Background()
	ann := account(t, s, site, "ann")
	if _, err := id.Erase(ctx, ann.ID, true); err != nil {
		t.Fatal(err)
	}
	if err := id.KeepAccount(ctx, ann.ID); err != nil {
		t.Fatal(err)
	}
	c.pass(48 * time.Hour)
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AccountByID(ctx, ann.ID); err != nil {
		t.Errorf("the account is gone: %v", err)
	}
}

func TestUnverifiedAccountsExpire(t *testing.T) {
	c, s, id, site := eraseWorld(t)
	ctx := context.Background()
	if _, err := s.NewAccount(ctx, auth.Account{Email: "never@example.com", Name: "never"}, site.ID, "never", discuss.Member); err != nil {
		t.Fatal(err)
	}
	kept := account(t, s, site, "kept")
	c.pass(auth.UnverifiedLife - time.Hour)
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AccountByEmail(ctx, "never@example.com"); err != nil {
		t.Fatalf("too early: %v", err)
	}
	c.pass(2 * time.Hour)
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if _, err := s.AccountByEmail(ctx, "never@example.com"); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("it is there: %v", err)
	}
	if _, err := s.AccountByID(ctx, kept.ID); err != nil {
		t.Errorf("a verified one is gone: %v", err)
	}
	if _, err := s.NewAccount(ctx, auth.Account{Email: "next@example.com", Name: "never"}, site.ID, "never", discuss.Member); err != nil {
		t.Errorf("the name is not free: %v", err)
	}
}

// SECURITY check 19, the last part: an attempt ends after ten minutes; and 27:
// a reset link after thirty.
func TestTicketsExpire(t *testing.T) {
	c, s, id, site := eraseWorld(t)
	ctx := context.Background()
	id.Seal, _ = auth.NewSealer(make([]byte, auth.SealKeyBytes))
	id.Providers = []auth.Keys{{Provider: "facebook", Client: "1", Secret: "2"}}
	to, browser, err := id.BeginLogin(ctx, site.ID, "facebook", auth.Trip{})
	if err != nil {
		t.Fatal(err)
	}
	c.pass(auth.PopupLife + time.Second)
	if _, err := id.EndLogin(ctx, "facebook", browser, query(t, to, "state")); !errors.Is(err, auth.ErrAttempt) {
		t.Errorf("after ten minutes: %v", err)
	}
	ann := account(t, s, site, "ann")
	token, hash := auth.NewToken()
	if err := s.PutTicket(ctx, hash, auth.Ticket{Kind: "reset", Account: ann.ID, Expires: c.now().Add(auth.ResetLife)}, nil); err != nil {
		t.Fatal(err)
	}
	c.pass(auth.ResetLife + time.Second)
	if err := id.Reset(ctx, token, "a new password"); !errors.Is(err, discuss.ErrNotFound) {
		t.Errorf("after thirty minutes: %v", err)
	}
}

// query is a query with one value of an address and a code.
func query(t *testing.T, address, key string) url.Values {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return url.Values{key: u.Query()[key], "code": {"c"}}
}

// What moderators wrote about a person is in the export, as far as it was
// written to them, and goes with the account; the log's chain stays whole.
func TestWarningsAreExportedAndErased(t *testing.T) {
	c, s, id, site := eraseWorld(t)
	ctx := context.Background()
	ann, mo := account(t, s, site, "ann"), account(t, s, site, "mo")
	svc := &discuss.Service{Store: s}
	writes(t, s, site, ann, 0, "my words")
	member, err := s.MemberOf(ctx, site.ID, ann.ID)
	if err != nil {
		t.Fatal(err)
	}
	mod := discuss.Actor{Account: mo.ID, Name: mo.Name, Role: discuss.Moderator}
	for kind, text := range map[string]string{"note": "keeps an eye on it", "warning": "stay on topic"} {
		if err := svc.AddNote(ctx, site, mod, member.ID, kind, text); err != nil {
			t.Fatal(err)
		}
	}
	if a, err := s.MemberOf(ctx, site.ID, ann.ID); err != nil || !a.Warned() {
		t.Errorf("the membership in memory does not know of the warning: %+v %v", a, err)
	}
	e, err := s.ExportAccount(ctx, ann.ID)
	if err != nil || len(e.Warnings) != 1 || e.Warnings[0]["text"] != "stay on topic" || e.Warnings[0]["seen"] != nil {
		t.Errorf("exported %+v, %v", e.Warnings, err)
	}
	if _, err := id.Erase(ctx, ann.ID, false); err != nil {
		t.Fatal(err)
	}
	c.pass(25 * time.Hour)
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	p, err := s.PersonByID(ctx, site.ID, member.ID)
	if err != nil || len(p.Notes) != 0 || p.Warnings != 0 {
		t.Errorf("left behind: %+v %v", p.Notes, err)
	}
	lines, err := s.AuditPage(ctx, discuss.AuditQuery{Site: site.ID, Limit: 10})
	if err != nil || len(lines) != 2 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, l := range lines {
		if l.Note != "" || !l.Erased {
			t.Errorf("the log still says %q", l.Note)
		}
	}
	if n, err := s.VerifyAudit(ctx); err != nil || n != 2 {
		t.Errorf("the chain: %d rows, %v", n, err)
	}
}
