package discuss

import "time"

// ImportState is how far an import has come.
type ImportState string

// The states of an import.
const (
	ImportReading  ImportState = "reading"  // the file is being sent, or read
	ImportReady    ImportState = "ready"    // it was read, and waits for somebody's word
	ImportApplying ImportState = "applying" // its rows are being written
	ImportDone     ImportState = "done"
	ImportFailed   ImportState = "failed" // cut short; run again it goes on
	ImportUndone   ImportState = "undone"
)

// ImportRun is what an import is known by when it begins. The zero value is one
// that nobody will look for.
type ImportRun struct {
	ID     int64  // of one that waits for it; 0: a new one, or the one that the same file was cut short in
	Name   string // of the file, or files, as people see it; no path
	Size   int64
	Digest []byte // of what is in it
	By     ID     // account; 0: a command on the server

	Authors map[string]ID // account by the foreign id of somebody who is it, as whoever runs the server says
	Rekey   bool          // threads of an earlier run get the key that this one works out
}

// Rekeyed is what a run with ImportRun.Rekey does to threads of an earlier one.
type Rekeyed struct {
	Renamed int
	Clashes []string // keys that another thread has; those are left
}

// Import is one import as it is kept.
type Import struct {
	ID      int64 // its number
	Site    ID
	Source  string // the format
	Name    string // of the file; "" once forgotten
	Size    int64
	State   ImportState
	By      ID // account; 0: a command on the server, or somebody who is gone
	Created time.Time
	Started time.Time
	Ended   time.Time
	Undoing bool // an undo was begun and has not ended
	Undone  time.Time
	Runs    bool   // whoever works on it has said so of late
	Moved          // what it added
	Report  []byte // JSON of what came of it, nil if none is kept
	Undo    []byte // JSON of what came of its undo

	First, Last ID // its rows have ids from First to Last

	// Of one by the dashboard.
	Held     bool      // the server has its file, or as much as was sent
	How      []byte    // JSON of how it is read
	Received int64     // bytes that have come
	Part     int64     // bytes of a part, all but the last; 0: none has come
	Job      ImportJob // what the server is at, and goes on with after a restart
	JobBy    ID        // account that has asked for it
	Trouble  string    // why it failed or stopped, in a sentence
	Touched  time.Time // when somebody last went on with it
}

// Undone is what undoing an import removed, or would remove.
type Undone struct {
	Moved        // what went
	Stayed Moved // what stays
	Stays  []Stay
	More   int // how many of those are not in Stays
}

// Stay is something that an undo leaves, and why.
type Stay struct {
	What string // "comment", "thread", "person" or "address"
	ID   string // of a comment and a person; the key of a thread and an address
	Why  string
}

// StaysMax is how many of what stays an undo names; the others it counts.
const StaysMax = 1000

// Why something that an import brought stays when that is undone.
const (
	StaysReply     = "somebody has replied to it"
	StaysBelow     = "a reply to it stays"
	StaysLater     = "another import brought a reply to it"
	StaysVote      = "somebody has voted on it"
	StaysReacted   = "somebody has reacted to it"
	StaysEdit      = "it was edited here"
	StaysReport    = "it was reported"
	StaysNotice    = "a notice was sent about it"
	StaysDecision  = "a moderator has decided about it"
	StaysFollow    = "somebody follows it"
	StaysComments  = "there are comments in it that stay"
	StaysChanged   = "the staff has changed it"
	StaysClaimed   = "somebody has claimed it, and the site has agreed"
	StaysWritten   = "a comment by this person stays"
	StaysPerson    = "something is kept about this person"
	StaysAddressed = "people have written there since, and may have come by this address"
)

// Errors of imports and of undoing them.
var (
	ErrImportOpen  = &Error{Kind: Conflict, Code: "import_open", Detail: "Another file is being imported into this site. Apply it or throw it away first."}
	ErrImportPart  = &Error{Kind: Conflict, Code: "import_part", Detail: "Another part is wanted next."}
	ErrImportReads = &Error{Kind: Conflict, Code: "import_reading", Detail: "The file is being read. Wait until the report is there."}
	ErrNoFile      = &Error{Kind: Conflict, Code: "import_file", Detail: "The server does not have the file of this import any more. Choose it again."}
	ErrNoRoom      = &Error{Kind: NoRoom, Code: "disk_full", Detail: "The server's disk is full. Free some space and send the part again."}
	ErrImportRuns  = &Error{Kind: Conflict, Code: "import_running", Detail: "An import of the same kind into this site is at work, or was cut short a moment ago. Try again in 10 seconds, or when it has ended."}
	ErrImportTaken = &Error{Kind: Conflict, Code: "import_taken", Detail: "Another run has taken this import over."}
	ErrNoImport    = &Error{Kind: NotFound, Code: "no_import", Detail: "This site has no import of that number."}
	ErrImportState = &Error{Kind: Conflict, Code: "import_state", Detail: "The import is not in a state that allows this."}
)
