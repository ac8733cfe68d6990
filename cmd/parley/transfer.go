package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/term"

	"parley/internal/app"
	"parley/internal/discuss"
)

type importCmd struct {
	Site      string            `help:"Site that takes the comments." required:""`
	Format    string            `help:"What the file is: ${enum}." enum:"${formats}" default:"auto"`
	DryRun    bool              `help:"Say what would be added; write nothing."`
	JSON      bool              `name:"json" help:"Print the report as JSON."`
	MapHost   map[string]string `help:"Host of the old links and the host or origin it is now, like old.example=new.example or old.example=https://new.example." placeholder:"A=B" mapsep:","`
	MapPath   []string          `help:"Path of the old links and what it is now, * for the rest, like /blog/*=/news/*; repeatable, the first that fits." placeholder:"A=B"`
	MapColumn map[string]string `help:"Of a CSV: a part of a comment and how its column is headed, like text=Comment. Parts are id, parent, url, title, author, date, text, html, status, up, down, deleted, spam." placeholder:"PART=HEAD"`
	MapAuthor map[string]string `help:"Somebody of the file, by the id or name that a dry run shows, and the address of the account here that they are, like Ann=ann@example.com; repeatable. For the staff: other people claim their comments on their account page." placeholder:"OLD=ACCOUNT" mapsep:"none"`
	Rekey     bool              `help:"Give threads that an earlier run of the same kind brought the addresses that this run works out, by --map-host and --map-path; the old ones lead there."`
	Max       int64             `help:"Bytes that the file may unpack to; by default a quarter of the free disk." placeholder:"BYTES"`
	List      bool              `help:"List the imports there were, with their numbers." xor:"act"`
	Undo      int64             `help:"Remove what the import of that number brought and nobody has touched since." placeholder:"NUMBER" xor:"act"`
	File      []string          `arg:"" optional:"" help:"The export, in one file or in several; gzip, zip and our own tar are recognised." type:"existingfile"`
}

// Validate refuses what says two things at once, or nothing.
func (c *importCmd) Validate() error {
	act := c.List || c.Undo != 0
	switch {
	case c.Undo < 0:
		return errors.New("--undo: an import has a number from 1")
	case act && len(c.File) > 0:
		return errors.New("FILE is for an import; --list and --undo take none")
	case act && (c.Rekey || len(c.MapAuthor) > 0):
		return errors.New("--rekey and --map-author are for an import")
	case c.List && c.DryRun:
		return errors.New("--dry-run is for an import and for --undo")
	case !act && len(c.File) == 0:
		return errors.New("FILE is missing: name the export to import, or --list, or --undo NUMBER")
	}
	return nil
}

// Run imports the file, lists imports, or undoes one.
func (c *importCmd) Run(s *app.Settings) error {
	switch {
	case c.List:
		return c.list(s)
	case c.Undo != 0:
		return c.undo(s)
	}
	o := app.ImportOptions{Format: c.Format, DryRun: c.DryRun, MapHosts: c.MapHost, MapPaths: c.MapPath, Max: c.Max, Columns: c.MapColumn, MapAuthors: c.MapAuthor, Rekey: c.Rekey}
	if !c.JSON { // whoever reads that is a program
		o.Progress = progress()
	}
	ctx, stop := interruptible()
	defer stop()
	r, err := app.Import(ctx, s, c.Site, o, c.File...)
	if err != nil {
		return err
	}
	if c.JSON {
		return reportJSON(os.Stdout, r)
	}
	report(os.Stdout, r, c.Site, c.DryRun)
	return nil
}

// interruptible is called off by the first signal, so that what is at work can say
// that it has ended; the second one ends the program at once.
func interruptible() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// progress tells whoever waits, beside what a command prints.
func progress() *app.Progress {
	return &app.Progress{To: os.Stderr, Terminal: term.IsTerminal(int(os.Stderr.Fd()))}
}

func reportJSON(w io.Writer, r app.Report) error {
	type skipped struct {
		ID  string `json:"id"`
		Why string `json:"why"`
	}
	type writer struct {
		ID       string `json:"id"`
		Name     string `json:"name"`
		Comments int    `json:"comments"`
	}
	out := struct {
		Import   int64                  `json:"import,omitempty"`
		Threads  int                    `json:"threads"`
		Comments int                    `json:"comments"`
		People   int                    `json:"people"`
		Statuses map[discuss.Status]int `json:"statuses"`
		Known    int                    `json:"known"`
		Joined   int                    `json:"joined"`
		Hosts    []string               `json:"foreign_hosts"`
		Writers  []writer               `json:"writers"` // who wrote the most
		Mapped   int                    `json:"mapped"`
		Rekeyed  int                    `json:"rekeyed"`
		Clashes  []string               `json:"key_clashes"`
		Unmet    []string               `json:"unmet"` // mappings of hosts and paths that met no link
		Skipped  []skipped              `json:"skipped"`
	}{r.Import, r.Threads, r.Comments, r.People, r.Statuses, r.Known, r.Joined, append([]string{}, r.ForeignHosts...), []writer{}, r.Mapped, r.Rekeyed.Renamed, append([]string{}, r.Rekeyed.Clashes...), append([]string{}, r.Unmet...), []skipped{}}
	for _, p := range r.Writers {
		out.Writers = append(out.Writers, writer(p))
	}
	for _, s := range r.AllSkipped() {
		out.Skipped = append(out.Skipped, skipped(s))
	}
	return json.NewEncoder(w).Encode(out)
}

