package discuss

import (
	"context"
	"time"
)

// Store is where everything lives. What a method cannot find is ErrNotFound.
type Store interface {
	// Update runs fn in a transaction and returns once it is durable. It is the
	// only way to write. fn must not keep tx, and may be given nothing that
	// ends with the request: its writes are never cancelled half-way.
	Update(ctx context.Context, fn func(tx Tx) error) error

	SiteByKey(ctx context.Context, key string) (Site, error)
	ThreadByKey(ctx context.Context, site ID, key string) (Thread, error)
	ThreadByID(ctx context.Context, id ID) (Thread, error)
	// List returns at most limit comments in view after the cursor, in order.
	List(ctx context.Context, q ListQuery) ([]Comment, error)
	// FirstReplies returns for each parent its first per replies in view, oldest first.
	FirstReplies(ctx context.Context, parents []ID, per int) ([]Comment, error)
	CommentByID(ctx context.Context, id ID) (Comment, error)
	// Ancestors returns the comments above id, root first.
	Ancestors(ctx context.Context, id ID) ([]Comment, error)
	// Counts returns the published comments of each known key; unknown keys are absent.
	Counts(ctx context.Context, site ID, keys []string) (map[string]int, error)
	// EventsAfter returns at most limit events in order; complete is false where
	// older ones than the first have been dropped.
	EventsAfter(ctx context.Context, thread ID, after int64, limit int) (events []Event, complete bool, err error)
	Latest(ctx context.Context, site ID, limit int) ([]Comment, error)
	// Queue returns comments of a site in a moderation state, oldest first.
	Queue(ctx context.Context, site ID, state QueueState, after Cursor, limit int) ([]Comment, error)
	// OpenReports returns what readers said of a comment, at most MaxReportsShown, oldest first.
	OpenReports(ctx context.Context, comment ID) ([]Report, error)
	// Overlay returns what is the person's own on a thread.
	Overlay(ctx context.Context, author ID, thread ID) (Overlay, error)
	Revisions(ctx context.Context, comment ID) ([]Revision, error)

	Keeping
}

// Tx is the inside of one Update. Reads see the transaction's own writes.
type Tx interface {
	Now() time.Time
	NextID() ID

	Recall(site ID, actor, key string) (Remembered, bool, error)
	Remember(site ID, actor, key string, r Remembered) error

	Site(id ID) (Site, error)
	ThreadForUpdate(site ID, key string) (Thread, error)
	InsertThread(t Thread) error
	Comment(id ID) (Comment, error)
	InsertComment(c Comment) error
	SetText(id ID, body, html string, at time.Time) error
	AddRevision(id ID, body, html string, at time.Time) error
	// SetStatus changes the status and every counter that follows from it:
	// the parent's replies, the thread's count, what is in view.
	SetStatus(id ID, to Status) error
	// AddEvent gives e the thread's next sequence number and its count.
	AddEvent(e Event) (Event, error)

	// SetVote records v in {-1, 0, 1} and returns the tally with it.
	SetVote(comment, author ID, v int) (up, down int, err error)
	// AddReport counts one report per person; a second one changes nothing.
	AddReport(comment, reporter ID, reason, note string) error
	CloseReports(comment ID) error
	Audit(site, actor ID, action string, comment ID, reason, note string) error

	Author(site, account ID, name string) (Author, error) // finds or makes the membership
	Guest(site ID, name string) (Author, error)
	NameTaken(site ID, skeleton string) (bool, error)

	KeepingTx
}

// Remembered is the first answer to an idempotency key.
type Remembered struct {
	Digest []byte // of the request's body
	Answer []byte
}

// ListQuery asks for one page of a thread.
type ListQuery struct {
	Thread ID
	View   View
	Sort   Sort
	Parent ID     // with it: the direct replies of that comment, oldest first
	After  Cursor // zero for the first page
	Limit  int
}

// QueueState selects a moderation list.
type QueueState string

// The lists. QueueReported holds published comments with open reports.
const (
	QueuePending  QueueState = "pending"
	QueueReported QueueState = "reported"
	QueueSpam     QueueState = "spam"
	QueueRejected QueueState = "rejected"
	QueueDeleted  QueueState = "deleted"
)

// Overlay is what one person sees differently on a thread.
type Overlay struct {
	Votes   map[ID]int
	Pending []Comment
	Mine    []ID
}

// Revision is a text that a comment had before.
type Revision struct {
	HTML string
	At   time.Time // when it was replaced
}

// Report is a reader's word against a comment.
type Report struct {
	Reason, Note string
	At           time.Time
}

// MaxReportsShown is how many reports of one comment a moderator is given.
const MaxReportsShown = 50
