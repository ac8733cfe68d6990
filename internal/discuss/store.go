package discuss

import (
	"context"
	"time"
)

// Store is where everything lives. What a method cannot find is ErrNotFound.
type Store interface {
	// Write makes what a step decides, and returns once it is durable: all of it,
	// or nothing and the step's error. It is the only way to write. The step
	// must not keep its reader, and may be given nothing that ends with the
	// request: what is written is never cancelled half-way.
	Write(ctx context.Context, decide Step) error

	SiteStore
	ThreadStore
	MergeStore
	ClaimStore
	CommentStore
	SearchStore
	QueueStore
	PersonStore
	ImageStore
	NotificationStore
}

// SiteStore reads sites and what they have versions of.
type SiteStore interface {
	SiteByKey(ctx context.Context, key string) (Site, error)
	SiteByID(ctx context.Context, id ID) (Site, error)
	// PolicyOf reads the newest words and rules of a site; none is version 0.
	PolicyOf(ctx context.Context, site ID) (Policy, error)
	// Standards returns the newest version; ErrNotFound if there is none.
	Standards(ctx context.Context, site ID) (Standards, error)
	// Agreed reports whether an account has accepted that, or is one that a site's own sign-on speaks for.
	Agreed(ctx context.Context, as Agree) (bool, error)
	// SettingChanges says who changed which setting of a site last.
	SettingChanges(ctx context.Context, site ID) ([]SettingChange, error)
	Bans(ctx context.Context, q BansQuery) ([]Ban, error)
	// BanReach counts whom a ban of a domain or a range would meet, no further than MaxBanReach.
	BanReach(ctx context.Context, site ID, b Ban) (int, error)
	AuditPage(ctx context.Context, q AuditQuery) ([]AuditLine, error)
}

// ThreadStore reads threads and their events.
type ThreadStore interface {
	ThreadByKey(ctx context.Context, site ID, key string) (Thread, error)
	ThreadByID(ctx context.Context, id ID) (Thread, error)
	Threads(ctx context.Context, q ThreadQuery) ([]Listed, error)
	// Counts returns the published comments of each known key; unknown keys are absent.
	Counts(ctx context.Context, site ID, keys []string) (map[string]int, error)
	ImportedComment(ctx context.Context, site ID, thread string, sources []string, foreign string) (ID, error)
	// EventsAfter returns at most limit events in order; complete is false where
	// older ones than the first have been dropped.
	EventsAfter(ctx context.Context, thread ID, after int64, limit int) (events []Event, complete bool, err error)
	// ThreadsByAge returns pages of a site after a place, oldest first.
	ThreadsByAge(ctx context.Context, q RemapQuery) ([]Thread, error)
	// AnyDue reports whether ThreadsDue would list any.
	AnyDue(ctx context.Context, site ID, now, created time.Time) (bool, error)
	// SaidPage is what the first waiting comment of a thread that has no name says of its page: for
	// moderators. ErrNotFound if none says anything.
	SaidPage(ctx context.Context, thread ID) (PageName, error)
}

// CommentStore reads comments as readers see them.
type CommentStore interface {
	// List returns at most limit comments in view after the cursor, in order.
	List(ctx context.Context, q ListQuery) ([]Comment, error)
	// Leading returns what stands above a thread's list: pinned comments, and with picks the newest
	// MaxLeading picks that begin a branch.
	Leading(ctx context.Context, thread ID, picks bool) ([]Comment, error)
	// Picks returns a thread's published picks after the cursor, newest first.
	Picks(ctx context.Context, thread ID, after Cursor, limit int) ([]Comment, error)
	// HasPicks reports whether Picks would return any.
	HasPicks(ctx context.Context, thread ID) (bool, error)
	// FirstReplies returns for each parent its first per replies in view, oldest first.
	FirstReplies(ctx context.Context, parents []ID, per int) ([]Comment, error)
	CommentByID(ctx context.Context, id ID) (Comment, error)
	// Ancestors returns the comments above id, root first.
	Ancestors(ctx context.Context, id ID) ([]Comment, error)
	Latest(ctx context.Context, site ID, limit int) ([]Comment, error)
	// RecentTexts returns the newest comments of a site, newest first, without the removed by their authors.
	RecentTexts(ctx context.Context, site ID, limit int) ([]Comment, error)
	// Overlay returns what is the person's own on a thread.
	Overlay(ctx context.Context, author ID, thread ID, now time.Time) (Overlay, error)
	// RemovedOf returns what moderators have removed of an account's, newest first.
	RemovedOf(ctx context.Context, account ID, limit int) ([]RemovedComment, error)
	// Revisions returns at most MaxRevisions earlier texts, newest first; public ones only, or all.
	Revisions(ctx context.Context, comment ID, all bool) ([]Revision, error)
	// Remembered is CommentReader.Recall outside a write.
	Remembered(ctx context.Context, site ID, actor, key string) (Remembered, bool, error)
}

