package discuss

import "time"

// Changes is what a verb has decided to change, in order. The zero value
// changes nothing. A store applies them; nothing else writes.
type Changes []Change

// Add puts changes behind those that are there.
func (ch *Changes) Add(more ...Change) { *ch = append(*ch, more...) }

// Change is one thing that is written, told or owed. The types of this file,
// Event, Entry, Job and Hint are all there are.
type Change interface{ change() }

// Step decides what to change by what stands now. It only reads: what it
// refuses has changed nothing. A store may run a step again, so what it keeps
// outside of itself it sets anew each time.
type Step func(r Reader) (Changes, error)

// Then is a further step of the same write, decided by what the changes before
// it have made. All are durable together, or none of them.
type Then Step

// Changes of threads.
type (
	// NewThread adds a thread.
	NewThread struct{ Thread Thread }
	// NameThread gives a thread the address and title that a comment, or 0 for
	// staff, says it has, where it has none or by nobody's word; "" leaves it.
	NameThread struct {
		Thread, By ID
		Page       PageName
	}
	// UnnameThread takes a comment's word back: another's stands in its place,
	// or what it said until the next one, or nothing where nothing is public.
	UnnameThread struct{ Thread, Comment ID }
	// KeepPage notes what a comment says of its page.
	KeepPage struct {
		Comment, Thread ID
		Page            PageName
	}
	// UpdateThread writes what a moderator or a date has changed of a thread.
	UpdateThread struct{ Thread Thread }
	// SetAliases replaces the further keys of a thread.
	SetAliases struct {
		Site, Thread ID
		Keys         []string
	}
	// Follow begins or ends following a thread, or with a comment the replies to it.
	Follow struct {
		Author, Thread, Comment ID
		On                      bool
	}
	// GuestFollow has an address hear of a thread, or with a comment of the replies
	// to it, once its owner has said yes.
	GuestFollow struct {
		ID, Site, Thread, Comment ID
		Email                     string
	}
)

// Changes of comments.
type (
	// NewComment adds a comment and counts it where it counts. GuestMark is the
	// hash of what the browser of a guest's comment holds; nil of others.
	NewComment struct {
		Comment   Comment
		GuestMark []byte
	}
	// SetText replaces a comment's text.
	SetText struct {
		Comment    ID
		Body, HTML string
		At         time.Time
	}
	// AddRevision keeps a text that is being replaced; Public says that readers
	// could see it.
	AddRevision struct {
		Comment    ID
		Body, HTML string
		At         time.Time
		Public     bool
	}
	// TakeRevisions keeps the earlier texts of a comment from readers, those
	// that are not kept from them already.
	TakeRevisions struct {
		Comment ID
		At      time.Time
	}
	// ReturnRevisions undoes what TakeRevisions did at that time.
	ReturnRevisions struct {
		Comment ID
		At      time.Time
	}
	// SetStatus changes the status and every counter that follows from it: the
	// parent's replies, the thread's count, what is in view.
	SetStatus struct {
		Comment ID
		To      Status
	}
	// SetJudgement replaces trace and risk; a fingerprint of 0 is left as it was.
	SetJudgement struct {
		Comment     ID
		Trace       Trace
		Risk        float64
		Fingerprint int64
	}
	// SetFeatured makes a comment an editor's pick, or no longer one.
	SetFeatured struct {
		Comment ID
		On      bool
	}
	// SetPinned puts a comment above the others of its thread, or no longer.
	SetPinned struct {
		Comment ID
		On      bool
	}
	// SetReaction begins or ends a reaction to a comment, or where that is 0 to the
	// page of a thread. Now is what there is of them after it.
	SetReaction struct {
		Comment, Thread, Author ID
		Name                    string
		On                      bool
		Now                     Reactions
	}
	// SetDecided notes who decides now, and why.
	SetDecided struct {
		Comment, By ID
		Reason      string
	}
	// SetMentions notes whom a comment names, in the place of whom it named before.
	// Whoever was told of it stays told.
	SetMentions struct {
		Comment ID
		People  []Mentioned
	}
	// Withdraw remembers the status that a comment had before its author deleted it.
	Withdraw struct {
		Comment ID
		Was     Status
	}
	// Unwithdraw forgets that: the comment is back.
	Unwithdraw struct{ Comment ID }
	// SetVote records a vote. Up and Down are what it adds to the comment's tally.
	SetVote struct {
		Comment, Thread, Author ID
		Value                   int  // -1, 0 or 1
		Up, Down                int  // -1, 0 or 1
		Counts                  bool // for rank and folding
	}
)

// Changes of what readers and moderators say of comments.
type (
	// NewReport adds a person's first report of a comment. Counts is false for
	// a reporter who hides nothing.
	NewReport struct {
		Comment, Reporter ID
		Reason, Note      string
		Weight            float64
		Counts            bool
		Network           []byte
	}
	// WithdrawReport takes a person's open report back.
	WithdrawReport struct{ Comment, Reporter ID }
	// CloseReports ends the open reports of a comment, says whether the decision
	// agreed with them, and answers its notices.
	CloseReports struct {
		Comment ID
		Agreed  bool
	}
	// DiscountReporter makes a person's reports count for nothing until a time,
	// the open ones among them; the zero time lets them count again.
	DiscountReporter struct {
		Reporter ID
		Until    time.Time
	}
	// NewNotice adds a notice of illegal content, with its receipt.
	NewNotice struct {
		Site, Comment ID
		Notice        Notice
	}
	// Reopen gives back what a decision closed, and takes back the jobs it owed.
	Reopen struct{ Before Before }
	// PutUndo keeps how comments stood, for whoever brings the token.
	PutUndo struct {
		Site, Account ID
		Token         string
		Before        []Before
		Until         time.Time
	}
	// DropUndo ends an undo.
	DropUndo struct{ Token string }
)

