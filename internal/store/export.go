package store

import (
	"context"
	"encoding/json"

	"parley/internal/discuss"
)

// Archivist takes an export row by row.
type Archivist interface {
	Thread(discuss.ArchiveThread) error
	Person(discuss.ArchivePerson) error
	Comment(discuss.ArchiveComment) error
}

// exportChunk is how many rows are read at once. Between two reads nothing is
// held: a snapshot would keep the write-ahead log from beginning again for as
// long as whoever takes the export takes.
const exportChunk = 500

// Export hands out all of a site as it stood when it began: threads, people,
// then comments with parents before replies. Nothing is gathered in memory.
// What is edited or decided while it runs may be handed out as it is by then.
func (s *Store) Export(ctx context.Context, site discuss.ID, to Archivist) error {
	// Ids grow with time, so what came later is told by them.
	var thread, author, comment discuss.ID
	if err := s.first(ctx, `SELECT (SELECT coalesce(max(id), 0) FROM threads), (SELECT coalesce(max(id), 0) FROM authors), (SELECT coalesce(max(id), 0) FROM comments)`).
		Scan(&thread, &author, &comment); err != nil {
		return err
	}
	if err := chunks(ctx, s, `SELECT id, key, url, title, state, created, reactions,
		(SELECT json_group_array(key) FROM aliases WHERE thread_id = threads.id) FROM threads
		WHERE site_id = ?1 AND id > ?2 AND id <= ?3 AND merged_into IS NULL ORDER BY id LIMIT ?4`, []any{site, thread}, scanArchiveThread, to.Thread); err != nil {
		return err
	}
	if err := chunks(ctx, s, `SELECT id, name FROM authors WHERE site_id = ?1 AND id > ?2 AND id <= ?3
		AND EXISTS (SELECT 1 FROM comments WHERE author_id = authors.id) ORDER BY id LIMIT ?4`, []any{site, author}, scanArchivePerson, to.Person); err != nil {
		return err
	}
	return chunks(ctx, s, `SELECT id, thread_id, coalesce(parent_id, 0), author_id, iif(status = 'deleted', '', body), iif(status = 'deleted', '', html), status, created, coalesce(edited, 0), up, down, featured, pinned > 0, reactions
		FROM comments WHERE site_id = ?1 AND id > ?2 AND id <= ?3 AND thread_id <= ?5 AND author_id <= ?6
		ORDER BY id LIMIT ?4`, []any{site, comment, thread, author}, scanArchiveComment, to.Comment)
}

// chunks reads a list in the order of its ids, a chunk at a time. bounds are
// the site, the last id, and what more the query asks for.
func chunks[T any](ctx context.Context, s *Store, query string, bounds []any, scan func(scanner) (discuss.ID, T, error), take func(T) error) error {
	after := discuss.ID(0)
	for {
		args := append([]any{bounds[0], after, bounds[1], exportChunk}, bounds[2:]...)
		var list []T
		if err := s.rows(ctx, query, args, func(row scanner) error {
			id, v, err := scan(row)
			after, list = id, append(list, v)
			return err
		}); err != nil {
			return err
		}
		for _, v := range list {
			if err := take(v); err != nil {
				return err
			}
		}
		if len(list) < exportChunk {
			return nil
		}
	}
}

func scanArchiveThread(row scanner) (id discuss.ID, t discuss.ArchiveThread, err error) {
	var created int64
	var aliases, reactions string
	if err := row.Scan(&id, &t.Key, &t.URL, &t.Title, (*string)(&t.State), &created, &reactions, &aliases); err != nil {
		return id, t, err
	}
	t.Foreign, t.Created, t.Reactions = id.String(), fromMillis(created), discuss.Reactions(reactions)
	return id, t, json.Unmarshal([]byte(aliases), &t.Aliases)
}

func scanArchivePerson(row scanner) (id discuss.ID, p discuss.ArchivePerson, err error) {
	err = row.Scan(&id, &p.Name)
	p.Foreign = id.String()
	return id, p, err
}

func scanArchiveComment(row scanner) (id discuss.ID, c discuss.ArchiveComment, err error) {
	var thread, parent, author discuss.ID
	var created, edited int64
	var reactions string
	err = row.Scan(&id, &thread, &parent, &author, &c.Body, &c.HTML, (*string)(&c.Status), &created, &edited, &c.Up, &c.Down, &c.Featured, &c.Pinned, &reactions)
	c.Reactions = discuss.Reactions(reactions)
	c.Foreign, c.Thread, c.Person, c.Created = id.String(), thread.String(), author.String(), fromMillis(created)
	if parent != 0 {
		c.Parent = parent.String()
	}
	if edited != 0 {
		c.Edited = fromMillis(edited)
	}
	return id, c, err
}

// ExportImages hands out the images of a site's comments, one at a time: those
// of comments that are public or wait, by the name that a text has behind parley:.
func (s *Store) ExportImages(ctx context.Context, site discuss.ID, add func(name string, body []byte) error) error {
	var ids []string
	if err := s.rows(ctx, `SELECT i.id FROM images i JOIN comments c ON c.id = i.comment_id WHERE i.site_id = ?1 AND i.state = '' AND c.status IN ('published', 'pending') ORDER BY i.created, i.id`, []any{site}, func(r scanner) error {
		var id string
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return err
	}
	for _, id := range ids {
		m, body, _, err := s.ImageFile(ctx, id)
		if err == nil {
			err = add(m.File(), body)
		}
		if orMissing(err) != nil { // one that went meanwhile is not missed
			return err
		}
	}
	return nil
}
