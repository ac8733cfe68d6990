package web

import (
	"fmt"
	"testing"
	"time"
)

// However many callers there are, a bucket in use is not forgotten; those that
// are full again are.
func TestManyCallersDoNotEmptyTheLimiter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l := newLimiter(true, func() time.Time { return now })
	for range int(buckets["login"].size) {
		if err := l.take("login", "guesser"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range limiterMax {
		if err := l.take("claim", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if l.take("login", "guesser") == nil {
		t.Error("many callers bought the guesser another try")
	}
	now = now.Add(2 * time.Minute) // the others' buckets are full again
	for i := range limiterMax + 2 {
		_ = l.take("vote", fmt.Sprint(i))
	}
	if l.take("login", "guesser") == nil {
		t.Error("later too")
	}
	now = now.Add(time.Hour)
	l.drop(now)
	if len(l.m) != 0 {
		t.Errorf("%d full buckets are kept", len(l.m))
	}
}
