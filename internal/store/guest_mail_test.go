package store_test

import (
	"context"
	"testing"

	"parley/internal/discuss"
)

// A confirmed address is its owner's: another browser that types it has the
// owner asked, and hears nothing until he says yes.
func TestAConfirmedAddressIsNoStrangers(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	p.site.Settings.Guests = true
	verbs := &discuss.Service{Store: p.s, Text: discuss.Text{
		Clean:  func(b string) (string, error) { return b, nil },
		Render: func(_ context.Context, b string) (string, error) { return "<p>" + b + "</p>", nil },
		Name:   func(n string) (string, error) { return n, nil }, Skeleton: func(n string) string { return n },
	}}
	const email = "ferdi@inbox.example"
	leave := func(browser string) (id discuss.ID, asked bool) {
		t.Helper()
		d := discuss.Draft{ThreadKey: "t", Body: "a guest's words", GuestName: "Ferdi"}
		if browser != "" {
			d.GuestMark = []byte(browser)
		}
		c, _, err := verbs.Post(ctx, p.site, discuss.Actor{}, d, discuss.Once{})
		if err != nil {
			t.Fatal(err)
		}
		asked, _, err = p.s.GuestAddress(ctx, c.ID, email)
		if err != nil {
			t.Fatal(err)
		}
		return c.ID, asked
	}
	hears := func(comment discuss.ID) bool {
		t.Helper()
		answer := writes(t, p.s, p.site, p.ann, comment, "an answer")
		told, err := p.s.Delivery(ctx, answer.ID)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range told.Recipients {
			if r.Email == email {
				return true
			}
		}
		return false
	}
	before, asked := leave("his browser")
	first, again := leave("his browser")
	strange, _ := leave("a stranger's")
	bare, _ := leave("")
	if !asked || !again || hears(first) {
		t.Fatal("an address counts before its owner has said so")
	}
	if err := p.s.ConfirmGuest(ctx, first, email); err != nil {
		t.Fatal(err)
	}
	if !hears(first) || !hears(before) {
		t.Error("he does not hear, although he said yes")
	}
	if hears(strange) || hears(bare) {
		t.Error("his yes counts for comments of others that were there before it")
	}
	if id, asked := leave("his browser"); asked || !hears(id) {
		t.Error("he is asked again in the same browser")
	}
	if id, asked := leave("a stranger's"); !asked || hears(id) {
		t.Error("a stranger needs no yes")
	}
	if id, asked := leave(""); !asked || hears(id) {
		t.Error("who keeps nothing needs no yes")
	}
	if err := p.s.ForgetGuest(ctx, first, email); err != nil {
		t.Fatal(err)
	}
	if hears(first) || hears(before) {
		t.Error("he had enough, and hears")
	}
}
