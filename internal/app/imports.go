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
func runImport(ctx context.Context, db *store.Store, site discuss.Site, a *discuss.Archive, o ImportOptions, files []string) (int64, discuss.Moved, error) {
	run, err := fileRun(files)
	if err != nil {
		return 0, discuss.Moved{}, err
	}
	number, moved, err := db.RunImport(ctx, site, a, run, o.Progress.of(len(a.Comments), "comment", "comments"))
	if err != nil || moved == (discuss.Moved{}) { // it changed nothing
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
