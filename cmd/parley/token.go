package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"parley/internal/auth"
	"parley/internal/store"
)

type tokenCmd struct {
	Add tokenAddCmd `cmd:"" help:"Make a token; it is shown once."`
}

type tokenAddCmd struct {
	Email string        `help:"Account that it acts for." required:""`
	Scope []string      `help:"How far it reaches: read, write, moderate or admin." enum:"read,write,moderate,admin" default:"read"`
	Life  time.Duration `help:"How long it is good for." default:"8760h"`
}

// Run prints a new token. Only its hash is kept.
func (c *tokenAddCmd) Run(s *settings) error {
	if c.Life <= 0 {
		return fmt.Errorf("life: %s is not in the future", c.Life)
	}
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
	id := s.identity(db)
	token, until, err := id.Start(ctx, auth.Session{Kind: auth.ProgramSession, Account: acc, Scopes: c.Scope, Expires: id.Now().Add(c.Life)})
	if err != nil {
		return err
	}
	fmt.Printf("%s\n", token)
	fmt.Fprintf(os.Stderr, "Good until %s. It is not shown again.\n", until.Format(time.DateOnly))
	return nil
}
