package discuss

import "time"

// Job is something to be done after the write, by the room whose task it is. A
// crash loses none; one that runs twice does no harm.
type Job struct {
	ID    ID // from Moment.NextID
	Site  ID
	Task  Task
	After time.Duration // not before so much later
}

// Task is what a job does. The types of this file are all there are.
type Task interface{ task() }

type (
	// TellReaders tells the people whom a comment that has become public concerns.
	TellReaders struct{ Comment ID }
	// TellMentioned tells those whom a comment names since it was edited.
	TellMentioned struct{ Comment ID }
	// ConfirmGuest asks a guest at an address whether they want to hear of answers.
	ConfirmGuest struct {
		Comment ID
		Email   string
	}
	// ConfirmFollow asks the owner of an address whether they want to follow.
	ConfirmFollow struct{ Follow ID }
	// AskService asks an outside service about a comment.
	AskService struct {
		Comment ID
		Service string
	}
	// TellNoticed gives the sender of a notice of illegal content its receipt.
	TellNoticed struct{ Receipt string }
	// TellOutcome tells an author what was decided about a comment of theirs.
	TellOutcome struct {
		Comment        ID
		Action, Reason string
		Held           bool      // it had not been public before
		At             time.Time // of the decision: a job that runs again is the same mail
	}
	// TellWarned tells a person that they have been warned.
	TellWarned struct {
		Author ID
		Text   string
		At     time.Time // the same words a week later are another warning
	}
	// TellDemoted tells a person that what they write waits from now on.
	TellDemoted struct {
		Author ID
		At     time.Time
	}
	// TellSite tells the admins of a site that it will be deleted, or will not.
	TellSite struct {
		Act  SiteAct
		Name string // of who has asked for it; "" for a command on the server
		At   time.Time
	}
)

func (TellReaders) task()   {}
func (TellMentioned) task() {}
func (ConfirmGuest) task()  {}
func (ConfirmFollow) task() {}
func (AskService) task()    {}
func (TellNoticed) task()   {}
func (TellOutcome) task()   {}
func (TellWarned) task()    {}
func (TellDemoted) task()   {}
func (TellSite) task()      {}
