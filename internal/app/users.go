package app

import (
	"context"
	"errors"
	"fmt"

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

// InviteUser gives somebody a role on a site and owes them the mail that says so;
// fresh reports that they have no account yet.
func InviteUser(ctx context.Context, s *Settings, db *store.Store, site discuss.Site, email, display string, role discuss.Role) (fresh bool, err error) {
	id := s.Identity(db)
	to, err := id.Invite(ctx, site, display, email)
	if err != nil {
		return false, err
	}
	if err := db.SetRole(ctx, site.ID, to.Account.ID, to.Account.Name, role); err != nil {
		return false, err
	}
	if err := Note(ctx, db, site.ID, "account", "invite", to.Account.ID, string(role)); err != nil {
		return false, err
	}
	return to.Fresh, id.SendInvitation(ctx, site, to, "")
}

// AccountByEmail finds an account by the address that somebody typed.
func AccountByEmail(ctx context.Context, db *store.Store, email string) (auth.Account, error) {
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
