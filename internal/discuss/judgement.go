package discuss

import (
	"context"
	"net/netip"
	"time"
)

// read lets the gate look at a text before the write begins.
func (s *Service) read(ctx context.Context, site Site, body, html string) (Reading, error) {
	if s.Gate == nil {
		return Reading{}, nil
	}
	return s.Gate.Read(ctx, site, body, html)
}

// checkBanned refuses who is banned. Nobody can ban those who may ban.
func checkBanned(r BanReader, site Site, who Actor, ip netip.Addr) error {
	if who.Can(Moderator) {
		return nil
	}
	b, ok, err := r.Banned(site.ID, who.Author.ID, who.Account, who.Author.Mark, ip)
	if err != nil || !ok {
		return err
	}
	return b.refusal()
}

// refusal says until when and why, as the ban does; who knows the reader's
// language says it in that, by the ban.
func (b Ban) refusal() *Error {
	e := *ErrBanned
	e.Ban = &b
	if !b.Until.IsZero() {
		e.Detail = "You can't comment here until " + b.Until.UTC().Format("2 January 2006, 15:04") + " UTC."
	}
	if b.Reason != "" {
		e.Detail += " Reason: " + ReasonWords(b.Reason) + "."
	}
	e.Detail += " You can still read."
	return &e
}

// judge asks the gate and turns an answer that stores nothing into an error.
func (s *Service) judge(r Reader, site Site, th Thread, who Actor, c Comment, d Draft, read Reading) (Judgement, error) {
	here, night := mode(site, th, r.Now())
	if s.Gate == nil {
		return byMode(here, who), nil
	}
	slow := th.ID
	if th.Slow == 0 && site.Settings.Moderation.SlowSeconds == 0 {
		slow = 0 // nobody asks when the author was last in here
	}
	rec, err := r.Record(c.Author, slow, read.Fingerprint)
	if err != nil {
		return Judgement{}, err
	}
	k := Case{
		Site: site, Thread: th, Who: who, Author: c.Author, Record: rec, Level: rec.Level(r.Now(), site.Settings.Moderation),
		Body: c.Body, HTML: c.HTML, Mode: here, Night: night, IP: d.IP, Proof: d.Proof, Now: r.Now(),
	}
	if c.Author.Guest {
		k.Level = LevelNew // anybody may write under a guest's name
	}
	if most := site.Settings.Moderation.Burst; most > 0 && k.Level == LevelNew {
		if k.Burst, err = r.Burst(th.ID, most); err != nil {
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

// rejudged judges a comment again after its text has changed. An edit may take a
// comment out of view, never into it.
func (s *Service) rejudged(r Reader, ch *Changes, site Site, who Actor, c Comment, read Reading) (Comment, error) {
	if s.Gate == nil || who.Can(Moderator) {
		return c, nil
	}
	th, err := r.Thread(c.ThreadID)
	if err != nil {
		return c, err
	}
	rec, err := r.Record(c.Author, th.ID, 0)
	if err != nil {
		return c, err
	}
	here, night := mode(site, th, r.Now())
	j := s.Gate.Judge(Case{
		Site: site, Thread: th, Who: who, Author: c.Author, Record: rec, Level: rec.Level(r.Now(), site.Settings.Moderation), Body: c.Body,
		HTML: c.HTML, Mode: here, Night: night, Edit: true, Now: r.Now(), Created: c.Created,
	}, read)
	if err := rejudge(r, ch, c.ID, j.Trace, read.Fingerprint); err != nil {
		return c, err
	}
	c.Trace = j.Trace
	ask(r, ch, site, c.ID, j.Ask)
	if j.Status == Published || j.Status == c.Status {
		return c, nil
	}
	if c.Status == Pending && j.Status != Rejected && j.Status != Spam {
		return c, nil
	}
	if err := takeAway(r, ch, c, j.Status); err != nil {
		return c, err
	}
	c.Status = j.Status
	waits(ch, site, c.ID, HintWaiting, c.Status == Pending)
	return c, nil
}

// owe puts down what a new comment owes: outside services that shall be asked,
// people who shall be told.
func owe(r Reader, ch *Changes, site Site, c Comment, j Judgement, d Draft, names bool) error {
	ask(r, ch, site, c.ID, j.Ask)
	if d.GuestEmail != "" && c.Author.Guest {
		ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: ConfirmGuest{Comment: c.ID, Email: d.GuestEmail}})
	}
	switch c.Status {
	case Published:
		return tell(r, ch, site, c, names)
	case Pending:
		oweMail(ch, site)
	}
	return nil
}

func ask(r Moment, ch *Changes, site Site, comment ID, services []string) {
	for _, name := range services {
		ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: AskService{Comment: comment, Service: name}})
	}
}

// tell queues the messages about a comment that has just become public. A root
// that names nobody, in a thread that nobody follows, has nobody to be told to:
// that is most of them, and a job costs as much as the look.
func tell(r Reader, ch *Changes, site Site, c Comment, names bool) error {
	if c.Parent == 0 && !names {
		if some, err := r.Followed(c.ThreadID); err != nil || !some {
			return err
		}
	}
	ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: TellReaders{c.ID}})
	return nil
}

// Rejudge adds what a service said later and decides again. What a person
// decided about this text stands whatever a service says, and an answer about a
// text that was edited since is none: edited is when the one that was asked
// about had been. The edit has questions of its own.
func (s *Service) Rejudge(ctx context.Context, site Site, id ID, edited time.Time, f Finding, decide func(t Trace, now Status, trusted bool) Status) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil || c.Edited.UnixMilli() != edited.UnixMilli() {
			return nil, err
		}
		trace, decided, err := r.Judged(id)
		if err != nil {
			return nil, err
		}
		trace = trace.without(f.Check).with(f) // the job ran before, or had no answer then
		rec, err := r.Record(c.Author, 0, 0)
		if err != nil {
			return nil, err
		}
		to := decide(trace, c.Status, !c.Author.Guest && rec.Trust == LevelTrusted)
		trace.Verdict = to
		if err := rejudge(r, &ch, id, trace, 0); err != nil {
			return nil, err
		}
		if decided || to == c.Status || c.Status != Published && c.Status != Pending {
			return ch, nil
		}
		if err := takeAway(r, &ch, c, to); err != nil {
			return nil, err
		}
		ch.Add(Entry{Site: site.ID, Action: "rejudge", Kind: "comment", Target: id, Rule: trace.Policy, Reason: f.Check, Before: string(c.Status), After: string(to)})
		waits(&ch, site, id, HintWaiting, to == Pending)
		if to == Published { // nobody has been told of it yet, and who has is not told again
			ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: TellReaders{c.ID}})
		}
		return ch, nil
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