// Changes of people.
type (
	// NewMember adds an account's membership of a site.
	NewMember struct{ Author Author }
	// NewGuest adds the author of what guests of a name write.
	NewGuest struct{ Author Author }
	// NewTeam adds the author of what staff write under their team's name.
	NewTeam struct{ Author Author }
	// SeenOn notes the network that an author posts from.
	SeenOn struct {
		Author ID
		Hash   []byte
		Prefix string
	}
	// Looked notes until when a member of staff has read what is new.
	Looked struct {
		Author ID
		Until  time.Time
	}
	// SetTrust sets the level that a person never falls under.
	SetTrust struct {
		Author ID
		Level  Level
	}
	// SetRole gives a person a role.
	SetRole struct {
		Author ID
		Role   Role
	}
	// NewNote adds a note or a warning about a person.
	NewNote struct {
		Note Note
		By   ID
	}
	// ReadWarning notes that a person has acknowledged one of theirs for the first time.
	ReadWarning struct{ Author, Warning ID }
	// Mute folds a person's comments for another, or no longer.
	Mute struct {
		Author, Muted ID
		On            bool
	}
	// Notified puts something into the bell of somebody. One row holds what there is
	// of a comment: Count is how much that is now, and 0 takes it away; only more than
	// before is news. A bell says nothing of what its owner has done.
	Notified struct {
		Author, Comment ID
		Kind            NotificationKind
		Count           int
	}
	// ReadUntil notes how far somebody has read what their bell says on a site; 0 stands for all sites.
	ReadUntil struct{ Account, Site, Until ID }
	// NewBan adds a ban.
	NewBan struct{ Ban Ban }
	// LiftBans ends the bans of a person that a site has set; 0 stands for those of every site.
	LiftBans struct{ Site, Author ID }
	// LiftSame ends an earlier ban of the same domain or range on the same site.
	LiftSame struct{ Ban Ban }
	// LiftBan ends one ban.
	LiftBan struct{ Ban ID }
)

// Changes of a site, and what a request owes beside them.
type (
	// PutSite changes a site.
	PutSite struct{ Site Site }
	// NoteSettings notes who has changed which settings; nobody (0) for a command on the server.
	NoteSettings struct {
		Site, By ID
		Names    []string
	}
	// SetSiteLife notes since when a site is archived and when it will be deleted.
	SetSiteLife struct {
		Site              ID
		Archived, Deletes time.Time
	}
	// NewPolicy adds a version of a site's words and rules.
	NewPolicy struct {
		Site   ID
		Policy Policy
	}
	// NewStandards adds a version of a site's community standards.
	NewStandards struct {
		Site      ID
		Standards Standards
	}
	// Remember keeps the first answer to an idempotency key.
	Remember struct {
		Site       ID
		Actor, Key string
		Answer     Remembered
	}
	// MailWaiting owes the moderators of a site a message that something waits;
	// one at a time.
	MailWaiting struct{ Site ID }
)

func (Then) change()             {}
func (NewThread) change()        {}
func (NameThread) change()       {}
func (UnnameThread) change()     {}
func (KeepPage) change()         {}
func (UpdateThread) change()     {}
func (SetAliases) change()       {}
func (Follow) change()           {}
func (GuestFollow) change()      {}
func (NewComment) change()       {}
func (SetText) change()          {}
func (AddRevision) change()      {}
func (TakeRevisions) change()    {}
func (ReturnRevisions) change()  {}
func (SetStatus) change()        {}
func (SetJudgement) change()     {}
func (SetFeatured) change()      {}
func (SetPinned) change()        {}
func (SetReaction) change()      {}
func (SetDecided) change()       {}
func (Withdraw) change()         {}
func (Unwithdraw) change()       {}
func (SetVote) change()          {}
func (NewReport) change()        {}
func (WithdrawReport) change()   {}
func (CloseReports) change()     {}
func (DiscountReporter) change() {}
func (NewNotice) change()        {}
func (Reopen) change()           {}
func (PutUndo) change()          {}
func (DropUndo) change()         {}
func (NewMember) change()        {}
func (NewGuest) change()         {}
func (NewTeam) change()          {}
func (SeenOn) change()           {}
func (Looked) change()           {}
func (SetTrust) change()         {}
func (SetRole) change()          {}
func (NewNote) change()          {}
func (ReadWarning) change()      {}
func (Mute) change()             {}
func (Notified) change()         {}
func (ReadUntil) change()        {}
func (SetMentions) change()      {}
func (NewBan) change()           {}
func (LiftBans) change()         {}
func (LiftSame) change()         {}
func (LiftBan) change()          {}
func (PutSite) change()          {}
func (NoteSettings) change()     {}
func (SetSiteLife) change()      {}
func (NewPolicy) change()        {}
func (NewStandards) change()     {}
func (Remember) change()         {}
func (MailWaiting) change()      {}
func (Event) change()            {}
func (Entry) change()            {}
func (Job) change()              {}
func (Hint) change()             {}
