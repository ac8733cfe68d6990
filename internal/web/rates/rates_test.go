package rates

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// However many callers there are, a bucket in use is not forgotten; those that
// are full again are.
func TestManyCallersDoNotEmptyTheLimiter(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l := New(true, func() time.Time { return now })
	for range int(Buckets["login"].Size) {
		if err := l.Take("login", "guesser"); err != nil {
			t.Fatal(err)
		}
	}
	for i := range limiterMax {
		if err := l.Take("claim", fmt.Sprint(i)); err != nil {
			t.Fatal(err)
		}
	}
	if l.Take("login", "guesser") == nil {
		t.Error("many callers bought the guesser another try")
	}
	now = now.Add(2 * time.Minute) // the others' Buckets are full again
	for i := range limiterMax + 2 {
		_ = l.Take("vote", fmt.Sprint(i))
	}
	if l.Take("login", "guesser") == nil {
		t.Error("later too")
	}
	now = now.Add(time.Hour)
	l.drop(now)
	if len(l.m) != 0 {
		t.Errorf("%d full Buckets are kept", len(l.m))
	}
}

// Guesses are counted by what is wrong: people behind one address who sign in
// rightly take nothing from each other.
func TestOnlyWrongGuessesCount(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	l := New(true, func() time.Time { return now })
	person := func(name string, err error) error {
		return l.Attempt([]Try{{"logins", "office"}, {"login", name}}, func() error { return err }, auth.WrongGuess)
	}
	for i := range 5 * int(Buckets["logins"].Size) {
		if err := person(fmt.Sprint("right ", i), nil); err != nil {
			t.Fatalf("right login %d: %v", i, err)
		}
		if err := person("unverified", discuss.ErrUnverified); discuss.KindOf(err) == discuss.TooMany {
			t.Fatalf("unverified login %d: %v", i, err)
		}
	}
	for i := range int(Buckets["login"].Size) {
		if err := person("ann", auth.ErrLogin); discuss.KindOf(err) == discuss.TooMany {
			t.Fatalf("wrong password %d: %v", i, err)
		}
	}
	if err := person("ann", nil); discuss.KindOf(err) != discuss.TooMany {
		t.Errorf("after %v wrong passwords: %v, want to be told to wait", Buckets["login"].Size, err)
	}
	if err := person("bob", nil); err != nil {
		t.Errorf("another account at the same address: %v", err)
	}
	left := int(Buckets["logins"].Size - Buckets["login"].Size)
	for i := range left {
		if err := person(fmt.Sprint("guessed ", i), auth.ErrLogin); discuss.KindOf(err) == discuss.TooMany {
			t.Fatalf("guess %d: %v", i, err)
		}
	}
	if err := person("carol", nil); discuss.KindOf(err) != discuss.TooMany {
		t.Errorf("after %v wrong passwords from one address: %v, want to be told to wait", Buckets["logins"].Size, err)
	}
}

// What guards the ways in outlives a restart, named by nothing that says whose
// it is; what lasts a minute and guards nothing does not.
func TestBucketsOutliveARestart(t *testing.T) {
	now := time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	l := New(true, clock)
	l.Keep([]byte("secret"))
	for range int(Buckets["login"].Size) {
		if err := l.Take("login", "account ann@example.org"); err != nil {
			t.Fatal(err)
		}
	}
	_, _ = l.Take("vote", "198.51.100.7"), l.Take("logins", "198.51.100.7")
	next := New(true, clock)
	next.Keep([]byte("secret"))
	names := 0
	if !l.Each(func(bucket string, left float64, at time.Time) {
		names++
		if strings.Contains(bucket, "ann") || strings.Contains(bucket, "198") {
			t.Errorf("the name of a bucket says whose it is: %q", bucket)
		}
		next.Put(bucket, left, at)
	}) || names != 2 {
		t.Errorf("%d buckets are kept, want 2", names)
	}
	if l.Each(func(string, float64, time.Time) { t.Error("told again") }) {
		t.Error("nothing moved, and it is kept again")
	}
	if err := next.Take("login", "account ann@example.org"); err == nil {
		t.Error("a restart bought the guesser another try")
	}
	if err := next.Take("login", "account bob@example.org"); err != nil {
		t.Error(err)
	}
	now = now.Add(Buckets["login"].Over)
	if err := next.Take("login", "account ann@example.org"); err != nil {
		t.Errorf("after its time: %v", err)
	}
}
