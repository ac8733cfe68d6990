package main

import (
	"context"
	"errors"

	"parley/internal/app"
	"parley/internal/store"
)

type setupLinkCmd struct{ told }

// Run prints a new one-time link to the set-up. Earlier ones hold for their day too; the first that is used ends all.
func (c setupLinkCmd) Run(s *app.Settings) error {
	return withStore(s, func(ctx context.Context, db *store.Store) error {
		link, err := app.SetupLink(ctx, s, db)
		if err != nil {
			return err
		}
		if link == "" {
			return errors.New("somebody has an account already: sign in at " + s.BaseURL() + "/dashboard/, or set a password by parley user password")
		}
		return c.say(link, map[string]string{"link": link})
	})
}
