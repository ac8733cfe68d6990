package main

import (
	"context"

	"parley/internal/app"
	"parley/internal/store"
)

// withStore opens the store for a command.
func withStore(s *app.Settings, do func(context.Context, *store.Store) error) error {
	db, err := s.Open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	return do(context.Background(), db)
}
