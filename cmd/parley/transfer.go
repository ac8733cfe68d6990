package main

import (
	"bufio"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
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

type importCmd struct {
	Site    string            `help:"Site that takes the comments." required:""`
	Format  string            `help:"What the file is: disqus or parley." enum:"disqus,parley" required:""`
	DryRun  bool              `help:"Say what would be added; write nothing."`
	JSON    bool              `name:"json" help:"Print the report as JSON."`
	MapHost map[string]string `help:"Host of the old links and the host or origin it is now, like old.example=new.example or old.example=https://new.example." placeholder:"A=B" mapsep:","`
	Max     int64             `help:"Bytes that the file may unpack to." default:"104857600"`
	File    string            `arg:"" help:"The export; gzip and zip are recognised." type:"existingfile"`
}

// Run imports the file.
func (c *importCmd) Run(s *settings) error {
	a, err := readArchive(c.File, c.Format, c.Max, c.MapHost, s.links)
	if err != nil {
		return err
	}
	db, err := s.open(store.Options{})
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	add := db.Import
	if c.DryRun {
		add = db.ImportPlan
	}
	moved, err := add(ctx, site, a)
	if err != nil {
		return fmt.Errorf("stopped after %d comments, which are kept; run it again to go on: %w", moved.Comments, err)
	}
	if c.JSON {
		return reportJSON(os.Stdout, moved, a)
	}
	report(os.Stdout, moved, a, site, c.DryRun)
	return nil
}

// readArchive reads a whole export: only a file that is good to its end is taken.
func readArchive(path, format string, limit int64, hosts map[string]string, links markup.Links) (*discuss.Archive, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	a, err := readExport(f, info.Size(), format, limit, hosts, links)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return a, nil
}

func readExport(f io.ReaderAt, size int64, format string, limit int64, hosts map[string]string, links markup.Links) (*discuss.Archive, error) {
	r, err := transfer.Open(f, size, limit)
	if err != nil {
		return nil, err
	}
	text := markup.New(1, 1)
	text.Links = links
	body := func(s string) string {
		html, err := text.Render(context.Background(), s)
		if err != nil {
			return "" // reported as empty
		}
		return html
	}
	o := transfer.Options{Text: transfer.Text{HTML: func(src string) string { return markup.FromHTML(src, links) }, Name: markup.CleanName, Body: body}, MapHosts: hosts}
	if format == "parley" {
		return transfer.Parley(r, o)
	}
	return transfer.Disqus(r, o)
}

func reportJSON(w io.Writer, m discuss.Moved, a *discuss.Archive) error {
	type skipped struct {
		ID  string `json:"id"`
		Why string `json:"why"`
	}
	out := struct {
		Threads  int       `json:"threads"`
		Comments int       `json:"comments"`
		People   int       `json:"people"`
		Skipped  []skipped `json:"skipped"`
	}{m.Threads, m.Comments, m.People, []skipped{}}
	for _, s := range a.Skipped {
		out.Skipped = append(out.Skipped, skipped(s))
	}
	return json.NewEncoder(w).Encode(out)
}

func report(w io.Writer, m discuss.Moved, a *discuss.Archive, site discuss.Site, dry bool) {
	verb := "Added"
	if dry {
		verb = "Would add"
	}
	fmt.Fprintf(w, "%s %d comments by %d people in %d threads.\n", verb, m.Comments, m.People, m.Threads)
	if foreign := foreignHosts(a, site); len(foreign) > 0 {
		fmt.Fprintf(w, "Links lead to hosts that are not among the site's origins: %s. If the site has moved, import with --map-host OLD=NEW.\n", strings.Join(foreign, ", "))
	}
	for _, s := range a.Skipped {
		fmt.Fprintf(w, "  %s: %s\n", s.ID, s.Why)
	}
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

type exportCmd struct {
	Site string `help:"Site to export." required:""`
	Out  string `help:"File to write; .gz compresses. Standard output by default." placeholder:"FILE" type:"path"`
}

// Run exports the site.
func (c *exportCmd) Run(s *settings) (err error) {
	db, err := s.existing()
	if err != nil {
		return err
	}
	defer db.Close()
	ctx := context.Background()
	site, err := db.SiteByKey(ctx, c.Site)
	if err != nil {
		return fmt.Errorf("site %q: %w", c.Site, err)
	}
	if c.Out == "" {
		return export(ctx, db, site, os.Stdout)
	}
	part := c.Out + ".part" // a file under the final name is a whole one
	f, err := os.OpenFile(part, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(part))
		}
	}()
	if err := writeExport(ctx, db, site, f, strings.HasSuffix(c.Out, ".gz")); err != nil {
		return errors.Join(err, f.Close())
	}
	if err := errors.Join(f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(part, c.Out)
}

func writeExport(ctx context.Context, db *store.Store, site discuss.Site, w io.Writer, packed bool) error {
	if !packed {
		return export(ctx, db, site, w)
	}
	z := gzip.NewWriter(w)
	return errors.Join(export(ctx, db, site, z), z.Close())
}

func export(ctx context.Context, db *store.Store, site discuss.Site, w io.Writer) error {
	b := bufio.NewWriter(w)
	out, err := transfer.NewWriter(b, site.Key, time.Now())
	if err != nil {
		return err
	}
	if err := db.Export(ctx, site.ID, out); err != nil {
		return err
	}
	return errors.Join(out.Close(), b.Flush())
}
