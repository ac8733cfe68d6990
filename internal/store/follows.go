package store

import (
	"context"
	"time"

	"parley/internal/discuss"
)

// AuthorByID finds a person on a site.
func (s *Store) AuthorByID(ctx context.Context, id discuss.ID) (discuss.Author, error) {
	a := discuss.Author{ID: id}
	var kind string
	err := found(s.first(ctx, `SELECT site_id, coalesce(account_id, 0), name, role, kind FROM authors WHERE id = ?1`, id).Scan(&a.SiteID, &a.Account, &a.Name, (*string)(&a.Role), &kind))
	a.Guest = kind != "member"
	return a, err
}

const (
	followedQuery = `SELECT EXISTS (SELECT 1 FROM follows WHERE thread_id = ?1 AND comment_id = 0) OR EXISTS (SELECT 1 FROM guest_follows WHERE thread_id = ?1 AND comment_id = 0 AND confirmed = 1)`
	followsOf     = `SELECT comment_id FROM follows WHERE author_id = ?1 AND thread_id = ?2`
	mutesOf       = `SELECT muted_id FROM mutes WHERE author_id = ?1 LIMIT ?2`
	rulesOf       = `SELECT version, body, html, at FROM standards WHERE site_id = ?1 ORDER BY version DESC LIMIT 1`
)

// Follows returns what a person follows on a thread: 0 for all of it, else comments.
func (s *Store) Follows(ctx context.Context, author, thread discuss.ID) ([]discuss.ID, error) {
	return scanIDs(s.query(ctx, followsOf, author, thread))
}

// Mutes returns whom a person does not want to read.
func (s *Store) Mutes(ctx context.Context, author discuss.ID) ([]discuss.ID, error) {
	return scanIDs(s.query(ctx, mutesOf, author, discuss.MaxMutes))
}

// Standards returns the newest version of a site's rules.
func (s *Store) Standards(ctx context.Context, site discuss.ID) (discuss.Standards, error) {
	var v discuss.Standards
	var at int64
	err := found(s.first(ctx, rulesOf, site).Scan(&v.Version, &v.Body, &v.HTML, &at))
	v.At = fromMillis(at)
	return v, err
}

func scanIDs(rows many, err error) ([]discuss.ID, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []discuss.ID{}
	for rows.Next() {
		var id discuss.ID
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		out = append(out, id)
	}
	return out, rows.Err()
}

// Followed reports whether anybody follows a whole thread, with an account or by an address.
func (t *Tx) Followed(thread discuss.ID) (some bool, err error) {
	err = t.recall(followedQuery, thread, nil).Scan(&some)
	return some, err
}

// follow begins or ends following a thread, or the replies to one comment.
func (t *Tx) follow(f discuss.Follow) error {
	if !f.On {
		return t.exec(`DELETE FROM follows WHERE author_id = ?1 AND thread_id = ?2 AND comment_id = ?3`, f.Author, f.Thread, f.Comment)
	}
	return t.exec(`INSERT INTO follows (author_id, thread_id, comment_id, created) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`,
		f.Author, f.Thread, f.Comment, millis(t.now))
}

// mute begins or ends muting somebody.
func (t *Tx) mute(m discuss.Mute) error {
	t.rings(0, m.Author) // what they are told of is less now, or more
	if !m.On {
		return t.exec(`DELETE FROM mutes WHERE author_id = ?1 AND muted_id = ?2`, m.Author, m.Muted)
	}
	return t.exec(`INSERT INTO mutes (author_id, muted_id, created)
		SELECT ?1, ?2, ?3 WHERE (SELECT count(*) FROM mutes WHERE author_id = ?1) < ?4 ON CONFLICT DO NOTHING`,
		m.Author, m.Muted, millis(t.now), discuss.MaxMutes)
}

// withdraw remembers what a comment was before its author deleted it. It is
// kept for good: it tells such a comment from one that moderators deleted.
func (t *Tx) withdraw(comment discuss.ID, was discuss.Status) error {
	if err := t.noteErased(ErasedByAuthor, comment); err != nil {
		return err
	}
	return t.exec(`INSERT INTO withdrawals (comment_id, status, at) VALUES (?1, ?2, ?3)
		ON CONFLICT (comment_id) DO UPDATE SET status = excluded.status, at = excluded.at`, comment, string(was), millis(t.now))
}

// Withdrawn returns what withdraw remembered.
func (t *Tx) Withdrawn(comment discuss.ID) (discuss.Status, time.Time, error) {
	var was string
	var at int64
	err := t.get(`SELECT status, at FROM withdrawals WHERE comment_id = ?1`, []any{comment}, &was, &at)
	return discuss.Status(was), fromMillis(at), err
}

// unwithdraw forgets a withdrawal. One that a stop has written to the ledger
// would come again with the next start or restore: it stays.
func (t *Tx) unwithdraw(comment discuss.ID) error {
	var told bool
	if err := t.get(`SELECT EXISTS (SELECT 1 FROM erasures WHERE what = ?1 AND target = ?2 AND ledgered = 1)`, []any{ErasedByAuthor, comment}, &told); err != nil {
		return err
	}
	if told {
		return discuss.ErrState
	}
	if err := t.exec(`DELETE FROM erasures WHERE what = ?1 AND target = ?2`, ErasedByAuthor, comment); err != nil {
		return err
	}
	return t.exec(`DELETE FROM withdrawals WHERE comment_id = ?1`, comment)
}

// StandardsVersion is the newest version of a site's community standards.
func (t *Tx) StandardsVersion(site discuss.ID) (n int, err error) {
	err = t.get(`SELECT coalesce(max(version), 0) FROM standards WHERE site_id = ?1`, []any{site}, &n)
	return n, err
}

// insertStandards adds a version of a site's community standards.
func (t *Tx) insertStandards(site discuss.ID, v discuss.Standards) error {
	return t.exec(`INSERT INTO standards (site_id, version, body, html, at) VALUES (?1, ?2, ?3, ?4, ?5)`, site, v.Version, v.Body, v.HTML, millis(v.At))
}
