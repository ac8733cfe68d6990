package discuss

import (
	"context"
	"math"
	"net/netip"
	"slices"
	"time"
)

// Illegal is the reason that makes a report a notice of illegal content.
const Illegal = "illegal"

// ReportWeight is how much a report by somebody of a level and accuracy
// counts: 1 + trust + accuracy. Accuracy is 0 up to five decided reports.
// A newcomer's reports never hide anything by themselves.
func ReportWeight(level Level, agreed, total int) float64 {
	w := 1 + float64(level)
	if total <= accuracyReports {
		return w
	}
	a, grow := float64(agreed)/float64(total), 5*math.Log(float64(total))/math.Log(4)
	if a >= regularAccuracy {
		w += (a - regularAccuracy) / (1 - regularAccuracy) * grow
	} else {
		w -= (regularAccuracy - a) / regularAccuracy * grow
	}
	return math.Max(0, w)
}

// Reported is how a comment stands with its readers after one more report.
type Reported struct {
	New       bool    // it was this person's first
	Weight    float64 // of the open reports that count, one network counted once
	Reporters int     // distinct people above the newest level, one network counted once
	Brigade   int     // reports beyond the first of their network
}

// Report tells the moderators about a comment, once per person. Enough weight
// from enough people hides it until somebody decides.
func (s *Service) Report(ctx context.Context, site Site, who Actor, id ID, reason, note string, ip netip.Addr) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	reason, err := prose("reason", reason, 1, MaxReasonRunes)
	if err != nil {
		return err
	}
	if note, err = prose("note", note, 0, MaxNoteRunes); err != nil {
		return err
	}
	var network []byte
	if s.Network != nil && ip.IsValid() {
		network, _ = s.Network(ip)
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return ErrNotFound
		}
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		who.Author = author
		if err := s.welcome(tx, site, who, ip); err != nil {
			return err
		}
		rec, err := tx.Record(author, 0, 0)
		if err != nil {
			return err
		}
		level := rec.Level(tx.Now(), site.Settings.Moderation)
		if who.Can(Moderator) {
			level = LevelTrusted
		}
		r, err := tx.AddReport(id, author.ID, reason, note, ReportWeight(level, rec.Agreed, rec.Reports), level > LevelNew, network)
		if err != nil || !r.New {
			return err
		}
		return s.weigh(tx, site, c, r)
	})
}

// Unreport takes the actor's own report back while nobody has decided.
func (s *Service) Unreport(ctx context.Context, site Site, who Actor, id ID) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.SiteID != site.ID {
			return ErrNotFound
		}
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if err := tx.WithdrawReport(id, author.ID); err != nil {
			return err
		}
		trace, _, err := tx.Judged(id)
		if err != nil {
			return err
		}
		if err := rejudged(tx, id, trace, 0); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "report", Comment: id})
		return nil
	})
}

// weigh gives a reported comment its place in the inbox and hides it where the
// weight is enough.
func (s *Service) weigh(tx Tx, site Site, c Comment, r Reported) error {
	trace, _, err := tx.Judged(c.ID)
	if err != nil {
		return err
	}
	if err := rejudged(tx, c.ID, trace, 0); err != nil {
		return err
	}
	if err := waits(tx, site, c.ID, "report", true); err != nil {
		return err
	}
	m := site.Settings.Moderation
	need := m.HideWeight
	author, err := tx.Record(c.Author, 0, 0)
	if err != nil {
		return err
	}
	if c.Author.Guest || author.Level(tx.Now(), m) == LevelNew {
		need = m.HideWeightNew
	}
	if r.Weight < need || r.Reporters < m.HideReporters || c.Author.Role.AtLeast(Moderator) {
		return nil
	}
	trace = trace.with(Finding{Check: "reports", Wish: WishHold, Count: r.Reporters})
	trace.Verdict = Pending
	if err := rejudged(tx, c.ID, trace, 0); err != nil {
		return err
	}
	if err := move(tx, c, Pending); err != nil {
		return err
	}
	return tx.Audit(Entry{Site: site.ID, Action: "hide", Kind: "comment", Target: c.ID, Reason: "reports", Before: string(Published), After: string(Pending)})
}

// Notice says that a comment is illegal; it needs no account.
type Notice struct {
	Name, Email, Why string
	GoodFaith        bool
	Receipt          string // what its sender asks for the outcome with
	At               time.Time
}

// Notify takes a notice of illegal content and returns its receipt.
func (s *Service) Notify(ctx context.Context, site Site, id ID, n Notice) (receipt string, err error) {
	for _, f := range []struct {
		name string
		v    *string
	}{{"name", &n.Name}, {"email", &n.Email}, {"why", &n.Why}} {
		if *f.v, err = prose(f.name, *f.v, 1, MaxNoteRunes); err != nil {
			return "", err
		}
	}
	if !n.GoodFaith {
		return "", Bad("good_faith", "must be true: say that you believe this in good faith")
	}
	err = s.Store.Update(ctx, func(tx Tx) error {
		c, err := tx.Comment(id)
		if err != nil {
			return err
		}
		if c.SiteID != site.ID || c.Status != Published && c.Status != Pending {
			return ErrNotFound
		}
		if receipt, err = tx.AddNotice(site.ID, id, n); err != nil {
			return err
		}
		trace, _, err := tx.Judged(id)
		if err != nil {
			return err
		}
		// Notices need no account: the first one makes a comment urgent, a
		// thousand of them make it no more urgent, and its trace no longer.
		if i := slices.IndexFunc(trace.Findings, func(f Finding) bool { return f.Check == "notice" }); i >= 0 {
			trace.Findings[i].Count++
		} else {
			trace.Findings = append(trace.Findings, Finding{Check: "notice", Count: 1, Detail: receipt})
		}
		if err := rejudged(tx, id, trace, 0); err != nil {
			return err
		}
		if err := waits(tx, site, id, "report", true); err != nil {
			return err
		}
		return tx.Audit(Entry{Site: site.ID, Action: "notice", Kind: "comment", Target: id, Reason: Illegal, Note: receipt})
	})
	return receipt, err
}
