package store

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// TestWhatIsKnownOfPeopleIsNeverOld changes what a session and a membership
// say in every way, and asks right after.
func TestWhatIsKnownOfPeopleIsNeverOld(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	who := b.people[1]
	token := []byte("a token's hash")
	if err := b.PutSession(ctx, token, auth.Session{Kind: auth.AccountSession, Account: auth.Account{ID: who.Account}, Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	session := func() (auth.Session, error) { return b.SessionByToken(ctx, token, time.Now()) }
	ask := func() (auth.Session, discuss.Author) {
		t.Helper()
		v, err := session()
		if err != nil {
			t.Fatal(err)
		}
		a, err := b.MemberOf(ctx, b.site.ID, who.Account)
		if err != nil {
			t.Fatal(err)
		}
		return v, a
	}
	ask() // now it is kept
	at := b.callers.version.Load()
	b.post(t, 1, "a", 0, "posting changes nobody")
	ask()
	if now := b.callers.version.Load(); now != at {
		t.Errorf("a post moved the version from %d to %d: nothing would ever be kept", at, now)
	}
	if _, ok := b.callers.session(token, time.Now()); !ok {
		t.Error("the session is not kept")
	}
	if err := b.SetRole(ctx, b.site.ID, who.Account, who.Name, discuss.Moderator); err != nil {
		t.Fatal(err)
	}
	if _, a := ask(); a.Role != discuss.Moderator {
		t.Errorf("the role is still %s", a.Role)
	}
	later := time.Now().Add(time.Minute)
	if err := b.TouchSession(ctx, token, later); err != nil {
		t.Fatal(err)
	}
	if v, _ := ask(); v.Seen.UnixMilli() != later.UnixMilli() {
		t.Errorf("seen is still %s", v.Seen)
	}
	if _, err := b.SessionByToken(ctx, token, time.Now().Add(2*time.Hour)); discuss.KindOf(err) != discuss.NotFound {
		t.Errorf("after its end: %v", err)
	}
	ask()
	if err := b.ReplacePassword(ctx, who.Account, "another"); err != nil {
		t.Fatal(err)
	}
	if _, err := session(); discuss.KindOf(err) != discuss.NotFound {
		t.Errorf("after a new password: %v", err)
	}
	// Another process: the writer looks every so often.
	if err := b.PutSession(ctx, token, auth.Session{Kind: auth.AccountSession, Account: auth.Account{ID: who.Account}, Expires: time.Now().Add(time.Hour)}); err != nil {
		t.Fatal(err)
	}
	ask()
	other, err := Open(b.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.DropSession(ctx, token); err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(5 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		if _, err := session(); discuss.KindOf(err) == discuss.NotFound {
			break
		}
		if time.Now().After(until) {
			t.Fatal("a session that another process ended still counts")
		}
	}
}
