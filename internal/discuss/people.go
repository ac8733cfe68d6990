package discuss

import (
	"context"
	"fmt"
	"net/netip"
	"strings"
	"time"
	"unicode/utf8"
)

// Person is an author as the moderators see one.
type Person struct {
	Author
	Since    time.Time
	Seen     time.Time // the last post
	Trust    Level     // by hand
	Level    Level
	Record   Record
	Warnings int
	Ban      *Ban
	Counts   map[Status]int // comments by status
	Reported int            // reports that others made of the person's comments
	Last     []Past         // the last 20 decisions, newest first
	Notes    []Note
	Network  []Neighbour // accounts of the same network in 30 days
	Via      string      // the provider they last signed in with; "" for the site's own account and guests
	Email    string      // only for those who may see it
	Prefixes []string    // networks of the last week, on the same terms
	Demoted  bool
}

// Past is one comment of a person and what became of it.
type Past struct {
	Comment ID
	Status  Status
	Text    string
	At      time.Time
}

// Note is what moderators wrote about a person; a warning is shown to the person.
type Note struct {
	ID      ID
	Kind    string // "note" or "warning"
	By      string
	Text    string
	At      time.Time
	Seen    time.Time // of a warning: when it was acknowledged
	Subject ID
}

// Neighbour is another account that wrote from the same network.
type Neighbour struct {
	ID     ID
	Name   string
	Seen   time.Time
	Banned bool
}

// PeopleQuery asks for one page of the people of a site, last seen first.
type PeopleQuery struct {
	Site   ID
	Filter string // "", "new", "staff", "banned"
	Search string // part of a name
	After  Cursor
	Limit  int
}

// BansQuery asks for one page of the bans that hold on a site, newest first.
type BansQuery struct {
	Site   ID
	Kind   string // "", BanPerson, BanDomain, BanRange
	Search string // part of a name, a domain, a range or a reason; an address finds what meets it
	After  Cursor
	Limit  int
}

// What a ban meets.
const (
	BanPerson = "person"
	BanDomain = "domain"
	BanRange  = "range"
)

// Kind says what a ban meets.
func (b Ban) Kind() string {
	switch {
	case b.Range.IsValid():
		return BanRange
	case b.Email != "":
		return BanDomain
	}
	return BanPerson
}

// What is the ban's domain or range; "" where it meets a person.
func (b Ban) What() string {
	if b.Range.IsValid() {
		return b.Range.String()
	}
	return b.Email
}

// Bounds of what is said about people.
const (
	MaxSuspension = 366 * 24 * time.Hour
	ShownPast     = 20
	minBanBits4   = 8 // a range wider than that is refused: it would be a country
	minBanBits6   = 19
)

// Sanction is a ban or a suspension. One of Author, Domain and Range says whom
// it meets.
type Sanction struct {
	Author   ID
	Domain   string // of e-mail addresses
	Range    string // CIDR or one address
	Until    time.Time
	Reason   string
	Instance bool // every site
	Hide     bool // the person's published comments of the last 7 days are rejected too
}

