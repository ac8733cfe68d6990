package app

import (
	"bufio"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
	"parley/internal/transfer"
)

// ImportOptions say how a file of another system is read.
type ImportOptions struct {
	Format   string            // one of Formats; "auto" looks at what the file holds
	MapPaths []string          // A=B: paths of the old links, and what they are now
	Columns  map[string]string // of a CSV: a part of a comment, and how its column is headed
	DryRun   bool              // say what would be added; write nothing
	MapHosts map[string]string // host of the old links → host or origin it is now
	Origins  []string          // of the site; Import knows them
	Progress *Progress         // told how far it is; nil: nobody
	paths    []transfer.PathMap
	parts    *transfer.Parts
	Max      int64 // bytes that the file may unpack to; 0: the room's own limit
}

// Import brings the comments of an export into a site and reports what came of
// it. It may be run again: what is there is not added twice.
func Import(ctx context.Context, s *Settings, key string, o ImportOptions, files ...string) (Report, error) {
	db, err := s.Open(store.Options{})
	if err != nil {
		return Report{}, err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return Report{}, fmt.Errorf("site %q: %w", key, err)
	}
	o.Origins = site.Origins
	if o.paths, err = pathMaps(o.MapPaths); err != nil {
		return Report{}, err
	}
	a, err := readArchives(files, o, s.Links)
	if err != nil {
		return Report{}, err
	}
	var moved discuss.Moved
	var number int64
	if o.DryRun {
		moved, err = db.ImportPlan(ctx, site, a)
	} else {
		number, moved, err = runImport(ctx, db, site, a, o, files)
	}
	if err != nil {
		return Report{}, fmt.Errorf("stopped after %s; what was added is kept; run it again to go on: %w", Count(moved.Comments, "comment", "comments"), err)
	}
	r := Report{Import: number, Moved: moved, Statuses: map[discuss.Status]int{}, Skipped: a.Skipped, ForeignHosts: foreignHosts(a, site)}
	for i := range a.Comments {
		r.Statuses[a.Comments[i].Status]++
	}
	return r, nil
}

// Report is what came of an import.
type Report struct {
	Import int64 // its number, by which it can be undone; 0 of a dry run
	discuss.Moved
	Statuses     map[discuss.Status]int // comments in the file
	Skipped      []discuss.Skipped
	ForeignHosts []string // that links lead to and that are not among the site's origins
}

// readArchives reads an export of one file or several: only files that are good
// to their ends are taken, and all of them are of one system.
func readArchives(files []string, o ImportOptions, links markup.Links) (a *discuss.Archive, err error) {
	if len(files) > 1 {
		o.parts = &transfer.Parts{}
	}
	was := ""
	for i, file := range files {
		if o.parts != nil {
			o.parts.Last = i == len(files)-1
		}
		var format string
		if a, format, err = readArchive(file, o, links); err != nil {
			return nil, err
		}
		if was != "" && format != was {
			return nil, fmt.Errorf("%s: it is %s, and the file before it %s", file, format, was)
		}
		was = format
	}
	return a, nil
}

// readArchive reads a whole file and says of which format it is.
func readArchive(path string, o ImportOptions, links markup.Links) (*discuss.Archive, string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, "", err
	}
	if o.Format == "auto" {
		if o.Format, err = detect(f, info.Size(), o.Max); err != nil {
			return nil, "", fmt.Errorf("%s: %w", path, err)
		}
	}
	read := ReadExport
	if o.Format == "isso" {
		read = func(f io.ReaderAt, size int64, o ImportOptions, links markup.Links) (*discuss.Archive, error) {
			return readIsso(f, size, path, o, links)
		}
	}
	a, err := read(f, info.Size(), o, links)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", path, err)
	}
	return a, o.Format, nil
}

// pathMaps reads how paths move.
func pathMaps(list []string) (out []transfer.PathMap, err error) {
	for _, s := range list {
		m, err := transfer.ParsePathMap(s)
		if err != nil {
			return nil, err
		}
		out = append(out, m)
	}
	return out, nil
}

