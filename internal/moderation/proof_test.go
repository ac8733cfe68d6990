package moderation

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"parley/internal/discuss"
)

// solved does what a browser does.
func solved(t testing.TB, q discuss.Puzzle) proof {
	t.Helper()
	for n := 0; n <= q.MaxNumber; n++ {
		if proofHash(q.Salt, n) == q.Challenge {
			return proof{Algorithm: q.Algorithm, Challenge: q.Challenge, Number: n, Salt: q.Salt, Signature: q.Signature}
		}
	}
	t.Fatal("the puzzle has no answer")
	return proof{}
}

func sealed(t testing.TB, a proof) string {
	t.Helper()
	b, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawURLEncoding.EncodeToString(b)
}

func TestProofs(t *testing.T) {
	now := time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC)
	p := NewProofs()
	for _, c := range []struct {
		name  string
		forge func(*proof)
		after time.Duration
		want  error
	}{
		{"as solved", func(*proof) {}, 0, nil},
		{"just in time", func(*proof) {}, ProofLife - time.Second, nil},
		{"too late", func(*proof) {}, ProofLife, errProofStale},
		{"another number", func(a *proof) { a.Number = (a.Number + 1) % ProofWork }, 0, errProofWrong},
		{"a number out of range", func(a *proof) { a.Number = ProofWork + 1 }, 0, errProofShape},
		{"a negative number", func(a *proof) { a.Number = -1 }, 0, errProofShape},
		{"another algorithm", func(a *proof) { a.Algorithm = "SHA-1" }, 0, errProofShape},
		{"a puzzle of one's own", func(a *proof) { a.Challenge = proofHash(a.Salt, a.Number+1); a.Number++ }, 0, errProofWrong},
		{"a signature of another server", func(a *proof) { a.Signature = NewProofs().sign(a.Challenge) }, 0, errProofWrong},
		{"no signature", func(a *proof) { a.Signature = "" }, 0, errProofWrong},
		{"a longer life", func(a *proof) { a.Salt = a.Salt[:len(a.Salt)-1] + "0&" }, 0, errProofWrong},
		{"a digit moved from the number to the expiry", func(a *proof) { a.Salt = a.Salt[:len(a.Salt)-1] + "1" }, 0, errProofShape},
		{"no expiry", func(a *proof) { a.Salt = "abc" }, 0, errProofShape},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := solved(t, p.New(now))
			c.forge(&a)
			if err := p.Check(sealed(t, a), now.Add(c.after)); !errors.Is(err, c.want) {
				t.Errorf("got %v, want %v", err, c.want)
			}
		})
	}
	for _, s := range []string{"", "?", "bm90IGpzb24", base64.RawURLEncoding.EncodeToString(make([]byte, maxProofBytes))} {
		if err := p.Check(s, now); !errors.Is(err, errProofShape) {
			t.Errorf("%.20q: %v", s, err)
		}
	}
}

func TestProofIsTakenOnce(t *testing.T) {
	now := time.Now()
	p := NewProofs()
	a := solved(t, p.New(now))
	once := sealed(t, a)
	if err := p.Check(once, now); err != nil {
		t.Fatal(err)
	}
	b, _ := json.Marshal(map[string]any{"took": 3, "algorithm": a.Algorithm, "challenge": a.Challenge, "number": a.Number, "salt": a.Salt, "signature": a.Signature})
	for _, again := range []string{once, base64.URLEncoding.EncodeToString(b)} {
		if err := p.Check(again, now); !errors.Is(err, errProofUsed) {
			t.Errorf("again: %v", err)
		}
	}
}

// What is remembered has a bound, and is forgotten when it can no longer be used.
func TestUsedProofsAreBounded(t *testing.T) {
	now := time.Now()
	p := NewProofs()
	for range maxUsedProofs {
		p.used[p.New(now).Salt] = now.Add(ProofLife)
	}
	if err := p.Check(sealed(t, solved(t, p.New(now))), now); !errors.Is(err, errProofUsed) {
		t.Errorf("one more than the bound: %v", err)
	}
	later := now.Add(ProofLife)
	if err := p.Check(sealed(t, solved(t, p.New(later))), later); err != nil {
		t.Errorf("when those are over: %v", err)
	}
	if len(p.used) != 1 {
		t.Errorf("%d are remembered", len(p.used))
	}
}

func TestRisky(t *testing.T) {
	find := func(check string, w discuss.Suggestion) discuss.Finding {
		return discuss.Finding{Check: check, Suggested: w}
	}
	for _, c := range []struct {
		name string
		fs   []discuss.Finding
		want bool
	}{
		{"nothing", nil, false},
		{"a finding without a wish", []discuss.Finding{find("classifier", discuss.SuggestNothing)}, false},
		{"a link", []discuss.Finding{find("links", discuss.SuggestHold)}, true},
		{"a hot thread", []discuss.Finding{find("burst", discuss.SuggestHold)}, true},
		{"spam", []discuss.Finding{find("repeat", discuss.SuggestSpam)}, true},
		{"a mode holds all, risky or not", []discuss.Finding{find("mode", discuss.SuggestHold)}, false},
		{"so does a night", []discuss.Finding{find("night", discuss.SuggestHold)}, false},
		{"a mode and a link", []discuss.Finding{find("mode", discuss.SuggestHold), find("links", discuss.SuggestHold)}, true},
		{"what is rejected anyway", []discuss.Finding{find("links", discuss.SuggestHold), find("banned", discuss.SuggestReject)}, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Risky(c.fs); got != c.want {
				t.Errorf("got %t", got)
			}
		})
	}
}

func FuzzProof(f *testing.F) {
	now := time.Unix(1_800_000_000, 0)
	p := NewProofs()
	f.Add(sealed(f, solved(f, NewProofs().New(now))))
	f.Add("e30")
	f.Fuzz(func(t *testing.T, s string) {
		if p.Check(s, now) == nil {
			t.Errorf("%q was taken", s)
		}
		a, err := parseProof(s)
		if err == nil && (a.Number < 0 || a.Number > ProofWork || a.expires.IsZero()) {
			t.Errorf("%+v", a)
		}
	})
}
