package app

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"parley/internal/store"
)

// HeldJobs says what is held since a restore, and what one can do about it.
func HeldJobs(ctx context.Context, db *store.Store, asJSON bool, to io.Writer) error {
	held, err := db.Held(ctx)
	if err != nil {
		return err
	}
	if asJSON {
		return json.NewEncoder(to).Encode(held)
	}
	if held.Sum() == 0 {
		fmt.Fprintln(to, "Nothing is held.")
		return nil
	}
	fmt.Fprintf(to, "Held since a restore: %s. Say `parley jobs send` or `parley jobs drop`.\n", SayOutgoing(held))
	return nil
}

// EndHeld sends what is held since a restore, or drops it.
func EndHeld(ctx context.Context, db *store.Store, send bool, to io.Writer) error {
	held, err := db.Held(ctx)
	if err != nil {
		return err
	}
	if held.Sum() == 0 {
		return errors.New("nothing is held")
	}
	done, end := "dropped", db.DropHeld
	if send {
		done, end = "let go", db.SendHeld
	}
	if err := end(ctx); err != nil {
		return err
	}
	fmt.Fprintf(to, "%s: %s.\n", SayOutgoing(held), done)
	return nil
}
