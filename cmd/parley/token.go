package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"parley/internal/app"
	"parley/internal/auth"
	"parley/internal/cleantext"
	"parley/internal/discuss"
	"parley/internal/store"
)

type tokenCmd struct {
	Add    tokenAddCmd    `cmd:"" help:"Make a token; it is shown once."`
	List   tokenListCmd   `cmd:"" help:"List an account's tokens and when each was last used."`
	Revoke tokenRevokeCmd `cmd:"" help:"End a token."`
}

type tokenAddCmd struct {
	Email string        `help:"Account that it acts for." required:""`
	Name  string        `help:"What to call it in lists." default:"made by command"`
	Site  string        `help:"The only site it reaches; all of the account's by default."`
	Scope []string      `help:"How far it reaches: read, write, moderate or admin." enum:"read,write,moderate,admin" default:"read"`
	Life  time.Duration `help:"How long it is good for." default:"8760h"`
	told
}

// Run prints a new token. Only its hash is kept.
func (c *tokenAddCmd) Run(s *app.Settings) error {
	if c.Life <= 0 {
		return fmt.Errorf("life: %s is not in the future", c.Life)
	}
	if c.Name = cleantext.Line(c.Name); c.Name == "" || c.Name == "login" || len(c.Name) > auth.MaxTokenName {
		return fmt.Errorf("name: must be 1 to %d characters, and not login", auth.MaxTokenName)
	}
	return withAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		v := auth.Session{Kind: auth.ProgramSession, Account: acc, Scopes: c.Scope, Name: c.Name, Second: true}
		if c.Site != "" {
			site, err := db.SiteByKey(ctx, c.Site)
			if err != nil {
				return fmt.Errorf("site %q: %w", c.Site, err)
			}
			v.Site = site.ID
		}
		id := s.Identity(db)
		v.Expires = id.Now().Add(c.Life)
		token, until, err := id.Start(ctx, v)
		if err != nil {
			return err
		}
		if err := app.Note(ctx, db, v.Site, "account", "token made", acc.ID, c.Name+", "+strings.Join(c.Scope, " ")); err != nil {
			return err
		}
		if err := c.say(token, map[string]string{"token": token, "until": until.UTC().Format(time.RFC3339)}); err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "Good until %s. It is not shown again.\n", until.Format(time.DateOnly))
		return nil
	})
}

// withAccount opens the store for a command about one account.
func withAccount(s *app.Settings, email string, do func(context.Context, *store.Store, auth.Account) error) error {
	db, err := s.Open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	acc, err := app.AccountByEmail(ctx, db, email)
	if err != nil {
		return err
	}
	return do(ctx, db, acc)
}

type tokenListCmd struct {
	Email string `arg:"" help:"Account that they act for."`
	table
}

// Run lists the tokens.
func (c *tokenListCmd) Run(s *app.Settings) error {
	return withAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		o, err := db.Overview(ctx, acc.ID, time.Now())
		if err != nil {
			return err
		}
		var rows [][]string
		for _, t := range o.Sessions {
			if t.Kind != auth.ProgramSession || t.Name == "login" {
				continue
			}
			where := t.Site
			if where == "" {
				where = "all sites"
			}
			rows = append(rows, []string{t.ID, c.name(t.Name), strings.Join(t.Scopes, " "), where, t.Seen.Format(time.DateTime), t.Expires.Format(time.DateOnly)})
		}
		return c.print([]string{"id", "name", "scopes", "sites", "last_used", "until"}, rows)
	})
}

type tokenRevokeCmd struct {
	Email string `arg:"" help:"Account that it acts for."`
	ID    string `arg:"" help:"Its number, as the list shows it."`
}

// Run ends the token.
func (c *tokenRevokeCmd) Run(s *app.Settings) error {
	return withAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		err := db.DropSessions(ctx, acc.ID, strings.ToLower(c.ID), nil)
		if discuss.KindOf(err) == discuss.NotFound {
			return fmt.Errorf("token %q: there is none with this number", c.ID)
		}
		if err != nil {
			return err
		}
		return app.Note(ctx, db, 0, "account", "token revoked", acc.ID, c.ID)
	})
}
