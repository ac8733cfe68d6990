package desk

import (
	"bytes"
	"context"
	"encoding/csv"
	"math"
	"strconv"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

type movedOut struct {
	Threads  int `json:"threads"`
	Comments int `json:"comments"`
	People   int `json:"people"`
}

type importHost struct {
	Host     string `json:"host"`
	Pages    int    `json:"pages"`
	Comments int    `json:"comments"`
}

type importJoin struct {
	Key   string `json:"key"`
	Title string `json:"title"`
	Here  int    `json:"here"` // comments
	Adds  int    `json:"adds"` // comments of the file
}

type skippedRow struct {
	ID  string `json:"id"`
	Why string `json:"why"`
}

type skippedGroup struct {
	Why   string       `json:"why"`
	Count int          `json:"count"`
	First []skippedRow `json:"first"` // at most 20
}

// importReport is what an import would add or has added, with the names that
// `parley import --json` has for it.
type importReport struct {
	movedOut
	Statuses map[string]int `json:"statuses"` // comments in the file
	Known    int            `json:"known"`    // of them those that are there already
	Joined   int            `json:"joined"`   // threads that were there already
	Joins    []importJoin   `json:"joins"`    // the first of them
	Hosts    []string       `json:"foreign_hosts"`
	At       []importHost   `json:"hosts"` // the same, with what is there
	Skipped  []skippedGroup `json:"skipped"`
}

type stayRow struct {
	What string `json:"what" enum:"comment,thread,person,address"`
	ID   string `json:"id"`
	Why  string `json:"why"`
}

// undoneOut is what an undo removed, or would remove.
type undoneOut struct {
	movedOut
	Stayed movedOut  `json:"stayed"`
	Stays  []stayRow `json:"stays"`
	More   int       `json:"more"` // that stay and are not named
}

type importProgress struct {
	Job   string `json:"job" enum:"read,apply,undo"`
	Done  int64  `json:"done"` // bytes while it reads; else comments
	Total int64  `json:"total"`
	Rate  int64  `json:"rate"`         // a second; 0: not known yet
	Left  *int64 `json:"seconds_left"` // null: not known yet
}

type importOut struct {
	ID       string          `json:"id"` // its number
	State    string          `json:"state" enum:"reading,ready,applying,done,failed,undone"`
	Name     string          `json:"name"` // of the file; "" once forgotten
	Size     int64           `json:"size"`
	Source   string          `json:"source"` // the format that was found; "" while nobody knows it
	How      importHow       `json:"how"`
	By       string          `json:"by"` // "" of a command on the server, or of somebody who is gone
	Created  string          `json:"created_at"`
	Ended    *string         `json:"ended_at"`
	Undone   *string         `json:"undone_at"`
	Undoing  bool            `json:"undoing"`
	Held     bool            `json:"file"`     // the server has it, or what was sent of it
	Received int64           `json:"received"` // bytes
	Part     int64           `json:"part"`     // bytes of every part but the last; 0: none has come
	Next     int64           `json:"next_part"`
	Why      string          `json:"why"`      // it failed or stopped, in a sentence; ""
	Added    movedOut        `json:"added"`    // so far
	Progress *importProgress `json:"progress"` // null: nothing goes on
	Report   *importReport   `json:"report"`   // null in lists, and until the file was read
	Undo     *undoneOut      `json:"undo"`     // null in lists, and unless it was undone
}

func importShape(v discuss.ImportView) importOut {
	out := importOut{
		ID: strconv.FormatInt(v.ID, 10), State: string(v.State), Name: v.Name, Size: v.Size, Source: v.Source, By: v.ByName, Created: shape.Time(v.Created),
		How:   importHow{Format: v.How.Format, MapHost: v.How.MapHosts, MapPath: append([]string{}, v.How.MapPaths...), MapColumn: v.How.Columns},
		Ended: shape.MaybeTime(v.Ended), Undone: shape.MaybeTime(v.Undone), Undoing: v.Undoing, Held: v.Held, Received: v.Received, Part: v.Part, Next: 1, Why: v.Trouble, Added: movedOut(v.Moved),
	}
	if out.How.MapHost == nil {
		out.How.MapHost = map[string]string{}
	}
	if out.How.MapColumn == nil {
		out.How.MapColumn = map[string]string{}
	}
	if v.Part > 0 {
		out.Next = (v.Received+v.Part-1)/v.Part + 1
	}
	if p := v.Progress; p != nil {
		out.Progress = &importProgress{Job: string(p.Job), Done: p.Done, Total: p.Total, Rate: int64(math.Round(p.Rate))}
		if p.Rate > 0 {
			out.Progress.Left = shape.Ptr(int64(math.Ceil(p.Left.Seconds())))
		}
	}
	if v.Plan != nil {
		out.Report = reportShape(v.Plan)
	}
	if v.Gone != nil {
		u := undoneShape(*v.Gone)
		out.Undo = &u
	}
	return out
}

func reportShape(r *discuss.ImportReport) *importReport {
	out := &importReport{movedOut: movedOut(r.Moved), Statuses: map[string]int{}, Known: r.Known, Joined: r.Joined, Joins: []importJoin{}, Hosts: []string{}, At: []importHost{}, Skipped: []skippedGroup{}}
	for status, n := range r.Statuses {
		out.Statuses[string(status)] = n
	}
	for _, j := range r.Joins {
		out.Joins = append(out.Joins, importJoin(j))
	}
	for _, h := range r.Hosts {
		out.Hosts, out.At = append(out.Hosts, h.Host), append(out.At, importHost(h))
	}
	for _, g := range r.Skipped {
		group := skippedGroup{Why: g.Why, Count: g.Count, First: []skippedRow{}}
		for _, s := range g.First {
			group.First = append(group.First, skippedRow(s))
		}
		out.Skipped = append(out.Skipped, group)
	}
	return out
}

func undoneShape(u discuss.Undone) undoneOut {
	out := undoneOut{movedOut: movedOut(u.Moved), Stayed: movedOut(u.Stayed), Stays: []stayRow{}, More: u.More}
	for _, s := range u.Stays {
		out.Stays = append(out.Stays, stayRow(s))
	}
	return out
}

// skippedFile is every row that is not taken as it stands, as a file.
func (r Room) skippedFile(format string) func(context.Context, *edge.Request, importIn) (edge.File, error) {
	return func(ctx context.Context, q *edge.Request, in importIn) (edge.File, error) {
		var b bytes.Buffer
		out := edge.File{Name: "skipped." + format, Type: "application/x-ndjson"}
		write, flush := func(s discuss.Skipped) error {
			line, err := edge.Encode(skippedRow(s))
			b.Write(line)
			return err
		}, func() {}
		if format == "csv" {
			out.Type = "text/csv; charset=utf-8"
			b.WriteString("\uFEFF") // else spreadsheets take UTF-8 for something else
			w := csv.NewWriter(&b)
			_ = w.Write([]string{"id", "why"})
			write, flush = func(s discuss.Skipped) error { return w.Write([]string{inert(s.ID), inert(s.Why)}) }, w.Flush
		}
		if err := r.Imports.SkippedRows(ctx, q.Site.ID, int64(in.ID), write); err != nil {
			return edge.File{}, err
		}
		flush()
		out.Body = b.Bytes()
		return out, nil
	}
}
