package main

import (
	"context"
	"errors"
	"fmt"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

type userCmd struct {
	Add userAddCmd `cmd:"" help:"Add a verified account."`
}

type userAddCmd struct {
	Site     string `help:"Site it belongs to." required:""`
	Email    string `help:"Address that logs in." required:""`
	Name     string `help:"Name that readers see." required:""`
	Password string `help:"Password, at least 8 characters." required:""`
	Role     string `help:"Role on the site." enum:"member,moderator,admin" default:"member"`
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
	_, err = db.NewAccount(ctx, acc, site.ID, markup.Skeleton(acc.Name), role)
	if errors.Is(err, discuss.ErrState) {
		return fmt.Errorf("email: there is an account with this address already")
	}
	return err
}

// version is set by the build.
var version = "dev"

type versionCmd struct{}

// Run prints the version.
func (versionCmd) Run() error {
	fmt.Println("parley", version)
	return nil
}
