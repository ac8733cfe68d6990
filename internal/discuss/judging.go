package discuss

import (
	"context"
	"net/netip"
	"strings"
	"time"
)

// read lets the gate look at a text before the write begins.
func (s *Service) read(ctx context.Context, site Site, body, html string) (Reading, error) {
	if s.Gate == nil {
		return Reading{}, nil
	}
	return s.Gate.Read(ctx, site, body, html)
}

// welcome refuses who is banned. Nobody can ban those who may ban.
func (s *Service) welcome(tx Tx, site Site, who Actor, ip netip.Addr) error {
	if who.Can(Moderator) {
		return nil
	}
	b, ok, err := tx.Banned(site.ID, who.Author.ID, who.Account, ip)
	if err != nil || !ok {
		return err
	}
	return b.refusal()
}

// refusal says until when and why, as the ban does.
func (b Ban) refusal() *Error {
	e := *ErrBanned
	if !b.Until.IsZero() {
		e.Detail = "You can't comment here until " + b.Until.UTC().Format("2 January 2006, 15:04") + " UTC."
	}
	if b.Reason != "" {
		e.Detail += " Reason: " + b.Reason + "."
	}
	e.Detail += " You can still read."
	return &e
}

// judge asks the gate and turns an answer that stores nothing into an error.
func (s *Service) judge(tx Tx, site Site, th Thread, who Actor, c Comment, d Draft, read Reading) (Judgement, error) {
	here, night := mode(site, th, tx.Now())
	if s.Gate == nil {
		return byMode(here, who), nil
	}
	slow := th.ID
	if th.Slow == 0 && site.Settings.Moderation.SlowSeconds == 0 {
		slow = 0 // nobody asks when the author was last in here
	}
	rec, err := tx.Record(c.Author, slow, read.Likeness)
	if err != nil {
		return Judgement{}, err
	}
	k := Case{
		Site: site, Thread: th, Who: who, Author: c.Author, Record: rec, Level: rec.Level(tx.Now(), site.Settings.Moderation),
		Body: c.Body, HTML: c.HTML, Mode: here, Night: night, IP: d.IP, Proof: d.Proof, Now: tx.Now(),
	}
	if c.Author.Guest {
		k.Level = LevelNew // anybody may write under a guest's name
	}
	if most := site.Settings.Moderation.Burst; most > 0 && k.Level == LevelNew {
		if k.Burst, err = tx.Burst(th.ID, most); err != nil {
			return Judgement{}, err
		}
	}
	j := s.Gate.Judge(k, read)
	if j.Wait > 0 {
		return j, Slow("pace", j.Wait)
	}
	if j.Puzzle != nil {
		e := *ErrChallenge
		e.Puzzle = j.Puzzle
		return j, &e
	}
	return j, nil
}

// byMode is the judgement where there is no gate.
func byMode(here string, who Actor) Judgement {
	j := Judgement{Status: Published}
	if !who.Can(Moderator) && (here == ModeAll || here == ModeGuests && !who.SignedIn()) {
		j.Status = Pending
	}
	j.Trace.Verdict = j.Status
	return j
}

// edited judges a comment again after its text has changed. An edit may take a
// comment out of view, never into it.
func (s *Service) edited(tx Tx, site Site, who Actor, c Comment, read Reading) (Comment, error) {
	if s.Gate == nil || who.Can(Moderator) {
		return c, nil
	}
	th, err := tx.Thread(c.ThreadID)
	if err != nil {
		return c, err
	}
	rec, err := tx.Record(c.Author, th.ID, 0)
	if err != nil {
		return c, err
	}
	here, night := mode(site, th, tx.Now())
	j := s.Gate.Judge(Case{
		Site: site, Thread: th, Who: who, Author: c.Author, Record: rec, Level: rec.Level(tx.Now(), site.Settings.Moderation), Body: c.Body,
		HTML: c.HTML, Mode: here, Night: night, Edit: true, Now: tx.Now(), Created: c.Created,
	}, read)
	if err := rejudged(tx, c.ID, j.Trace, read.Likeness); err != nil {
		return c, err
	}
	if err := s.ask(tx, site, c.ID, j.Ask); err != nil {
		return c, err
	}
	if j.Status == Published || j.Status == c.Status {
		return c, nil
	}
	if c.Status == Pending && j.Status != Rejected && j.Status != Spam {
		return c, nil
	}
	if err := takeAway(tx, c, j.Status); err != nil {
		return c, err
	}
	c.Status = j.Status
	return c, waits(tx, site, c.ID, "waiting", c.Status == Pending)
}