func report(w io.Writer, r app.Report, site string, dry bool) {
	verb := "Added"
	if dry {
		verb = "Would add"
	}
	fmt.Fprintf(w, "%s %s by %s in %s.\n", verb, app.Count(r.Comments, "comment", "comments"), app.Count(r.People, "person", "people"), app.Count(r.Threads, "thread", "threads"))
	if len(r.Statuses) > 0 {
		var parts []string
		for _, status := range slices.Sorted(maps.Keys(r.Statuses)) {
			parts = append(parts, fmt.Sprintf("%d %s", r.Statuses[status], status))
		}
		fmt.Fprintf(w, "In the file: %s.\n", strings.Join(parts, ", "))
	}
	if r.Known > 0 {
		fmt.Fprintf(w, "%s of the file %s here already, from an earlier run.\n", app.Count(r.Known, "comment", "comments"), app.Noun(r.Known, "is", "are"))
	}
	if r.Joined > 0 {
		fmt.Fprintf(w, "%s of the file %s here already and %s comments.\n", app.Count(r.Joined, "thread", "threads"), app.Noun(r.Joined, "is", "are"), app.Noun(r.Joined, "takes its", "take their"))
	}
	if r.Import != 0 {
		fmt.Fprintf(w, "This is import %d of the server: `parley import --site %s --undo %d` takes it back.\n", r.Import, site, r.Import)
	}
	reportPeople(w, r, dry)
	if dry && r.Comments > 0 {
		fmt.Fprintln(w, "Run it without --dry-run to add them; a second run adds nothing.")
	}
	if len(r.ForeignHosts) > 0 {
		fmt.Fprintf(w, "Links lead to hosts that are not among the site's origins: %s. If the site has moved, import with --map-host OLD=NEW.\n", strings.Join(r.ForeignHosts, ", "))
	}
	for _, m := range r.Unmet {
		fmt.Fprintf(w, "%s met no link of the file.\n", m)
	}
	for _, g := range r.Skipped {
		fmt.Fprintf(w, "%s: %s\n", app.Count(g.Count, "row", "rows"), g.Why)
		for _, s := range g.First {
			fmt.Fprintf(w, "  %s%s\n", s.ID, strings.TrimPrefix(s.Why, g.Why))
		}
		if more := g.Count - len(g.First); more > 0 {
			fmt.Fprintf(w, "  and %d more (all with --json)\n", more)
		}
	}
}

// reportPeople tells who wrote, whom --map-author names, and what --rekey does.
func reportPeople(w io.Writer, r app.Report, dry bool) {
	if dry && len(r.Writers) > 0 {
		fmt.Fprintln(w, "Who wrote the most, as --map-author takes them:")
		for _, p := range r.Writers {
			fmt.Fprintf(w, "  %s (%s): %s\n", p.ID, p.Name, app.Count(p.Comments, "comment", "comments"))
		}
	}
	if r.Mapped > 0 {
		fmt.Fprintf(w, "%s of the file %s of the site by --map-author.\n", app.Count(r.Mapped, "person", "people"), app.Noun(r.Mapped, "is a member", "are members"))
	}
	if n := r.Rekeyed.Renamed; n > 0 {
		fmt.Fprintf(w, "%s of an earlier run %s a new address; the old one leads there.\n", app.Count(n, "thread", "threads"), app.Noun(n, "gets", "get"))
	}
	for _, key := range r.Rekeyed.Clashes {
		fmt.Fprintf(w, "Another thread has the address %s already; the earlier one is left. Merge them in the dashboard, or with parley thread merge.\n", key)
	}
}

type exportCmd struct {
	Site   string `help:"Site to export." required:""`
	Format string `help:"parley (everything, one JSON object a line), csv (a table) or wxr (what WordPress, Disqus and others take in)." enum:"parley,csv,wxr" default:"parley"`
	Out    string `help:"File to write; .gz compresses, .tar and .tar.gz hold our own format with its files. Standard output by default." placeholder:"FILE" type:"path"`
}

// Run exports the site.
func (c *exportCmd) Run(s *app.Settings) error {
	return app.Export(context.Background(), s, c.Site, c.Format, c.Out, os.Stdout)
}