// Ban keeps a person, an e-mail domain or a network from writing. It returns
// the ban's id.
func (s *Service) Ban(ctx context.Context, site Site, who Actor, b Sanction) (ID, error) {
	act := ActSanction
	if b.Instance {
		act = ActInstance
	}
	if err := allow(who, act); err != nil {
		return 0, err
	}
	if strings.TrimSpace(b.Reason) == "" || utf8.RuneCountInString(b.Reason) > MaxReasonRunes || !utf8.ValidString(b.Reason) {
		return 0, Bad("reason", "must be 1 to 200 characters: it is what the person reads")
	}
	row := Ban{Site: site.ID, Author: b.Author, Reason: strings.TrimSpace(b.Reason), Until: b.Until}
	if b.Instance {
		row.Site = 0
	}
	if err := b.whom(&row); err != nil {
		return 0, err
	}
	err := s.Store.Update(ctx, func(tx Tx) error {
		if !b.Until.IsZero() && (!b.Until.After(tx.Now()) || b.Until.Sub(tx.Now()) > MaxSuspension) {
			return Bad("until", "must be a time within a year from now")
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		entry := Entry{Site: site.ID, Actor: mod, Action: "ban", Kind: "ban", Reason: row.Reason, After: until(b.Until)}
		if b.Author != 0 {
			person, err := target(tx, site, who, b.Author)
			if err != nil {
				return err
			}
			entry.Kind, entry.Target = "person", person.ID
			if b.Instance {
				row.Account = person.Account
			}
			if !b.Until.IsZero() {
				entry.Action = "suspend"
			}
			if b.Instance {
				if _, err := tx.LiftBans(0, b.Author); err != nil {
					return err
				}
			}
			if _, err := tx.LiftBans(site.ID, b.Author); err != nil { // one ban at a time: the newest
				return err
			}
		} else {
			entry.Note = row.What()
			if err := tx.LiftSame(row); err != nil {
				return err
			}
		}
		row.By = mod.ID
		if row.ID, err = tx.PutBan(row); err != nil {
			return err
		}
		if entry.Target == 0 {
			entry.Target = row.ID
		}
		if err := tx.Audit(entry); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "ban", Comment: row.ID, Action: "ban", Name: mod.Name, Actor: mod.ID})
		if b.Author != 0 {
			tx.Hint(Hint{Site: site.ID, Type: "person", Comment: entry.Target, Action: entry.Action, Name: mod.Name, Actor: mod.ID})
		}
		if b.Author != 0 && b.Hide {
			return s.hideRecent(tx, site, mod, b)
		}
		return nil
	})
	return row.ID, err
}

func until(t time.Time) string {
	if t.IsZero() {
		return "for good"
	}
	return "until " + t.UTC().Format(time.RFC3339)
}

// whom checks that a sanction names exactly one thing.
func (b Sanction) whom(row *Ban) error {
	n := 0
	if b.Author != 0 {
		n++
	}
	if b.Domain != "" {
		n++
		row.Email = strings.ToLower(strings.TrimPrefix(strings.TrimSpace(b.Domain), "@"))
		if row.Email == "" || len(row.Email) > 253 || strings.ContainsAny(row.Email, "@ \t\r\n/:") || !strings.Contains(row.Email, ".") {
			return Bad("email_domain", "must be a domain like spam.example")
		}
	}
	if b.Range != "" {
		n++
		p, err := netip.ParsePrefix(b.Range)
		if err != nil {
			ip, err := netip.ParseAddr(b.Range)
			if err != nil || ip.Zone() != "" {
				return Bad("ip_range", "must be an address or a range like 192.0.2.0/24")
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		if p.Addr().Is4In6() && p.Bits() >= mappedBits { // an IPv4 range in IPv6's clothes
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
		}
		p = p.Masked()
		if p.Addr().Is4() && p.Bits() < minBanBits4 || p.Addr().Is6() && (p.Bits() < minBanBits6 || p.Contains(mapped)) {
			return Bad("ip_range", "is too wide: at most a /8, or a /19 of IPv6")
		}
		row.Range = p
	}
	if n != 1 {
		return Bad("person", "must be given, or email_domain, or ip_range, and only one of them")
	}
	return nil
}

// IPv4 addresses stand in one corner of IPv6. A range of IPv6 that held it
// would be the whole of IPv4, however narrow it looks.
const mappedBits = 96

var mapped = netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff})

// hideRecent rejects what a banned person published in the last week.
func (s *Service) hideRecent(tx Tx, site Site, mod Author, b Sanction) error {
	recent, err := tx.RecentOf(b.Author, tx.Now().Add(-7*24*time.Hour), MaxDecisions)
	if err != nil {
		return err
	}
	for _, c := range recent {
		if c.Status != Published && c.Status != Pending {
			continue
		}
		if err := move(tx, c, Rejected); err != nil {
			return err
		}
		if _, err := tx.CloseReports(c.ID, true); err != nil {
			return err
		}
		if _, _, _, err := tx.SetDecided(c.ID, mod.ID, b.Reason); err != nil {
			return err
		}
		if err := tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "reject", Kind: "comment", Target: c.ID, Reason: b.Reason, Note: "with a ban", Before: string(c.Status), After: string(Rejected)}); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "decided", Comment: c.ID, Action: "reject", Name: mod.Name, Actor: mod.ID})
	}
	return nil
}

