package store

import (
	"context"
	"encoding/json"
	"time"
)

// Rate is what was left of a budget at a time.
type Rate struct {
	Bucket string    `json:"b"`
	Left   float64   `json:"l"`
	At     time.Time `json:"-"`
	Millis int64     `json:"a"`
}

// Rates are the budgets as they were kept.
func (s *Store) Rates(ctx context.Context) (out []Rate, err error) {
	rows, err := s.query(ctx, `SELECT bucket, left, at FROM rates`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var r Rate
		if err := rows.Scan(&r.Bucket, &r.Left, &r.Millis); err != nil {
			return nil, err
		}
		r.At = fromMillis(r.Millis)
		out = append(out, r)
	}
	return out, rows.Err()
}

// PutRates keeps these budgets and no other.
func (s *Store) PutRates(ctx context.Context, list []Rate) error {
	for i := range list {
		list[i].Millis = millis(list[i].At)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	return s.updateBulk(ctx, func(tx *Tx) error {
		if err := tx.exec(`DELETE FROM rates`); err != nil || len(list) == 0 { // no list is null in JSON, and a row of nothing
			return err
		}
		return tx.exec(`INSERT OR REPLACE INTO rates (bucket, left, at) SELECT value ->> 'b', CAST(value ->> 'l' AS REAL), value ->> 'a' FROM json_each(?1)`, string(b))
	})
}
