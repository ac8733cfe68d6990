package moderation

import "parley/internal/discuss"

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
	Wish     discuss.Wish
	Findings []discuss.Finding
}

// Try runs a policy over comments and stores nothing.
func Try(p discuss.Policy, comments []discuss.Comment) (Trial, error) {
	c, err := Compile(p)
	if err != nil {
		return Trial{}, err
	}
	t := Trial{Looked: len(comments)}
	for _, row := range comments {
		wish, fs := c.Matches(row.Body)
		if wish == discuss.WishNothing {
			continue
		}
		t.Held++
		if wish != discuss.WishHold {
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
