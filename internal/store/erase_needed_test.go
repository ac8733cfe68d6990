package store_test

import (
	"context"
	"database/sql"
	"errors"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

// An address that somebody left as a guest goes when the comment becomes an
// account's, and with the account at the latest.
func TestErasingTakesGuestAddresses(t *testing.T) {
	for _, text := range []bool{false, true} {
		for _, late := range []bool{false, true} { // the address comes after the comment was adopted
			c := newClock()
			path := t.TempDir() + "/p.db"
			s, err := store.Open(path, c.opt())
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = s.Close() })
			db, err := sql.Open("sqlite3", path)
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = db.Close() })
			site, _ := discuss.NewSite("news", "News", []string{"https://news.example"})
			if site, err = s.PutSite(context.Background(), site); err != nil {
				t.Fatal(err)
			}
			ctx, id := context.Background(), c.id(s)
			ann := account(t, s, site, "ann")
			svc := &discuss.Service{Store: s, Text: discuss.Text{
				Clean:  func(b string) (string, error) { return b, nil },
				Render: func(_ context.Context, b string) (string, error) { return "<p>" + b + "</p>", nil },
				Name:   func(n string) (string, error) { return n, nil }, Skeleton: func(n string) string { return n },
			}}
			site.Settings.Guests = true
			g, _, err := svc.Post(ctx, site, discuss.Actor{}, discuss.Draft{ThreadKey: "t", Body: "guest words", GuestName: "Passer", GuestMark: auth.HashToken("tok")}, discuss.Once{})
			if err != nil {
				t.Fatal(err)
			}
			leaves := func() {
				t.Helper()
				if _, _, err := s.GuestAddress(ctx, g.ID, "private@example.com"); err != nil {
					t.Fatal(err)
				}
				if n := count(t, db, `SELECT count(*) FROM guest_mail`); n != 1 {
					t.Fatalf("%d addresses kept", n)
				}
			}
			if !late {
				leaves()
			}
			if err := id.AdoptGuest(ctx, "tok", site.ID, ann); err != nil {
				t.Fatal(err)
			}
			if n := count(t, db, `SELECT count(*) FROM guest_mail`); n != 0 {
				t.Errorf("%d addresses outlive the comment's being a guest's", n)
			}
			if late {
				leaves()
			}
			if _, err := id.Erase(ctx, ann.ID, text); err != nil {
				t.Fatal(err)
			}
			c.pass(25 * time.Hour)
			if err := id.Sweep(ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := s.AccountByID(ctx, ann.ID); !errors.Is(err, discuss.ErrNotFound) {
				t.Fatalf("the account is there: %v", err)
			}
			if n := count(t, db, `SELECT count(*) FROM guest_mail`); n != 0 {
				t.Errorf("text %v, late %v: %d addresses outlive the account", text, late, n)
			}
		}
	}
}

func count(t *testing.T, db *sql.DB, query string) (n int) {
	t.Helper()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// The only passkey stays where nothing else opens the account.
func TestTheLastPasskeyStays(t *testing.T) {
	c, s, _, site := eraseWorld(t)
	ctx := context.Background()
	acc, err := s.NewPerson(ctx, auth.Account{Name: "X", Verified: true}, auth.Profile{Provider: "facebook", Subject: "1"}, auth.Place{Site: site.ID, Skeleton: "x"}, c.now())
	if err != nil {
		t.Fatal(err)
	}
	for _, k := range []string{"k", "l"} {
		if err := s.PutPasskey(ctx, acc.ID, auth.NewPasskey([]byte(k), k, "{}", c.now(), c.now()), "{}"); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.DropIdentity(ctx, acc.ID, "facebook"); err != nil {
		t.Fatalf("beside two passkeys: %v", err)
	}
	if err := s.DropPasskey(ctx, acc.ID, []byte("k")); err != nil {
		t.Fatalf("beside another: %v", err)
	}
	if err := s.DropPasskey(ctx, acc.ID, []byte("l")); !errors.Is(err, auth.ErrLastWay) {
		t.Errorf("the last one: %v", err)
	}
	if keys, err := s.Passkeys(ctx, acc.ID); err != nil || len(keys) != 1 {
		t.Errorf("%d passkeys are left, %v", len(keys), err)
	}
	ann := account(t, s, site, "ann") // who has an address
	if err := s.PutPasskey(ctx, ann.ID, auth.NewPasskey([]byte("m"), "m", "{}", c.now(), c.now()), "{}"); err != nil {
		t.Fatal(err)
	}
	if err := s.DropPasskey(ctx, ann.ID, []byte("m")); err != nil {
		t.Errorf("beside an address: %v", err)
	}
}

// Whoever a site or the instance cannot do without is not erased: asked for,
// it is refused; become so meanwhile, it waits for somebody else.
func TestTheOnlyAdminIsNotErased(t *testing.T) {
	c, s, id, site := eraseWorld(t)
	ctx := context.Background()
	admin := func(name string) auth.Account {
		t.Helper()
		a := account(t, s, site, name)
		if err := s.RaiseRole(ctx, site.ID, a.ID, name, discuss.Admin); err != nil {
			t.Fatal(err)
		}
		return a
	}
	ann := admin("ann")
	if _, err := id.Erase(ctx, ann.ID, true); !errors.Is(err, auth.ErrNeeded) || discuss.KindOf(err) != discuss.Conflict {
		t.Errorf("the only admin: %v", err)
	}
	bo, err := s.NewPerson(ctx, auth.Account{Name: "bo", Verified: true}, auth.Profile{Provider: "facebook", Subject: "1"}, auth.Place{Site: site.ID, Skeleton: "bo"}, c.now())
	if err != nil {
		t.Fatal(err)
	}
	if err := s.RaiseRole(ctx, site.ID, bo.ID, "bo", discuss.Admin); err != nil {
		t.Fatal(err)
	}
	if _, err := id.Erase(ctx, ann.ID, true); err != nil {
		t.Fatalf("one of two: %v", err)
	}
	if _, err := id.Erase(ctx, bo.ID, true); !errors.Is(err, auth.ErrNeeded) {
		t.Errorf("the other, while the first is on his way out: %v", err)
	}
	there := func(a auth.Account) bool {
		t.Helper()
		_, err := s.AccountByID(ctx, a.ID)
		if err != nil && !errors.Is(err, discuss.ErrNotFound) {
			t.Fatal(err)
		}
		return err == nil
	}
	// bo's provider asks for his deletion, which is not refused: now both are to go.
	if err := s.PutDeletion(ctx, "code", "facebook", bo.ID, c.now(), c.now().Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	words := writes(t, s, site, ann, 0, "words")
	c.pass(25 * time.Hour)
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if !there(ann) || !there(bo) {
		t.Errorf("ann is there: %v, bo: %v; nobody is left to run the site", there(ann), there(bo))
	}
	if got, err := s.CommentByID(ctx, words.ID); err != nil || got.Body != "words" {
		t.Errorf("the text went ahead: %q, %v", got.Body, err)
	}
	admin("cy")
	if err := id.Sweep(ctx); err != nil {
		t.Fatal(err)
	}
	if there(ann) || there(bo) {
		t.Errorf("beside a third: ann is there: %v, bo: %v", there(ann), there(bo))
	}
}
