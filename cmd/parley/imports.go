package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
	"time"

	"parley/internal/app"
	"parley/internal/discuss"
)

type movedJSON struct {
	Threads  int `json:"threads"`
	Comments int `json:"comments"`
	People   int `json:"people"`
}

type importJSON struct {
	Import  int64               `json:"import"`
	Format  string              `json:"format"`
	File    string              `json:"file"` // "" once forgotten
	Size    int64               `json:"size"`
	State   discuss.ImportState `json:"state"`
	Created time.Time           `json:"created_at"`
	Ended   *time.Time          `json:"ended_at"`
	Undone  *time.Time          `json:"undone_at"`
	Undoing bool                `json:"undoing"`
	movedJSON
}

// list prints the imports of a site.
func (c *importCmd) list(s *app.Settings) error {
	list, err := app.Imports(context.Background(), s, c.Site)
	if err != nil {
		return err
	}
	if c.JSON {
		out := []importJSON{}
		for i := range list {
			im := &list[i]
			out = append(out, importJSON{im.ID, im.Source, im.Name, im.Size, im.State, im.Created, when(im.Ended), when(im.Undone), im.Undoing, movedJSON(im.Moved)})
		}
		return json.NewEncoder(os.Stdout).Encode(out)
	}
	return listImports(os.Stdout, list)
}

func listImports(to io.Writer, list []discuss.Import) error {
	if len(list) == 0 {
		_, err := fmt.Fprintln(to, "Nothing was imported into this site.")
		return err
	}
	w := tabwriter.NewWriter(to, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NUMBER\tWHEN\tSTATE\tFORMAT\tCOMMENTS\tFILE")
	for i := range list {
		im := &list[i]
		state := string(im.State)
		if im.Undoing {
			state = "being undone"
		}
		fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%d\t%s\n", im.ID, im.Created.Local().Format("2006-01-02 15:04"), state, im.Source, im.Comments, im.Name)
	}
	return w.Flush()
}

func when(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// undo undoes an import.
func (c *importCmd) undo(s *app.Settings) error {
	var p *app.Progress
	if !c.JSON {
		p = progress()
	}
	ctx, stop := interruptible()
	defer stop()
	u, err := app.UndoImport(ctx, s, c.Site, c.Undo, c.DryRun, p)
	if err != nil {
		return err
	}
	if c.JSON {
		return undoneJSON(os.Stdout, c.Undo, u)
	}
	reportUndone(os.Stdout, c.Undo, u, c.DryRun)
	return nil
}

func undoneJSON(w io.Writer, number int64, u discuss.Undone) error {
	type stay struct {
		What string `json:"what"`
		ID   string `json:"id"`
		Why  string `json:"why"`
	}
	out := struct {
		Import int64 `json:"import"`
		movedJSON
		Stayed movedJSON `json:"stayed"`
		Stays  []stay    `json:"stays"`
		More   int       `json:"more"` // that stay and are not named
	}{number, movedJSON(u.Moved), movedJSON(u.Stayed), []stay{}, u.More}
	for _, s := range u.Stays {
		out.Stays = append(out.Stays, stay(s))
	}
	return json.NewEncoder(w).Encode(out)
}

func reportUndone(w io.Writer, number int64, u discuss.Undone, dry bool) {
	verb := "removed"
	if dry {
		verb = "would remove"
	}
	counted := func(m discuss.Moved) string {
		return fmt.Sprintf("%s, %s and %s", app.Count(m.Comments, "comment", "comments"), app.Count(m.People, "person", "people"), app.Count(m.Threads, "thread", "threads"))
	}
	fmt.Fprintf(w, "Undo of import %d: %s %s.\n", number, verb, counted(u.Moved))
	if len(u.Stays) == 0 {
		return
	}
	fmt.Fprintf(w, "What somebody has touched since stays: %s.\n", counted(u.Stayed))
	for _, s := range u.Stays {
		fmt.Fprintf(w, "  %s %s: %s\n", s.What, s.ID, s.Why)
	}
	if u.More > 0 {
		fmt.Fprintf(w, "  and %d more\n", u.More)
	}
}