// target finds the person that an act is about. Nobody acts on somebody of
// their own rank or above, and an unknown person is ErrNotFound.
func target(tx Tx, site Site, who Actor, id ID) (Author, error) {
	a, err := tx.AuthorByID(id)
	if err != nil {
		return a, err
	}
	if a.SiteID != site.ID {
		return a, ErrNotFound
	}
	if a.Account != 0 && a.Account == who.Account {
		return a, &Error{Kind: Conflict, Code: "yourself", Detail: "You can't do this to yourself."}
	}
	if !who.Operator && a.Role.AtLeast(Moderator) && !(who.Role == Admin && a.Role != Admin) {
		return a, ErrRole
	}
	return a, nil
}

// Unban lifts a person's ban on the site; one of every site is lifted by who
// may set such a ban.
func (s *Service) Unban(ctx context.Context, site Site, who Actor, id ID) error {
	return s.onPerson(ctx, site, who, ActSanction, id, func(tx Tx, mod, person Author) (Entry, error) {
		n, err := tx.LiftBans(site.ID, id)
		if err != nil {
			return Entry{}, err
		}
		if who.May(ActInstance) {
			all, err := tx.LiftBans(0, id)
			if err != nil {
				return Entry{}, err
			}
			n += all
		}
		if n == 0 {
			return Entry{}, &Error{Kind: Conflict, Code: "state", Detail: "No ban that you may lift keeps this person away."}
		}
		return Entry{Action: "unban"}, nil
	})
}

// LiftBan ends one ban. One of every site is lifted by who may set such a ban.
func (s *Service) LiftBan(ctx context.Context, site Site, who Actor, id ID) error {
	if err := allow(who, ActSanction); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		b, err := tx.BanByID(id)
		switch {
		case err != nil:
			return err
		case b.Site == 0 && !who.May(ActInstance):
			return ErrRole
		case b.Site != 0 && b.Site != site.ID:
			return ErrNotFound
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if err := tx.LiftBan(id); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "ban", Comment: id, Action: "unban", Name: mod.Name, Actor: mod.ID})
		entry := Entry{Site: site.ID, Actor: mod, Action: "unban", Kind: "ban", Target: id, Note: b.What()}
		if b.Author != 0 {
			entry.Kind, entry.Target = "person", b.Author
			tx.Hint(Hint{Site: site.ID, Type: "person", Comment: b.Author, Action: "unban", Name: mod.Name, Actor: mod.ID})
		}
		return tx.Audit(entry)
	})
}

// onPerson does one thing to a person and writes it down.
func (s *Service) onPerson(ctx context.Context, site Site, who Actor, act Act, id ID, do func(tx Tx, mod, person Author) (Entry, error)) error {
	if err := allow(who, act); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		person, err := target(tx, site, who, id)
		if err != nil {
			return err
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		e, err := do(tx, mod, person)
		if err != nil {
			return err
		}
		e.Site, e.Actor, e.Kind, e.Target = site.ID, mod, "person", id
		tx.Hint(Hint{Site: site.ID, Type: "person", Comment: id, Action: e.Action, Name: mod.Name, Actor: mod.ID})
		return tx.Audit(e)
	})
}

// Trust sets the level that a person never falls under.
func (s *Service) Trust(ctx context.Context, site Site, who Actor, id ID, level Level) error {
	if level < LevelNew || level > LevelTrusted {
		return Bad("level", "must be new, member, regular or trusted")
	}
	return s.onPerson(ctx, site, who, ActTrust, id, func(tx Tx, _, _ Author) (Entry, error) {
		was, err := tx.SetTrust(id, level)
		return Entry{Action: "trust", Before: fmt.Sprint(int(was)), After: fmt.Sprint(int(level))}, err
	})
}

