package store

import (
	"context"
)

// rows calls take for each row of a query.
func (s *Store) rows(ctx context.Context, query string, args []any, take func(scanner) error) error {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}
