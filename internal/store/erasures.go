package store

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// What can be erased, as the table and the ledger name it.
const (
	ErasedComment  = "comment"   // its text, with everything that quotes it
	ErasedByAuthor = "withdrawn" // out of view; its text goes when it is old
	ErasedAccount  = "account"
	ErasedSite     = "site"
	ErasedImage    = "image" // found to be illegal: its bytes go, its mark stays
)

const (
	replayChunk = 50  // erasures that are replayed in one write
	markChunk   = 500 // and marked
)

// Erasure says what was erased and when: no text and no name.
type Erasure struct {
	What     string
	ID       discuss.ID
	At       time.Time
	Ledgered bool // it stands in the ledger beside the backups
}

const (
	noteErasure  = `INSERT INTO erasures (what, target, at, ledgered) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`
	someErasures = `SELECT what, target, at, ledgered FROM erasures WHERE ledgered = 0 AND (what <> 'withdrawn' OR at < ?2) ORDER BY at LIMIT ?1`
	allErasures  = `SELECT what, target, at, ledgered FROM erasures`
)

// noteErased writes down that something was erased. The ledger beside the
// backups hears of it after the commit.
func (t *Tx) noteErased(what string, id discuss.ID) error {
	t.noted = true
	return t.exec(noteErasure, what, id, millis(t.now), false)
}

// Identity names this database. A backup of it has the same.
func (s *Store) Identity(ctx context.Context) (string, error) {
	key, err := s.KnownKey(ctx, databaseKey)
	return hex.EncodeToString(key), err
}

// databaseKey is the name in the table keys of what tells this database from others.
const databaseKey = "database"

// ledgerKey is the name there of which ledger stands beside the backups.
const ledgerKey = "ledger"

// NoteLedger writes down that a ledger stands beside the backups of this
// database: whoever restores one must have it.
func (s *Store) NoteLedger(ctx context.Context) error {
	_, err := s.Key(ctx, ledgerKey, func() []byte { return []byte{1} })
	return err
}

// LedgerSettles is how long an author's deletion stays out of the ledger: it can
// still be taken back.
const LedgerSettles = discuss.UndoDelete + 2*time.Second

// Unledgered returns erasures that the ledger beside the backups lacks, oldest
// first: with unsettled also those that their authors could still take back.
func (s *Store) Unledgered(ctx context.Context, limit int, unsettled bool) (out []Erasure, err error) {
	before := s.opt.Now().Add(-LedgerSettles)
	if unsettled {
		before = s.opt.Now().Add(time.Hour) // of a clock that was set back too
	}
	err = s.rows(ctx, someErasures, []any{limit, millis(before)}, func(r scanner) error { return scanErasure(r, &out) })
	return out, err
}

func scanErasure(r scanner, out *[]Erasure) error {
	var e Erasure
	var at int64
	err := r.Scan(&e.What, &e.ID, &at, &e.Ledgered)
	e.At = fromMillis(at)
	*out = append(*out, e)
	return err
}

// Erasures returns all of them.
func (s *Store) Erasures(ctx context.Context) (out []Erasure, err error) {
	err = s.rows(ctx, allErasures, nil, func(r scanner) error { return scanErasure(r, &out) })
	return out, err
}

