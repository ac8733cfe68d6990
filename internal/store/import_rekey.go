package store

import (
	"context"
	"errors"

	"parley/internal/discuss"
)

// earlierThread is one that an earlier run brought, if it is still one of its own.
const earlierThread = `SELECT id, key FROM threads WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3 AND merged_into IS NULL LIMIT 1`

// rekey says what becomes of a thread that an earlier run brought under another
// key: renamed, unless another thread has the new key. at is what has that key,
// 0 for nothing.
func rekey(was string, earlier discuss.ID, key string, at discuss.ID) (rename, clash bool) {
	if earlier == 0 || was == key {
		return false, false
	}
	return at == 0 || at == earlier, at != 0 && at != earlier
}

// rekeyed gives the thread that an earlier run brought the key that this one has
// worked out. found and err are what has the key so far.
func (im *importer) rekeyed(tx *Tx, t discuss.ArchiveThread, found discuss.Thread, err error) (discuss.Thread, error) {
	if err != nil && !errors.Is(err, discuss.ErrNotFound) {
		return found, err
	}
	var earlier discuss.ID
	var was string
	if e := tx.get(earlierThread, []any{im.site.ID, im.source, t.Foreign}, &earlier, &was); e != nil {
		if errors.Is(e, discuss.ErrNotFound) {
			return found, err
		}
		return found, e
	}
	if rename, _ := rekey(was, earlier, t.Key, found.ID); !rename {
		return found, err
	}
	if err := tx.renameThread(discuss.RenameThread{Site: im.site.ID, Thread: earlier, Key: t.Key, Was: was, URL: t.URL}); err != nil {
		return found, err
	}
	if err := tx.addEvent(discuss.Event{ThreadID: earlier, Type: discuss.ThreadUpdated, At: tx.Now()}); err != nil {
		return found, err
	}
	return tx.ThreadByKey(im.site.ID, t.Key)
}

// RekeyPlan says what a run with ImportRun.Rekey would do to threads of an
// earlier one, and writes nothing.
func (s *Store) RekeyPlan(ctx context.Context, site discuss.Site, sp *Spool) (out discuss.Rekeyed, err error) {
	source := sp.Source()
	err = sp.each(`SELECT key, foreign_id FROM threads ORDER BY n`, nil, func(scan func(...any) error) error {
		var key, foreign, was string
		if err := scan(&key, &foreign); err != nil {
			return err
		}
		var earlier discuss.ID
		err := s.queryRow(ctx, earlierThread, []any{site.ID, source, foreign}, &earlier, &was)
		if errors.Is(err, discuss.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		at, err := s.ThreadByKey(ctx, site.ID, key)
		if err != nil && !errors.Is(err, discuss.ErrNotFound) {
			return err
		}
		rename, clash := rekey(was, earlier, key, at.ID)
		if rename {
			out.Renamed++
		}
		if clash {
			out.Clashes = append(out.Clashes, key)
		}
		return nil
	})
	return out, err
}
