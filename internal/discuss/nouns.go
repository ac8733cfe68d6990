package discuss

import "time"

// Status is where a comment stands.
type Status string

// The five statuses. Only published comments are public; a removed one that
// has replies in view stays as a tombstone.
const (
	Published Status = "published"
	Pending   Status = "pending"
	Rejected  Status = "rejected"
	Spam      Status = "spam"
	Deleted   Status = "deleted"
)

// ThreadState says whether a thread takes comments.
type ThreadState string

// Open takes comments and votes, Closed votes and edits only, ReadOnly neither;
// authors may delete what they wrote in each.
const (
	Open     ThreadState = "open"
	Closed   ThreadState = "closed"
	ReadOnly ThreadState = "read_only"
)

// Sort is the order of a list of comments.
type Sort string

// The orders. Ties in SortBest and SortControversial go to the newer.
const (
	SortBest          Sort = "best"
	SortNewest        Sort = "newest"
	SortOldest        Sort = "oldest"
	SortControversial Sort = "controversial"
)

// View is the shape of a list: roots with replies under them, or all in a row.
type View string

// The views.
const (
	ViewThreads View = "threads"
	ViewFlat    View = "flat"
)

// Role is what a person may do on one site; see Actor.May for what each holds.
type Role string

// The roles. An auditor reads all that moderators read and changes nothing;
// staff bear a badge and pick; moderators decide; admins set up.
const (
	Member    Role = "member"
	Auditor   Role = "auditor"
	Staff     Role = "staff"
	Moderator Role = "moderator"
	Admin     Role = "admin"
)

var roleLevel = map[Role]int{Member: 0, Auditor: 0, Staff: 0, Moderator: 1, Admin: 2}

// Valid reports whether r is one of the roles.
func (r Role) Valid() bool { _, ok := roleLevel[r]; return ok }

// AtLeast reports whether r includes the powers of other.
func (r Role) AtLeast(other Role) bool { return r.Valid() && roleLevel[r] >= roleLevel[other] }

// Site is a community with its allowed origins and its settings.
type Site struct {
	ID       ID
	Key      string // as in the embed's site attribute
	Name     string
	Origins  []string // exact scheme://host[:port], lower case
	Settings Settings
	Created  time.Time
	Archived time.Time // since when it is kept for reading alone; zero: it is not
	Deletes  time.Time // when it will be deleted; zero: it will not
}

// Settings are what a site's admins may change without a restart.
type Settings struct {
	Guests       bool     // may write with a name only
	Hold         string   // a Mode: "" or "publish", "newcomers", "guests", "links", "all"
	View         View     // what a new reader sees
	Sort         Sort     // what a new reader sees
	MaxRunes     int      // code points in a comment
	EditSeconds  int      // 0 never, -1 always
	Votes        string   // "updown", "up", "off"
	Reactions    []string // that readers have in the place of votes; none: they vote
	Picks        string   // where editors' picks stand: PicksFirst, PicksTab or PicksPlace
	MaxDepth     int      // shown depth; stored depth has no limit
	Registration bool     // the site's own account can be made
	Standards    string   // "Community standards" link; "" none
	Threads      string   // whose word makes a thread: "" or ThreadsAny, ThreadsFetched, ThreadsAnnounced
	Presence     bool     // readers are shown how many of them there are
	ClosedPaths  []string // paths of pages that take no comments; "/court/*" is all below
	Write        []string // who may write: nobody named is everybody; WriteMembers alone is every account; else tiers
	Subscribe    string   // where somebody gets a tier; "" nowhere
	AskStandards bool     // people accept the standards before they write, and again when they change
	Profiles     bool     // people have pages of their own
	Images       string   // who may upload images: ImagesOff, ImagesTrusted, ImagesMembers
	BlurImages   string   // whose images are behind a veil: BlurNewcomers, BlurAll, BlurNone
	Team         string   // name that members of staff may write under, instead of their own; "" none
	Moderation   Moderation
	SignIn       SignIn
}

// SignIn is what a site decides about its readers' ways in.
type SignIn struct {
	SSOLogin    string // the site's own log-in page, for readers that it signs in itself; "" none
	SSORoles    bool   // the site's tokens may make moderators
	StaffSecond bool   // moderators and admins need a passkey or a second factor
	NoAccounts  bool   // readers are not offered the site's own account, where there is another way in

	Order []string // ids of ways in as readers see them; those that it does not name follow in Parley's own order
}

// Limits and defaults of the settings.
const (
	MinRunes            = 2
	DefaultMaxRunes     = 3000
	DefaultEditSeconds  = 15 * 60
	DefaultMaxDepth     = 6
	MaxMaxDepth         = 20
	DefaultPageSize     = 20
	MaxPageSize         = 100
	MaxCounts           = 100  // threads in one question for counts
	MaxReplayEvents     = 500  // events one answer may carry before it says reset
	InlineReplies       = 3    // direct children that come with their parent
	MaxOnPage           = 1000 // comments on a page; past it deeper replies are fetched when asked for
	MaxTitleRunes       = 300
	MaxKeyBytes         = 2048 // a thread's key, which may be a URL
	MaxIdempotencyBytes = 64
	MaxWays             = 40 // in the order of a site's ways in
	MaxReasonRunes      = 200
	MaxNoteRunes        = 1000
	MaxDecisions        = 500 // decisions in one request
)

