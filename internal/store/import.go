package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/discuss"
)

// How many rows enter in one write. Where people post meanwhile, they wait for no
// longer than importHold: the rows that fit are counted as it goes.
const (
	importChunk      = 20
	importChunkAlone = 2_000
	importHold       = time.Millisecond
	importLeast      = 4
)

// Import adds what a spool holds and the site does not have yet; the spool has been
// arranged. Rows are known by (source, foreign id), so a second run adds nothing
// and one that was cut short is finished by the next. Imported people have no account.
func (s *Store) Import(ctx context.Context, site discuss.Site, sp *Spool, looked func(comments int)) (discuss.Moved, error) {
	_, moved, err := s.RunImport(ctx, site, sp, discuss.ImportRun{}, looked)
	return moved, err
}

// RunImport is Import for a file that is known: it says the import's number, by
// which it can be undone. One that was cut short goes on under its number.
func (s *Store) RunImport(ctx context.Context, site discuss.Site, sp *Spool, run discuss.ImportRun, looked func(comments int)) (number int64, moved discuss.Moved, err error) {
	lease, err := s.beginImport(ctx, site.ID, sp.Source(), run)
	if err != nil {
		return 0, moved, err
	}
	defer func() { err = s.endImport(lease, err) }()
	im := &importer{s: s, site: site, sp: sp, source: sp.Source(), lease: lease, chunk: importChunkAlone, mapped: run.Authors, rekey: run.Rekey}
	if im.beside = s.servedElsewhere() || s.served; im.beside {
		im.chunk = importChunk
	}
	if im.fresh, err = s.nothingOf(ctx, site, im.source); err != nil {
		return lease.id, im.moved, err
	}
	if err := im.threads(ctx); err != nil {
		return lease.id, im.moved, err
	}
	if err := im.people(ctx); err != nil {
		return lease.id, im.moved, err
	}
	if err := im.moveMapped(ctx); err != nil {
		return lease.id, im.moved, err
	}
	err = im.comments(ctx, looked)
	return lease.id, im.moved, err
}

// nothingOf says that the site has no comment that this source could bring again.
func (s *Store) nothingOf(ctx context.Context, site discuss.Site, source string) (fresh bool, err error) {
	query, args := `SELECT NOT EXISTS (SELECT 1 FROM comments WHERE site_id = ?1 AND source = ?2)`, []any{site.ID, source}
	if source == ownSource { // its ids may be those of any comment here
		query, args = `SELECT NOT EXISTS (SELECT 1 FROM comments WHERE site_id = ?1)`, []any{site.ID}
	}
	err = s.queryRow(ctx, query, args, &fresh)
	return fresh, err
}

// A site's own export names its rows by their ids. Such a row is there already
// if it is the same one: two instances may have given the same id.
const (
	ownPerson  = `SELECT id FROM authors WHERE site_id = ?1 AND id = ?2 AND name = ?3`
	ownComment = `SELECT id, root_id, depth FROM comments WHERE site_id = ?1 AND id = ?2 AND created = ?3 AND (body = ?4 OR ?4 = '')` // of a deleted one no export holds the text

	knownThread = `SELECT coalesce(merged_into, id) FROM threads WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3 LIMIT 1`
)

// ownSource is the format whose foreign ids may be our own.
const ownSource = "parley"

func ownID(source, foreign string) discuss.ID {
	if source != ownSource {
		return 0
	}
	id, err := discuss.ParseID(foreign)
	if err != nil {
		return 0
	}
	return id
}

// write makes one chunk durable, and counts what it added. Beside a server it then
// stands back, and has the next one as large as importHold allows.
func (im *importer) write(ctx context.Context, rows int, chunk func(tx *Tx) (discuss.Moved, error)) error {
	var added discuss.Moved
	var held time.Duration
	err := im.s.standBack(ctx, im.beside, func() error {
		return im.s.updateStep(ctx, func(tx *Tx) error {
			began := time.Now()
			defer func() { held = time.Since(began) }()
			return im.lease.record(tx, func(tx *Tx) (err error) { added, err = chunk(tx); return err }, func() discuss.Moved { return added })
		})
	})
	if err != nil {
		return err
	}
	im.moved = im.moved.Plus(added)
	if im.beside && rows > 0 {
		im.chunk = fits(rows, held)
	}
	return nil
}

// fits is how many rows hold the lock for importHold, when so many held it for so long.
func fits(rows int, held time.Duration) int {
	return min(max(int(int64(rows)*int64(importHold)/max(int64(held), 1)), importLeast), importChunkAlone)
}

// importStandBack is how much longer than a write nobody writes.
const importStandBack = 2

