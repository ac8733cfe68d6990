package notify

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// Kind is a sort of job, as the jobs table names it.
type Kind string

// The kinds of jobs.
const (
	KindMail      Kind = "mail"      // a mail that is written, or one about an account
	KindTell      Kind = "tell"      // a comment has become public
	KindFollow    Kind = "follow"    // somebody wants to follow by an address
	KindMentioned Kind = "mentioned" // a comment names people since it was edited
	KindGuest     Kind = "guest"     // a guest wants to hear of answers
	KindAsk       Kind = "ask"       // an outside service shall be asked
	KindNoticed   Kind = "noticed"   // a notice of illegal content has come
	KindOutcome   Kind = "outcome"   // a comment was decided about
	KindWarned    Kind = "warned"    // a person was warned
	KindDemoted   Kind = "demoted"   // what a person writes waits from now on
	KindSite      Kind = "site"      // a site will be deleted, or will not
	KindWaiting   Kind = "waiting"   // something waits for the moderators of a site
)

// Payload is what a job carries in the jobs table.
type Payload struct {
	Key    discuss.ID `json:"key"` // a comment or a person
	Site   discuss.ID `json:"site"`
	Text   string     `json:"text"`             // an address, a service, a warning
	Action string     `json:"action,omitempty"` // of a decision
	Reason string     `json:"reason,omitempty"`
	Held   bool       `json:"held,omitempty"` // it had not been public before
	At     int64      `json:"at,omitempty"`   // milliseconds since 1970: of the decision, the warning, the demotion
}

// Encode is how a job stands in the jobs table.
func Encode(j discuss.Job) (Kind, string, error) {
	var kind Kind
	p := Payload{Site: j.Site}
	switch t := j.Task.(type) {
	case discuss.TellReaders:
		kind, p.Key = KindTell, t.Comment
	case discuss.TellMentioned:
		kind, p.Key = KindMentioned, t.Comment
	case discuss.ConfirmGuest:
		kind, p.Key, p.Text = KindGuest, t.Comment, t.Email
	case discuss.ConfirmFollow:
		kind, p.Key = KindFollow, t.Follow
	case discuss.AskService:
		kind, p.Key, p.Text = KindAsk, t.Comment, t.Service
	case discuss.TellNoticed:
		kind, p.Text = KindNoticed, t.Receipt
	case discuss.TellOutcome:
		kind, p.Key, p.Action, p.Reason, p.Held, p.At = KindOutcome, t.Comment, t.Action, t.Reason, t.Held, t.At.UnixMilli()
	case discuss.TellWarned:
		kind, p.Key, p.Text, p.At = KindWarned, t.Author, t.Text, t.At.UnixMilli()
	case discuss.TellDemoted:
		kind, p.Key, p.At = KindDemoted, t.Author, t.At.UnixMilli()
	case discuss.TellSite:
		kind, p.Text, p.Action, p.At = KindSite, t.Name, string(t.Act), t.At.UnixMilli()
	default:
		return "", "", fmt.Errorf("there is no job that does a %T", t)
	}
	b, err := json.Marshal(p)
	return kind, string(b), err
}

// read decodes a payload, also one that an earlier build has left in the table:
// that had the parts of a decision in its text, with a separator between.
func read(s string) (Payload, error) {
	var p Payload
	if err := json.Unmarshal([]byte(s), &p); err != nil {
		return p, err
	}
	parts := strings.Split(p.Text, "\x1f")
	switch len(parts) {
	case 3:
		p.Action, p.Reason, p.Text = parts[0], parts[1], ""
		p.At, _ = strconv.ParseInt(parts[2], 10, 64)
	case 2:
		p.Text = parts[0]
		p.At, _ = strconv.ParseInt(parts[1], 10, 64)
	default:
		if at, err := time.Parse(time.RFC3339Nano, p.Text); err == nil {
			p.At, p.Text = at.UnixMilli(), ""
		}
	}
	return p, nil
}
