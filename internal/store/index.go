package store

import (
	"context"
	"log/slog"
	"time"
)

const (
	indexEvery    = time.Second
	indexAgain    = 10 * time.Second // after a run that could not be kept: the disk may be full
	indexChunk    = 500              // texts in one write: people who post wait for no more than that
	indexPatience = 2 * time.Second  // what a search waits for the index to have everything
)

// What the index of words still lacks, and how it gets it.
const (
	someUnindexed = `SELECT EXISTS (SELECT 1 FROM unindexed)`
	indexSome     = `INSERT INTO comments_text (rowid, site, body) SELECT w.id, w.site, w.words
		FROM (SELECT id FROM unindexed ORDER BY id LIMIT ?1) u CROSS JOIN comment_words w ON w.id = u.id`
	forgetIndexed = `DELETE FROM unindexed WHERE id IN (SELECT id FROM unindexed ORDER BY id LIMIT ?1)`
)

// index brings the words of new texts into the index until ctx ends.
func (s *Store) index(ctx context.Context) {
	t := time.NewTimer(indexEvery)
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
		}
		if err := s.indexTexts(ctx, s.w.bulk); err == nil || ctx.Err() != nil {
			t.Reset(indexEvery)
		} else {
			if !s.Failing() { // that the writer says itself
				slog.Error("index new texts", "err", err)
			}
			t.Reset(indexAgain)
		}
	}
}

// indexed brings in what a search must not miss: everything that was said before
// it. Where that cannot be, after a large import or on a full disk, what is there
// is found all the same.
func (s *Store) indexed(ctx context.Context) {
	if s.Failing() {
		return
	}
	ctx, done := context.WithTimeout(ctx, indexPatience)
	defer done()
	if err := s.indexTexts(ctx, s.w.ch); err != nil && ctx.Err() == nil && !s.Failing() {
		slog.Error("index new texts before a search", "err", err)
	}
}

func (s *Store) indexTexts(ctx context.Context, ch chan *request) error {
	for {
		var some bool
		if err := s.queryRow(ctx, someUnindexed, nil, &some); err != nil || !some {
			return err
		}
		err := s.update(ctx, ch, func(tx *Tx) error {
			if err := tx.exec(indexSome, indexChunk); err != nil {
				return err
			}
			return tx.exec(forgetIndexed, indexChunk)
		})
		if err != nil {
			return err
		}
	}
}

// IndexAll brings everything into the index of words, however long that takes.
func (s *Store) IndexAll(ctx context.Context) error { return s.indexTexts(ctx, s.w.bulk) }