// importers are the formats that Import reads, by the name that --format has for
// them.
var importers = map[string]func(*transfer.Reader, transfer.Options) (*discuss.Archive, error){
	"artalk":      transfer.Artalk,
	"blogger":     transfer.Blogger,
	"comentario":  transfer.Commento,
	"commento":    transfer.Commento,
	"coral":       transfer.Coral,
	"csv":         transfer.CSV,
	"disqus":      transfer.Disqus,
	"giscus":      transfer.Giscus,
	"isso":        transfer.IssoGeneric, // its database is a file that is opened, not read
	"movabletype": transfer.MovableType,
	"parley":      transfer.Parley,
	"remark42":    transfer.Remark42,
	"waline":      transfer.Waline,
	"wordpress":   transfer.WordPress,
}

// Formats are the names of what Import reads, in order.
func Formats() []string { return append([]string{"auto"}, slices.Sorted(maps.Keys(importers))...) }

// headBytes is how much of a file is looked at to know what it is.
const headBytes = 64 << 10

// detect looks into a file for what it is.
func detect(f io.ReaderAt, size, limit int64) (string, error) {
	r, err := transfer.Open(f, size, limit)
	if err != nil {
		return "", err
	}
	head := make([]byte, headBytes)
	n, err := io.ReadFull(r, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	switch format := transfer.Detect(head[:n]); format {
	case "":
		return "", errors.New("format: nothing in the file says what it is; name it with --format")
	case "isso-json":
		return "isso", nil
	default:
		return format, nil
	}
}

// readIsso reads Isso's database, or the JSON that it takes from others.
func readIsso(f io.ReaderAt, size int64, path string, o ImportOptions, links markup.Links) (*discuss.Archive, error) {
	head := make([]byte, 16)
	if _, err := f.ReadAt(head, 0); err != nil || transfer.Detect(head) != "isso" {
		return ReadExport(f, size, o, links)
	}
	db, err := store.OpenOther(context.Background(), path, []string{"threads", "comments"})
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return transfer.Isso(db, transferOptions(o, links))
}

// ReadExport reads a whole export, packed or not; links spells addresses, nil
// takes them as they are.
func ReadExport(f io.ReaderAt, size int64, o ImportOptions, links markup.Links) (*discuss.Archive, error) {
	r, err := transfer.Open(f, size, o.Max)
	if err != nil {
		return nil, err
	}
	read, ok := importers[o.Format]
	if !ok {
		return nil, fmt.Errorf("format: there is no importer for %q", o.Format)
	}
	return read(r, transferOptions(o, links))
}

// transferOptions are how texts, names and links of a file become ours.
func transferOptions(o ImportOptions, links markup.Links) transfer.Options {
	text := markup.New(1, 1)
	text.Links = links
	body := func(s string) string {
		html, err := text.Render(context.Background(), s)
		if err != nil {
			return "" // reported as empty
		}
		return html
	}
	return transfer.Options{Text: transfer.Text{HTML: func(src string) string { return markup.FromHTML(src, links) }, Name: markup.CleanName, Body: body}, MapHosts: o.MapHosts, Origins: o.Origins, Now: time.Now(), Columns: o.Columns, MapPaths: o.paths, Parts: o.parts}
}

func foreignHosts(a *discuss.Archive, site discuss.Site) []string {
	var out []string
	for _, t := range a.Threads {
		u, err := url.Parse(t.URL)
		if err != nil || u.Host == "" || slices.Contains(out, u.Host) || slices.Contains(site.Origins, u.Scheme+"://"+u.Host) {
			continue
		}
		out = append(out, u.Host)
	}
	return out
}

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
	if err := writeExport(ctx, db, site, format, f, strings.HasSuffix(out, ".gz")); err != nil {
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

func newArchiver(format string, site discuss.Site, w io.Writer) (archiver, error) {
	switch format {
	case "csv":
		return transfer.NewCSVWriter(w)
	case "wxr":
		return transfer.NewWXRSpool(w, site.Name, time.Now(), "")
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
	if err := db.Export(ctx, site.ID, out); err != nil {
		return err
	}
	return errors.Join(out.Close(), b.Flush())
}
