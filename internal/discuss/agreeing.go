package discuss

import (
	"cmp"
	"context"
)

// ErrStandards says that somebody has to accept the standards first, as they stand now.
var ErrStandards = &Error{Kind: Forbidden, Code: "standards", Detail: "Please accept the community standards first. Nothing you wrote is lost."}

// Agree notes that an account accepts a site's standards as they stand.
type Agree struct {
	Site, Account ID
	Version       int    // of the site's own; 0 is Parley's text, or the page at URL
	URL           string // the site's page; "" where the text is ours
}

func (Agree) change() {}

// Agreed reports whether somebody need not be asked: the site asks nobody, its
// own sign-on speaks for them, or they have accepted the version that stands.
func (s *Service) Agreed(ctx context.Context, site Site, who Actor) (bool, error) {
	if !site.Settings.AskStandards || !who.SignedIn() {
		return true, nil
	}
	v, err := s.Store.Standards(ctx, site.ID)
	if err != nil && KindOf(err) != NotFound {
		return false, err
	}
	return s.Store.Agreed(ctx, Agree{site.ID, who.Account, v.Version, site.Settings.Standards})
}

// Agree notes that the actor accepts the standards as they stand now. Doing it
// twice is no error.
func (s *Service) Agree(ctx context.Context, site Site, who Actor) error {
	if !who.SignedIn() {
		return ErrSignedOut
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		as, there, err := agreement(r, site, who)
		if err == nil && !there {
			ch.Add(as)
		}
		return ch, err
	})
}

// agreement is what somebody would accept now, and whether they have.
func agreement(r Reader, site Site, who Actor) (Agree, bool, error) {
	version, err := r.StandardsVersion(site.ID)
	as := Agree{site.ID, who.Account, version, site.Settings.Standards}
	there, e := r.Agreed(as)
	return as, there, cmp.Or(err, e)
}

// requireAgreed refuses to take a comment of who has not accepted the standards.
func requireAgreed(r Reader, site Site, who Actor) error {
	if !site.Settings.AskStandards || !who.SignedIn() {
		return nil
	}
	if _, there, err := agreement(r, site, who); err != nil || there {
		return err
	}
	return ErrStandards
}
