package discuss

import (
	"context"
	"fmt"
	"strconv"
	"time"
)

// Person is an author as the moderators see one.
type Person struct {
	Author
	Since      time.Time
	Seen       time.Time // the last post
	Trust      Level     // by hand
	Level      Level
	Record     Record
	Warnings   int
	Ban        *Ban
	Counts     map[Status]int // comments by status
	Reported   int            // reports that others made of the person's comments: open ones, and those that a decision agreed with
	Dismissed  int            // those that a decision did not agree with
	Discounted time.Time      // until when what the person reports counts for nothing; zero: it counts
	Last       []Past         // the last 20 decisions, newest first
	Notes      []Note
	Network    []Neighbour // accounts of the same network in 30 days
	Via        string      // the provider they last signed in with; "" for the site's own account and guests
	Invited    bool        // to a role, by an account whose address nobody has proved yet
	Off        bool        // the account is switched off
	Email      string      // only for those who may see it
	Prefixes   []string    // networks of the last week, on the same terms
	Demoted    bool
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
	Search string // part of a name, of its look-alike, or for whom may see them a whole address
	After  Cursor
	Limit  int

	Skeleton string // of Search; the verb's
	Email    string // Search, where it may be an address; the verb's
}

// ShownPast is how many of a person's comments the moderators are shown.
const ShownPast = 20

// target finds the person that an act is about. Nobody acts on somebody of
// their own rank or above, and an unknown person is ErrNotFound.
func target(r PersonReader, site Site, who Actor, id ID) (Author, error) {
	a, err := r.AuthorByID(id)
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
	if !who.Operator && a.Account != 0 { // whoever runs the server may be a plain member here
		yes, err := r.IsOperator(a.Account)
		if err != nil {
			return a, err
		}
		if yes {
			return a, ErrRole
		}
	}
	return a, nil
}

// onPerson does one thing to a person and writes it down.
func (s *Service) onPerson(ctx context.Context, site Site, who Actor, act Act, id ID, do func(r Reader, ch *Changes, mod, person Author) (Entry, error)) error {
	if err := allow(who, act); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		person, err := target(r, site, who, id)
		if err != nil {
			return nil, err
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		e, err := do(r, &ch, mod, person)
		if err != nil {
			return nil, err
		}
		e.Site, e.Actor, e.Kind, e.Target = site.ID, mod, "person", id
		ch.Add(did(site, HintPerson, id, e.Action, mod), e)
		return ch, nil
	})
}

// Trust sets the level that a person never falls under.
func (s *Service) Trust(ctx context.Context, site Site, who Actor, id ID, level Level) error {
	if level < LevelNew || level > LevelTrusted {
		return Bad("level", "must be new, member, regular or trusted")
	}
	return s.onPerson(ctx, site, who, ActTrust, id, func(r Reader, ch *Changes, _, _ Author) (Entry, error) {
		was, err := r.TrustOf(id)
		ch.Add(SetTrust{id, level})
		return Entry{Action: "trust", Before: strconv.Itoa(int(was)), After: strconv.Itoa(int(level))}, err
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
	return s.onPerson(ctx, site, who, act, id, func(r Reader, ch *Changes, mod, person Author) (Entry, error) {
		action := "note"
		if kind == "warning" && person.Guest {
			return Entry{}, &Error{Kind: Conflict, Code: "no_account", Detail: "A warning needs an account: guests and imported people could not acknowledge it."}
		}
		if kind == "warning" {
			action = "warn"
			if site.Settings.Moderation.MailOutcomes && person.Account != 0 {
				ch.Add(Job{ID: r.NextID(), Site: site.ID, Task: TellWarned{Author: id, Text: text, At: r.Now()}})
			}
		}
		ch.Add(NewNote{Note: Note{ID: r.NextID(), Kind: kind, Text: text, Subject: id}, By: mod.ID})
		return Entry{Action: action, Note: text}, nil
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
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		author, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		read, err := r.WarningRead(author.ID, id)
		if err != nil || read {
			return nil, err
		}
		ch.Add(
			ReadWarning{author.ID, id},
			did(site, HintPerson, author.ID, "acknowledge", author),
			Entry{Site: site.ID, Actor: author, Action: "acknowledge", Kind: "person", Target: author.ID},
		)
		return ch, nil
	})
}

// Warned reports whether an author must acknowledge a warning before they
// write. Staff never must, whatever session they use.
func (a Author) Warned() bool { return a.Unread > 0 && !a.Role.AtLeast(Moderator) }

// requireWarningsRead refuses who has not read a warning yet, and shows it.
func requireWarningsRead(r PersonReader, site Site, who Actor, author Author) error {
	if !author.Warned() || who.Can(Moderator) {
		return nil
	}
	unread, err := r.UnreadWarnings(author.ID)
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
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		person, err := r.AuthorByID(id)
		if err != nil {
			return nil, err
		}
		if person.SiteID != site.ID {
			return nil, ErrNotFound
		}
		if err := CheckRole(r, person, role); err != nil {
			return nil, err
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		ch.Add(
			SetRole{id, role},
			did(site, HintPerson, id, "role", mod),
			Entry{Site: site.ID, Actor: mod, Action: "role", Kind: "person", Target: id, Before: string(person.Role), After: string(role)},
		)
		return ch, nil
	})
}

// Inviter is the member who may ask others to help run a site; the audit log
// says whom to what, but for the address, once Invited has noted it.
func (s *Service) Inviter(ctx context.Context, site Site, who Actor) (id ID, err error) {
	if err := allow(who, ActRole); err != nil {
		return 0, err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		by, err := member(r, &ch, site, who)
		id = by.ID
		return ch, err
	})
	return id, err
}