// AddNote writes a note for other moderators, or a warning that the person
// must acknowledge.
func (s *Service) AddNote(ctx context.Context, site Site, who Actor, id ID, kind, text string) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > MaxNoteRunes || !utf8.ValidString(text) {
		return Bad("text", "must be 1 to 1000 characters")
	}
	act := ActNote
	if kind == "warning" {
		act = ActSanction
	}
	return s.onPerson(ctx, site, who, act, id, func(tx Tx, mod, person Author) (Entry, error) {
		action := "note"
		if kind == "warning" && person.Guest {
			return Entry{}, &Error{Kind: Conflict, Code: "no_account", Detail: "A warning needs an account: guests and imported people could not acknowledge it."}
		}
		if kind == "warning" {
			action = "warn"
			if site.Settings.Moderation.MailOutcomes && person.Account != 0 {
				if err := tx.Enqueue(Job{Kind: "warned", Key: id, Site: site.ID, Text: text + "\x1f" + fmt.Sprint(tx.Now().UnixMilli())}); err != nil {
					return Entry{}, err
				}
			}
		}
		return Entry{Action: action, Note: text}, tx.AddNote(Note{Kind: kind, Text: text, Subject: id}, mod.ID)
	})
}

// MaxWarningsShown is how many warnings one answer carries.
const MaxWarningsShown = 20

// Acknowledge notes that the actor has read a warning: they may write again
// once they have read all. Doing it twice is no error.
func (s *Service) Acknowledge(ctx context.Context, site Site, who Actor, id ID) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		author, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		first, err := tx.ReadWarning(author.ID, id)
		if err != nil || !first {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "person", Comment: author.ID, Action: "acknowledge", Name: author.Name, Actor: author.ID})
		return tx.Audit(Entry{Site: site.ID, Actor: author, Action: "acknowledge", Kind: "person", Target: author.ID})
	})
}

// Warned reports whether an author must acknowledge a warning before they
// write. Staff never must, whatever session they use.
func (a Author) Warned() bool { return a.Unread > 0 && !a.Role.AtLeast(Moderator) }

// acknowledged refuses who has not read a warning yet, and shows it.
func acknowledged(tx Tx, site Site, who Actor, author Author) error {
	if !author.Warned() || who.Can(Moderator) {
		return nil
	}
	unread, err := tx.UnreadWarnings(author.ID)
	if err != nil || len(unread) == 0 {
		return err
	}
	e := *ErrWarned
	e.Warnings = unread
	e.Detail = fmt.Sprintf("A moderator of %s has sent you a warning: “%s” Confirm on your account page that you have read it; then you can comment again. Nothing you wrote is lost.", site.Name, unread[0].Text)
	return &e
}

// SetRole gives a person a role on the site. A site never loses its last admin.
func (s *Service) SetRole(ctx context.Context, site Site, who Actor, id ID, role Role) error {
	if !role.Valid() {
		return Bad("role", "must be member, auditor, staff, moderator or admin")
	}
	if err := allow(who, ActRole); err != nil {
		return err
	}
	return s.Store.Update(ctx, func(tx Tx) error {
		person, err := tx.AuthorByID(id)
		if err != nil {
			return err
		}
		if person.SiteID != site.ID {
			return ErrNotFound
		}
		if person.Account == 0 && role != Member {
			return &Error{Kind: Conflict, Code: "no_account", Detail: "A role needs an account: guests and imported people have none."}
		}
		if person.Role == Admin && role != Admin {
			n, err := tx.Admins(site.ID)
			if err != nil {
				return err
			}
			if n <= 1 {
				return ErrLastAdmin
			}
		}
		mod, err := tx.Author(site.ID, who.Account, who.Name)
		if err != nil {
			return err
		}
		if err := tx.SetRole(id, role); err != nil {
			return err
		}
		tx.Hint(Hint{Site: site.ID, Type: "person", Comment: id, Action: "role", Name: mod.Name, Actor: mod.ID})
		return tx.Audit(Entry{Site: site.ID, Actor: mod, Action: "role", Kind: "person", Target: id, Before: string(person.Role), After: string(role)})
	})
}
