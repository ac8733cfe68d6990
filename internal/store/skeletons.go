package store

import (
	"context"
	"database/sql"
	"errors"

	"github.com/pressly/goose/v3"
)

// foldVersion is the schema's version from which on the folded form of a name
// leaves out pictures and letters without ink.
const foldVersion = 149

// foldNames folds the names of members anew: what a name is compared by is made
// in Go, which no SQL can do.
func (s *Store) foldNames() *goose.Migration {
	return goose.NewGoMigration(foldVersion, &goose.GoFunc{RunTx: func(ctx context.Context, tx *sql.Tx) error {
		rows, err := tx.QueryContext(ctx, `SELECT id, name, skeleton FROM authors WHERE account_id IS NOT NULL`)
		if err != nil {
			return err
		}
		fresh := map[int64]string{}
		for rows.Next() {
			var id int64
			var name, was string
			if err := rows.Scan(&id, &name, &was); err != nil {
				return errors.Join(err, rows.Close())
			}
			if now := s.opt.Skeleton(name); now != was {
				fresh[id] = now
			}
		}
		if err := errors.Join(rows.Err(), rows.Close()); err != nil {
			return err
		}
		for id, skeleton := range fresh {
			if _, err := tx.ExecContext(ctx, `UPDATE authors SET skeleton = ?2 WHERE id = ?1`, id, skeleton); err != nil {
				return err
			}
		}
		return nil
	}}, nil)
}
