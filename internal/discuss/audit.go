package discuss

import "time"

// AuditQuery asks for one page of the audit log, newest first.
type AuditQuery struct {
	Site          ID
	Before        int64 // rows older than this one; 0: from the newest
	Action, Kind  string
	Actor, Target ID
	From, To      time.Time
	Limit         int
}

// AuditLine is one row as a person reads it.
type AuditLine struct {
	ID            int64
	Actor         ID
	Name          string // "" once erased
	Action, Kind  string
	Target        ID
	TargetName    string // as it is called today: of a person, a thread, a comment's author
	Rule          int64
	Reason, Note  string
	Before, After string
	Erased        bool
	At            time.Time
	Hash          string
}
