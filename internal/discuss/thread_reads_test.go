package discuss

import (
	"context"
	"testing"
)

// leaky is a store that returns more than it should, as a new query might.
type leaky struct {
	Store
	rows []Comment
}

func (l leaky) Latest(context.Context, ID, int) ([]Comment, error)    { return l.rows, nil }
func (l leaky) List(context.Context, ListQuery) ([]Comment, error)    { return l.rows, nil }
func (l leaky) CommentByID(_ context.Context, id ID) (Comment, error) { return l.rows[id-1], nil }
func (l leaky) ThreadByID(_ context.Context, id ID) (Thread, error)   { return Thread{ID: id}, nil }
func (l leaky) EventsAfter(context.Context, ID, int64, int) ([]Event, bool, error) {
	return nil, true, nil
}

func everyStatus() leaky {
	var l leaky
	for i, status := range []Status{Published, Pending, Rejected, Spam, Deleted} {
		l.rows = append(l.rows, Comment{ID: ID(i + 1), SiteID: 1, Status: status})
	}
	return l
}

// What everybody reads holds published comments alone, whatever the store says.
func TestPublicReadsShowPublishedComments(t *testing.T) {
	s := &Service{Store: everyStatus()}
	latest, err := s.Latest(t.Context(), Site{ID: 1}, 10)
	if err != nil || len(latest) != 1 || latest[0].Status != Published {
		t.Errorf("Latest is %v, %v, want the published one", latest, err)
	}
	newest, err := s.Newest(t.Context(), 1, 10)
	if err != nil || len(newest) != 1 || newest[0].Status != Published {
		t.Errorf("Newest is %v, %v, want the published one", newest, err)
	}
}

// Only who may decide reads a comment to decide about, and only on their site.
func TestToDecideAsksForTheRight(t *testing.T) {
	s := &Service{Store: everyStatus()}
	for _, c := range []struct {
		name string
		who  Actor
		site ID
		want error
	}{
		{"nobody", Actor{}, 1, ErrSignedOut},
		{"a member", Actor{Account: 5, Role: Member}, 1, ErrRole},
		{"staff", Actor{Account: 5, Role: Staff}, 1, ErrRole},
		{"a moderator", Actor{Account: 5, Role: Moderator}, 1, nil},
		{"a moderator of another site", Actor{Account: 5, Role: Moderator}, 2, ErrNotFound},
	} {
		one, _, err := s.ToDecide(t.Context(), Site{ID: c.site}, c.who, 2)
		if err != c.want {
			t.Errorf("%s: %v, want %v", c.name, err, c.want)
		}
		if err != nil && one.ID != 0 {
			t.Errorf("%s is refused and given comment %v", c.name, one.ID)
		}
	}
}

// Who is further than the thread, or has missed what is gone, starts anew.
func TestEventsSinceSaysWhatIsMissing(t *testing.T) {
	s := &Service{Store: everyStatus()}
	for _, c := range []struct {
		seq, after int64
		want       bool
	}{{0, 0, true}, {3, 3, true}, {3, 4, false}, {3, 1, false}} {
		if _, complete, err := s.EventsSince(t.Context(), Thread{Seq: c.seq}, c.after); complete != c.want || err != nil {
			t.Errorf("at %d after %d: %v, %v, want %v", c.seq, c.after, complete, err, c.want)
		}
	}
}
