package discuss

import (
	"context"
	"net/netip"
	"strings"
	"time"
)

// Proof is something that an account can prove to be its own, as an import knows
// an imported person by it. It is kept as a keyed hash alone. "" is none.
type Proof string

// AddressProof is a mail address.
func AddressProof(address string) Proof {
	address = strings.ToLower(strings.TrimSpace(address))
	if at := strings.LastIndexByte(address, '@'); at < 1 || at == len(address)-1 {
		return ""
	}
	return Proof("mail\x00" + address)
}

// SubjectProof is who somebody is at a provider of sign-in.
func SubjectProof(provider, subject string) Proof {
	if provider == "" || subject == "" {
		return ""
	}
	return Proof("id\x00" + provider + "\x00" + subject)
}

// HashedProof is an address (provider "email") or a subject of which the source
// holds nothing but its SHA-1, in hexadecimal.
func HashedProof(provider, hash string) Proof {
	if provider == "" || len(hash) != 40 {
		return ""
	}
	return Proof("sha1\x00" + provider + "\x00" + strings.ToLower(hash))
}

// ClaimState is what came of an imported person's comments being somebody's.
type ClaimState string

// The states of a claim.
const (
	ClaimOpen     ClaimState = ""         // the account has not said anything yet
	ClaimAsked    ClaimState = "asked"    // it says that they are its own; the site is to say yes
	ClaimApproved ClaimState = "approved" // they are the account's
	ClaimDeclined ClaimState = "declined" // the site has said no
	ClaimNotMine  ClaimState = "not_mine" // the account has said no
)

// Claim is an imported person who may be an account.
type Claim struct {
	ID      ID // 0 while nothing was said
	Site    ID
	Person  ID     // the imported author
	Name    string // under which they wrote
	Source  string // the format that brought them
	Account ID
	By      string // the account's name
	State   ClaimState
	Asked   time.Time

	Comments    int       // that readers see
	First, Last time.Time // of those
	Sample      []ClaimSample
}

// ClaimSample is one of the comments that a claim is about.
type ClaimSample struct {
	Comment    ID
	HTML       string // how it begins
	Created    time.Time
	Title, URL string // of its page
}

// Bounds of what is shown of claims.
const (
	MaxClaims    = 50
	ClaimSamples = 3
)

// Errors of claims.
var (
	ErrClaimTaken    = &Error{Kind: Conflict, Code: "claim_taken", Detail: "Somebody has already asked for these comments."}
	ErrClaimDeclined = &Error{Kind: Conflict, Code: "claim_declined", Detail: "The site has said that these comments are not yours."}
	ErrClaimOver     = &Error{Kind: Conflict, Code: "claim_over", Detail: "This has been decided already."}
)

// Changes of claims.
type (
	// PutClaim keeps what an account says of an imported person.
	PutClaim struct{ Claim Claim }
	// SettleClaim keeps what a site says of that.
	SettleClaim struct {
		Claim ID
		State ClaimState
	}
	// Become makes a member of an imported person: the comments of the one are to
	// be the other's from then on, see ClaimStore.MoveClaimed.
	Become struct{ Person, Member ID }
)

func (PutClaim) change()    {}
func (SettleClaim) change() {}
func (Become) change()      {}

// ClaimReader reads claims inside a write.
type ClaimReader interface {
	// Claimable is an imported person whom an account has proved to be, by an
	// address or an identity; ErrNotFound if it has not.
	Claimable(account, person ID) (Claim, error)
	// ClaimTaken reports whether another account has asked for a person.
	ClaimTaken(account, person ID) (bool, error)
	Claim(id ID) (Claim, error)
}

// ClaimStore reads claims, and moves what they are about.
type ClaimStore interface {
	// ClaimsOf are the imported people whom an account has proved to be.
	ClaimsOf(ctx context.Context, account ID) ([]Claim, error)
	// ClaimsAsked are those that wait for a site, oldest first.
	ClaimsAsked(ctx context.Context, site ID) ([]Claim, error)
	// MoveClaimed gives a part of an imported person's comments to who they became.
	MoveClaimed(ctx context.Context, person ID) (more bool, err error)
}

