package discuss

import (
	"context"
	"fmt"
	"time"
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

// ShownPast is how many of a person's comments the moderators are shown.
const ShownPast = 20

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
	text, err := prose("text", text, 1, MaxNoteRunes)
	if err != nil {
		return err
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
