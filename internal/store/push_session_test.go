package store

import (
	"context"
	"testing"
	"time"

	"parley/internal/auth"
)

// Who signs out of a browser gets no more messages there; one that is signed in
// anew keeps them, and so does one whose session has run out by itself.
func TestSigningOutEndsMessages(t *testing.T) {
	b := newBench(t, Options{})
	ctx := context.Background()
	who := b.people[1].Account
	session := func(name string) []byte {
		token := auth.HashToken(name)
		if err := b.PutSession(ctx, token, auth.Session{Account: auth.Account{ID: who}, Kind: auth.AccountSession, Expires: time.Now().Add(time.Hour)}); err != nil {
			t.Fatal(err)
		}
		return token
	}
	device := func(name string, token []byte) {
		if _, err := b.PutPushDevice(ctx, who, auth.PushDevice{Endpoint: "https://fcm.googleapis.com/" + name, Key: []byte("k"), Auth: []byte("a"), Name: name, Session: token}); err != nil {
			t.Fatal(err)
		}
	}
	left := func(want int, what string) {
		t.Helper()
		list, err := b.PushDevices(ctx, who)
		if err != nil || len(list) != want {
			t.Errorf("%s: %d devices, want %d (%v)", what, len(list), want, err)
		}
	}
	one, two, three, four := session("one"), session("two"), session("three"), session("four")
	for name, token := range map[string][]byte{"a": one, "b": two, "c": three, "d": four} {
		device(name, token)
	}
	left(4, "at first")
	check := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	check(b.DropSession(ctx, one))
	left(3, "one session is over")
	check(b.ReplaceBrowser(ctx, two, session("two again"), who))
	left(3, "signed in anew")
	check(b.DropBrowser(ctx, auth.HashToken("two again")))
	left(2, "the browser is signed out")
	check(b.DropSessions(ctx, who, sessionID(three), nil))
	left(1, "by the list")
	check(b.update(ctx, b.w.ch, func(tx *Tx) error { return tx.exec(`DELETE FROM sessions WHERE token = ?1`, four) }))
	left(1, "run out")
	check(b.DropSessions(ctx, who, "", nil))
	left(0, "everywhere")
}
