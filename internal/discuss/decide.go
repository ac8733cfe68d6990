package discuss

import (
	"context"
	"crypto/rand"
	"log/slog"
	"time"
)

// UndoWindow is how long a decision can be taken back. No notice leaves before:
// notices wait undoGrace longer, for the window of a set of decisions opens
// with the last of them.
const (
	UndoWindow = 10 * time.Second
	undoGrace  = 5 * time.Second
)

// decidedAtOnce is how many decisions share one write: few enough that nobody
// who posts meanwhile waits noticeably, many enough that a selection of
// hundreds does not wait for the disk hundreds of times.
const decidedAtOnce = 50

// Decision is one act of a moderator on one comment.
type Decision struct {
	Comment      ID
	Action       string // approve, reject, spam, delete, restore, feature, unfeature, pin, unpin
	Reason, Note string
	// Read is when the text that was read had last been edited, zero if never;
	// nil decides about whatever stands there.
	Read *time.Time
	// Was is the status that was read; "" decides wherever it stands.
	Was Status
	// Override decides although the text or the status is another by now.
	Override bool
	// Discount makes the reports of those who reported it count for nothing for a
	// while; only with what keeps the comment.
	Discount bool
}

// Standing is how a comment stands, and who brought it there.
type Standing struct {
	Status Status
	By     string    // name; "" where it was no person
	At     time.Time // zero where nothing was decided
}

// stands is ErrState with how the comment stands.
func stands(r DecisionReader, c Comment) error {
	at, err := standing(r, c)
	if err != nil {
		return err
	}
	e := *ErrState
	e.Standing = &at
	return &e
}

func standing(r DecisionReader, c Comment) (Standing, error) {
	by, at, err := r.LastAct(c.ID)
	if err != nil && KindOf(err) != NotFound {
		return Standing{}, err
	}
	return Standing{Status: c.Status, By: by, At: at}, nil
}

// fresh refuses a decision about what was not read: a text edited since, or a
// comment that somebody has decided about meanwhile.
func (d Decision) fresh(r Reader, c Comment) error {
	if c.Status == Deleted || decisionStatus[d.Action] == Published {
		if _, _, err := r.Withdrawn(c.ID); err == nil {
			return ErrWithdrawn // nobody overrides that
		} else if KindOf(err) != NotFound {
			return err
		}
	}
	switch {
	case d.Override:
		return nil
	case d.Was != "" && d.Was != c.Status:
		return stands(r, c)
	case d.Read != nil && d.Read.UnixMilli() != c.Edited.UnixMilli():
		return ErrEdited // nobody approves what nobody has read
	}
	return nil
}

var decisionStatus = map[string]Status{
	"approve": Published, "restore": Published, "reject": Rejected, "spam": Spam, "delete": Deleted,
}

// Outcome is what became of a set of decisions.
type Outcome struct {
	Errors   []error // at the decisions' places; nil where it was done
	Undo     string  // token that takes them back within UndoWindow; "" if nothing was done
	Examples []TrainingExample
	// Discounted is of how many people the reports count for nothing from now on, by comment.
	Discounted map[ID]int
}

// TrainingExample is a text and whether people decided that it should not stand.
type TrainingExample struct {
	Comment ID
	Body    string
	HTML    string // as it is shown
	Bad     bool
	Skip    bool // a decision about something else than the text
}

// Before is how a comment stood before a decision.
type Before struct {
	Merge      ID // it is of a merge of two threads, and of no comment
	Comment    ID
	Status     Status
	Featured   bool
	After      Status
	Flag       bool // featured after
	Pinned     bool
	Pin        bool  // pinned after
	Pick       bool  // it was about these two only
	Reports    []ID  // reporters whose reports the decision closed
	Discounted []ID  // reporters whose reports it made count for nothing
	Decided    int64 // what stood there: milliseconds, who and why
	Decider    ID
	Reason     string
	Since      int64 // milliseconds: since when it waited
	Jobs       []ID
	At         time.Time // of the decision
	By         ID        // who took it
}

