package store

import (
	"context"

	"parley/internal/discuss"
)

// deleteChunk is how many comments go in one write: people who post elsewhere
// meanwhile wait for no more than that.
const deleteChunk = 200

// DeleteSite removes a site with everything that is kept about it: threads,
// comments, people, votes, reports, settings, and the accounts that only its
// tokens spoke for. What stays is the audit log's chain, without the texts of
// its rows. It goes in chunks; one that was cut short is ended by the next call.
// deleted is told how many comments have gone so far.
func (s *Store) DeleteSite(ctx context.Context, site discuss.Site, deleted func(comments int)) error {
	for gone := 0; ; {
		var n int
		err := s.updateBulk(ctx, func(tx *Tx) error {
			tx.erased = true
			if err := tx.noteErased(ErasedSite, site.ID); err != nil { // with the first of them: one that is cut short is meant all the same
				return err
			}
			res, err := tx.w.stmt(`DELETE FROM comments WHERE id IN (SELECT id FROM comments WHERE site_id = ?1 LIMIT ?2)`).Exec(site.ID, deleteChunk)
			if err != nil {
				return err
			}
			rows, err := res.RowsAffected()
			n = int(rows)
			return err
		})
		if err != nil {
			return err
		}
		if n == 0 {
			break
		}
		if gone += n; deleted != nil {
			deleted(gone)
		}
	}
	return s.updateBulk(ctx, func(tx *Tx) error {
		tx.erased = true
		if err := tx.keepFloor(); err != nil {
			return err
		}
		for _, q := range []string{
			`UPDATE audit_texts SET salt = x'', actor = '', reason = '', note = '', before = '', after = '' WHERE id IN (SELECT id FROM audit_log WHERE site_id = ?1)`,
			`DELETE FROM jobs WHERE site_id = ?1`,
			`DELETE FROM accounts WHERE site_id = ?1`,
			`DELETE FROM identities WHERE site_id = ?1`,
			`DELETE FROM sites WHERE id = ?1`,
		} {
			if err := tx.exec(q, site.ID); err != nil {
				return err
			}
		}
		return nil
	})
}
