package store

import (
	"database/sql"
	"errors"
	"time"

	"parley/internal/discuss"
)

// recordQuery is what a post of theirs changes: one statement with a look into
// an index for each number. The sub-queries that count stop where more would
// change nothing, whatever an author has written before: this runs inside every
// post. One whom the write makes is not there yet, and has a record all the same.
const recordQuery = `SELECT coalesce(max(0, a.published - a.brought), 0), coalesce((SELECT created FROM comments WHERE author_id = ?1 ORDER BY created DESC LIMIT 1), 0),
	coalesce((SELECT created FROM comments WHERE author_id = ?1 AND ?2 <> 0 AND thread_id = ?2 AND created > ?3 - 86400000 ORDER BY created DESC LIMIT 1), 0),
	(SELECT count(*) FROM (SELECT 1 FROM comments WHERE author_id = ?1 AND created > ?3 - 86400000 LIMIT 20)),
	EXISTS (SELECT 1 FROM comments WHERE site_id = ?4 AND fingerprint = ?5 AND fingerprint <> 0 AND created > ?3 - 86400000)
	FROM (SELECT 1) LEFT JOIN authors a ON a.id = ?1`

// reputationQuery is what others change. A new comment has no decision yet.
const reputationQuery = `SELECT coalesce(a.created, 0), coalesce(a.trust, 0), coalesce(a.reports_discounted, 0),
	(SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed IS NOT NULL),
	(SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed = 1),
	coalesce((SELECT max(decided) FROM comments WHERE author_id = ?1 AND decided IS NOT NULL), 0)
	FROM (SELECT 1) LEFT JOIN authors a ON a.id = ?1`

// alikeQuery reads who said the same in the last day, as far as it matters.
const alikeQuery = `SELECT author_id = ?1 FROM comments WHERE site_id = ?2 AND fingerprint = ?3 AND fingerprint <> 0 AND created > ?4 - 86400000 LIMIT 12`

// recordWindow is how many decisions of an author are looked at.
const recordWindow = 200

// Record reads what is known of an author.
func (t *Tx) Record(a discuss.Author, thread discuss.ID, fingerprint int64) (discuss.Record, error) {
	var r discuss.Record
	var since, last, here, discounted, decided int64
	var alike bool // of most texts: not
	if err := t.recallBut("comments", reputationQuery, a.ID, nil).Scan(&since, &r.Trust, &discounted, &r.Reports, &r.Agreed, &decided); err != nil {
		return r, err
	}
	if err := t.get(recordQuery, []any{a.ID, thread, millis(t.now), a.SiteID, fingerprint}, &r.Published, &last, &here, &r.Today, &alike); err != nil {
		return r, err
	}
	if since == 0 {
		since = millis(t.now)
	}
	r.Since, r.Discounted = fromMillis(since), discounted > millis(t.now)
	if last > 0 {
		r.LastPost = fromMillis(last)
	}
	if here > 0 {
		r.LastInHere = fromMillis(here)
	}
	if a.Mark != "" { // a browser's pace is one, whatever it calls itself
		if err := t.get(browserPace, []any{[]byte(a.Mark), a.SiteID, thread}, &last, &here); err != nil {
			return r, err
		}
		r.LastPost, r.LastInHere = later(r.LastPost, last), later(r.LastInHere, here)
	}
	if alike {
		if err := t.alike(&r, a, fingerprint); err != nil {
			return r, err
		}
	}
	window := millis(t.now.Add(-60 * 24 * time.Hour))
	if decided <= window {
		return r, nil
	}
	rows, err := t.w.stmt(decisionsOf).Query(a.ID, window, recordWindow)
	if err != nil {
		return r, err
	}
	defer rows.Close()
	past, err := pastDecisions(rows)
	r.Count(past)
	return r, err
}

// browserPace is when a guest's browser wrote last on a site, and in a thread.
const browserPace = `SELECT coalesce(max((SELECT max(c.created) FROM comments c WHERE c.author_id = a.id)), 0), coalesce(max((SELECT max(c.created) FROM comments c WHERE c.author_id = a.id AND c.thread_id = ?3)), 0)
	FROM authors a WHERE a.mark = ?1 AND length(a.mark) = 32 AND a.kind = 'guest' AND a.site_id = ?2`

func later(at time.Time, millis int64) time.Time {
	if other := fromMillis(millis); millis > 0 && other.After(at) {
		return other
	}
	return at
}

// alike counts who said the same.
func (t *Tx) alike(r *discuss.Record, a discuss.Author, fingerprint int64) error {
	rows, err := t.w.stmt(alikeQuery).Query(a.ID, a.SiteID, fingerprint, millis(t.now))
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var mine bool
		if err := rows.Scan(&mine); err != nil {
			return err
		}
		if mine {
			r.Same++
		} else {
			r.SameOther++
		}
	}
	return rows.Err()
}

const decisionsOf = `SELECT status, decided FROM comments WHERE author_id = ?1 AND decided > ?2 AND decided IS NOT NULL ORDER BY decided DESC LIMIT ?3`

// pastDecisions reads the rows of decisionsOf.
func pastDecisions(rows many) (out []discuss.PastDecision, err error) {
	for rows.Next() {
		var status string
		var at int64
		if err := rows.Scan(&status, &at); err != nil {
			return nil, err
		}
		if status == string(discuss.Deleted) { // by a moderator or its author since: neither approved nor turned down
			continue
		}
		out = append(out, discuss.PastDecision{At: fromMillis(at), Bad: status == string(discuss.Rejected) || status == string(discuss.Spam)})
	}
	return out, rows.Err()
}

// Burst counts the comments of the last minute in a thread, as far as most.
func (t *Tx) Burst(thread discuss.ID, most int) (int, error) {
	var n int
	err := t.get(`SELECT count(*) FROM (SELECT 1 FROM comments WHERE thread_id = ?1 AND shown = 1 AND created > ?2 LIMIT ?3)`,
		[]any{thread, millis(t.now.Add(-time.Minute)), most}, &n)
	return n, err
}

// networkKnown is how long a network that somebody posts from is not noted again.
const networkKnown = time.Hour

// seenOn notes the network an author posts from.
func (t *Tx) seenOn(c discuss.SeenOn) error {
	var seen int64
	err := t.recall(`SELECT seen FROM networks WHERE author_id = ?1 AND hash = CAST(?2 AS BLOB) AND prefix <> ''`, c.Author, string(c.Hash)).Scan(&seen)
	if err != nil && !errors.Is(err, sql.ErrNoRows) || seen > millis(t.now.Add(-networkKnown)) {
		return err
	}
	return t.exec(`INSERT INTO networks (author_id, hash, prefix, seen) VALUES (?1, ?2, ?3, ?4)
		ON CONFLICT DO UPDATE SET prefix = excluded.prefix, seen = excluded.seen`, c.Author, c.Hash, c.Prefix, millis(t.now))
}
