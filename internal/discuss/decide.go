package discuss

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
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
	Action       string // approve, reject, spam, delete, restore, feature, unfeature
	Reason, Note string
	// Read is when the text that was read had last been edited, zero if never;
	// nil decides about whatever stands there.
	Read *time.Time
	// Was is the status that was read; "" decides wherever it stands.
	Was Status
	// Override decides although the text or the status is another by now.
	Override bool
}

// Standing is how a comment stands, and who brought it there.
type Standing struct {
	Status Status
	By     string    // name; "" where it was no person
	At     time.Time // zero where nothing was decided
}

// stands is ErrState with how the comment stands.
func stands(tx Tx, c Comment) error {
	at, err := standing(tx, c)
	if err != nil {
		return err
	}
	e := *ErrState
	e.Standing = &at
	return &e
}

func standing(tx Tx, c Comment) (Standing, error) {
	by, at, err := tx.LastAct(c.ID)
	if err != nil && KindOf(err) != NotFound {
		return Standing{}, err
	}
	return Standing{Status: c.Status, By: by, At: at}, nil
}

// fresh refuses a decision about what was not read: a text edited since, or a
// comment that somebody has decided about meanwhile.
func (d Decision) fresh(tx Tx, c Comment) error {
	if c.Status == Deleted {
		if _, _, err := tx.Withdrawn(c.ID); err == nil {
			return ErrWithdrawn // nobody overrides that
		} else if KindOf(err) != NotFound {
			return err
		}
	}
	switch {
	case d.Override:
		return nil
	case d.Was != "" && d.Was != c.Status:
		return stands(tx, c)
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
	Errors  []error // at the decisions' places; nil where it was done
	Undo    string  // token that takes them back within UndoWindow; "" if nothing was done
	Learned []Lesson
}

// Lesson is a text and whether people decided that it should not stand.
type Lesson struct {
	Comment ID
	Body    string
	HTML    string // as it is shown
	Bad     bool
	Skip    bool // a decision about something else than the text
}

// Before is how a comment stood before a decision.
type Before struct {
	Comment  ID
	Status   Status
	Featured bool
	After    Status
	Flag     bool  // featured after
	Pick     bool  // it was about that only
	Reports  []ID  // reporters whose reports the decision closed
	Decided  int64 // what stood there: milliseconds, who and why
	Decider  ID
	Reason   string
	Jobs     []ID
	At       time.Time // of the decision
	By       ID        // who took it
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
	var undo []Before
	for from := 0; from < len(ds); from += decidedAtOnce {
		part := ds[from:min(from+decidedAtOnce, len(ds))]
		befores, lessons, err := s.decideSome(ctx, site, who, part, out.Errors[from:])
		if err != nil {
			if len(undo) == 0 {
				return out, err
			}
			for i := range ds[from:] { // what stood before it stands, and can be taken back
				out.Errors[from+i] = err
			}
			break
		}
		undo, out.Learned = append(undo, befores...), append(out.Learned, lessons...)
	}
	if len(undo) == 0 {
		return out, nil
	}
	if s.Gate != nil {
		s.Gate.Learn(site.ID, out.Learned)
	}
	err := s.Store.Update(ctx, func(tx Tx) (err error) {
		out.Undo, err = tx.PutUndo(site.ID, who.Account, undo, tx.Now().Add(UndoWindow))
		return err
	})
	if err != nil {
		slog.ErrorContext(ctx, "keep what an undo needs", "site", site.ID, "decisions", len(undo), "err", err)
		out.Undo = "" // the decisions stand: to say that they failed would be wrong
	}
	return out, nil
}

// check refuses what cannot be carried out and cleans the words.
func (d *Decision) check() (err error) {
	if _, ok := decisionStatus[d.Action]; !ok && d.Action != "feature" && d.Action != "unfeature" {
		return Bad("action", "must be approve, reject, spam, delete, restore, feature or unfeature")
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

// decideSome carries out decisions in one write. A decision that cannot be
// carried out is refused before it has changed anything, so it takes no other
// with it; an error that is nobody's fault fails them all.
func (s *Service) decideSome(ctx context.Context, site Site, who Actor, ds []Decision, errs []error) (undo []Before, learned []Lesson, err error) {
	err = s.Store.Update(ctx, func(tx Tx) error {
		undo, learned = nil, nil
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		for i, d := range ds {
			b, lesson, err := s.decide(tx, site, who, mod, d)
			errs[i] = err
			switch {
			case err == nil:
				undo, learned = append(undo, b), append(learned, lesson)
			case KindOf(err) == Internal || KindOf(err) == Unavailable:
				return err
			}
		}
		return nil
	})
	return undo, learned, err
}

func (s *Service) decide(tx Tx, site Site, who Actor, mod Author, d Decision) (before Before, lesson Lesson, err error) {
	if err := d.check(); err != nil {
		return before, lesson, err
	}
	if err := allow(who, decides(d.Action)); err != nil {
		return before, lesson, err
	}
	c, err := tx.Comment(d.Comment)
	if err != nil {
		return before, lesson, err
	}
	if c.SiteID != site.ID {
		return before, lesson, ErrNotFound
	}
	if err := d.fresh(tx, c); err != nil {
		return before, lesson, err
	}
	before = Before{Comment: c.ID, Status: c.Status, After: c.Status, Featured: c.Featured, Flag: c.Featured, At: tx.Now(), By: mod.ID}
	lesson = Lesson{Comment: c.ID, Body: c.Body, HTML: c.HTML}
	entry := Entry{Site: site.ID, Actor: mod, Action: d.Action, Kind: "comment", Target: c.ID, Reason: d.Reason, Note: d.Note, Before: string(c.Status)}
	if d.Action == "feature" || d.Action == "unfeature" {
		lesson.Skip = true
		before.Flag, before.Pick = d.Action == "feature", true
		if err := pick(tx, c, before.Flag); err != nil {
			return before, lesson, err
		}
		entry.Before, entry.After = flag(c.Featured), flag(before.Flag)
	} else {
		to := decisionStatus[d.Action]
		before.After = to
		lesson.Bad, lesson.Skip = to != Published, to == Deleted || c.Body == ""
		if err := s.carry(tx, site, mod, c, d, to, &before); err != nil {
			return before, lesson, err
		}
		entry.After = string(to)
	}
	tx.Hint(Hint{Site: site.ID, Type: "decided", Comment: c.ID, Action: d.Action, Name: mod.Name, Actor: mod.ID})
	return before, lesson, tx.Audit(entry)
}

// decided is a moderator's deletion of another person's comment in the page:
// the decision that it is, audited like those of the dashboard.
func (s *Service) decided(tx Tx, site Site, who Actor, c Comment) error {
	mod, err := tx.Author(site.ID, who.Account, who.Name)
	if err != nil {
		return err
	}
	d := Decision{Comment: c.ID, Action: "delete"}
	before := Before{Comment: c.ID, Status: c.Status, After: Deleted, Featured: c.Featured, Flag: c.Featured}
	if err := s.carry(tx, site, mod, c, d, Deleted, &before); err != nil {
		return err
	}
	tx.Hint(Hint{Site: site.ID, Type: "decided", Comment: c.ID, Action: d.Action, Name: mod.Name, Actor: mod.ID})
	return tx.Audit(Entry{Site: site.ID, Actor: mod, Action: d.Action, Kind: "comment", Target: c.ID, Before: string(c.Status), After: string(Deleted)})
}

func flag(on bool) string {
	if on {
		return "featured"
	}
	return ""
}

// pick makes a comment an editor's pick, or no longer one.
func pick(tx Tx, c Comment, on bool) error {
	if c.Status != Published {
		return stands(tx, c)
	}
	if c.Featured == on {
		return nil
	}
	if err := tx.SetFeatured(c.ID, on); err != nil {
		return err
	}
	_, err := tx.AddEvent(Event{ThreadID: c.ThreadID, Type: CommentUpdated, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: tx.Now()})
	return err
}

// carry moves a comment where a decision wants it, closes what readers said
// of it and queues the notice that its author is owed.
func (s *Service) carry(tx Tx, site Site, mod Author, c Comment, d Decision, to Status, before *Before) error {
	if d.Action == "restore" && (c.Status == Published || c.Status == Pending) {
		return stands(tx, c)
	}
	if to == Published && c.Status != Published && c.Body == "" {
		return ErrState // its text was erased, or swept: there is nothing to show
	}
	demoted, err := demotes(tx, site, c, to)
	if err != nil {
		return err
	}
	if c.Status != to {
		if err := takeAway(tx, c, to); err != nil {
			return err
		}
	}
	if before.Reports, err = tx.CloseReports(c.ID, to != Published); err != nil {
		return err
	}
	if before.Decided, before.Decider, before.Reason, err = tx.SetDecided(c.ID, mod.ID, d.Reason); err != nil {
		return err
	}
	if err := demoted(before); err != nil {
		return err
	}
	if c.Status == to {
		return nil
	}
	if to == Published && site.Settings.Moderation.MailReplies {
		job, err := tx.EnqueueLater(Job{Kind: "tell", Key: c.ID, Site: site.ID, After: UndoWindow + undoGrace})
		if err != nil {
			return err
		}
		before.Jobs = append(before.Jobs, job)
	}
	if site.Settings.Moderation.MailOutcomes && c.Author.Account != 0 && c.Author.ID != mod.ID {
		job, err := tx.EnqueueLater(Job{Kind: "outcome", Key: c.ID, Site: site.ID, Text: d.Action + "\x1f" + d.Reason + "\x1f" + fmt.Sprint(tx.Now().UnixMilli()), After: UndoWindow + undoGrace})
		if err != nil {
			return err
		}
		before.Jobs = append(before.Jobs, job)
	}
	return nil
}

// demotes looks at an author before a decision; what it returns looks again
// after it, and where that was the one after which everything of theirs waits,
// they are told: once, with the other notices, unless it is undone.
func demotes(tx Tx, site Site, c Comment, to Status) (after func(*Before) error, err error) {
	if to != Rejected && to != Spam || !site.Settings.Moderation.MailOutcomes || c.Author.Account == 0 || c.Author.Role.AtLeast(Moderator) {
		return func(*Before) error { return nil }, nil
	}
	was, err := tx.Record(c.Author, 0, 0)
	if err != nil {
		return nil, err
	}
	return func(b *Before) error {
		is, err := tx.Record(c.Author, 0, 0)
		if err != nil || was.Demoted(tx.Now()) || !is.Demoted(tx.Now()) {
			return err
		}
		job, err := tx.EnqueueLater(Job{Kind: "demoted", Key: c.Author.ID, Site: site.ID, Text: tx.Now().Format(time.RFC3339Nano), After: UndoWindow + undoGrace})
		b.Jobs = append(b.Jobs, job)
		return err
	}, nil
}

// Undo takes decisions back that are not older than UndoWindow: each comment
// returns to where it stood, unless somebody has decided about it since: then
// left says how it stands.
func (s *Service) Undo(ctx context.Context, site Site, who Actor, token string) (done []ID, left map[ID]Standing, err error) {
	if !who.SignedIn() {
		return nil, nil, ErrSignedOut
	}
	if !who.May(ActDecide) && !who.May(ActPick) {
		return nil, nil, ErrRole
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		done, left = nil, map[ID]Standing{}
		all, err := tx.TakeUndo(site.ID, who.Account, token)
		if KindOf(err) == NotFound {
			return ErrUndoOver
		}
		if err != nil {
			return err
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		slices.Reverse(all)
		for _, b := range all {
			ok, err := s.undo(tx, site, mod, b)
			if err != nil {
				return err
			}
			if ok {
				done = append(done, b.Comment)
				continue
			}
			c, err := tx.Comment(b.Comment)
			if KindOf(err) == NotFound {
				continue
			}
			if err != nil {
				return err
			}
			if left[b.Comment], err = standing(tx, c); err != nil {
				return err
			}
		}
		return nil
	})
	if s.Gate != nil && err == nil {
		s.Gate.Forget(site.ID)
	}
	return done, left, err
}

func (s *Service) undo(tx Tx, site Site, mod Author, b Before) (bool, error) {
	c, err := tx.Comment(b.Comment)
	if KindOf(err) == NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if c.Status != b.After || c.Featured != b.Flag {
		return false, nil // somebody else has been here
	}
	if !b.Pick {
		at, by, err := tx.Decided(c.ID)
		if err != nil {
			return false, err
		}
		if at.UnixMilli() != b.At.UnixMilli() || by != b.By {
			return false, nil // and came to the same
		}
	}
	if c.Body == "" && b.Status != b.After {
		return false, nil // erased meanwhile
	}
	if b.Flag != b.Featured {
		if err := pick(tx, c, b.Featured); err != nil {
			return false, err
		}
	}
	if b.Status != b.After {
		if err := move(tx, c, b.Status); err != nil {
			return false, err
		}
	}
	if err := tx.Reopen(b); err != nil {
		return false, err
	}
	if err := tx.ReturnRevisions(c.ID, b.At); err != nil {
		return false, err
	}
	tx.Hint(Hint{Site: site.ID, Type: "undone", Comment: c.ID, Name: mod.Name, Actor: mod.ID})
	return true, tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "undo", Kind: "comment", Target: c.ID, Before: string(b.After), After: string(b.Status)})
}