// Decide carries out decisions one by one; the errors stand at their places
// and one that fails takes nothing else with it.
func (s *Service) Decide(ctx context.Context, site Site, who Actor, ds []Decision) (Outcome, error) {
	var out Outcome
	if !who.SignedIn() {
		return out, ErrSignedOut
	}
	if !who.May(ActDecide) && !who.May(ActPick) {
		return out, ErrRole
	}
	if len(ds) == 0 || len(ds) > MaxDecisions {
		return out, Bad("decisions", "must hold 1 to 500 decisions")
	}
	out.Errors = make([]error, len(ds))
	var undo []*Before
	for from := 0; from < len(ds); from += decidedAtOnce {
		part := ds[from:min(from+decidedAtOnce, len(ds))]
		befores, examples, err := s.decideSome(ctx, site, who, part, out.Errors[from:])
		if err != nil {
			if len(undo) == 0 {
				return out, err
			}
			for i := range ds[from:] { // what stood before it stands, and can be taken back
				out.Errors[from+i] = err
			}
			break
		}
		undo, out.Examples = append(undo, befores...), append(out.Examples, examples...)
	}
	if len(undo) == 0 {
		return out, nil
	}
	if s.Gate != nil {
		s.Gate.Train(site.ID, out.Examples)
	}
	out.Discounted = map[ID]int{}
	for _, b := range undo {
		out.Discounted[b.Comment] = len(b.Discounted)
	}
	token := rand.Text()
	err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		put := PutUndo{Site: site.ID, Account: who.Account, Token: token, Until: r.Now().Add(UndoWindow)}
		for _, b := range undo {
			put.Before = append(put.Before, *b)
		}
		ch.Add(put)
		return ch, nil
	})
	out.Undo = token
	if err != nil {
		slog.ErrorContext(ctx, "keep what an undo needs", "site", site.ID, "decisions", len(undo), "err", err)
		out.Undo = "" // the decisions stand: to say that they failed would be wrong
	}
	return out, nil
}

// check refuses what cannot be carried out and cleans the words.
func (d *Decision) check() (err error) {
	if _, ok := decisionStatus[d.Action]; !ok && decides(d.Action) != ActPick {
		return Bad("action", "must be approve, reject, spam, delete, restore, feature, unfeature, pin or unpin")
	}
	if d.Discount && d.Action != "approve" {
		return Bad("discount_reporters", "goes with approve alone")
	}
	if d.Reason, err = prose("reason", d.Reason, 0, MaxReasonRunes); err != nil {
		return err
	}
	switch d.Was {
	case "", Published, Pending, Rejected, Spam, Deleted:
	default:
		return Bad("status", "must be published, pending, rejected, spam or deleted")
	}
	d.Note, err = prose("note", d.Note, 0, MaxNoteRunes)
	return err
}

// decideSome carries out decisions in one write, each by what the ones before
// it have left. A decision that cannot be carried out is refused before it has
// changed anything, so it takes no other with it; an error that is nobody's
// fault fails them all.
func (s *Service) decideSome(ctx context.Context, site Site, who Actor, ds []Decision, errs []error) (undo []*Before, learned []TrainingExample, err error) {
	var mod Author
	var one func(i int) Step
	one = func(i int) Step {
		return func(r Reader) (Changes, error) {
			ch, b, example, err := s.decide(r, site, who, mod, ds[i])
			errs[i] = err
			switch {
			case err == nil && b == nil: // it was so already
			case err == nil:
				undo, learned = append(undo, b), append(learned, example)
			case KindOf(err) == Internal || KindOf(err) == Unavailable:
				return nil, err
			default:
				ch = nil
			}
			if i+1 < len(ds) {
				ch.Add(Then(one(i + 1)))
			}
			return ch, nil
		}
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		undo, learned = nil, nil
		if mod, err = member(r, &ch, site, who); err == nil {
			ch.Add(Then(one(0)))
		}
		return ch, err
	})
	return undo, learned, err
}

// decide is one decision. What it returns beside the changes is how to take
// them back, nil where there was nothing to do, and what is to be learned from it.
func (s *Service) decide(r Reader, site Site, who Actor, mod Author, d Decision) (ch Changes, before *Before, example TrainingExample, err error) {
	if err := d.check(); err != nil {
		return nil, nil, example, err
	}
	if err := allow(who, decides(d.Action)); err != nil {
		return nil, nil, example, err
	}
	c, err := r.Comment(d.Comment)
	if err != nil {
		return nil, nil, example, err
	}
	if c.SiteID != site.ID {
		return nil, nil, example, ErrNotFound
	}
	if err := d.fresh(r, c); err != nil {
		return nil, nil, example, err
	}
	before = &Before{Comment: c.ID, Status: c.Status, After: c.Status, Featured: c.Featured, Flag: c.Featured, Pinned: c.Pinned, Pin: c.Pinned, At: r.Now(), By: mod.ID}
	example = TrainingExample{Comment: c.ID, Body: c.Body, HTML: c.HTML}
	entry := Entry{Site: site.ID, Actor: mod, Action: d.Action, Kind: "comment", Target: c.ID, Reason: d.Reason, Note: d.Note, Before: string(c.Status)}
	switch d.Action {
	case "feature", "unfeature":
		example.Skip = true
		before.Flag, before.Pick = d.Action == "feature", true
		if err := pick(r, &ch, c, before.Flag); err != nil {
			return nil, nil, example, err
		}
		if before.Flag == c.Featured {
			return nil, nil, example, nil
		}
		if before.Flag && c.Author.Account != 0 && c.Author.ID != mod.ID {
			before.owes(r, &ch, site, TellOutcome{Comment: c.ID, Action: d.Action, At: r.Now()})
		}
		entry.Before, entry.After = flag("featured", c.Featured), flag("featured", before.Flag)
	case "pin", "unpin":
		example.Skip = true
		before.Pin, before.Pick = d.Action == "pin", true
		if err := pin(r, &ch, c, before.Pin); err != nil {
			return nil, nil, example, err
		}
		if before.Pin == c.Pinned {
			return nil, nil, example, nil
		}
		entry.Before, entry.After = flag("pinned", c.Pinned), flag("pinned", before.Pin)
	default:
		to := decisionStatus[d.Action]
		before.After, before.Pin = to, c.Pinned && to == Published
		example.Bad, example.Skip = to != Published, to == Deleted || c.Body == ""
		if err := s.carry(r, &ch, site, mod, c, d, to, before); err != nil {
			return nil, nil, example, err
		}
		entry.After = string(to)
	}
	ch.Add(judged(site, HintDecided, c, d.Action, mod), entry)
	return ch, before, example, nil
}