// MarkLedgered notes that erasures stand in the ledger, or that they do not.
func (s *Store) MarkLedgered(ctx context.Context, list []Erasure, there bool) error {
	for len(list) > 0 {
		chunk := list[:min(markChunk, len(list))]
		list = list[len(chunk):]
		if err := s.updateBulk(ctx, func(tx *Tx) error {
			for _, e := range chunk {
				if err := tx.exec(`UPDATE erasures SET ledgered = ?3 WHERE what = ?1 AND target = ?2`, e.What, e.ID, there); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// Replay erases again what was erased after this database was copied, and says
// how much of it was there. What it knows of already stays as it is, so it can
// be done any number of times.
func (s *Store) Replay(ctx context.Context, list []Erasure) (gone int, err error) {
	for len(list) > 0 {
		chunk := list[:min(replayChunk, len(list))]
		list = list[len(chunk):]
		var sites []discuss.Site
		var n int
		if err := s.updateBulk(ctx, func(tx *Tx) error {
			n, sites = 0, nil
			for _, e := range chunk {
				done, err := tx.replay(e, &sites)
				if err != nil {
					return err
				}
				n += done
			}
			return nil
		}); err != nil {
			return gone, err
		}
		gone += n
		for _, site := range sites {
			if err := s.DeleteSite(ctx, site, nil); err != nil {
				return gone, err
			}
		}
	}
	return gone, nil
}

// replay does one erasure; sites are left to be deleted in writes of their own.
func (t *Tx) replay(e Erasure, sites *[]discuss.Site) (int, error) {
	if !slices.Contains([]string{ErasedComment, ErasedByAuthor, ErasedAccount, ErasedSite, ErasedImage}, e.What) {
		return 0, fmt.Errorf("%q was erased, which is of a newer version of Parley", e.What)
	}
	if e.Ledgered {
		if err := t.exec(`UPDATE erasures SET ledgered = 1 WHERE what = ?1 AND target = ?2`, e.What, e.ID); err != nil {
			return 0, err
		}
	}
	if err := t.exec(noteErasure, e.What, e.ID, millis(e.At), e.Ledgered); err != nil {
		return 0, err
	}
	t.noted = t.noted || !e.Ledgered
	var there bool
	switch e.What {
	case ErasedComment:
		err := t.get(`SELECT body <> '' OR status = 'published' OR EXISTS (SELECT 1 FROM revisions WHERE comment_id = ?1) FROM comments WHERE id = ?1`, []any{e.ID}, &there)
		if err != nil || !there {
			return 0, orMissing(err)
		}
		return 1, t.eraseText(e.ID)
	case ErasedByAuthor:
		return t.replayWithdrawal(e)
	case ErasedAccount:
		a, err := t.account(e.ID)
		if err != nil {
			return 0, orMissing(err)
		}
		return 1, t.eraseAccount(a)
	case ErasedSite:
		site, err := t.Site(e.ID)
		if err != nil {
			return 0, orMissing(err)
		}
		*sites = append(*sites, site)
		return 1, nil
	case ErasedImage:
		return t.replayImage(e.ID)
	}
	return 0, nil
}

// replayImage erases an image that was found to be illegal.
func (t *Tx) replayImage(target discuss.ID) (int, error) {
	var id string
	err := t.get(`SELECT id FROM images WHERE substr(id, 1, 15) = ?1 AND state <> 'illegal'`, []any{fmt.Sprintf("%0*x", imageTargetDigits, int64(target))}, &id)
	if err != nil {
		return 0, orMissing(err)
	}
	return 1, t.eraseImage(id)
}

// imageTargetDigits is how much of an image's id names it among the erasures: 60
// of its 128 random bits, which is what a number there holds.
const imageTargetDigits = 15

// imageTarget names an image among the erasures.
func imageTarget(id string) (discuss.ID, error) {
	n, err := strconv.ParseInt(id[:min(imageTargetDigits, len(id))], 16, 64)
	return discuss.ID(n), err
}

// replayWithdrawal takes a comment away as its author did, on the day that it was.
func (t *Tx) replayWithdrawal(e Erasure) (int, error) {
	c, err := t.Comment(e.ID)
	if err != nil || c.Status == discuss.Deleted {
		return 0, orMissing(err)
	}
	if err := t.setStatus(c.ID, discuss.Deleted); err != nil {
		return 0, err
	}
	if err := t.unnameThread(c.ThreadID, c.ID); err != nil {
		return 0, err
	}
	if err := t.exec(`INSERT INTO withdrawals (comment_id, status, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, c.ID, string(c.Status), millis(e.At)); err != nil {
		return 0, err
	}
	if c.Status != discuss.Published {
		return 1, nil
	}
	return 1, t.addEvent(discuss.Event{ThreadID: c.ThreadID, Type: discuss.CommentRemoved, Comment: c.ID, Root: c.Root, Parent: c.Parent, At: t.Now()})
}

// orMissing is no error where there was nothing to erase.
func orMissing(err error) error {
	if errors.Is(err, discuss.ErrNotFound) {
		return nil
	}
	return err
}

// ErasuresIn reads the erasures of a database that may be of an older build, or
// in use. It changes nothing.
func ErasuresIn(ctx context.Context, path string) (out []Erasure, err error) {
	db, err := openReadOnly(path)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	rows, err := db.QueryContext(ctx, allErasures)
	if err != nil {
		if strings.Contains(err.Error(), "no such table") {
			return nil, nil
		}
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		if err := scanErasure(rows, &out); err != nil {
			return nil, err
		}
	}
	return out, rows.Err()
}

// Unled are the keys of sites without an admin.
func (s *Store) Unled(ctx context.Context) (keys []string, err error) {
	err = s.rows(ctx, `SELECT s.key FROM sites s WHERE NOT EXISTS (SELECT 1 FROM authors WHERE site_id = s.id AND role <> 'member' AND role = 'admin') ORDER BY s.key`, nil, func(r scanner) error {
		var key string
		err := r.Scan(&key)
		keys = append(keys, key)
		return err
	})
	return keys, err
}
