package discuss

import (
	"strings"
	"time"
)

// Archive is what moves between systems: threads, the people who wrote, and
// their comments, found by the ids that the other side gave them.
type Archive struct {
	Source   string // the format: with a foreign id it says where a row came from
	Threads  []ArchiveThread
	People   []ArchivePerson
	Comments []ArchiveComment // a parent stands before its replies once arranged
	Skipped  []Skipped        // what could not be taken, or not as it was
}

// ArchiveThread is one page's discussion. Key is unique in an archive.
type ArchiveThread struct {
	Foreign string
	Key     string
	URL     string
	Title   string
	State   ThreadState
	Aliases []string // other keys that lead here
	Created time.Time

	Reactions Reactions // to the page
}

// ArchivePerson is somebody who wrote. No address and no password ever moves.
type ArchivePerson struct {
	Foreign string
	Name    string
	Marks   [][]byte // keyed hashes of what they can prove to be theirs; no export has them
}

// ArchiveComment is one comment. Thread and Person are foreign ids; Parent is
// "" for a root.
type ArchiveComment struct {
	Foreign  string
	Thread   string
	Parent   string
	Person   string
	Body     string
	HTML     string // safe
	Status   Status
	Created  time.Time
	Edited   time.Time // zero if never
	Up, Down int
	Featured bool
	Pinned   bool

	Reactions Reactions
}

// Skipped is a row that was not taken as it stood, and why.
type Skipped struct{ ID, Why string }

// Moved counts the rows that an import added, or would add.
type Moved struct{ Threads, Comments, People int }

// Reason is why, without what differs from row to row: that stands behind a colon.
func (s Skipped) Reason() string {
	why, _, _ := strings.Cut(s.Why, ": ")
	return why
}

// Plus is m with what more counts.
func (m Moved) Plus(more Moved) Moved {
	return Moved{m.Threads + more.Threads, m.Comments + more.Comments, m.People + more.People}
}

// Less is m without what before counts.
func (m Moved) Less(before Moved) Moved {
	return Moved{m.Threads - before.Threads, m.Comments - before.Comments, m.People - before.People}
}
