package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"time"

	"parley/internal/discuss"
)

// importSilence is how long a run that works on an import may say nothing of
// itself before another takes its work over. It says so with every chunk.
const importSilence = 10 * time.Second

// importLook is how often a run that waits for another looks for it.
const importLook = 100 * time.Millisecond

// importLease is the right to work on an import, alone of its source and site.
// It is a row of the database: a run that crashed loses it by its silence, and
// one that was only held up finds at its next chunk that it has lost it.
type importLease struct {
	id     int64
	runner []byte
	first  discuss.ID // of the rows that this run made; 0: none so far
}

const importColumns = `id, site_id, source, name, size, state, coalesce(by_id, 0), created, coalesce(started, 0), coalesce(ended, 0), undoing IS NOT NULL, coalesce(undone, 0),
	first_id, last_id, threads, comments, people, report, undo,
	spool IS NOT NULL, how, received, part, job, coalesce(job_by, 0), trouble, touched,
	CASE WHEN runner IS NULL THEN 0 ELSE beat END`

const (
	importByID    = `SELECT ` + importColumns + ` FROM imports WHERE site_id = ?1 AND id = ?2`
	importsLeft   = `SELECT ` + importColumns + ` FROM imports WHERE site_id = ?1 AND id <> ?2 AND state = 'undone' AND (threads > gone_threads OR people > gone_people) ORDER BY id DESC`
	importsOfSite = `SELECT ` + importColumns + ` FROM imports WHERE site_id = ?1 AND id < ?2 ORDER BY id DESC LIMIT ?3`

	// The one that is at work, if there is any. By the machine's clock, which is that of every process with this file.
	importAtWork = `SELECT id, runner, beat FROM imports WHERE site_id = ?1 AND source = ?2 AND runner IS NOT NULL ORDER BY beat DESC LIMIT 1`
	importCut    = `SELECT id FROM imports WHERE site_id = ?1 AND source = ?2 AND state IN ('applying', 'failed') AND undoing IS NULL AND name = ?3 AND size = ?4 AND digest = ?5 ORDER BY id DESC LIMIT 1`
	importsPast  = `SELECT coalesce(max(last_id), 0) FROM imports WHERE site_id = ?1 AND source = ?2`
)

func scanImport(row scanner) (im discuss.Import, err error) {
	var created, started, ended, undone, touched, beat int64
	err = row.Scan(&im.ID, &im.Site, &im.Source, &im.Name, &im.Size, (*string)(&im.State), &im.By, &created, &started, &ended, &im.Undoing, &undone,
		&im.First, &im.Last, &im.Threads, &im.Comments, &im.People, &im.Report, &im.Undo,
		&im.Held, &im.How, &im.Received, &im.Part, (*string)(&im.Job), &im.JobBy, &im.Trouble, &touched, &beat)
	im.Created, im.Started, im.Ended, im.Undone = fromMillis(created), fromMillis(started), fromMillis(ended), fromMillis(undone)
	im.Touched = fromMillis(touched)
	im.Runs = beat != 0 && time.Since(fromMillis(beat)) < importSilence
	return im, err
}

// ImportByID reads one import of a site; discuss.ErrNoImport if it has none of
// that number.
func (s *Store) ImportByID(ctx context.Context, site discuss.ID, id int64) (discuss.Import, error) {
	im, err := scanImport(s.first(ctx, importByID, site, id))
	if errors.Is(err, sql.ErrNoRows) {
		return im, discuss.ErrNoImport
	}
	return im, err
}

// Imports lists the imports of a site, newest first; before is the number that
// the page before ended with, 0 for the first.
func (s *Store) Imports(ctx context.Context, site discuss.ID, before int64, limit int) (out []discuss.Import, err error) {
	if before == 0 {
		before = 1<<63 - 1
	}
	err = s.rows(ctx, importsOfSite, []any{site, before, limit}, func(row scanner) error {
		im, err := scanImport(row)
		out = append(out, im)
		return err
	})
	return out, err
}

