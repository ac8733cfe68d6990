package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"parley/internal/app"
	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/store"
)

type userCmd struct {
	Add      userAddCmd      `cmd:"" help:"Add a verified account."`
	Invite   userInviteCmd   `cmd:"" help:"Ask somebody by mail to help run a site."`
	List     userListCmd     `cmd:"" help:"List the accounts."`
	Role     userRoleCmd     `cmd:"" help:"Change an account's role on a site."`
	Password userPasswordCmd `cmd:"" help:"Set an account's password and end its sessions."`
	Erase    userEraseCmd    `cmd:"" help:"Delete an account at once, as its own person could."`
	Disable  userDisableCmd  `cmd:"" help:"Switch an account off: it signs in nowhere, and what it wrote stays."`
	Operator userOperatorCmd `cmd:"" help:"Let an account run the whole server, or no more."`
}

type userAddCmd struct {
	Site     string `help:"Site it belongs to." required:""`
	Email    string `help:"Address that logs in." required:""`
	Name     string `help:"Name that readers see." required:""`
	Password string `help:"Password, at least 8 characters; asked for, or read from standard input, if not given."`
	Role     string `help:"Role on the site." enum:"member,auditor,staff,moderator,admin" default:"member"`
}

// Run adds the account.
func (c *userAddCmd) Run(s *app.Settings) error {
	db, err := s.Open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	password, err := passwordOr(c.Password, os.Stdin)
	if err != nil {
		return err
	}
	return app.AddUser(ctx, s, db, site, c.Email, c.Name, password, discuss.Role(c.Role))
}

type userInviteCmd struct {
	Email string `arg:"" help:"Address that is invited."`
	Site  string `help:"Site on which the role holds." required:""`
	Role  string `help:"auditor, staff, moderator or admin." enum:"auditor,staff,moderator,admin" required:""`
	Name  string `help:"Name that readers see, of whoever has no account yet."`
}

// Run invites them: the server, which runs or is started next, sends the mail.
func (c *userInviteCmd) Run(s *app.Settings) error {
	if s.SMTPURL == "" {
		return errors.New("smtp-url: an invitation goes by mail, and no relay is set; parley user add makes an account with a password")
	}
	return withStore(s, func(ctx context.Context, db *store.Store) error {
		site, err := db.SiteByKey(ctx, c.Site)
		if err != nil {
			return fmt.Errorf("site %q: %w", c.Site, err)
		}
		v, err := app.InviteUser(ctx, s, db, site, c.Email, c.Name, discuss.Role(c.Role))
		if err == nil {
			fmt.Println(v.Describe())
		}
		return err
	})
}

type userListCmd struct{ table }

// Run lists the accounts: address, name, and roles by site.
func (c *userListCmd) Run(s *app.Settings) error {
	db, err := s.OpenExisting()
	if err != nil {
		return err
	}
	defer db.Close()
	var rows [][]string
	err = db.Accounts(context.Background(), func(m store.Member) error {
		marks := ""
		if !m.Account.Verified {
			marks += " (not verified)"
		}
		if m.Disabled {
			marks += " (switched off)"
		}
		if m.Account.Operator {
			marks += " (operator)"
		}
		rows = append(rows, []string{m.Account.Email, c.name(m.Account.Name) + marks, m.Sites})
		return nil
	})
	if err != nil {
		return err
	}
	return c.print([]string{"email", "name", "sites"}, rows)
}

type userRoleCmd struct {
	Email string `arg:"" help:"Address of the account."`
	Role  string `arg:"" help:"member, auditor, staff, moderator or admin." enum:"member,auditor,staff,moderator,admin"`
	Site  string `help:"Site on which it holds." required:""`
}

// Run changes the role.
func (c *userRoleCmd) Run(s *app.Settings) error {
	db, err := s.Open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	acc, err := app.AccountByEmail(ctx, db, c.Email)
	if err != nil {
		return err
	}
	return db.SetRole(ctx, site.ID, acc.ID, acc.Name, discuss.Role(c.Role))
}

type userPasswordCmd struct {
	Email    string `arg:"" help:"Address of the account."`
	Password string `help:"New password, at least 8 characters; asked for, or read from standard input, if not given."`
}

// Run sets the password.
func (c *userPasswordCmd) Run(s *app.Settings) error {
	return onAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		password, err := passwordOr(c.Password, os.Stdin)
		if err != nil {
			return err
		}
		hash, err := s.Identity(db).Hash(password, acc.Name, acc.Email)
		if err != nil {
			return err
		}
		if err := db.ReplacePassword(ctx, acc.ID, hash); err != nil {
			return err
		}
		return app.Note(ctx, db, 0, "account", "password set", acc.ID, "")
	})
}

type userEraseCmd struct {
	Email string `arg:"" help:"Address of the account, or @ID as parley user list has it."`
	Texts bool   `help:"What it wrote goes too, as it does where its person has asked for that; otherwise its comments stay without a name."`
}

// Run erases the account.
func (c *userEraseCmd) Run(s *app.Settings) error {
	return onAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		with, err := app.EraseUser(ctx, s, db, acc, c.Texts)
		if err != nil {
			return err
		}
		if with {
			fmt.Println("The account", c.Email, "is gone, and what it wrote.")
		} else {
			fmt.Println("The account", c.Email, "is gone; its comments stay without a name.")
		}
		return nil
	})
}

type userDisableCmd struct {
	Email string `arg:"" help:"Address of the account, or @ID as parley user list has it."`
	Off   bool   `help:"No more: it can sign in again."`
}

// Run switches the account off, or on again.
func (c *userDisableCmd) Run(s *app.Settings) error {
	return onAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		if err := app.DisableUser(ctx, db, acc, !c.Off); err != nil {
			return err
		}
		if c.Off {
			fmt.Println("The account", c.Email, "can sign in again.")
		} else {
			fmt.Println("The account", c.Email, "is switched off, and signed out everywhere.")
		}
		return nil
	})
}

type userOperatorCmd struct {
	Email string `arg:"" help:"Address of the account."`
	Off   bool   `help:"No more."`
}

// Run makes an operator, or ends one's office.
func (c *userOperatorCmd) Run(s *app.Settings) error {
	return onAccount(s, c.Email, func(ctx context.Context, db *store.Store, acc auth.Account) error {
		if err := db.SetOperator(ctx, acc.ID, !c.Off); err != nil {
			return err
		}
		action := "made operator"
		if c.Off {
			action = "operator no more"
		}
		return app.Note(ctx, db, 0, "account", action, acc.ID, "")
	})
}

// onAccount does something to the account of an address.
func onAccount(s *app.Settings, email string, do func(context.Context, *store.Store, auth.Account) error) error {
	db, err := s.OpenExisting()
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

// passwordOr is the password that a flag gave; without one it is asked for at a
// terminal, unseen, or is the first line of standard input: what stands in a
// command line is in the shell's history and in everybody's list of processes.
func passwordOr(given string, in *os.File) (string, error) {
	if given != "" {
		return given, nil
	}
	if term.IsTerminal(int(in.Fd())) {
		fmt.Fprint(os.Stderr, "Password: ")
		b, err := term.ReadPassword(int(in.Fd()))
		fmt.Fprintln(os.Stderr)
		return string(b), err
	}
	line, err := bufio.NewReader(in).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return strings.TrimRight(line, "\r\n"), nil
}
