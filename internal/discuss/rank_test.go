package discuss_test

import (
	"math"
	"testing"

	"parley/internal/discuss"
)

func TestWilsonVectors(t *testing.T) {
	const z = 1.281551565545
	for _, v := range []struct {
		up, n int
		want  float64
	}{{0, 0, 0}, {1, 1, .378448}, {5, 5, .752743}, {10, 11, .739495}, {40, 60, .585151}, {100, 100, .983842}} {
		if got := discuss.Wilson(v.up, v.n, z); math.Abs(got-v.want) > 1e-6 {
			t.Errorf("Wilson(%d of %d) = %.6f, want %.6f", v.up, v.n, got, v.want)
		}
	}
}

func TestReportsLowerTheRankAndNeverRaiseIt(t *testing.T) {
	clean := discuss.Best(40, 20, 0)
	if got := discuss.Best(40, 20, 2.08); math.Abs(got-clean/2) > 1e-9 {
		t.Errorf("half the full weight: got %v, want %v", got, clean/2)
	}
	if got := discuss.Best(40, 20, 100); math.Abs(got-clean*.1) > 1e-9 {
		t.Errorf("the cut is bounded: got %v, want %v", got, clean*.1)
	}
}

func TestControversial(t *testing.T) {
	for _, v := range []struct {
		up, down int
		want     float64
	}{{0, 9, 0}, {9, 0, 0}, {5, 5, 10}, {10, 5, math.Sqrt(15)}} {
		if got := discuss.Controversial(v.up, v.down); math.Abs(got-v.want) > 1e-9 {
			t.Errorf("Controversial(%d, %d) = %v, want %v", v.up, v.down, got, v.want)
		}
	}
}

func TestIDsGrowWhenTheClockStepsBack(t *testing.T) {
	var g discuss.IDs
	now := testTime
	last := discuss.ID(0)
	for i := range 5000 {
		id := g.Next(now.Add(-1e9 * 1 * (1 << (i % 3))))
		if id <= last {
			t.Fatalf("id %d after %d", id, last)
		}
		last = id
		back, err := discuss.ParseID(id.String())
		if err != nil || back != id {
			t.Fatalf("ParseID(%q) = %v, %v", id.String(), back, err)
		}
	}
	for _, s := range []string{"", "0", "-1", "ABC", "01", "zzzzzzzzzzzzzzzz", "1.5", "a b"} {
		if _, err := discuss.ParseID(s); err == nil {
			t.Errorf("ParseID(%q) was accepted", s)
		}
	}
}

// A handful of people fold nothing, and neither does a crowd that disagrees.
func TestFoldingTakesMembersAndAgreement(t *testing.T) {
	for _, v := range []struct {
		up, down int
		want     bool
	}{{0, 5, false}, {0, 9, false}, {0, 10, true}, {3, 7, false}, {2, 8, true}, {50, 50, false}, {40, 60, true}, {45, 55, false}, {10, 0, false}} {
		if got := discuss.Low(v.up, v.down); got != v.want {
			t.Errorf("Low(%d, %d) = %v, want %v", v.up, v.down, got, v.want)
		}
	}
}
