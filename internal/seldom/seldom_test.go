package seldom

import (
	"testing"
	"time"
)

func TestAThingIsSaidOnceInAWhileWithACount(t *testing.T) {
	var v Voice
	at := time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC)
	if n, yes := v.Due(at); !yes || n != 0 {
		t.Errorf("the first time: %d, %v", n, yes)
	}
	for range 9000 {
		if _, yes := v.Due(at.Add(time.Second)); yes {
			t.Fatal("said again within the minute")
		}
	}
	if n, yes := v.Due(at.Add(Every)); !yes || n != 9000 {
		t.Errorf("a minute later: %d, %v", n, yes)
	}
	if n, yes := v.Due(at.Add(2 * Every)); !yes || n != 0 {
		t.Errorf("the next: %d, %v", n, yes)
	}
}
