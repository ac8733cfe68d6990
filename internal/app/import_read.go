package app

import (
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

	"parley/internal/markup"
	"parley/internal/store"
	"parley/internal/transfer"
	"parley/internal/weburl"
)

// ReadExports reads an export of one file or several into a spool and arranges it:
// only files that are good to their ends are taken, and all of them are of one
// system. links spells addresses, nil takes them as they are.
func ReadExports(sp *store.Spool, o ImportOptions, links markup.Links, files ...string) (err error) {
	if o.paths, err = pathMaps(o.MapPaths); err != nil {
		return err
	}
	was := ""
	for _, file := range files {
		format, err := readFile(context.Background(), sp, o, links, file)
		if err != nil {
			return fmt.Errorf("%s: %w", file, err)
		}
		if was != "" && format != was {
			return fmt.Errorf("%s: it is %s, and the file before it %s", file, format, was)
		}
		was = format
	}
	return arrange(sp, o, links, was)
}

// readOne is ReadExports of one file, which ends with ctx. Its errors do not name it.
func readOne(ctx context.Context, sp *store.Spool, o ImportOptions, links markup.Links, file string) (err error) {
	if o.paths, err = pathMaps(o.MapPaths); err != nil {
		return err
	}
	format, err := readFile(ctx, sp, o, links, file)
	if err != nil {
		return err
	}
	return arrange(sp, o, links, format)
}

// arrange ends what was read of a format.
func arrange(sp *store.Spool, o ImportOptions, links markup.Links, format string) error {
	if format == "coral" {
		if err := transfer.CoralEnd(transferOptions(sp, o, links)); err != nil {
			return err
		}
	}
	return sp.Arrange()
}

// readFile reads a whole file and says of which format it is.
func readFile(ctx context.Context, sp *store.Spool, o ImportOptions, links markup.Links, path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return "", err
	}
	if o.Format == "auto" {
		if o.Format, err = detect(f, info.Size(), o.Max); err != nil {
			return "", err
		}
	}
	if o.Format == "isso" {
		return o.Format, readIsso(sp, f, info.Size(), path, o, links)
	}
	return o.Format, ReadExport(sp, &told{ctx, f, o.Progress.of(int(info.Size()>>20), "MB read", "MB read")}, info.Size(), o, links)
}

// told is a file that says how far it has been read, and ends with its context.
type told struct {
	ctx context.Context
	io.ReaderAt
	far func(done int)
}

// ReadAt reads like the file.
func (t *told) ReadAt(p []byte, at int64) (int, error) {
	if err := t.ctx.Err(); err != nil {
		return 0, err
	}
	n, err := t.ReaderAt.ReadAt(p, at)
	if t.far != nil {
		t.far(int((at + int64(n)) >> 20))
	}
	return n, err
}

// mapHosts reads how hosts of links move: to a host or to an origin.
func mapHosts(in map[string]string) (map[string]string, error) {
	hosts := map[string]string{}
	for from, to := range in {
		from, to = strings.ToLower(strings.TrimSpace(from)), strings.TrimSuffix(strings.TrimSpace(to), "/")
		if from == "" || to == "" || len(from) > maxMapping || strings.ContainsAny(from, "/?#") {
			return nil, errors.New("must have hosts on both sides, like old.example and new.example")
		}
		address := to
		if !strings.Contains(address, "://") {
			address = "https://" + address
		}
		at, err := weburl.Base(address)
		if err != nil || at.Path != "" && at.Path != "/" {
			return nil, errors.New("must lead to a host or an origin, like new.example or https://new.example")
		}
		hosts[from] = to
	}
	return hosts, nil
}

// unmet are the mappings that no page of a file can have come by: none is where
// they lead.
func unmet(sp *store.Spool, o *ImportOptions) (out []string, err error) {
	met := map[string]bool{}
	if err := sp.EachPage(func(address string, _ int) {
		u, err := url.Parse(address)
		if err != nil {
			return
		}
		met["host "+u.Host] = true
		for _, m := range o.paths {
			before, after, _ := strings.Cut(m.To, "*")
			if strings.HasPrefix(u.Path, before) && strings.HasSuffix(u.Path, after) {
				met["path "+m.From] = true
			}
		}
	}); err != nil {
		return nil, err
	}
	for _, from := range slices.Sorted(maps.Keys(o.MapHosts)) {
		_, host, whole := strings.Cut(o.MapHosts[from], "://")
		if !whole {
			host = o.MapHosts[from]
		}
		host = strings.ToLower(host)
		bare := strings.TrimSuffix(strings.TrimSuffix(host, ":80"), ":443") // as keys have it
		if !met["host "+host] && !met["host "+bare] {
			out = append(out, "--map-host "+from)
		}
	}
	for _, m := range o.paths {
		if !met["path "+m.From] {
			out = append(out, "--map-path "+m.From)
		}
	}
	return out, nil
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
var importers = map[string]func(*transfer.Reader, transfer.Options) error{
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

var errNoFormat = errors.New("format: nothing in the file says what it is; name it with --format")

// headBytes is how much of a file is looked at to know what it is.
const headBytes = 64 << 10

// detect looks into a file for what it is.
func detect(f io.ReaderAt, size, limit int64) (string, error) {
	head := make([]byte, headBytes)
	n := 0
	seen := errors.New("the first file is enough")
	err := transfer.OpenEach(f, size, limit, func(r *transfer.Reader) (err error) {
		if n, err = io.ReadFull(r, head); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
			return err
		}
		return seen
	})
	if !errors.Is(err, seen) {
		return "", err
	}
	if n == 0 {
		return "", errors.New("the file is empty")
	}
	switch format := transfer.Detect(head[:n]); format {
	case "":
		return "", errNoFormat
	case "isso-json":
		return "isso", nil
	default:
		return format, nil
	}
}

// readIsso reads Isso's database, or the JSON that it takes from others.
func readIsso(sp *store.Spool, f io.ReaderAt, size int64, path string, o ImportOptions, links markup.Links) error {
	head := make([]byte, 16)
	if _, err := f.ReadAt(head, 0); err != nil || transfer.Detect(head) != "isso" {
		return ReadExport(sp, f, size, o, links)
	}
	db, err := store.OpenOther(context.Background(), path, []string{"threads", "comments"})
	if err != nil {
		return err
	}
	defer db.Close()
	return transfer.Isso(db, transferOptions(sp, o, links))
}

// ReadExport reads a whole export, packed or not, into a spool, which is to be
// arranged when all have been read.
func ReadExport(sp *store.Spool, f io.ReaderAt, size int64, o ImportOptions, links markup.Links) error {
	read, ok := importers[o.Format]
	if !ok {
		return fmt.Errorf("format: there is no importer for %q", o.Format)
	}
	return transfer.OpenEach(f, size, o.Max, func(r *transfer.Reader) error { return read(r, transferOptions(sp, o, links)) })
}

// transferOptions are how texts, names and links of a file become ours.
func transferOptions(sp *store.Spool, o ImportOptions, links markup.Links) transfer.Options {
	text := markup.New(1, 1)
	text.Links = links
	body := func(s string) string {
		html, err := text.Render(context.Background(), s)
		if err != nil {
			return "" // reported as empty
		}
		return html
	}
	return transfer.Options{
		Text:     transfer.Text{HTML: func(src string) string { return markup.FromHTML(src, links) }, Name: markup.CleanName, Body: body},
		MapHosts: o.MapHosts, Origins: o.Origins, Now: time.Now(), Columns: o.Columns, MapPaths: o.paths, Spool: sp, Mark: o.mark,
	}
}
