package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strconv"

	"parley/internal/app"
	"parley/internal/discuss"
	"parley/internal/store"
)

type threadCmd struct {
	Merge threadMergeCmd `cmd:"" help:"Make one discussion of two: that of one page goes to another."`
	Remap threadRemapCmd `cmd:"" help:"Move pages to other addresses by a pattern; the old ones lead to the new."`
	Check threadCheckCmd `cmd:"" help:"Ask every page whether it still answers, one a second."`
}

type threadMergeCmd struct {
	Site string `help:"Site of the two pages." required:""`
	From string `arg:"" help:"Key of the page whose comments go."`
	Into string `arg:"" help:"Key of the page that keeps its name and gets them."`
}

// Run merges two threads.
func (c *threadMergeCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error {
		done, err := app.MergeThreads(ctx, db, c.Site, c.From, c.Into, progress())
		if err == nil {
			fmt.Printf("%s moved to %s; %s leads there from now on.\n", app.Count(done.Total, "comment", "comments"), done.Into.Key, c.From)
		}
		return err
	})
}

type threadRemapCmd struct {
	Site   string `help:"Site whose pages move." required:""`
	From   string `arg:"" help:"Path as it was, * for the rest, like /blog/*; or a whole address, like http://old.example/*."`
	To     string `arg:"" help:"What it is now, like /news/* or https://new.example/*."`
	DryRun bool   `help:"Say what would move; write nothing."`
	Merge  bool   `help:"Where the new address has a discussion already, make one of the two; else that page is left."`
	JSON   bool   `name:"json" help:"Print the report as JSON."`
}

// Run moves pages.
func (c *threadRemapCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error {
		done, err := app.RemapThreads(ctx, db, c.Site, c.From, c.To, c.Merge, c.DryRun)
		if err != nil {
			return err
		}
		if c.JSON {
			return remappedJSON(os.Stdout, done)
		}
		remapped(os.Stdout, done, c.DryRun)
		return nil
	})
}

func remapped(w io.Writer, d discuss.RemapDone, dry bool) {
	for _, row := range d.Rows {
		note := ""
		switch row.Does {
		case discuss.RemapMerge:
			note = "  (joins the discussion there)"
		case discuss.RemapClash:
			note = "  (left: there is a discussion already; --merge joins the two)"
		case discuss.RemapForeign:
			note = "  (left: on none of the site's origins)"
		}
		fmt.Fprintf(w, "%s → %s%s\n", row.From, row.To, note)
	}
	if more := d.Renamed + d.Merged + d.Clashes + d.Foreign - len(d.Rows); more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	moved, joined := "moved", "merged"
	if dry {
		moved, joined = "would move", "would be merged"
	}
	fmt.Fprintf(w, "%s %s, %d %s, %d left.\n", app.Count(d.Renamed, "page", "pages"), moved, d.Merged, joined, d.Clashes+d.Foreign)
}

func remappedJSON(w io.Writer, d discuss.RemapDone) error {
	type row struct {
		From     string `json:"from"`
		To       string `json:"to"`
		Title    string `json:"title"`
		Comments int    `json:"comment_count"`
		Does     string `json:"does"`
	}
	out := struct {
		Renamed int   `json:"renamed"`
		Merged  int   `json:"merged"`
		Clashes int   `json:"clashes"`
		Foreign int   `json:"foreign"`
		Rows    []row `json:"rows"`
	}{d.Renamed, d.Merged, d.Clashes, d.Foreign, []row{}}
	for _, r := range d.Rows {
		out.Rows = append(out.Rows, row{r.From, r.To, r.Title, r.Comments, r.Does})
	}
	return encodePlain(w, out)
}

func encodePlain(w io.Writer, v any) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

type threadCheckCmd struct {
	Site string `help:"Site whose pages are asked." required:""`
	table
}

// Run asks every page of a site.
func (c *threadCheckCmd) Run(s *app.Settings) error {
	return withExisting(s, func(ctx context.Context, db *store.Store) error {
		told := progress()
		if c.JSON { // whoever reads that is a program
			told = nil
		}
		found, err := app.CheckThreads(ctx, s, db, c.Site, told)
		if err != nil {
			return err
		}
		var rows [][]string
		for _, p := range found.Rows {
			rows = append(rows, []string{p.Page, p.Answer, strconv.Itoa(p.Status), p.To, strconv.Itoa(p.Comments), c.proposed(p)})
		}
		if err := c.print([]string{"page", "answer", "status", "leads_to", "comments", "what_to_do"}, rows); err != nil || c.JSON {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s asked, %d do not answer as they should.\n", app.Count(found.Done, "page", "pages"), len(found.Rows))
		if found.Unasked > 0 {
			fmt.Fprintf(os.Stderr, "%s on none of the site's origins were not asked.\n", app.Count(found.Unasked, "page", "pages"))
		}
		if found.Cut {
			fmt.Fprintf(os.Stderr, "There are more: one check asks the %d oldest.\n", discuss.MaxCheckedPages)
		}
		return nil
	})
}

// proposed is the command that follows the page to where it leads.
func (c *threadCheckCmd) proposed(p discuss.CheckedPage) string {
	switch {
	case p.NewKey == "":
		return ""
	case p.Into != 0:
		return fmt.Sprintf("parley thread merge --site %s %s %s", c.Site, quoted(p.Key), quoted(p.NewKey))
	}
	return fmt.Sprintf("parley thread remap --site %s %s %s", c.Site, quoted(p.Key), quoted(p.NewKey))
}

// quoted is a word as a shell takes it for one.
func quoted(s string) string {
	out := "'"
	for _, r := range s {
		if r == '\'' {
			out += `'\''`
			continue
		}
		out += string(r)
	}
	return out + "'"
}
