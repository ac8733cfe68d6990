package discuss

import (
	"context"
	"crypto/rand"
	"math"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// receiptLength is that of what a notice is asked after with: 80 bits.
const receiptLength = 16

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

// Reported is how a comment stands with its readers.
type Reported struct {
	Weight    float64 // of the open reports that count, one network counted once
	Reporters int     // distinct people above the newest level, one network counted once
	Brigade   int     // reports beyond the first of their network
}

// ReportReasons are the reasons that moderators are shown in words. Another one,
// as a widget of a later release or a program may give, counts as "other", and
// the note begins with it.
var ReportReasons = []string{"harassment", "abuse", "spam", "private", "false", "off_topic", Illegal, "other"}

// Report tells the moderators about a comment, once per person. Enough weight
// from enough people hides it until somebody decides.
//
// An image that is said to be illegal is out of sight at once; images says which of the comment's.
func (s *Service) Report(ctx context.Context, site Site, who Actor, id ID, reason, note string, ip netip.Addr, images ...string) error {
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
	if !slices.Contains(ReportReasons, reason) {
		reason, note = "other", strings.TrimSuffix(reason+": "+note, ": ")
	}
	if len(images) > 0 && reason != Illegal {
		return Bad("image", "goes with the reason illegal alone")
	}
	var network []byte
	if s.Network != nil && ip.IsValid() {
		network, _ = s.Network(ip)
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return nil, ErrNotFound
		}
		if c.Author.Account == who.Account {
			return nil, &Error{Kind: Conflict, Code: "own_comment", Detail: "You can't report your own comment; you can delete it."}
		}
		if who.Author, err = member(r, &ch, site, who); err != nil {
			return nil, err
		}
		if err := checkBanned(r, site, who, ip); err != nil {
			return nil, err
		}
		for _, image := range images {
			if err := hide(r, &ch, site, c, image, Author{}); err != nil {
				return nil, err
			}
		}
		if had, err := r.HasReported(id, who.Author.ID); err != nil || had {
			return ch, err
		}
		rec, err := r.Record(who.Author, 0, 0)
		if err != nil {
			return nil, err
		}
		level := rec.Level(r.Now(), site.Settings.Moderation)
		if who.Can(Moderator) {
			level = LevelTrusted
		}
		weight := ReportWeight(level, rec.Agreed, rec.Reports)
		if rec.Discounted {
			weight = 0
		}
		ch.Add(NewReport{
			Comment: id, Reporter: who.Author.ID, Reason: reason, Note: note, Network: network,
			Weight: weight, Counts: level > LevelNew && !rec.Discounted,
		}, Then(func(r Reader) (Changes, error) { return s.weigh(r, site, c) }))
		return ch, nil
	})
}

// Unreport takes the actor's own report back while the comment stands there. Of
// one that is hidden the answer is that of one that is not there.
func (s *Service) Unreport(ctx context.Context, site Site, who Actor, id ID) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Status != Published {
			return nil, ErrNotFound
		}
		author, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		ch.Add(WithdrawReport{id, author.ID}, Then(func(r Reader) (ch Changes, err error) {
			trace, _, err := r.Judged(id)
			if err == nil {
				err = rejudge(r, &ch, id, trace, 0)
			}
			ch.Add(Hint{Site: site.ID, Type: HintReport, Subject: id})
			return ch, err
		}))
		return ch, nil
	})
}

// weigh gives a reported comment its place in the queue and hides it where the
// weight of what readers say is enough.
func (s *Service) weigh(r Reader, site Site, c Comment) (ch Changes, err error) {
	trace, _, err := r.Judged(c.ID)
	if err != nil {
		return nil, err
	}
	if err := rejudge(r, &ch, c.ID, trace, 0); err != nil {
		return nil, err
	}
	waits(&ch, site, c.ID, HintReport, true)
	said, err := r.Reported(c.ID)
	if err != nil {
		return nil, err
	}
	m := site.Settings.Moderation
	need := m.HideWeight
	author, err := r.Record(c.Author, 0, 0)
	if err != nil {
		return nil, err
	}
	if c.Author.Guest || author.Level(r.Now(), m) == LevelNew {
		need = m.HideWeightNew
	}
	if said.Weight < need || said.Reporters < m.HideReporters || c.Author.Role.AtLeast(Moderator) {
		return ch, nil
	}
	trace = trace.with(Finding{Check: "reports", Suggested: SuggestHold, Count: said.Reporters})
	trace.Verdict = Pending
	if err := rejudge(r, &ch, c.ID, trace, 0); err != nil {
		return nil, err
	}
	if err := move(r, &ch, c, Pending); err != nil {
		return nil, err
	}
	ch.Add(Entry{Site: site.ID, Action: "hide", Kind: "comment", Target: c.ID, Reason: "reports", Before: string(Published), After: string(Pending)})
	return ch, nil
}

// Notice says that a comment is illegal; it needs no account.
type Notice struct {
	Name, Email, Why string
	GoodFaith        bool
	Lang             string // of whoever sent it, for the mails
	Receipt          string // what its sender asks for the outcome with
	At               time.Time
	Image            string // which of the comment's it is about; "" none
}

// Notify takes a notice of illegal content and returns its receipt, which goes
// by mail as well.
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
	n.Receipt = rand.Text()[:receiptLength]
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Comment(id)
		if err != nil {
			return nil, err
		}
		if c.SiteID != site.ID || c.Status != Published { // or it would say which ids are of comments that wait
			return nil, ErrNotFound
		}
		if n.Image != "" {
			if err := hide(r, &ch, site, c, n.Image, Author{}); err != nil {
				return nil, err
			}
		}
		ch.Add(NewNotice{Site: site.ID, Comment: id, Notice: n}, Job{ID: r.NextID(), Site: site.ID, Task: TellNoticed{n.Receipt}}, Then(func(r Reader) (Changes, error) { return noticed(r, site, id, n.Receipt) }))
		return ch, nil
	})
	return n.Receipt, err
}

// noticed gives a comment that a notice was sent about its place in the queue.
func noticed(r Reader, site Site, id ID, receipt string) (ch Changes, err error) {
	trace, _, err := r.Judged(id)
	if err != nil {
		return nil, err
	}
	// Notices need no account: the first one makes a comment urgent, a
	// thousand of them make it no more urgent, and its trace no longer.
	if i := slices.IndexFunc(trace.Findings, func(f Finding) bool { return f.Check == "notice" }); i >= 0 {
		trace.Findings[i].Count++
	} else {
		trace.Findings = append(trace.Findings, Finding{Check: "notice", Count: 1, Detail: receipt})
	}
	if err := rejudge(r, &ch, id, trace, 0); err != nil {
		return nil, err
	}
	waits(&ch, site, id, HintReport, true)
	ch.Add(Entry{Site: site.ID, Action: "notice", Kind: "comment", Target: id, Reason: Illegal, Note: receipt})
	return ch, nil
}