// ClaimsOf are the comments from before that an account has proved to be its own,
// on sites where it may write.
func (s *Service) ClaimsOf(ctx context.Context, account ID) ([]Claim, error) {
	return s.Store.ClaimsOf(ctx, account)
}

// AnswerClaim is an account saying whether comments from before are its own. It
// makes nothing so: the site is asked.
func (s *Service) AnswerClaim(ctx context.Context, account, person ID, mine bool) error {
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		if gone, err := r.Gone(account); err != nil {
			return nil, err
		} else if gone {
			return nil, ErrAccountOff
		}
		c, err := r.Claimable(account, person)
		if err != nil {
			return nil, err
		}
		if !mine {
			if c.State != ClaimDeclined {
				c.State = ClaimNotMine
				ch.Add(PutClaim{c}, Hint{Site: c.Site, Type: HintPerson, Subject: person, Action: "unclaim"})
			}
			return ch, nil
		}
		switch c.State {
		case ClaimAsked:
			return nil, nil
		case ClaimDeclined:
			return nil, ErrClaimDeclined
		}
		if err := claimant(r, c); err != nil {
			return nil, err
		}
		if taken, err := r.ClaimTaken(account, person); err != nil {
			return nil, err
		} else if taken {
			return nil, ErrClaimTaken
		}
		c.State = ClaimAsked
		ch.Add(PutClaim{c}, Hint{Site: c.Site, Type: HintPerson, Subject: person, Action: "claim"})
		return ch, nil
	})
}

// claimant refuses whoever is banned on the site: a ban is not written away.
func claimant(r Reader, c Claim) error {
	site, err := r.Site(c.Site)
	if err != nil {
		return err
	}
	who := Actor{Account: c.Account}
	if who.Author, err = r.Member(c.Site, c.Account); err != nil && KindOf(err) != NotFound {
		return err
	}
	return checkBanned(r, site, who, netip.Addr{})
}

// Claims are what people ask for on a site, for those who give roles there.
func (s *Service) Claims(ctx context.Context, site Site, who Actor) ([]Claim, error) {
	if err := allow(who, ActRole); err != nil {
		return nil, err
	}
	return s.Store.ClaimsAsked(ctx, site.ID)
}

// DecideClaim says for a site whether comments from before are an account's. With
// a yes they are moved to it: the name on them is the account's from then on.
// What they have earned elsewhere makes nobody trusted here.
func (s *Service) DecideClaim(ctx context.Context, site Site, who Actor, id ID, approve bool) error {
	if err := allow(who, ActRole); err != nil {
		return err
	}
	var person ID
	err := s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		c, err := r.Claim(id)
		if err == nil && c.Site != site.ID {
			err = ErrNotFound
		}
		if err != nil {
			return nil, err
		}
		if c.State != ClaimAsked {
			return nil, ErrClaimOver
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		person = c.Person
		if !approve {
			ch.Add(
				SettleClaim{id, ClaimDeclined}, did(site, HintPerson, c.Person, "decline claim", mod),
				Entry{Site: site.ID, Actor: mod, Action: "decline claim", Kind: "person", Target: c.Person},
			)
			return ch, nil
		}
		if gone, err := r.Gone(c.Account); err != nil {
			return nil, err
		} else if gone {
			return nil, ErrAccountOff
		}
		if err := claimant(r, c); err != nil {
			return nil, &Error{Kind: Conflict, Code: "banned", Detail: "This person is banned here. Lift the ban first, then approve."}
		}
		own := mod
		if c.Account != who.Account {
			if own, err = member(r, &ch, site, Actor{Account: c.Account, Name: c.By}); err != nil {
				return nil, err
			}
		}
		ch.Add(
			SettleClaim{id, ClaimApproved}, Become{c.Person, own.ID}, did(site, HintPerson, own.ID, "approve claim", mod),
			Entry{Site: site.ID, Actor: mod, Action: "approve claim", Kind: "person", Target: own.ID, Note: c.Name},
		)
		return ch, nil
	})
	if err != nil || !approve {
		return err
	}
	for more := true; more && err == nil; {
		more, err = s.Store.MoveClaimed(ctx, person)
	}
	if KindOf(err) == Unavailable {
		return nil // it has begun, and goes on by itself
	}
	return err
}
