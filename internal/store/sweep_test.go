package store

import (
	"context"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// TestWhatIsOldIsDropped moves the clock and looks what is left.
func TestWhatIsOldIsDropped(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	b := newBench(t, Options{Now: now})
	ctx := context.Background()
	post := func(key string) {
		_, _, err := b.verbs.Post(ctx, b.site, b.people[1], discuss.Draft{ThreadKey: "a", Body: "words"},
			discuss.Once{Key: key, Digest: []byte{1}})
		if err != nil {
			t.Fatal(err)
		}
	}
	for i := range sweepChunk + 20 {
		post(fmt.Sprint("key-", i))
	}
	session := func(hash byte, life time.Duration) {
		v := auth.Session{Kind: auth.AccountSession, Account: auth.Account{ID: b.people[1].Account}, Expires: now().Add(life)}
		if err := b.PutSession(ctx, []byte{hash}, v); err != nil {
			t.Fatal(err)
		}
		if err := b.PutTicket(ctx, []byte{hash}, auth.Ticket{Kind: "popup", Site: b.site.ID, Expires: now().Add(life)}, nil); err != nil {
			t.Fatal(err)
		}
	}
	session(1, time.Hour)
	session(2, 30*24*time.Hour)
	left := func() string {
		var out []string
		for _, table := range []string{"events", "idempotency", "sessions", "tickets", "comments"} {
			var n int
			if err := b.queryRow(ctx, "SELECT count(*) FROM "+table, nil, &n); err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprint(n))
		}
		return strings.Join(out, " ")
	}
	all := sweepChunk + 20
	step := func(d time.Duration, want string) {
		t.Helper()
		ahead.Add(int64(d))
		if err := b.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		if got := left(); got != want {
			t.Errorf("events, keys, sessions, tickets, comments: %s, want %s", got, want)
		}
	}
	step(0, fmt.Sprint(all, all, 2, 2, all))
	step(2*time.Hour, fmt.Sprint(all, all, 1, 1, all))
	step(IdempotencyKept, fmt.Sprint(all, 0, 1, 1, all))
	post("late")
	step(EventsKept-time.Hour, fmt.Sprint(1, 0, 1, 1, all+1))
	th, err := b.ThreadByKey(ctx, b.site.ID, "a")
	if err != nil {
		t.Fatal(err)
	}
	if _, complete, err := b.EventsAfter(ctx, th.ID, 3, 100); err != nil || complete {
		t.Errorf("events after 3 are called complete (%v) although they are gone", err)
	}
	if events, complete, err := b.EventsAfter(ctx, th.ID, th.Seq-1, 100); err != nil || !complete || len(events) != 1 {
		t.Errorf("the newest event: %d, complete %v, %v", len(events), complete, err)
	}
}

func TestSweepsFollowTheirIndex(t *testing.T) {
	b := newBench(t, Options{})
	for _, w := range sweeps {
		rows, err := b.query(context.Background(), "EXPLAIN QUERY PLAN "+w.query, 1, 1)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var a, p, c int
			var detail string
			if err := rows.Scan(&a, &p, &c, &detail); err != nil {
				t.Fatal(err)
			}
			if strings.HasPrefix(detail, "SCAN") && !strings.Contains(detail, "INDEX") || strings.Contains(detail, "TEMP B-TREE") {
				t.Errorf("%s: %s", w.what, detail)
			}
		}
		_ = rows.Close()
	}
}

// An invitation goes when it has been over for long enough, whatever ended it.
func TestInvitationsGoAfterTheyEnded(t *testing.T) {
	var ahead atomic.Int64
	now := func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	b := newBench(t, Options{Now: now})
	ctx := context.Background()
	invite := func(token byte, email string) auth.Invitation {
		t.Helper()
		v, err := b.PutInvitation(ctx, []byte{token}, auth.Invitation{Site: b.site, Email: email, Role: discuss.Staff, Expires: now().Add(auth.InviteLife)}, &auth.Mail{Template: "invite", To: email})
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	left := func(what string, want int) {
		t.Helper()
		if err := b.Sweep(ctx); err != nil {
			t.Fatal(err)
		}
		var n int
		if err := b.queryRow(ctx, `SELECT count(*) FROM invitations`, nil, &n); err != nil || n != want {
			t.Errorf("%s: %d are left, want %d, %v", what, n, want, err)
		}
	}
	invite(1, "late@example.com")
	back := invite(2, "back@example.com")
	if _, err := b.RevokeInvitation(ctx, b.site.ID, back.ID); err != nil {
		t.Fatal(err)
	}
	if v, err := b.InvitationByToken(ctx, []byte{2}); err != nil || v.Open(now()) != auth.ErrInviteRevoked {
		t.Errorf("its link says %v, %v", v.Open(now()), err)
	}
	ahead.Store(int64(InvitationsKept - time.Hour))
	left("before", 2)
	ahead.Store(int64(InvitationsKept + time.Hour))
	left("the one that was taken back", 1)
	ahead.Store(int64(InvitationsKept + auth.InviteLife + time.Hour))
	left("the one that nobody answered", 0)
}
