package discuss

import (
	"net/netip"
	"time"
)

// Reader is what a Step decides by: one moment of the store, in which nothing
// changes but by the steps of the same write. What it cannot find is ErrNotFound.
type Reader interface {
	Moment
	ThreadReader
	MergeReader
	ClaimReader
	CommentReader
	DecisionReader
	ReportReader
	PersonReader
	BanReader
	SiteReader
	ImageReader
}

// Moment is the time of a write and a source of fresh ids.
type Moment interface {
	Now() time.Time // the same throughout, in whole milliseconds
	NextID() ID
}

// ThreadReader reads threads.
type ThreadReader interface {
	Thread(id ID) (Thread, error)
	// ThreadByKey finds a thread by its key or by one of its aliases.
	ThreadByKey(site ID, key string) (Thread, error)
	// Aliases are a thread's further keys, in order.
	Aliases(thread ID) ([]string, error)
	// KeyTaken reports whether a key leads to another thread than this one.
	KeyTaken(site, thread ID, key string) (bool, error)
	// ThreadsDue lists open threads whose own date is past, or without one older than created; a bounded number.
	ThreadsDue(site ID, now, created time.Time) ([]Thread, error)
	// Followed reports whether anybody follows the whole thread.
	Followed(thread ID) (bool, error)
	// Burst is how many comments a thread has got in the last minute, counted as far as most.
	Burst(thread ID, most int) (int, error)
}

// CommentReader reads comments, in whatever state.
type CommentReader interface {
	Comment(id ID) (Comment, error)
	// KeptPage is what KeepPage noted.
	KeptPage(comment ID) (PageName, error)
	// VoteOf is a person's vote on a comment; 0 is none.
	VoteOf(comment, author ID) (int, error)
	// HasReacted reports whether a person has reacted to a comment in one way, HasReactedToPage to a page.
	HasReacted(comment, author ID, name string) (bool, error)
	HasReactedToPage(thread, author ID, name string) (bool, error)
	// PageReactions are those to a thread's page.
	PageReactions(thread ID) (Reactions, error)
	// Pinned is how many comments of a thread are pinned.
	Pinned(thread ID) (int, error)
	// Redacted reports whether a moderator has taken words out of a comment.
	Redacted(comment ID) (bool, error)
	// Withdrawn returns the status that a comment had before its author deleted it and when
	// that was; ErrNotFound if it was not the author.
	Withdrawn(comment ID) (Status, time.Time, error)
	// RecentOf returns a person's comments since a time, newest first.
	RecentOf(author ID, since time.Time, limit int) ([]Comment, error)
	// Recall returns the first answer to an idempotency key, if there was one.
	Recall(site ID, actor, key string) (Remembered, bool, error)
}

// DecisionReader reads what was judged and decided about comments.
type DecisionReader interface {
	// Judged reads a comment's trace, and whether a person has decided about the text that stands there now.
	Judged(id ID) (t Trace, decided bool, err error)
	// Decided is the last decision about a comment; the zero value if there was none.
	Decided(id ID) (Decided, error)
	// LastAct is by whom, by name, and when a comment was last moved; "" for the
	// program itself, ErrNotFound if nothing has moved it.
	LastAct(id ID) (by string, at time.Time, err error)
	// Undo reads what PutUndo kept, while it is good; another person's is ErrNotFound.
	Undo(site, account ID, token string) ([]Before, error)
}

// Decided is when, by whom and why a comment was last decided about.
type Decided struct {
	At     time.Time
	By     ID // 0 if gone
	Reason string
	Since  time.Time // since when it waited for that, or waits now; zero if it never did
}

