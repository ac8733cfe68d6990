package store

import (
	"context"
	"encoding/json"
	"math"
	"strings"

	"parley/internal/discuss"
)

const (
	newestOfSite = `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_site` + commentJoins + `
	WHERE c.site_id = ?1 AND +c.status = 'published'`
	newestOfThread = `SELECT ` + commentColumns + ` FROM comments c INDEXED BY comments_flat_time` + commentJoins + `
	WHERE c.thread_id = ?1 AND c.shown = 1 AND +c.status = 'published'`
	newestOfPeople = `SELECT ` + commentColumns + ` FROM json_each(?1) j CROSS JOIN comments c ON c.id IN (
		SELECT id FROM comments INDEXED BY comments_author WHERE author_id = j.value AND (created, id) < (?3, ?4) AND (?6 = 0 OR thread_id = ?6) AND +site_id = ?5 AND +status = 'published'
		ORDER BY created DESC, id DESC LIMIT ?2)` + commentJoins + ` ORDER BY c.created DESC, c.id DESC LIMIT ?2`
	newestAfter = ` AND (c.created, c.id) < (?3, ?4)`
	newestOrder = ` ORDER BY c.created DESC, c.id DESC LIMIT ?2`
)

// NewestIn returns what was published after a place, newest first.
func (s *Store) NewestIn(ctx context.Context, in discuss.SearchScope, after discuss.Cursor, limit int) ([]discuss.Comment, error) {
	query, args := newestOfSite, []any{in.Site, limit}
	switch {
	case in.People != nil:
		ids, err := json.Marshal(idNumbers(in.People))
		if err != nil {
			return nil, err
		}
		if after.IsZero() {
			after = discuss.Cursor{Key: math.MaxInt64 / 2, ID: 1}
		}
		return scanComments(s.query(ctx, newestOfPeople, string(ids), limit, int64(after.Key), after.ID, in.Site, in.Thread))
	case in.Thread != 0:
		query, args[0] = newestOfThread, in.Thread
	}
	if !after.IsZero() {
		query += newestAfter
		args = append(args, int64(after.Key), after.ID)
	}
	return scanComments(s.query(ctx, query+newestOrder, args...))
}

const (
	// holding goes through the index of words, what came last first.
	holding = `SELECT rowid FROM comments_text WHERE comments_text MATCH ?1 AND rowid < ?2 ORDER BY rowid DESC LIMIT ?3`
	heldBy  = `SELECT ` + commentColumns + ` FROM json_each(?1) j CROSS JOIN comments c ON c.id = j.value` + commentJoins + `
	WHERE c.site_id = ?2 AND c.status = 'published' AND c.created <= ?3 AND (?4 = 0 OR c.thread_id = ?4) ORDER BY j.key`
)

// Holding returns published comments that hold words and were written before a
// time, from an id on downwards.
func (s *Store) Holding(ctx context.Context, in discuss.SearchScope, words string, place discuss.Cursor, limit int) (found []discuss.Comment, last discuss.ID, err error) {
	match, err := s.ftsQuery(ctx, discuss.FindQuery{Site: in.Site, Text: words})
	if err != nil {
		return nil, 0, err
	}
	ids, err := scanIDs(s.query(ctx, holding, match, place.ID, limit))
	if err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	list, err := json.Marshal(idNumbers(ids))
	if err != nil {
		return nil, 0, err
	}
	if len(ids) == limit {
		last = ids[len(ids)-1]
	}
	found, err = scanComments(s.query(ctx, heldBy, string(list), in.Site, int64(place.Key), in.Thread))
	return found, last, err
}

// PeopleCalled returns people who have published on a site and in whose name a
// text stands, those who wrote most first.
func (s *Store) PeopleCalled(ctx context.Context, site discuss.ID, name, skeleton string, limit int) ([]discuss.ID, error) {
	return scanIDs(s.query(ctx, `SELECT id FROM authors WHERE site_id = ?1 AND published > 0 AND (instr(' ' || folded(name), ' ' || ?2) > 0 OR ?3 <> '' AND skeleton = ?3)
		ORDER BY published DESC, id LIMIT ?4`, site, strings.ToLower(name), skeleton, limit))
}
