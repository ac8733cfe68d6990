package app

import (
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"parley/internal/discuss"
	"parley/internal/store"
)

// runImport writes what the files hold, under the number of an import.
func runImport(ctx context.Context, db *store.Store, site discuss.Site, sp *store.Spool, o ImportOptions, files []string) (int64, discuss.Moved, error) {
	run, err := fileRun(files)
	if err != nil {
		return 0, discuss.Moved{}, err
	}
	all, err := sp.Comments()
	if err != nil {
		return 0, discuss.Moved{}, err
	}
	run.Authors, run.Rekey = o.authors, o.Rekey
	number, moved, err := db.RunImport(ctx, site, sp, run, o.Progress.of(all, "comment", "comments"))
	if err != nil || moved == (discuss.Moved{}) && !o.Rekey && len(o.authors) == 0 { // it changed nothing
		return number, moved, err
	}
	return number, moved, Note(ctx, db, site.ID, "settings", "import", site.ID, fmt.Sprintf("number %d, %s", number, Count(moved.Comments, "comment", "comments")))
}

// fileRun is what an import of the files is known by.
func fileRun(files []string) (run discuss.ImportRun, err error) {
	names := make([]string, len(files))
	sum := sha256.New()
	for i, file := range files {
		f, err := os.Open(file)
		if err != nil {
			return run, err
		}
		n, err := io.Copy(sum, f)
		_ = f.Close()
		if err != nil {
			return run, fmt.Errorf("%s: %w", file, err)
		}
		names[i] = filepath.Base(file)
		run.Size += n
	}
	run.Name, run.Digest = strings.Join(names, ", "), sum.Sum(nil)
	return run, nil
}

// importsListed is how many imports a list holds.
const importsListed = 200

// Imports lists a site's imports, newest first.
func Imports(ctx context.Context, s *Settings, key string) ([]discuss.Import, error) {
	db, err := s.OpenExisting()
	if err != nil {
		return nil, err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return nil, fmt.Errorf("site %q: %w", key, err)
	}
	return db.Imports(ctx, site.ID, 0, importsListed)
}

// UndoImport removes what an import brought and nobody has touched since; dry
// only says what that would be.
func UndoImport(ctx context.Context, s *Settings, key string, number int64, dry bool, p *Progress) (discuss.Undone, error) {
	db, err := s.OpenExisting()
	if err != nil {
		return discuss.Undone{}, err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return discuss.Undone{}, fmt.Errorf("site %q: %w", key, err)
	}
	im, err := db.ImportByID(ctx, site.ID, number)
	if err != nil {
		return discuss.Undone{}, err
	}
	if dry {
		return db.UndoPlan(ctx, site.ID, number)
	}
	undone, err := db.UndoImport(ctx, site.ID, number, p.of(im.Comments, "comment", "comments"))
	if discuss.KindOf(err) == discuss.Conflict {
		return undone, err
	}
	if err != nil {
		return undone, fmt.Errorf("stopped after %s; undo it again to go on: %w", Count(undone.Comments, "comment", "comments"), err)
	}
	return undone, Note(ctx, db, site.ID, "settings", "undo import", site.ID, fmt.Sprintf("number %d, %s", number, Count(undone.Comments, "comment", "comments")))
}
