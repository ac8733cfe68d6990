package app

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

// AddUser adds a verified account with a role on a site. Whoever does so on the
// server vouches for it: the account is no newcomer.
func AddUser(ctx context.Context, s *Settings, db *store.Store, site discuss.Site, email, display, password string, role discuss.Role) error {
	acc, err := s.Identity(db).Prepare(display, email, password)
	if err != nil {
		return err
	}
	acc.Verified = true
	acc, err = db.NewAccount(ctx, acc, site.ID, markup.Skeleton(acc.Name), role)
	if errors.Is(err, discuss.ErrState) {
		return fmt.Errorf("email: there is an account with this address already")
	}
	if err != nil {
		return err
	}
	return db.SetTrust(ctx, site.ID, acc.ID, discuss.LevelMember)
}

// InviteUser asks somebody by mail to help with a role.
func InviteUser(ctx context.Context, s *Settings, db *store.Store, site discuss.Site, email, display string, role discuss.Role) (auth.Invitation, error) {
	v, err := s.Identity(db).Invite(ctx, site, 0, display, email, role, "")
	if err != nil {
		return v, err
	}
	return v, db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Site: site.ID, Action: "invite", Kind: "settings", Target: site.ID, Note: OnServer, After: string(role)}}, nil
	})
}

// DisableUser switches an account off, or on again.
func DisableUser(ctx context.Context, db *store.Store, acc auth.Account, off bool) error {
	if err := db.SetDisabled(ctx, acc.ID, off); err != nil {
		return err
	}
	action := "switched off"
	if !off {
		action = "switched on"
	}
	return Note(ctx, db, 0, "account", action, acc.ID, "")
}

// AccountByEmail finds an account by the address that somebody typed, or by @ and
// its id, as the list of accounts has those that have no address.
func AccountByEmail(ctx context.Context, db *store.Store, email string) (auth.Account, error) {
	if said, ok := strings.CutPrefix(email, "@"); ok {
		id, err := discuss.ParseID(said)
		if err != nil {
			return auth.Account{}, fmt.Errorf("account %q: %w", email, err)
		}
		acc, err := db.AccountByID(ctx, id)
		if err != nil {
			return acc, fmt.Errorf("account %q: %w", email, err)
		}
		return acc, nil
	}
	clean, err := auth.Email(email)
	if err != nil {
		return auth.Account{}, err
	}
	acc, err := db.AccountByEmail(ctx, clean)
	if err != nil {
		return acc, fmt.Errorf("account %q: %w", email, err)
	}
	return acc, nil
}

// EraseUser erases an account at once, with its texts or, where its person has
// not asked for that either, without; with says whether they went.
func EraseUser(ctx context.Context, s *Settings, db *store.Store, acc auth.Account, texts bool) (with bool, err error) {
	if with, err = s.Identity(db).EraseNow(ctx, acc.ID, texts); err != nil {
		return with, err
	}
	return with, Note(ctx, db, 0, "account", "erased", acc.ID, "")
}
