package discuss

import (
	"context"
	"net/netip"
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
	// Queue returns one page of a moderation list in the order asked for.
	Queue(ctx context.Context, q QueueQuery) ([]Queued, error)
	// QueueCounts returns how many stand in each list, counting no further than MaxQueueCount.
	QueueCounts(ctx context.Context, site ID) (map[QueueState]int, error)
	// OpenReports returns what readers said of comments, at most MaxReportsShown of each, oldest first.
	OpenReports(ctx context.Context, comments []ID) (map[ID][]Report, error)
	// OpenNotices returns the notices of illegal content that nobody has answered, at most MaxReportsShown of each comment, oldest first.
	OpenNotices(ctx context.Context, comments []ID) (map[ID][]Notice, error)
	People(ctx context.Context, q PeopleQuery, now time.Time) ([]Person, error)
	// PersonByID reads one author with everything that moderators may know.
	PersonByID(ctx context.Context, site, id ID) (Person, error)
	// Decided is what was decided about an author of late: the part of a Record that says whether they are demoted.
	Decided(ctx context.Context, author ID) (Record, error)
	// UnreadWarnings are those that a person has not acknowledged, oldest first.
	UnreadWarnings(ctx context.Context, author ID) ([]Note, error)
	Bans(ctx context.Context, q BansQuery) ([]Ban, error)
	Threads(ctx context.Context, q ThreadQuery) ([]Listed, error)
	// AnyDue reports whether ThreadsDue would list any.
	AnyDue(ctx context.Context, site ID, now, created time.Time) (bool, error)
	// Find searches the comments of a site, newest first.
	Find(ctx context.Context, q FindQuery) ([]Queued, error)
	// NoticeByReceipt says what became of a notice: "" while it is open.
	NoticeByReceipt(ctx context.Context, site ID, receipt string) (outcome string, err error)
	// PolicyOf reads the newest words and rules of a site; none is version 0.
	PolicyOf(ctx context.Context, site ID) (Policy, error)
	AuditPage(ctx context.Context, q AuditQuery) ([]AuditLine, error)
	// RecentTexts returns the newest comments of a site, newest first, without the removed by their authors.
	RecentTexts(ctx context.Context, site ID, limit int) ([]Comment, error)
	// Overlay returns what is the person's own on a thread.
	Overlay(ctx context.Context, author ID, thread ID) (Overlay, error)
	// Revisions returns at most MaxRevisions earlier texts, newest first; public ones only, or all.
	Revisions(ctx context.Context, comment ID, all bool) ([]Revision, error)
	// SaidPage is what the first waiting comment of a thread that has no name says of its page: for
	// moderators. ErrNotFound if none says anything.
	SaidPage(ctx context.Context, thread ID) (PageName, error)
	// Remembered is Tx.Recall outside a write.
	Remembered(ctx context.Context, site ID, actor, key string) (Remembered, bool, error)

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
	// NameThread gives a thread the address and title that a comment, or 0 for
	// staff, says it has, where it has none or by nobody's word; "" leaves it.
	NameThread(id, by ID, p PageName) error
	// UnnameThread takes a comment's word back: another's stands in its place,
	// or what it said until the next one, or nothing where nothing is public.
	UnnameThread(id, comment ID) error
	// KeepPage notes what a comment says of its page; KeptPage reads it.
	KeepPage(comment, thread ID, p PageName) error
	KeptPage(comment ID) (PageName, error)
	Comment(id ID) (Comment, error)
	InsertComment(c Comment) error
	// MarkGuest notes the hash of what the browser of a guest's comment holds.
	MarkGuest(comment ID, mark []byte) error
	SetText(id ID, body, html string, at time.Time) error
	// AddRevision keeps a text that is being replaced; public says that readers could see it.
	AddRevision(id ID, body, html string, at time.Time, public bool) error
	// TakeRevisions keeps the earlier texts of a comment from readers, those that are not kept from them already.
	TakeRevisions(id ID, at time.Time) error
	// ReturnRevisions undoes what TakeRevisions did at that time.
	ReturnRevisions(id ID, at time.Time) error
	// SetStatus changes the status and every counter that follows from it:
	// the parent's replies, the thread's count, what is in view.
	SetStatus(id ID, to Status) error
	// AddEvent gives e the thread's next sequence number and its count.
	AddEvent(e Event) (Event, error)

	// SetVote records v in {-1, 0, 1} and returns the tally with it.
	SetVote(comment, author ID, v int) (up, down int, err error)
	// AddReport counts one report per person; a second one changes nothing.
	// counts is false for a reporter who hides nothing.
	AddReport(comment, reporter ID, reason, note string, weight float64, counts bool, network []byte) (Reported, error)
	// CloseReports ends the open reports and says whether the decision agreed with them.
	CloseReports(comment ID, agreed bool) (reporters []ID, err error)
	AddNotice(site, comment ID, n Notice) (receipt string, err error)
	// Audit writes one row of the audit log.
	Audit(e Entry) error
	// Hint is told to the site's moderators once the transaction is durable.
	Hint(h Hint)

	Thread(id ID) (Thread, error)
	// Record is what is known of an author; thread and likeness may be 0.
	Record(a Author, thread ID, likeness int64) (Record, error)
	// Burst is how many comments a thread has got in the last minute, counted as far as most.
	Burst(thread ID, most int) (int, error)
	// Banned finds a ban that keeps this person from writing.
	Banned(site, author, account ID, ip netip.Addr) (Ban, bool, error)
	// SeenOn notes the network an author posts from.
	SeenOn(author ID, hash []byte, prefix string) error
	// Judged reads a comment's trace, and whether a person has decided about the text that stands there now.
	Judged(id ID) (t Trace, decided bool, err error)
	// SetJudgement replaces trace and risk; a likeness of 0 is left as it was.
	SetJudgement(id ID, t Trace, risk float64, likeness int64) error
	// Objections are what readers hold against a comment.
	Objections(id ID) (Objections, error)
	SetFeatured(id ID, on bool) error
	// SetDecided notes who decided and why, and returns what stood there.
	SetDecided(id, decider ID, reason string) (decided int64, was ID, why string, err error)
	// Decided is when and by whom a comment was last decided about; zero if by nobody.
	Decided(id ID) (at time.Time, by ID, err error)
	// LastAct is by whom, by name, and when a comment was last moved; "" for the
	// program itself, ErrNotFound if nothing has moved it.
	LastAct(id ID) (by string, at time.Time, err error)
	PutUndo(site, account ID, b []Before, until time.Time) (token string, err error)
	// TakeUndo ends an undo that is still good; another person's is ErrNotFound.
	TakeUndo(site, account ID, token string) ([]Before, error)
	// Reopen gives back what a decision closed and takes its notices away.
	Reopen(b Before) error
	// PutPolicy adds a version made from base; ErrState if base is not the newest.
	PutPolicy(site ID, base int64, p Policy) (version int64, err error)
	PutSite(s Site) error

	AuthorByID(id ID) (Author, error)
	PutBan(b Ban) (ID, error)
	// BanByID reads a ban that has not been lifted.
	BanByID(id ID) (Ban, error)
	// LiftBans ends the bans of a person that a site has set; 0 stands for those of every site.
	LiftBans(site, author ID) (n int, err error)
	// LiftSame ends an earlier ban of the same domain or range on the same site.
	LiftSame(b Ban) error
	LiftBan(id ID) error
	RecentOf(author ID, since time.Time, limit int) ([]Comment, error)
	SetTrust(author ID, level Level) (was Level, err error)
	AddNote(n Note, writer ID) error
	UnreadWarnings(author ID) ([]Note, error)
	// ReadWarning notes that a person has acknowledged one of theirs; first is false if they had before.
	ReadWarning(author, id ID) (first bool, err error)
	// Admins counts those of a site who have an account.
	Admins(site ID) (int, error)
	SetRole(author ID, role Role) error
	// UpdateThread writes what a moderator or a date has changed of a thread.
	UpdateThread(t Thread) error
	// Aliases are a thread's further keys.
	Aliases(thread ID) ([]string, error)
	SetAliases(site, thread ID, keys []string) error
	// ThreadsDue lists open threads whose own date is past, or without one older than created; a bounded number.
	ThreadsDue(site ID, now, created time.Time) ([]Thread, error)
	// WithdrawReport takes a person's open report back.
	WithdrawReport(comment, reporter ID) error
	Enqueue(j Job) error
	EnqueueLater(j Job) (ID, error)
	// Waiting owes the moderators of a site a message that something waits; one at a time.
	Waiting(site ID) error

	Author(site, account ID, name string) (Author, error) // finds or makes the membership
	Guest(site ID, name string) (Author, error)
	NameTaken(site ID, skeleton string) (bool, error)

	KeepingTx
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
	Parent ID     // with it: the direct replies of that comment, oldest first
	After  Cursor // zero for the first page
	Limit  int
}

