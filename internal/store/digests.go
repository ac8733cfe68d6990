package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

const digestPeople = 100 // whose messages are read at once

const (
	gatheredFor = `SELECT DISTINCT d.author_id FROM digests d LEFT JOIN mail_choices m ON m.author_id = d.author_id
		WHERE d.author_id > ?3 AND d.created <= ?1 AND (coalesce(m.replies, 'now') = 'hourly') = ?2 ORDER BY d.author_id LIMIT ?4`
	gatheredFrom = ` FROM digests d JOIN comments c ON c.id = d.comment_id AND c.status = 'published' WHERE d.author_id = ?1 AND d.created <= ?2
		AND NOT EXISTS (SELECT 1 FROM mutes WHERE author_id = ?1 AND muted_id = c.author_id)`
	gatheredList = `SELECT d.comment_id` + gatheredFrom + ` ORDER BY d.comment_id LIMIT ?3`
)

// Collect puts a comment into somebody's next message.
func (s *Store) Collect(ctx context.Context, author, comment discuss.ID, why string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO digests (author_id, comment_id, why, created) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`, author, comment, why, millis(tx.now))
	})
}

// Digests returns messages that are due, of some people behind after: of those
// who hear every hour, or of everybody else. Each holds at most so many
// comments and counts the rest. Next is 0 after the last of them. Gathered
// forgets what a message held, once its mail is owed.
func (s *Store) Digests(ctx context.Context, hourly bool, before time.Time, after discuss.ID, most int) (out []notify.Digest, next discuss.ID, err error) {
	var people []discuss.ID
	if err := s.rows(ctx, gatheredFor, []any{millis(before), hourly, after, digestPeople}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		people = append(people, id)
		return err
	}); err != nil {
		return nil, 0, err
	}
	for _, id := range people {
		d, err := s.digest(ctx, id, before, most)
		if err != nil {
			return nil, 0, err
		}
		if len(d.Items) > 0 && d.Person.Email != "" {
			out = append(out, d)
		}
	}
	if len(people) == digestPeople {
		next = people[digestPeople-1]
	}
	return out, next, nil
}

func (s *Store) digest(ctx context.Context, author discuss.ID, before time.Time, most int) (d notify.Digest, err error) {
	if d.Person, d.Site, err = s.PersonOf(ctx, author); err != nil {
		return d, err
	}
	var ids []discuss.ID
	if err := s.rows(ctx, gatheredList, []any{author, millis(before), most + 1}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return d, err
	}
	if len(ids) > most {
		d.Next, ids = ids[most], ids[:most]
		if err := s.queryRow(ctx, `SELECT count(*)`+gatheredFrom, []any{author, millis(before)}, &d.More); err != nil {
			return d, err
		}
		d.More -= most
	}
	for _, id := range ids {
		told, err := s.bareDelivery(ctx, id)
		if errors.Is(err, discuss.ErrNotFound) {
			continue
		}
		if err != nil {
			return d, err
		}
		d.Items = append(d.Items, told)
	}
	return d, nil
}

// DropCollected forgets what a message held.
func (s *Store) DropCollected(ctx context.Context, author discuss.ID, before time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`DELETE FROM digests WHERE author_id = ?1 AND created <= ?2`, author, millis(before))
	})
}

func (s *Store) bareDelivery(ctx context.Context, id discuss.ID) (out notify.Delivery, err error) {
	if out.Comment, err = s.CommentByID(ctx, id); err != nil {
		return out, err
	}
	out.Thread, err = s.ThreadByID(ctx, out.Comment.ThreadID)
	return out, err
}