// NoteInvitation writes into the audit log that somebody was asked to help with
// a role, or that this was taken back ("uninvite").
func (s *Service) NoteInvitation(ctx context.Context, site Site, who Actor, action string, role Role) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		by, err := member(r, &ch, site, who)
		ch.Add(
			did(site, HintPerson, 0, action, by),
			Entry{Site: site.ID, Actor: by, Action: action, Kind: "settings", Target: site.ID, After: string(role)},
		)
		return ch, err
	})
}

// HandOver makes another member of staff admin in the place of the one who acts,
// who is a moderator from then on: both or neither.
func (s *Service) HandOver(ctx context.Context, site Site, who Actor, to ID) error {
	if err := allow(who, ActRole); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		person, err := r.AuthorByID(to)
		if err != nil {
			return nil, err
		}
		if person.SiteID != site.ID {
			return nil, ErrNotFound
		}
		own, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		switch {
		case person.ID == own.ID:
			return nil, &Error{Kind: Conflict, Code: "state", Detail: "You have it already: choose somebody else."}
		case person.Role == Member:
			return nil, &Error{Kind: Conflict, Code: "state", Detail: "Only a member of the team can take a site over. Invite them first."}
		}
		if err := CheckRole(r, person, Admin); err != nil {
			return nil, err
		}
		ch.Add(
			SetRole{to, Admin}, did(site, HintPerson, to, "role", own),
			Entry{Site: site.ID, Actor: own, Action: "hand over", Kind: "person", Target: to, Before: string(person.Role), After: string(Admin)},
		)
		if own.Role == Admin {
			ch.Add(
				SetRole{own.ID, Moderator}, did(site, HintPerson, own.ID, "role", own),
				Entry{Site: site.ID, Actor: own, Action: "role", Kind: "person", Target: own.ID, Before: string(Admin), After: string(Moderator)},
			)
		}
		return ch, nil
	})
}

// RoleReader is what CheckRole looks at.
type RoleReader interface {
	OtherAdmins(site, author ID) (bool, error)
	Gone(account ID) (bool, error)
	BansOn(site, author ID) (int, error)
}

// CheckRole says why a person cannot be given a role, whoever gives it: a site
// keeps an admin who can sign in, an account that is switched off or about to be
// erased is given nothing, and a ban, which meets no moderator, is lifted and not forgotten.
func CheckRole(r RoleReader, person Author, role Role) error {
	if person.Account == 0 && role != Member {
		return &Error{Kind: Conflict, Code: "no_account", Detail: "A role needs an account: guests and imported people have none."}
	}
	if role != Member {
		if gone, err := r.Gone(person.Account); err != nil {
			return err
		} else if gone {
			return ErrAccountOff
		}
		for _, of := range []ID{person.SiteID, 0} {
			if n, err := r.BansOn(of, person.ID); err != nil {
				return err
			} else if n > 0 {
				return &Error{Kind: Conflict, Code: "banned", Detail: "This person is banned here. Lift the ban first, then give the role."}
			}
		}
	}
	if person.Role == Admin && role != Admin {
		if others, err := r.OtherAdmins(person.SiteID, person.ID); err != nil {
			return err
		} else if !others {
			return ErrLastAdmin
		}
	}
	return nil
}
