package discuss

import (
	"errors"
	"fmt"
)

// Kind says what went wrong in terms a caller can act on. The edge maps kinds
// to HTTP statuses; nothing else does.
type Kind int

// The kinds of error.
const (
	Internal    Kind = iota // anything unforeseen; never shown to people
	Invalid                 // a field does not hold what it must; see Fields
	NotFound                // unknown, or not the caller's to know
	Forbidden               // known, but not allowed; Code says why
	SignedOut               // needs a session
	Conflict                // the state does not allow it; Code says which
	TooMany                 // a limit of time or count; see RetryAfter
	Unavailable             // the store cannot write now
	TooLarge                // more than there is room for
	NoRoom                  // the disk is full
)

// Field names one thing wrong with one input field. It never holds the value.
type Field struct{ Name, Message string }

// Error is a failure that the caller may be told about.
type Error struct {
	Kind       Kind
	Code       string // short and stable: "thread_closed", "role", "unverified"
	Detail     string // one sentence for a person
	Fields     []Field
	RetryAfter int       // seconds; with TooMany and Unavailable
	Puzzle     *Puzzle   // with ErrChallenge
	Warnings   []Note    // with ErrWarned
	Standing   *Standing // with ErrState about a decision
	Ban        *Ban      // with ErrBanned
	cause      error
}

func (e *Error) Error() string {
	if len(e.Fields) > 0 {
		return fmt.Sprintf("%s: %s: %s", e.Code, e.Fields[0].Name, e.Fields[0].Message)
	}
	return e.Code + ": " + e.Detail
}

// Unwrap returns the cause, which is never shown to people.
func (e *Error) Unwrap() error { return e.cause }

// Is makes errors.Is compare kind and code, so that a copy with another detail
// is still the same error.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.Kind == e.Kind && t.Code == e.Code
}

// The errors that more than one room returns.
var (
	ErrNotFound      = &Error{Kind: NotFound, Code: "not_found", Detail: "There is nothing here."}
	ErrSignedOut     = &Error{Kind: SignedOut, Code: "signed_out", Detail: "Sign in first."}
	ErrRole          = &Error{Kind: Forbidden, Code: "role", Detail: "Your role on this site does not allow this."}
	ErrBanned        = &Error{Kind: Forbidden, Code: "banned", Detail: "You can't comment here."}
	ErrWarned        = &Error{Kind: Forbidden, Code: "warned", Detail: "A moderator has sent you a warning. Confirm on your account page that you have read it; then you can comment again."}
	ErrUnverified    = &Error{Kind: Forbidden, Code: "unverified", Detail: "Confirm your email address first. We can send the message again."}
	ErrOrigin        = &Error{Kind: Forbidden, Code: "origin", Detail: "This page is not on the site's list of origins."}
	ErrFirstParty    = &Error{Kind: Forbidden, Code: "first_party_required", Detail: "This works only on the pages of the comment server itself."}
	ErrChallenge     = &Error{Kind: Forbidden, Code: "challenge", Detail: "Your browser has to do a little work before this can be posted. Nothing you wrote is lost."}
	ErrUnknownPage   = &Error{Kind: NotFound, Code: "unknown_page", Detail: "This site does not know that page, so nothing can be written about it. Nothing you wrote is lost."}
	ErrGone          = &Error{Kind: Conflict, Code: "gone", Detail: "What this was about has been removed meanwhile."}
	ErrThreadClosed  = &Error{Kind: Conflict, Code: "thread_closed", Detail: "This discussion is closed."}
	ErrParentRemoved = &Error{Kind: Conflict, Code: "parent_removed", Detail: "The comment you answer has been removed."}
	ErrBannedName    = &Error{Kind: Forbidden, Code: "banned", Detail: "Your name stays as it is while you are banned from a site."}
	ErrRulesChanged  = &Error{Kind: Conflict, Code: "state", Detail: "Words and rules were changed meanwhile. Read them again and make your change in what stands now."}
	ErrState         = &Error{Kind: Conflict, Code: "state", Detail: "The comment is not in a state that allows this."}
	ErrEdited        = &Error{Kind: Conflict, Code: "edited", Detail: "The comment was edited since you read it."}
	ErrWithdrawn     = &Error{Kind: Conflict, Code: "withdrawn", Detail: "Its author has taken this comment away."}
	ErrRedacted      = &Error{Kind: Conflict, Code: "redacted", Detail: "A moderator has changed this comment. You can delete it, but not edit it any more."}
	ErrEditWindow    = &Error{Kind: Conflict, Code: "edit_window", Detail: "The time for editing this comment is over."}
	ErrUndoOver      = &Error{Kind: Conflict, Code: "undo_over", Detail: "The time for undoing this is over, it has been undone, or something later stands on it: undo that first."}
	ErrAccountOff    = &Error{Kind: Conflict, Code: "account_off", Detail: "This account is switched off, or is about to be deleted: it can be given nothing."}
	ErrLastAdmin     = &Error{Kind: Conflict, Code: "last_admin", Detail: "The site would have nobody left who may change it. Name another admin first."}
	ErrKeyReused     = &Error{Kind: Invalid, Code: "key_reused", Detail: "The key was used for another request.", Fields: []Field{{"Idempotency-Key", "was used with another body"}}}
)

// Bad is an Invalid error about one field.
func Bad(field, message string) *Error {
	return &Error{Kind: Invalid, Code: "invalid", Detail: "Something in the request is not right.", Fields: []Field{{field, message}}}
}

// Busy wraps cause as an Unavailable error: nothing was written, try again.
func Busy(cause error) *Error {
	return &Error{Kind: Unavailable, Code: "unavailable", Detail: "The server can't save anything right now. Nothing was changed.", RetryAfter: 5, cause: cause}
}

// Slow is a TooMany error: the caller may try again after so many seconds.
func Slow(code string, seconds int) *Error {
	return &Error{Kind: TooMany, Code: code, Detail: "That was a little fast. Nothing you wrote is lost.", RetryAfter: max(1, seconds)}
}

// ManyGuests is a TooMany error for guests of one network.
func ManyGuests(seconds int) *Error {
	return &Error{
		Kind: TooMany, Code: "guests", RetryAfter: max(1, seconds),
		Detail: "Several guests have written from your network just now. Try again in a minute, or sign in and post at once. Nothing you wrote is lost.",
	}
}

// KindOf returns the kind of err; what is no *Error is Internal.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return Internal
}
