package store_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

// A mail that quotes a comment and has not left does not leave once the comment
// is gone, whether or not a link to it stands in the mail; others do.
func TestAMailDoesNotOutliveWhatItQuotes(t *testing.T) {
	p := newPostbox(t)
	ctx := context.Background()
	bo := account(t, p.s, p.site, "bo")
	gone, stays := writes(t, p.s, p.site, bo, 0, "zqgone"), writes(t, p.s, p.site, bo, 0, "zqstays")
	for i, about := range []discuss.ID{gone.ID, stays.ID} {
		payload := fmt.Sprintf(`{"To":"mo@example.com","Text":"four comments wait","About":["%s"]}`, about)
		if _, _, err := p.s.Enqueue(ctx, fmt.Sprint("key", i), digestOf("mo@example.com"), payload, notify.MaxPerHour, notify.MaxPerDay); err != nil {
			t.Fatal(err)
		}
	}
	verbs := &discuss.Service{Store: p.s}
	if err := verbs.Delete(ctx, p.site, discuss.Actor{Account: bo.ID, Name: "bo", Role: discuss.Member}, gone.ID); err != nil {
		t.Fatal(err)
	}
	jobs, err := p.s.ClaimJobs(ctx, 100, time.Second)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, j := range jobs {
		if j.Kind == "mail" {
			n++
		}
	}
	if n != 1 {
		t.Errorf("%d mails are owed, want the one about what stays", n)
	}
}