// QueueState selects a moderation list.
type QueueState string

// The lists. QueueAll holds what waits for a person: pending comments,
// published ones with open reports, and spam that nobody has looked at.
const (
	QueueAll      QueueState = "all"
	QueueDecided  QueueState = "decided"
	QueuePending  QueueState = "pending"
	QueueReported QueueState = "reported"
	QueueSpam     QueueState = "spam"
	QueueRejected QueueState = "rejected"
	QueueDeleted  QueueState = "deleted"
)

// QueueStates lists them.
var QueueStates = []QueueState{QueueAll, QueuePending, QueueReported, QueueSpam, QueueRejected, QueueDeleted, QueueDecided}

// Orders of a moderation list: the most urgent or the oldest first, and for
// what is over the newest.
const (
	OrderUrgent = "urgent"
	OrderOldest = "oldest"
	OrderNewest = "newest"
)

// MaxQueueCount is where counting stops: more than that is "many".
const MaxQueueCount = 1000

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
	From, To time.Time
	After    Cursor
	Limit    int
}

// Queued is a comment in a moderation list with what a decision needs.
type Queued struct {
	Comment
	Place   float64
	Weight  float64 // of the open reports
	Decided time.Time
	Decider string // name
	Reason  string // of the decision
	Quote   string // how the parent's text begins, as canonical HTML
	Known   Known  // the author
}

// Known is an author as the inbox shows one.
type Known struct {
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
	Pending []Comment
	Mine    []ID
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
}

// MaxReportsShown is how many reports of one comment a moderator is given.
const MaxReportsShown = 50