// SetImportReport keeps what came of an import, as JSON.
func (s *Store) SetImportReport(ctx context.Context, id int64, report []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE imports SET report = ?2 WHERE id = ?1`, id, string(report))
	})
}

// take waits until nobody works on an import of the source into the site, and
// then has begin give the import that the lease is for.
func (s *Store) take(ctx context.Context, site discuss.ID, source string, begin func(tx *Tx) (int64, error)) (*importLease, error) {
	lease := &importLease{runner: make([]byte, 16)}
	_, _ = rand.Read(lease.runner) // never fails
	var other []byte
	var beat int64
	for {
		atWork := false
		err := s.update(ctx, s.w.ch, func(tx *Tx) error {
			var id, at int64
			var runner []byte
			err := tx.get(importAtWork, []any{site, source}, &id, &runner, &at)
			if err != nil && !errors.Is(err, discuss.ErrNotFound) {
				return err
			}
			if err == nil && time.Since(fromMillis(at)) < importSilence {
				if beat != 0 && (at != beat || !bytes.Equal(runner, other)) {
					return discuss.ErrImportRuns // it lives
				}
				atWork, other, beat = true, runner, at
				return nil
			}
			// Whatever was at work is so no more.
			if err := tx.exec(`UPDATE imports SET runner = NULL, state = CASE state WHEN 'applying' THEN 'failed' ELSE state END, ended = coalesce(ended, beat)
				WHERE site_id = ?1 AND source = ?2 AND runner IS NOT NULL`, site, source); err != nil {
				return err
			}
			var past discuss.ID
			if err := tx.get(importsPast, []any{site, source}, &past); err != nil {
				return err
			}
			tx.w.s.ids.Past(past) // the clock may have gone back: the ids of two imports never mix
			if lease.id, err = begin(tx); err != nil {
				return err
			}
			return tx.execOne(`UPDATE imports SET runner = ?2, beat = ?3 WHERE id = ?1`, lease.id, lease.runner, millis(time.Now()))
		})
		if err != nil || !atWork {
			return lease, err
		}
		select {
		case <-time.After(importLook):
		case <-ctx.Done():
			return nil, discuss.Busy(ctx.Err())
		}
	}
}

// beginImport gives an import its number, or finds the one that the same file
// was cut short in.
func (s *Store) beginImport(ctx context.Context, site discuss.ID, source string, run discuss.ImportRun) (*importLease, error) {
	if run.Digest == nil {
		run.Digest = []byte{}
	}
	return s.take(ctx, site, source, func(tx *Tx) (id int64, err error) {
		switch {
		case run.ID != 0: // it waits, or was cut short
			if err := tx.execOne(`UPDATE imports SET source = ?3 WHERE id = ?1 AND site_id = ?2 AND state IN ('reading', 'ready', 'failed') AND undoing IS NULL`, run.ID, site, source); err != nil {
				if errors.Is(err, discuss.ErrNotFound) {
					err = discuss.ErrImportState
				}
				return 0, err
			}
			id = run.ID
		case len(run.Digest) > 0:
			if err := tx.get(importCut, []any{site, source, run.Name, run.Size, run.Digest}, &id); err != nil && !errors.Is(err, discuss.ErrNotFound) {
				return 0, err
			}
		}
		if id == 0 {
			if err := tx.get(`INSERT INTO imports (site_id, source, name, size, digest, state, by_id, created) VALUES (?1, ?2, ?3, ?4, ?5, 'applying', ?6, ?7) RETURNING id`,
				[]any{site, source, run.Name, run.Size, run.Digest, nullID(run.By), millis(tx.now)}, &id); err != nil {
				return 0, err
			}
		}
		return id, tx.exec(`UPDATE imports SET state = 'applying', started = coalesce(started, ?2), ended = NULL WHERE id = ?1`, id, millis(tx.now))
	})
}

// record makes one chunk of an import, and writes down with it what it made and
// that its run is at work.
func (l *importLease) record(tx *Tx, chunk func(tx *Tx) error, made func() discuss.Moved) error {
	first := tx.NextID()
	if err := l.beats(tx); err != nil {
		return err
	}
	if err := chunk(tx); err != nil {
		return err
	}
	m := made()
	if m == (discuss.Moved{}) {
		return nil
	}
	if l.first == 0 {
		l.first = first
	}
	last := tx.NextID()
	// Another import may have run since an earlier run of this one: each run has its own range.
	if err := tx.exec(`INSERT INTO import_ranges (import_id, first_id, last_id) VALUES (?1, ?2, ?3)
		ON CONFLICT (import_id, first_id) DO UPDATE SET last_id = excluded.last_id`, l.id, l.first, last); err != nil {
		return err
	}
	return tx.exec(`UPDATE imports SET first_id = CASE first_id WHEN 0 THEN ?2 ELSE first_id END, last_id = ?3, threads = threads + ?4, comments = comments + ?5, people = people + ?6 WHERE id = ?1`,
		l.id, first, last, m.Threads, m.Comments, m.People)
}

// beats says that the run is at work. discuss.ErrImportTaken if it is no more
// the one that is.
func (l *importLease) beats(tx *Tx) error {
	err := tx.execOne(`UPDATE imports SET beat = ?3 WHERE id = ?1 AND runner = ?2`, l.id, l.runner, millis(time.Now()))
	if errors.Is(err, discuss.ErrNotFound) {
		return discuss.ErrImportTaken
	}
	return err
}

// endImport lets the import go: done, or cut short by err.
func (s *Store) endImport(l *importLease, err error) error {
	state := discuss.ImportDone
	if err != nil {
		state = discuss.ImportFailed
	}
	// Also where the run was called off: or the next one would wait for it.
	return errors.Join(err, s.update(context.Background(), s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE imports SET state = ?3, ended = ?4, runner = NULL WHERE id = ?1 AND runner = ?2`, l.id, l.runner, string(state), millis(tx.now))
	}))
}