// removed is a moderator's deletion of another person's comment in the page:
// the decision that it is, audited like those of the dashboard.
func (s *Service) removed(r Reader, site Site, who Actor, c Comment) (ch Changes, err error) {
	mod, err := member(r, &ch, site, who)
	if err != nil {
		return nil, err
	}
	d := Decision{Comment: c.ID, Action: "delete"}
	before := &Before{Comment: c.ID, Status: c.Status, After: Deleted, Featured: c.Featured, Flag: c.Featured, Pinned: c.Pinned}
	if err := s.carry(r, &ch, site, mod, c, d, Deleted, before); err != nil {
		return nil, err
	}
	ch.Add(
		judged(site, HintDecided, c, d.Action, mod),
		Entry{Site: site.ID, Actor: mod, Action: d.Action, Kind: "comment", Target: c.ID, Before: string(c.Status), After: string(Deleted)},
	)
	return ch, nil
}

// carry moves a comment where a decision wants it, closes what readers said
// of it and queues the notice that its author is owed.
func (s *Service) carry(r Reader, ch *Changes, site Site, mod Author, c Comment, d Decision, to Status, before *Before) error {
	if d.Action == "restore" && (c.Status == Published || c.Status == Pending) {
		return stands(r, c)
	}
	if to == Published && c.Status != Published && c.Body == "" {
		return ErrState // its text was erased, or swept: there is nothing to show
	}
	was, err := r.Decided(c.ID)
	if err != nil {
		return err
	}
	before.Decider, before.Reason = was.By, was.Reason
	if !was.Since.IsZero() {
		before.Since = was.Since.UnixMilli()
	}
	if !was.At.IsZero() {
		before.Decided = was.At.UnixMilli()
	}
	if before.Reports, err = r.OpenReporters(c.ID); err != nil {
		return err
	}
	demoted, err := demotes(r, site, c, to, before)
	if err != nil {
		return err
	}
	if to == Published {
		if err := unveil(r, ch, c); err != nil {
			return err
		}
	}
	if c.Status != to {
		if err := takeAway(r, ch, c, to); err != nil {
			return err
		}
	}
	ch.Add(CloseReports{c.ID, to != Published}, SetDecided{Comment: c.ID, By: mod.ID, Reason: d.Reason})
	if demoted != nil {
		ch.Add(Then(demoted))
	}
	if d.Discount {
		ch.Add(Then(func(r Reader) (ch Changes, err error) { return ch, discount(r, &ch, site, mod, before) }))
	}
	if c.Status == to {
		return nil
	}
	if to == Published {
		before.owes(r, ch, site, TellReaders{c.ID})
	}
	if to != Spam && c.Author.Account != 0 && c.Author.ID != mod.ID { // who sends spam is not told that it was found
		before.owes(r, ch, site, TellOutcome{Comment: c.ID, Action: d.Action, Reason: d.Reason, Held: held(c, was), At: r.Now()})
	}
	return nil
}

// held reports whether a comment has waited since it was written, so that no
// reader has seen it; one that an edit or reports have taken out of view waits
// since then.
func held(c Comment, was Decided) bool {
	return c.Status == Pending && was.At.IsZero() && !was.Since.After(c.Created)
}

// demotes looks at an author before a decision; the step that it returns looks
// again after it, and where that was the one after which everything of theirs
// waits, they are told: once, with the other notices, unless it is undone.
func demotes(r Reader, site Site, c Comment, to Status, b *Before) (after Step, err error) {
	if to != Rejected || !site.Settings.Moderation.MailOutcomes || c.Author.Account == 0 || c.Author.Role.AtLeast(Moderator) {
		return nil, nil
	}
	was, err := r.Record(c.Author, 0, 0)
	if err != nil {
		return nil, err
	}
	return func(r Reader) (ch Changes, err error) {
		is, err := r.Record(c.Author, 0, 0)
		if err != nil || was.Demoted(r.Now()) || !is.Demoted(r.Now()) {
			return nil, err
		}
		b.owes(r, &ch, site, TellDemoted{Author: c.Author.ID, At: r.Now()})
		return ch, nil
	}, nil
}
