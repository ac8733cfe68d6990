package app

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/store"
	"parley/internal/transfer"
)

// Export writes a site's comments in one of ExportFormats to w, or to a file where out
// is not ""; .gz compresses. A file under that name is a whole one.
func Export(ctx context.Context, s *Settings, key, format, out string, w io.Writer) (err error) {
	db, err := s.OpenExisting()
	if err != nil {
		return err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return fmt.Errorf("site %q: %w", key, err)
	}
	if out == "" {
		return export(ctx, db, site, format, w)
	}
	part := out + ".part"
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	packed := strings.HasSuffix(out, ".gz") || strings.HasSuffix(out, ".tgz")
	if bundle := strings.HasSuffix(strings.TrimSuffix(out, ".gz"), ".tar") || strings.HasSuffix(out, ".tgz"); bundle && format == "parley" {
		format = bundled
	}
	if err := writeExport(ctx, db, site, format, f, packed); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, out)
}

func writeExport(ctx context.Context, db *store.Store, site discuss.Site, format string, w io.Writer, packed bool) error {
	if !packed {
		return export(ctx, db, site, format, w)
	}
	z := gzip.NewWriter(w)
	return errors.Join(export(ctx, db, site, format, z), z.Close())
}

// archiver is a file that is being written.
type archiver interface {
	store.Archivist
	Close() error
}

// ExportFormats are what Export writes: ours, which has everything; a table; and
// what most other systems take in.
var ExportFormats = []string{"parley", "csv", "wxr"}

// bundled is our format with its files, in one tar.
const bundled = "parley.tar"

func newArchiver(format string, site discuss.Site, w io.Writer) (archiver, error) {
	switch format {
	case "csv":
		return transfer.NewCSVWriter(w)
	case "wxr":
		return transfer.NewWXRSpool(w, site.Name, time.Now(), "")
	case bundled:
		return transfer.NewBundleWriter(w, site.Key, time.Now(), "")
	case "parley", "":
		return transfer.NewWriter(w, site.Key, time.Now())
	}
	return nil, fmt.Errorf("format: must be one of %s", strings.Join(ExportFormats, ", "))
}

func export(ctx context.Context, db *store.Store, site discuss.Site, format string, w io.Writer) error {
	b := bufio.NewWriter(w)
	out, err := newArchiver(format, site, b)
	if err != nil {
		return err
	}
	if bundle, ok := out.(*transfer.BundleWriter); ok {
		bundle.Files = func(add func(name string, body []byte) error) error { return db.ExportImages(ctx, site.ID, add) }
	}
	if err := db.Export(ctx, site.ID, out); err != nil {
		return err
	}
	return errors.Join(out.Close(), b.Flush())
}