// QueueStore reads what moderators decide about.
type QueueStore interface {
	// Queue returns one page of a moderation list in the order asked for.
	Queue(ctx context.Context, q QueueQuery) ([]Queued, error)
	// QueueCounts returns how many stand in each list.
	QueueCounts(ctx context.Context, site ID) (map[QueueState]int, error)
	// NewCount counts what was published after a time, no further than MaxQueueCount.
	NewCount(ctx context.Context, site ID, after time.Time) (int, error)
	// LookedAt is until when a member of staff has read what is new; zero if they never did.
	LookedAt(ctx context.Context, author ID) (time.Time, error)
	// Find searches the comments of a site, newest first.
	Find(ctx context.Context, q FindQuery) ([]Queued, error)
	AlikeThreads(ctx context.Context, site ID, since time.Time, limit int) ([]Alike, error)
	// OpenReports returns what readers said of comments, at most MaxReportsShown of each, oldest first.
	OpenReports(ctx context.Context, comments []ID) (map[ID][]Report, error)
	// OpenNotices returns the notices of illegal content that nobody has answered, at most MaxReportsShown of each comment, oldest first.
	OpenNotices(ctx context.Context, comments []ID) (map[ID][]Notice, error)
	// NoticeByReceipt says what became of a notice: "" while it is open.
	NoticeByReceipt(ctx context.Context, site ID, receipt string) (outcome string, err error)
}

// PersonStore reads the people of a site.
type PersonStore interface {
	People(ctx context.Context, q PeopleQuery, now time.Time) ([]Person, error)
	// PersonByID reads one author with everything that moderators may know.
	PersonByID(ctx context.Context, site, id ID) (Person, error)
	// AuthorByID finds a person on a site.
	AuthorByID(ctx context.Context, id ID) (Author, error)
	// Decided is what was decided about an author of late: the part of a Record that says whether they are demoted.
	Decided(ctx context.Context, author ID) (Record, error)
	// BanOf is what keeps a member from writing on a site; nil where nothing does.
	BanOf(ctx context.Context, site, author, account ID, now time.Time) (*Ban, error)
	// UnreadWarnings are those that a person has not acknowledged, oldest first.
	UnreadWarnings(ctx context.Context, author ID) ([]Note, error)
	// Follows returns what the person follows on a thread: 0 for all of it, else comments.
	Follows(ctx context.Context, author, thread ID) ([]ID, error)
	// ArticleAuthors are who wrote the pages of threads, by their keys.
	ArticleAuthors(ctx context.Context, site ID, keys []string) (map[string][]Author, error)
	// CardOf is a person as a name leads to, whether or not they have published anything.
	CardOf(ctx context.Context, id ID) (Card, error)
	// PublishedBy are a person's newest public comments, with where they stand.
	PublishedBy(ctx context.Context, author ID, limit int) ([]RemovedComment, error)
	// Mutes returns whom the person does not want to read, at most MaxMutes.
	Mutes(ctx context.Context, author ID) ([]ID, error)
}

// Remembered is the first answer to an idempotency key.
type Remembered struct {
	Digest  []byte // of the request's body
	Comment ID
}

// ListQuery asks for one page of a thread.
type ListQuery struct {
	Thread ID
	View   View
	Sort   Sort
	Picks  bool   // the newest picks that begin a branch stand before the others
	Parent ID     // with it: the direct replies of that comment, oldest first
	After  Cursor // zero for the first page
	Limit  int
}

// QueueState selects a moderation list.
type QueueState string

