package main

import (
	"context"
	"errors"
	"os"

	"parley/internal/app"
	"parley/internal/store"
)

type jobsCmd struct {
	Held jobsHeldCmd `cmd:"" help:"Say what is held since a restore."`
	Send jobsSendCmd `cmd:"" help:"Send what is held since a restore."`
	Drop jobsDropCmd `cmd:"" help:"Drop what is held since a restore."`
}

// withExisting opens the database of a command that makes none.
func withExisting(s *app.Settings, do func(context.Context, *store.Store) error) error {
	db, err := s.OpenExisting()
	if err != nil {
		return err
	}
	return errors.Join(do(context.Background(), db), db.Close())
}

type jobsHeldCmd struct {
	JSON bool `name:"json" help:"As JSON."`
}

// Run says it.
func (c jobsHeldCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error { return app.HeldJobs(ctx, db, c.JSON, os.Stdout) })
}

type jobsSendCmd struct{}

// Run lets it go; the server sends it.
func (jobsSendCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error { return app.EndHeld(ctx, db, true, os.Stdout) })
}

type jobsDropCmd struct{}

// Run forgets it.
func (jobsDropCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error { return app.EndHeld(ctx, db, false, os.Stdout) })
}

type upgradeCmd struct {
	Check bool `help:"Say what the next start of this build would do to the database; nothing is changed."`
	JSON  bool `name:"json" help:"As JSON."`
}

// Run says it. The upgrade itself is done by the next start.
func (c *upgradeCmd) Run(s *app.Settings) error {
	if !c.Check {
		return errors.New("upgrade: a start of this build does it by itself; parley upgrade --check says what that would be")
	}
	return app.CheckUpgrade(context.Background(), s, c.JSON, os.Stdout)
}
