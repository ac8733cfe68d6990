package store

import (
	"context"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"net/url"
	"os"
	"strings"

	"github.com/pressly/goose/v3"
)

// Backup writes a copy of the database at from, as it is at one moment, to a
// new file. Others may read and write it meanwhile.
func Backup(ctx context.Context, from, to string) error {
	db, err := openReadOnly(from)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := removeOld(to); err != nil {
		return err
	}
	f, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600) // it holds password hashes; SQLite fills an empty file
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := db.ExecContext(ctx, `VACUUM INTO ?1`, to); err != nil {
		return fmt.Errorf("copy: %w", err)
	}
	return nil
}

func openReadOnly(path string) (*sql.DB, error) {
	return sql.Open("sqlite3", fmt.Sprintf("file:%s?mode=ro&_busy_timeout=%d", (&url.URL{Path: path}).EscapedPath(), busyTimeout.Milliseconds()))
}

func removeOld(path string) error {
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// Check says whether a file is a whole database of a version that this program
// knows. It changes nothing.
func Check(ctx context.Context, path string) error {
	_, err := Look(ctx, path)
	return err
}

// Contents is what is said of a database without opening it as one's own.
type Contents struct {
	Version  int64 // of the schema
	Comments int
	Identity string // see Store.Identity; empty before there was one
	Ledgered bool   // a ledger of erasures stands beside its backups
}

// Look is Check that also says what is in the file. Of a file that is refused it
// says what could be read.
func Look(ctx context.Context, path string) (c Contents, err error) {
	f, err := os.Open(path)
	if err != nil {
		return c, err // it says why, and SQLite would not
	}
	_ = f.Close()
	db, err := openReadOnly(path)
	if err != nil {
		return c, err
	}
	defer db.Close()
	if err := db.QueryRowContext(ctx, `SELECT max(version_id) FROM goose_db_version WHERE is_applied`).Scan(&c.Version); err != nil {
		return c, lookTrouble(err)
	}
	newest, err := newestVersion()
	if err != nil {
		return c, err
	}
	unknown := c.identify(ctx, db) // first: a damaged one may still tell whose it is
	if c.Version > newest {
		return c, ErrNewer
	}
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil || verdict != "ok" {
		return c, errors.Join(fmt.Errorf("it is damaged: %s; restore a backup", verdict), err)
	}
	if err := db.QueryRowContext(ctx, countComments).Scan(&c.Comments); err != nil {
		return c, err
	}
	return c, unknown
}

// identify reads which database it is.
func (c *Contents) identify(ctx context.Context, db *sql.DB) error {
	if c.Version < erasuresSince {
		return nil
	}
	var key []byte
	err := db.QueryRowContext(ctx, `SELECT (SELECT key FROM keys WHERE name = ?1), EXISTS (SELECT 1 FROM keys WHERE name = ?2)`, databaseKey, ledgerKey).Scan(&key, &c.Ledgered)
	c.Identity = hex.EncodeToString(key)
	return err
}

const (
	countComments = `SELECT count(*) FROM comments`
	erasuresSince = 180 // the version that brought the table
)

// ErrCount says that a copy holds more or fewer comments than there were.
var ErrCount = errors.New("the copy does not hold the comments that were read")

// BackupAndLook is Backup that opens the copy and counts: what it holds must be
// whole, and as much as was there.
func BackupAndLook(ctx context.Context, from, to string) (c Contents, err error) {
	before, err := comments(ctx, from)
	if err != nil {
		return c, err
	}
	if err := Backup(ctx, from, to); err != nil {
		return c, err
	}
	after, err := comments(ctx, from)
	if err != nil {
		return c, err
	}
	if c, err = Look(ctx, to); err != nil {
		return c, fmt.Errorf("the copy cannot be used: %w", err)
	}
	if c.Comments < min(before, after) || c.Comments > max(before, after) { // others write meanwhile
		return c, fmt.Errorf("%w: there were %d, and it has %d", ErrCount, before, c.Comments)
	}
	return c, nil
}

// Backup is BackupAndLook of this database while it is in use. The log grows for
// as long as that takes: nobody who posts waits for it.
func (s *Store) Backup(ctx context.Context, to string) (Contents, error) {
	s.copying.Store(true)
	defer s.copying.Store(false)
	return BackupAndLook(ctx, s.path, to)
}

func comments(ctx context.Context, path string) (n int, err error) {
	db, err := openReadOnly(path)
	if err != nil {
		return 0, err
	}
	defer db.Close()
	err = db.QueryRowContext(ctx, countComments).Scan(&n)
	return n, err
}

func newestVersion() (int64, error) {
	names, err := migrations.ReadDir("migrations")
	if err != nil {
		return 0, err
	}
	return goose.NumericComponent(names[len(names)-1].Name())
}

// SetAside moves a database with its WAL to another name. It refuses one that
// a process holds open: that process would go on writing to the old file.
func SetAside(ctx context.Context, path, to string) error {
	db := sql.OpenDB(connector{path, "FULL", false, mmapBytes})
	db.SetMaxOpenConns(1)
	defer db.Close()
	var busy, log, done int
	if err := db.QueryRowContext(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`).Scan(&busy, &log, &done); err != nil || busy != 0 {
		return inUse(err)
	}
	// Only the last connection can leave WAL: with another process it is "locked".
	var mode string
	if err := db.QueryRowContext(ctx, `PRAGMA journal_mode=DELETE`).Scan(&mode); err != nil || !strings.EqualFold(mode, "delete") {
		return inUse(err)
	}
	if err := db.Close(); err != nil {
		return err
	}
	return os.Rename(path, to)
}

func inUse(err error) error {
	if err == nil {
		return errors.New("the database is in use: stop the server first")
	}
	return fmt.Errorf("the database is in use (%w): stop the server first", err)
}