// The lists. QueueAll holds what waits for a person: pending comments,
// published ones with open reports, and spam that nobody has looked at, which
// QueueUnseen holds alone. QueueNew is everything that is public, QueueRefused
// what was rejected or marked as spam, by people or by itself, and waits for nobody.
const (
	QueueAll      QueueState = "all"
	QueueDecided  QueueState = "decided"
	QueuePending  QueueState = "pending"
	QueueReported QueueState = "reported"
	QueueSpam     QueueState = "spam"
	QueueRejected QueueState = "rejected"
	QueueDeleted  QueueState = "deleted"
	QueueNew      QueueState = "new"
	QueueUnseen   QueueState = "unseen"
	QueueRefused  QueueState = "refused"
)

// QueueStates lists them.
var QueueStates = []QueueState{QueueAll, QueuePending, QueueReported, QueueSpam, QueueRejected, QueueDeleted, QueueDecided, QueueNew, QueueUnseen, QueueRefused}

// ByCreation reports whether a list is given by when its comments were written,
// newest first, and in no other order.
func (s QueueState) ByCreation() bool {
	switch s {
	case QueueSpam, QueueRejected, QueueDeleted, QueueNew, QueueUnseen, QueueRefused:
		return true
	}
	return false
}

// Orders of a moderation list: the most urgent or the oldest first, and for
// what is over the newest.
const (
	OrderUrgent = "urgent"
	OrderOldest = "oldest"
	OrderNewest = "newest"
)

// MaxQueueCount is where counting stops: more than that is "many".
const MaxQueueCount = 10_000

// QueueQuery asks for one page of a moderation list.
type QueueQuery struct {
	Site   ID
	State  QueueState
	Order  string
	Check  string // only comments with a finding of this check
	Thread ID     // only of this thread
	Author ID     // only of this author
	After  Cursor
	Limit  int
}

// FindQuery searches the comments of a site.
type FindQuery struct {
	Site     ID
	Text     string // words that must all stand in it
	Status   Status // "" any
	Thread   ID
	Author   ID
	Comment  ID // this one alone
	From, To time.Time
	After    Cursor
	Limit    int

	Reported bool     // that somebody has reported and nobody has answered
	Named    []ID     // whose comments are found too, whatever they say: they are called by what is looked for; the verb's
	Networks [][]byte // hashes of the network that they came from, as ip: names it; the verb's
}

// Queued is a comment in a moderation list with what a decision needs.
type Queued struct {
	Comment
	Place   float64
	Weight  float64   // of the open reports
	Waiting time.Time // since when it waits, or last did; zero if it never did
	Decided time.Time
	Decider string        // name
	Reason  string        // of the decision
	Quote   string        // how the parent's text begins, as canonical HTML
	Summary AuthorSummary // the author
}

// AuthorSummary is an author as the inbox shows one.
type AuthorSummary struct {
	Since     time.Time
	Trust     Level // by hand
	Level     Level
	Published int
	Banned    bool
	Warnings  int
}

// Overlay is what one person sees differently on a thread.
type Overlay struct {
	Votes   map[ID]int
	Reacted map[ID][]string // in which ways, by comment; 0 is the page
	Pending []Comment
	Mine    []ID
	Removed []RemovedComment // by moderators, of late
}

// Removal is what the author of a comment is told of its removal.
type Removal struct {
	Reason string // a clause's key, or what a moderator typed; "" where nobody said
	Public bool   // readers could see it; else it was never published
	At     time.Time
}

// How far the past goes that an author is shown: on a page, and of all of them.
const (
	RemovedOnPage   = 7 * 24 * time.Hour
	MaxRemovedShown = 10
	MaxRemovedOfAll = 50
)

// RemovedComment is a comment that moderators removed, as its author finds it
// again. What its author took away is not among them.
type RemovedComment struct {
	Comment
	Removal
	Title, URL, Key string // of its thread
}

// Revision is a text that a comment had before.
type Revision struct {
	HTML   string
	At     time.Time // when it was replaced
	Public bool      // readers could see it, and nobody has taken it away
}

// MaxRevisions is how many earlier texts of a comment are shown.
const MaxRevisions = 100

// Report is a reader's word against a comment.
type Report struct {
	Reason, Note string
	At           time.Time
	Weight       float64
	Network      int // reports of one network carry one number; 0: none known

	Reporter        ID
	Name            string
	Decided, Upheld int       // earlier reports of theirs about which somebody has decided, and those that were right
	Discounted      time.Time // until when they count for nothing; zero: they count
}

// MaxReportsShown is how many reports of one comment a moderator is given.
const MaxReportsShown = 50