// follow puts down what a new comment owes: outside services that shall be
// asked, people who shall be told.
func (s *Service) follow(tx Tx, site Site, c, parent Comment, j Judgement, d Draft) error {
	if err := s.ask(tx, site, c.ID, j.Ask); err != nil {
		return err
	}
	if d.GuestEmail != "" && c.Author.Guest {
		if err := tx.Enqueue(Job{Kind: "guest", Key: c.ID, Site: site.ID, Text: d.GuestEmail}); err != nil {
			return err
		}
	}
	if c.Status == Published {
		return tell(tx, site, c)
	}
	if c.Status == Pending {
		return owesMail(tx, site)
	}
	return nil
}

func (s *Service) ask(tx Tx, site Site, comment ID, services []string) error {
	for _, name := range services {
		if err := tx.Enqueue(Job{Kind: "ask", Key: comment, Site: site.ID, Text: name}); err != nil {
			return err
		}
	}
	return nil
}

// tell queues the messages about a comment that has just become public. A root
// that names nobody, in a thread that nobody follows, has nobody to be told to:
// that is most of them, and a job costs as much as the look.
func tell(tx Tx, site Site, c Comment) error {
	if !site.Settings.Moderation.MailReplies {
		return nil
	}
	if c.Parent == 0 && !strings.Contains(c.Body, "@") {
		if some, err := tx.Followed(c.ThreadID); err != nil || !some {
			return err
		}
	}
	return tx.Enqueue(Job{Kind: "tell", Key: c.ID, Site: site.ID})
}

// Rejudge adds what a service said later and decides again. What a person
// decided about this text stands whatever a service says, and an answer about a
// text that was edited since is none: edited is when the one that was asked
// about had been. The edit has questions of its own.
func (s *Service) Rejudge(ctx context.Context, site Site, id ID, edited time.Time, f Finding, decide func(t Trace, now Status, trusted bool) Status) error {
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.Edited.UnixMilli() != edited.UnixMilli() {
			return nil
		}
		trace, decided, err := tx.Judged(id)
		if err != nil {
			return err
		}
		trace = trace.without(f.Check).with(f) // the job ran before, or had no answer then
		rec, err := tx.Record(c.Author, 0, 0)
		if err != nil {
			return err
		}
		to := decide(trace, c.Status, !c.Author.Guest && rec.Trust == LevelTrusted)
		trace.Verdict = to
		if err := rejudged(tx, id, trace, 0); err != nil {
			return err
		}
		if decided || to == c.Status || c.Status != Published && c.Status != Pending {
			return nil
		}
		if err := takeAway(tx, c, to); err != nil {
			return err
		}
		if err := tx.Audit(Entry{Site: site.ID, Action: "rejudge", Kind: "comment", Target: id, Rule: trace.Policy, Reason: f.Check, Before: string(c.Status), After: string(to)}); err != nil {
			return err
		}
		return waits(tx, site, id, "waiting", to == Pending)
	})
}

// Ban keeps a person, an address's domain or a network from writing.
type Ban struct {
	ID      ID
	Site    ID // 0: every site of the instance
	Author  ID
	Account ID
	Email   string // domain
	Range   netip.Prefix
	Reason  string
	Until   time.Time // zero: for good
	Created time.Time
	Name    string // of the author, where it bans one
	By      ID     // the author who set it; 0 if gone, or set before that was kept
	ByName  string
}

// Job is something to be done after the write; see the notify room.
type Job struct {
	Kind  string // "tell", "guest", "ask", "outcome"
	Key   ID     // the comment it is about
	Site  ID
	Text  string
	After time.Duration // not before so much later
}

// Entry is one row of the audit log.
type Entry struct {
	Site   ID
	Actor  Author // zero: the program itself
	Action string
	Kind   string // "comment", "person", "thread", "rules", "settings", "ban"
	Target ID
	Rule   int64 // version of words and rules
	Reason string
	Note   string
	Before string
	After  string
}
