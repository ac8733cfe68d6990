package moderation

import (
	"context"

	"parley/internal/discuss"
)

// TrialSize is how many of the newest comments a trial looks at.
const TrialSize = 1000

// Trial is what words and rules would have done with comments that are there.
type Trial struct {
	Looked   int
	Held     int // would have been held, rejected or called spam
	Rejected int // of those, rejected or called spam
	Approved int // of those, the ones that stand published today
	Removed  int // of those, the ones that people or their own rules removed
	Comments []Hit
}

// Hit is one comment that a trial met.
type Hit struct {
	discuss.Comment
	Suggestion discuss.Suggestion
	Findings   []discuss.Finding
}

// Try runs a policy over comments and stores nothing. When ctx ends it stops
// where it is and says how far it has come.
func Try(ctx context.Context, p discuss.Policy, comments []discuss.Comment) (Trial, error) {
	c, err := Compile(p)
	if err != nil {
		return Trial{}, err
	}
	if err := c.light(); err != nil {
		return Trial{}, err
	}
	var t Trial
	for _, row := range comments {
		if ctx.Err() != nil {
			break
		}
		t.Looked++
		wish, fs := c.Matches(row.Body, row.HTML)
		if wish == discuss.SuggestNothing {
			continue
		}
		t.Held++
		if wish != discuss.SuggestHold {
			t.Rejected++
		}
		switch row.Status {
		case discuss.Published:
			t.Approved++
		case discuss.Rejected, discuss.Spam:
			t.Removed++
		}
		t.Comments = append(t.Comments, Hit{row, wish, fs})
	}
	return t, nil
}