// standBack does a piece of work, and beside a server then waits for longer.
func (s *Store) standBack(ctx context.Context, beside bool, work func() error) error {
	began := time.Now()
	err := work()
	if err == nil && beside {
		select {
		case <-time.After(importStandBack * time.Since(began)):
		case <-ctx.Done():
		}
	}
	return err
}

type place struct {
	id, root discuss.ID
	depth    int
}

type importer struct {
	s         *Store
	lease     *importLease
	site      discuss.Site
	sp        *Spool
	source    string
	threadIDs []discuss.ID // by number in the spool
	personIDs []discuss.ID // by number in the spool
	moved     discuss.Moved
	beside    bool // people post meanwhile
	fresh     bool // nothing of this source is here: nothing has to be looked for
	chunk     int
	mapped    map[string]discuss.ID // account by foreign id, see ImportRun.Authors
	moving    []discuss.ID          // people who are here and became somebody by that
	rekey     bool
}

func (im *importer) threads(ctx context.Context) error {
	n, err := im.sp.last("threads")
	if err != nil {
		return err
	}
	im.threadIDs = make([]discuss.ID, n+1)
	for from, many := int64(1), 0; from <= n; from += int64(many) {
		many = im.chunk
		list, err := im.sp.threadsFrom(from, many)
		if err != nil {
			return err
		}
		if err := im.write(ctx, len(list), func(tx *Tx) (added discuss.Moved, err error) {
			for _, t := range list {
				id, isNew, err := im.addThread(tx, t.ArchiveThread)
				if err != nil {
					return added, err
				}
				if isNew {
					added.Threads++
				}
				im.threadIDs[t.n] = id
			}
			return added, nil
		}); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) addThread(tx *Tx, t discuss.ArchiveThread) (id discuss.ID, added bool, err error) {
	th, err := tx.ThreadByKey(im.site.ID, t.Key)
	if im.rekey {
		if th, err = im.rekeyed(tx, t, th, err); err != nil && !errors.Is(err, discuss.ErrNotFound) {
			return 0, false, err
		}
	}
	if errors.Is(err, discuss.ErrNotFound) { // brought before, under an address that has moved since
		if err = tx.get(knownThread, []any{im.site.ID, im.source, t.Foreign}, &th.ID); err == nil {
			err = tx.exec(`INSERT INTO aliases (site_id, key, thread_id, import_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`, im.site.ID, t.Key, th.ID, im.lease.id)
		}
	}
	switch {
	case errors.Is(err, discuss.ErrNotFound):
		th = discuss.Thread{ID: tx.NextID(), SiteID: im.site.ID, Key: t.Key, State: t.State, Created: t.Created}
		if th.Created.IsZero() {
			th.Created = tx.Now()
		}
		if err := tx.insertThread(th); err != nil {
			return 0, false, err
		}
		if err := tx.nameThread(th.ID, 0, discuss.PageName{URL: t.URL, Title: t.Title}); err != nil {
			return 0, false, err
		}
		if err := tx.exec(`UPDATE threads SET source = ?2, foreign_id = ?3 WHERE id = ?1`, th.ID, im.source, t.Foreign); err != nil {
			return 0, false, err
		}
		if len(t.Reactions) > 0 {
			if err := tx.exec(`UPDATE threads SET reactions = ?2 WHERE id = ?1`, th.ID, string(t.Reactions)); err != nil {
				return 0, false, err
			}
		}
		added = true
	case err != nil:
		return 0, false, err
	}
	for _, alias := range t.Aliases {
		if err := tx.exec(`INSERT INTO aliases (site_id, key, thread_id, import_id) SELECT ?1, ?2, ?3, ?4
			WHERE NOT EXISTS (SELECT 1 FROM threads WHERE site_id = ?1 AND key = ?2) ON CONFLICT DO NOTHING`, im.site.ID, alias, th.ID, im.lease.id); err != nil {
			return 0, false, err
		}
	}
	return th.ID, added, nil
}

func (im *importer) people(ctx context.Context) error {
	n, err := im.sp.last("people")
	if err != nil {
		return err
	}
	im.personIDs = make([]discuss.ID, n+1)
	for from, many := int64(1), 0; from <= n; from += int64(many) {
		many = im.chunk
		list, err := im.sp.peopleFrom(from, many)
		if err != nil {
			return err
		}
		if err := im.write(ctx, len(list), func(tx *Tx) (added discuss.Moved, err error) {
			for _, p := range list {
				id, isNew, err := im.addPerson(tx, p.ArchivePerson)
				if err != nil {
					return added, err
				}
				if isNew {
					added.People++
				}
				im.personIDs[p.n] = id
			}
			return added, nil
		}); err != nil {
			return err
		}
	}
	return nil
}
