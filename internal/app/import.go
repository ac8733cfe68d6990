package app

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"slices"

	"parley/internal/discuss"
	"parley/internal/machine"
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

	MapAuthors map[string]string // people of the file, by id or name there → the address of the account that they are
	Rekey      bool              // threads of an earlier run get the key that this one works out
	authors    map[string]discuss.ID
	mark       func(discuss.Proof) []byte

	Max int64 // bytes that the file may unpack to; 0: a quarter of the free disk
}

// diskShare is which part of the free disk an export may take, unpacked.
const diskShare = 4

// Import brings the comments of an export into a site and reports what came of
// it. It may be run again: what is there is not added twice. The file is read to
// its end first, into a spool beside the database; only then is anything written.
func Import(ctx context.Context, s *Settings, key string, o ImportOptions, files ...string) (r Report, err error) {
	db, err := s.Open(store.Options{NoMap: true})
	if err != nil {
		return Report{}, err
	}
	defer db.Close()
	site, err := db.SiteByKey(ctx, key)
	if err != nil {
		return Report{}, fmt.Errorf("site %q: %w", key, err)
	}
	o.Origins = site.Origins
	if o.MapHosts, err = mapHosts(o.MapHosts); err != nil {
		return Report{}, fmt.Errorf("--map-host: %w", err)
	}
	if o.paths, err = pathMaps(o.MapPaths); err != nil {
		return Report{}, err
	}
	sp, err := s.spool(ctx, &o)
	if err != nil {
		return Report{}, err
	}
	defer func() { err = errors.Join(err, sp.Remove()) }()
	var keep func() error // the key of marks: a file that is refused changes nothing
	if !o.DryRun {
		if o.mark, keep, err = db.MarkerLater(ctx); err != nil {
			return Report{}, err
		}
	}
	if err := ReadExports(sp, o, s.Links, files...); err != nil {
		return Report{}, err
	}
	if o.authors, err = db.MapAuthors(ctx, site.ID, sp, o.MapAuthors); err != nil {
		return Report{}, fmt.Errorf("--map-author: %w", err)
	}
	var keys discuss.Rekeyed
	if o.Rekey {
		if keys, err = db.RekeyPlan(ctx, site, sp); err != nil {
			return Report{}, err
		}
	}
	missed, err := unmet(sp, &o)
	if err != nil {
		return Report{}, err
	}
	defer func() { r.Mapped, r.Rekeyed, r.Unmet = len(o.authors), keys, missed }()
	if o.DryRun {
		moved, joined, err := db.ImportPlan(ctx, site, sp)
		if err != nil {
			return Report{}, err
		}
		return reportOf(sp, site, moved, joined)
	}
	joined, err := db.Joined(ctx, site, sp)
	if err != nil {
		return Report{}, err
	}
	if err := keep(); err != nil {
		return Report{}, err
	}
	number, moved, err := runImport(ctx, db, site, sp, o, files)
	if err != nil {
		return Report{}, fmt.Errorf("stopped after %s; what was added is kept; run it again to go on: %w", Count(moved.Comments, "comment", "comments"), err)
	}
	images, err := bringImages(ctx, db, site, s.Links, o.Max, files...)
	if err != nil {
		return Report{}, fmt.Errorf("the comments are there; of the images %d are: %w", images, err)
	}
	r, err = reportOf(sp, site, moved, joined)
	r.Import, r.Images = number, images
	return r, err
}

// spool makes a new one beside the database, and sets how large a file may be.
func (s *Settings) spool(ctx context.Context, o *ImportOptions) (*store.Spool, error) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	dir := filepath.Dir(path)
	if o.Max <= 0 {
		free, err := machine.Free(dir)
		if err != nil {
			return nil, err
		}
		o.Max = max(free/diskShare, transfer.DefaultMax)
	}
	f, err := os.CreateTemp(dir, "import-*.spool")
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	sp, err := store.NewSpool(ctx, f.Name())
	if err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	sp.Hide()
	return sp, nil
}

// Report is what came of an import.
type Report struct {
	Import int64 // its number, by which it can be undone; 0 of a dry run
	discuss.Moved
	All          int                    // comments in the file
	Images       int                    // that comments show, brought
	Known        int                    // of them those that are there already
	Joined       int                    // threads that were there already
	Statuses     map[discuss.Status]int // comments in the file
	Skipped      []discuss.SkippedFor
	Writers      []store.Writer       // who wrote the most in the file, as MapAuthors names them
	Mapped       int                  // people of the file who are members here by MapAuthors
	Rekeyed      discuss.Rekeyed      // threads of an earlier run
	ForeignHosts []string             // that links lead to and that are not among the site's origins
	Foreign      []discuss.ImportHost // the same, with what is there

	Unmet []string // mappings of hosts and paths that met no link

	skipped []discuss.Skipped
}

// writersTold is how many of those who wrote are told.
const writersTold = 20

// firstSkipped is how many rows are told of each reason.
const firstSkipped = 20

// AllSkipped are the rows that were not taken as they stood.
func (r *Report) AllSkipped() []discuss.Skipped { return r.skipped }

func reportOf(sp *store.Spool, site discuss.Site, moved discuss.Moved, joined int) (r Report, err error) {
	r = Report{Moved: moved, Joined: joined}
	if r.Statuses, err = sp.Statuses(); err != nil {
		return r, err
	}
	for _, n := range r.Statuses {
		r.All += n
	}
	r.Known = r.All - moved.Comments
	if r.Writers, err = sp.Writers(writersTold); err != nil {
		return r, err
	}
	at := map[string]int{}
	if err := sp.EachSkipped(func(s discuss.Skipped) error {
		r.skipped = append(r.skipped, s)
		why := s.Reason()
		i, ok := at[why]
		if !ok {
			i = len(r.Skipped)
			at[why] = i
			r.Skipped = append(r.Skipped, discuss.SkippedFor{Why: why})
		}
		r.Skipped[i].Count++
		if len(r.Skipped[i].First) < firstSkipped {
			r.Skipped[i].First = append(r.Skipped[i].First, s)
		}
		return nil
	}); err != nil {
		return r, err
	}
	at = map[string]int{}
	err = sp.EachPage(func(address string, comments int) {
		u, err := url.Parse(address)
		if err != nil || u.Host == "" || slices.Contains(site.Origins, u.Scheme+"://"+u.Host) {
			return
		}
		i, seen := at[u.Host]
		if !seen {
			i = len(r.Foreign)
			at[u.Host] = i
			r.Foreign = append(r.Foreign, discuss.ImportHost{Host: u.Host})
			r.ForeignHosts = append(r.ForeignHosts, u.Host)
		}
		r.Foreign[i].Pages++
		r.Foreign[i].Comments += comments
	})
	return r, err
}
