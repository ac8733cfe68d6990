package main

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Add a verified account."`
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Role     userRoleCmd     `cmd:"" help:"Change an account's role on a site."`
	Password userPasswordCmd `cmd:"" help:"Set an account's password and end its sessions."`
}

type userAddCmd struct {
	Site     string `help:"Site it belongs to." required:""`
	Email    string `help:"Address that logs in." required:""`
	Name     string `help:"Name that readers see." required:""`
	Password string `help:"Password, at least 8 characters." required:""`
	Role     string `help:"Role on the site." enum:"member,auditor,staff,moderator,admin" default:"member"`
}

// Run adds the account.
func (c *userAddCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	return addUser(ctx, s, db, site, c.Email, c.Name, c.Password, discuss.Role(c.Role))
}

func addUser(ctx context.Context, s *settings, db *store.Store, site discuss.Site, email, display, password string, role discuss.Role) error {
	acc, err := s.identity(db).Prepare(display, email, password)
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
	return db.SetTrust(ctx, site.ID, acc.ID, discuss.LevelMember) // somebody vouches for it: no newcomer
}

type userListCmd struct{}

// Run lists the accounts: address, name, and roles by site.
func (userListCmd) Run(s *settings) error {
	db, err := s.existing()
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Accounts(context.Background(), func(m store.Member) error {
		marks := ""
		if !m.Account.Verified {
			marks += " (not verified)"
		}
		if m.Account.Operator {
			marks += " (operator)"
		}
		_, err := fmt.Printf("%s\t%s%s\t%s\n", m.Account.Email, m.Account.Name, marks, m.Sites)
		return err
	})
}

type userRoleCmd struct {
	Email string `arg:"" help:"Address of the account."`
	Role  string `arg:"" help:"member, auditor, staff, moderator or admin." enum:"member,auditor,staff,moderator,admin"`
	Site  string `help:"Site on which it holds." required:""`
}

// Run changes the role.
func (c *userRoleCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	acc, err := account(ctx, db, c.Email)
	if err != nil {
		return err
	}
	return db.SetRole(ctx, site.ID, acc.ID, acc.Name, discuss.Role(c.Role))
}

type userPasswordCmd struct {
	Email    string `arg:"" help:"Address of the account."`
	Password string `help:"New password, at least 8 characters." required:""`
}

// Run sets the password.
func (c *userPasswordCmd) Run(s *settings) error {
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	acc, err := account(ctx, db, c.Email)
	if err != nil {
		return err
	}
	hash, err := s.identity(db).Hash(c.Password)
	if err != nil {
		return err
	}
	return db.ReplacePassword(ctx, acc.ID, hash)
}

// account finds an account by the address that somebody typed.
func account(ctx context.Context, db *store.Store, email string) (auth.Account, error) {
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

// version is set by the build.
var version = "dev"

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("parley", version)
	return nil
}