// ReportReader reads what readers hold against comments.
type ReportReader interface {
	// Objections are what is open against a comment.
	Objections(id ID) (Objections, error)
	// HasReported says whether a person has reported a comment before.
	HasReported(comment, reporter ID) (bool, error)
	// Reported is how a comment stands with its readers.
	Reported(comment ID) (Reported, error)
	// OpenReporters are those whose reports of a comment are open.
	OpenReporters(comment ID) ([]ID, error)
	// OpenReportsBy are comments that a person's open reports are about.
	OpenReportsBy(reporter ID) ([]ID, error)
	// DiscountedUntil is until when a person's reports count for nothing; zero: they count.
	DiscountedUntil(reporter ID) (time.Time, error)
}

// PersonReader reads the people of a site.
type PersonReader interface {
	AuthorByID(id ID) (Author, error)
	// Member is an account's membership of a site.
	Member(site, account ID) (Author, error)
	// AvatarOf is the id of an account's picture; "" for a drawn one.
	AvatarOf(account ID) (string, error)
	// Guest is the author of what a browser writes under that name; an empty mark is
	// that of no browser.
	Guest(site ID, name, mark string) (Author, error)
	// Team is the author of what staff write under a name of their team.
	Team(site ID, name string) (Author, error)
	// BadgesOf are an author's below the page of a thread's key, once so many more of theirs are published.
	BadgesOf(a Author, key string, more int) (Badges, error)
	// NameTaken reports whether a member of the site has a name with this skeleton.
	NameTaken(site ID, skeleton string) (bool, error)
	// CalledOn is the member of a site whose name has this skeleton; of several, one.
	CalledOn(site ID, skeleton string) (Author, error)
	// MentionsOf are those whom a comment names, by the skeleton of the name that they were found for.
	MentionsOf(comment ID) (map[string]ID, error)
	// Record is what is known of an author, little of one whom this write makes; thread and fingerprint may be 0.
	Record(a Author, thread ID, fingerprint int64) (Record, error)
	// TrustOf is the level that a person never falls under.
	TrustOf(author ID) (Level, error)
	// UnreadWarnings are those that a person has not acknowledged, oldest first.
	UnreadWarnings(author ID) ([]Note, error)
	// WarningRead reports whether a person has acknowledged one of theirs.
	WarningRead(author, warning ID) (bool, error)
	// IsOperator reports whether an account runs the whole server.
	IsOperator(account ID) (bool, error)
	// Admins counts those of a site who have an account.
	OtherAdmins(site, author ID) (bool, error) // one who can sign in, and will
	Gone(account ID) (bool, error)             // switched off, or to be erased
}

// BanReader reads bans that have not been lifted.
type BanReader interface {
	// Banned finds a ban that keeps this person from writing.
	Banned(site, author, account ID, mark string, ip netip.Addr) (Ban, bool, error)
	BanByID(id ID) (Ban, error)
	// BansOn counts the bans of a person that a site has set; 0 stands for those of every site.
	BansOn(site, author ID) (int, error)
}

// SiteReader reads a site and what it has versions of.
type SiteReader interface {
	Site(id ID) (Site, error)
	// SiteKeyTaken reports whether there is a site with a key.
	SiteKeyTaken(key string) (bool, error)
	// PolicyVersion is the newest of a site's words and rules; 0 if there are none.
	PolicyVersion(site ID) (int64, error)
	// StandardsVersion is the newest of a site's community standards; 0 if there are none.
	StandardsVersion(site ID) (int, error)
	// Agreed reports whether an account has accepted that, or is one that a site's own sign-on speaks for.
	Agreed(as Agree) (bool, error)
}

// member finds the actor's membership of a site, or has it made.
func member(r Reader, ch *Changes, site Site, who Actor) (Author, error) {
	a, err := r.Member(site.ID, who.Account)
	if KindOf(err) != NotFound {
		return a, err
	}
	a = Author{ID: r.NextID(), SiteID: site.ID, Account: who.Account, Name: who.Name, Role: Member}
	if a.Avatar, err = r.AvatarOf(who.Account); err != nil {
		return a, err
	}
	ch.Add(NewMember{a})
	return a, nil
}
