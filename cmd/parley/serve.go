package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"parley/internal/app"
)

type serveCmd struct {
	NoUpgradeBackup bool `help:"Upgrade the database without the copy of it that is made beside it otherwise."`
	NewKey          bool `help:"Go on without the lost key file: secrets that were sealed with it are removed, to be entered again."`
}

// Run serves until a signal comes.
func (c serveCmd) Run(s *app.Settings) error {
	s.NewKey, s.NoUpgradeBackup = c.NewKey, c.NoUpgradeBackup
	for _, u := range s.Unknown {
		slog.Warn(u)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	in, err := app.Start(s)
	if err != nil {
		return err
	}
	fmt.Printf("Parley serves on %s\n", s.BaseURL())
	if err := in.OfferSetup(ctx, s); err != nil {
		return err
	}
	if in.Again != nil {
		again := make(chan os.Signal, 1)
		signal.Notify(again, syscall.SIGHUP)
		defer signal.Stop(again)
		go func() {
			for {
				select {
				case <-again:
					in.Again()
				case <-ctx.Done():
					return
				}
			}
		}()
	}
	return in.Wait(ctx)
}