// DefaultSettings are what holds where a site says nothing: publish first,
// guests off. A new site says that newcomers wait: see NewSite.
func DefaultSettings() Settings {
	return Settings{
		View: ViewThreads, Sort: SortBest, MaxRunes: DefaultMaxRunes, EditSeconds: DefaultEditSeconds,
		Votes: "updown", Picks: PicksFirst, BlurImages: BlurNewcomers, MaxDepth: DefaultMaxDepth, Registration: true, Presence: true, Moderation: DefaultModeration(),
	}
}

// Thread is all comments of one page.
type Thread struct {
	ID      ID
	SiteID  ID
	Key     string
	URL     string
	Title   string
	State   ThreadState
	Count   int   // published comments
	Seq     int64 // of the last event
	Created time.Time
	Mode    string    // a Mode of its own; "" is the site's
	Slow    int       // seconds between two comments of one author; 0: the site's
	Closes  time.Time // when it closes by itself; zero: as the site says
	Merged  ID        // the thread that its comments are in by now; 0: it is one of its own

	Reactions Reactions // to its page
	Picks     int       // published comments that are picks

	URLFrom, TitleFrom NameSource
}

// Author signed a comment: a person on one site, whether an account's
// membership, a guest, or somebody an importer brought.
type Author struct {
	ID      ID
	SiteID  ID
	Account ID // 0 for guests and imported people
	Name    string
	Role    Role
	Guest   bool
	Mark    string // of a guest: the hash of what their browser holds, where it is one that writes; never shown
	Avatar  string // id of the account's picture; "" for a drawn one
	Unread  int    // warnings that the person has not acknowledged; only of an account's membership

	Tier   string // that the site's tokens say; only of an account's membership
	Badges Badges

	Banned      bool      // the site or the instance keeps the person out; only of an account's membership
	BannedUntil time.Time // with it; zero: for good
}

// BannedAt reports whether a membership's person is kept out at a time.
func (a Author) BannedAt(now time.Time) bool {
	return a.Banned && (a.BannedUntil.IsZero() || now.Before(a.BannedUntil))
}

// Comment is what we know of one comment. Root comments have Parent 0 and
// their own ID as Root.
type Comment struct {
	ID       ID
	SiteID   ID
	ThreadID ID
	Parent   ID
	Root     ID
	Depth    int
	Author   Author
	ToName   string // the name of the parent's author; "" for roots and tombstones
	Body     string // the source, for its author and the moderators
	HTML     string
	Status   Status
	Created  time.Time
	Edited   time.Time // zero if never
	Up, Down int
	Replies  int // published direct replies
	Kids     int // direct replies in view, tombstones included
	Rank     float64
	Branch   float64
	Heat     float64
	Reports  int
	Featured bool
	Pinned   bool // stands above the others of its thread
	Low      bool // folded by members' votes

	Reactions Reactions

	// Written with a new comment; read back by Store.Queue and Store.Traces.
	Risk        float64
	Trace       Trace
	Fingerprint int64
	Network     []byte // keyed hash

	Children []Comment // the first few, where a page was asked for
}

// Tombstone reports whether only the place of c may be shown.
func (c *Comment) Tombstone() bool { return c.Status != Published }

// EventType names a change that readers follow.
type EventType string

// The types that take a sequence number.
const (
	CommentCreated EventType = "comment.created"
	CommentUpdated EventType = "comment.updated"
	CommentRemoved EventType = "comment.removed"
	CommentVotes   EventType = "comment.votes"
	CommentReacted EventType = "comment.reactions"
	ThreadReacted  EventType = "thread.reactions" // to its page
	ThreadUpdated  EventType = "thread.updated"
	ThreadReset    EventType = "reset" // its comments are others: whoever follows it reads it anew
)

// Event is one committed, public change of a thread. It holds ids and numbers,
// never text, so that erasing a text erases it everywhere.
type Event struct {
	ThreadID  ID
	Seq       int64 // per thread, gapless, in commit order
	Type      EventType
	Comment   ID
	Root      ID
	Parent    ID
	Count     int       // published comments of the thread after the change
	Up, Down  int       // with CommentVotes
	Reactions Reactions // with CommentReacted and ThreadReacted; as they are now, not as they were
	At        time.Time
}

// In is where it happened, for whoever hands events on.
func (e Event) In() ID { return e.ThreadID }

// Number is the event's in its thread.
func (e Event) Number() int64 { return e.Seq }

// Actor is who asks. The zero Actor is a signed-out reader.
type Actor struct {
	Author   Author // the membership on the site at hand; ID 0 if none yet
	Account  ID
	Role     Role
	Operator bool
	Name     string
}

// SignedIn reports whether the actor has an account.
func (a Actor) SignedIn() bool { return a.Account != 0 }

// Can reports whether the actor has at least role on the site it was made for.
func (a Actor) Can(role Role) bool {
	return a.SignedIn() && (a.Operator || a.Role.AtLeast(role))
}

// RefusedOrigin is a page that wanted to write on a site, or to hear what
// happens there, and is not on its list.
type RefusedOrigin struct {
	Site        ID
	Origin      string
	First, Last time.Time
	Count       int
}

// PageLoad is when pages of a site, other than this server's own, have shown its
// comments: the first time, and of late.
type PageLoad struct {
	Site        ID
	Origin      string // of the page that did so last
	First, Last time.Time
}
