package store

import (
	"context"
	"database/sql"
	"encoding/json"

	"parley/internal/discuss"
)

// Archivist takes an export row by row.
type Archivist interface {
	Thread(discuss.ArchiveThread) error
	Person(discuss.ArchivePerson) error
	Comment(discuss.ArchiveComment) error
}

// Export hands out all of a site as it is at one moment: threads, people, then
// comments with parents before replies. Nothing is gathered in memory.
func (s *Store) Export(ctx context.Context, site discuss.ID, to Archivist) error {
	tx, err := s.reads.BeginTx(ctx, &sql.TxOptions{ReadOnly: true}) // one snapshot
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }()
	if err := each(ctx, tx, `SELECT id, key, url, title, state, created,
		(SELECT json_group_array(key) FROM aliases WHERE thread_id = threads.id) FROM threads WHERE site_id = ?1 ORDER BY id`, site,
		func(row scanner) error {
			var id discuss.ID
			var t discuss.ArchiveThread
			var created int64
			var aliases string
			if err := row.Scan(&id, &t.Key, &t.URL, &t.Title, (*string)(&t.State), &created, &aliases); err != nil {
				return err
			}
			t.Foreign, t.Created = id.String(), fromMillis(created)
			if err := json.Unmarshal([]byte(aliases), &t.Aliases); err != nil {
				return err
			}
			return to.Thread(t)
		}); err != nil {
		return err
	}
	if err := each(ctx, tx, `SELECT id, name FROM authors WHERE site_id = ?1 AND id IN (SELECT author_id FROM comments WHERE site_id = ?1) ORDER BY id`, site,
		func(row scanner) error {
			var id discuss.ID
			var p discuss.ArchivePerson
			if err := row.Scan(&id, &p.Name); err != nil {
				return err
			}
			p.Foreign = id.String()
			return to.Person(p)
		}); err != nil {
		return err
	}
	return each(ctx, tx, `SELECT id, thread_id, coalesce(parent_id, 0), author_id, body, html, status, created, coalesce(edited, 0), up, down, featured
		FROM comments WHERE site_id = ?1 ORDER BY id`, site,
		func(row scanner) error {
			var id, thread, parent, author discuss.ID
			var c discuss.ArchiveComment
			var created, edited int64
			if err := row.Scan(&id, &thread, &parent, &author, &c.Body, &c.HTML, (*string)(&c.Status), &created, &edited, &c.Up, &c.Down, &c.Featured); err != nil {
				return err
			}
			c.Foreign, c.Thread, c.Person, c.Created = id.String(), thread.String(), author.String(), fromMillis(created)
			if parent != 0 {
				c.Parent = parent.String()
			}
			if edited != 0 {
				c.Edited = fromMillis(edited)
			}
			return to.Comment(c)
		})
}

func each(ctx context.Context, tx *sql.Tx, query string, site discuss.ID, take func(scanner) error) error {
	rows, err := tx.QueryContext(ctx, query, site)
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
