package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/discuss"
)

const (
	importOpenOf = `SELECT id FROM imports WHERE site_id = ?1 AND spool IS NOT NULL LIMIT 1`
	importsOpen  = `SELECT ` + importColumns + ` FROM imports WHERE spool IS NOT NULL OR job <> '' ORDER BY id`
)

// BeginUpload gives a file that is about to be sent its number.
// discuss.ErrImportOpen where the site has another one that is not at its end.
func (s *Store) BeginUpload(ctx context.Context, im discuss.Import) (id int64, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		var other int64
		if err := tx.get(importOpenOf, []any{im.Site}, &other); !errors.Is(err, discuss.ErrNotFound) {
			if err == nil {
				err = discuss.ErrImportOpen
			}
			return err
		}
		return tx.get(`INSERT INTO imports (site_id, source, name, size, digest, state, by_id, created, touched, spool, how) VALUES (?1, '', ?2, ?3, x'', 'reading', ?4, ?5, ?5, '', ?6) RETURNING id`,
			[]any{im.Site, im.Name, im.Size, nullID(im.By), millis(tx.now), string(im.How)}, &id)
	})
	return id, err
}

// OpenImports are those of every site whose file is held or that the server is
// at, the oldest first.
func (s *Store) OpenImports(ctx context.Context) (out []discuss.Import, err error) {
	err = s.rows(ctx, importsOpen, nil, func(row scanner) error {
		im, err := scanImport(row)
		out = append(out, im)
		return err
	})
	return out, err
}

// ChangeImport has change decide about an import as it stands now, and keeps what
// it says of its upload: state, source, file, how, job, trouble and report. What a
// run makes of it is not among that.
func (s *Store) ChangeImport(ctx context.Context, site discuss.ID, id int64, change func(im *discuss.Import, now time.Time) error) (im discuss.Import, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		if im, err = scanImport(tx.w.queryRow(importByID, site, id)); err != nil {
			if errors.Is(found(err), discuss.ErrNotFound) {
				return discuss.ErrNoImport
			}
			return err
		}
		was := im.State
		if err := change(&im, tx.Now()); err != nil {
			return err
		}
		if was == discuss.ImportReading && im.State == discuss.ImportFailed { // retention counts from its end
			im.Ended = tx.Now()
		}
		return tx.exec(`UPDATE imports SET state = ?2, source = ?3, spool = CASE WHEN ?4 THEN '' END, how = ?5, received = ?6, part = ?7, job = ?8, job_by = ?9, trouble = ?10, touched = ?11, report = ?12, ended = ?13 WHERE id = ?1`,
			id, string(im.State), im.Source, im.Held, string(im.How), im.Received, im.Part, string(im.Job), nullID(im.JobBy), im.Trouble, millis(im.Touched), string(im.Report), nullTime(im.Ended))
	})
	return im, err
}

// DropUpload forgets an import that was never applied.
func (s *Store) DropUpload(ctx context.Context, site discuss.ID, id int64) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		err := tx.execOne(`DELETE FROM imports WHERE id = ?1 AND site_id = ?2 AND started IS NULL AND job <> 'apply'`, id, site)
		if errors.Is(err, discuss.ErrNotFound) {
			err = discuss.ErrImportState
		}
		return err
	})
}

// Joins are threads of a spool that the site has already, at most so many of
// them, with the comments of both.
func (s *Store) Joins(ctx context.Context, site discuss.ID, sp *Spool, most int) (out []discuss.ImportJoin, err error) {
	source := sp.Source() // now: the spool reads one thing at a time
	err = sp.each(`SELECT n, key, foreign_id FROM threads ORDER BY n`, nil, func(scan func(...any) error) error {
		var n int64
		var key, foreign string
		if err := scan(&n, &key, &foreign); err != nil || len(out) >= most {
			return err
		}
		th, err := s.ThreadByKey(ctx, site, key)
		if discuss.KindOf(err) == discuss.NotFound {
			var id discuss.ID
			if err = s.queryRow(ctx, knownThread, []any{site, source, foreign}, &id); err == nil {
				th, err = s.ThreadByID(ctx, id)
			}
		}
		if discuss.KindOf(err) == discuss.NotFound {
			return nil
		}
		out = append(out, discuss.ImportJoin{Key: th.Key, Title: th.Title, Here: th.Count, Adds: int(n)}) // counted below, by its number
		return err
	})
	for i := range out {
		if err == nil {
			err = sp.db.QueryRow(`SELECT count(*) FROM tree WHERE thread = ?1`, out[i].Adds).Scan(&out[i].Adds)
		}
	}
	return out, err
}

// EachPage gives the address of every thread that has one, and how many comments
// it holds.
func (sp *Spool) EachPage(take func(url string, comments int)) error {
	return sp.each(`SELECT t.url, (SELECT count(*) FROM tree c WHERE c.thread = t.n) FROM threads t WHERE t.url <> '' ORDER BY t.n`, nil, func(scan func(...any) error) error {
		var u string
		var n int
		err := scan(&u, &n)
		take(u, n)
		return err
	})
}
