package desk

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// mergePatience is how long a merge or a remap may take while its caller waits.
const mergePatience = time.Minute

// PageChecks asks the pages of sites whether they still answer.
type PageChecks interface {
	Start(site discuss.Site) // one that runs goes on
	Stop(site discuss.ID)
	State(site discuss.ID) discuss.PageCheck
}

type mergeIn struct {
	oneIn
	Into string `json:"into"` // id of the thread that stays
}

// merged is what came of a merge, or that the server goes on with it.
type merged struct {
	Into     string  `json:"into"`
	Comments int     `json:"comments"`   // that moved, or will, in whatever state
	Undo     *string `json:"undo"`       // token that takes it back; null where nothing does
	Until    *string `json:"undo_until"` // when it ends
	Running  bool    `json:"running"`
}

// GoesOn makes a 202 of the answer.
func (m merged) GoesOn() bool { return m.Running }

func (r Room) merge(ctx context.Context, q *edge.Request, in mergeIn) (merged, error) {
	into, err := discuss.ParseID(in.Into)
	if err != nil {
		return merged{}, discuss.Bad("into", "must be the id of a thread of this site")
	}
	done, err := r.Discuss.Merge(ctx, q.Site, q.Who, in.ID, into)
	if err != nil {
		return merged{}, err
	}
	out := merged{Into: done.Into.ID.String(), Comments: done.Total, Running: done.Running}
	if done.Undo != "" {
		out.Undo, out.Until = shape.Ptr(done.Undo), shape.Ptr(shape.Time(r.Now().Add(discuss.UndoWindow)))
	}
	if done.Running && r.Merges != nil {
		r.Merges()
	}
	return out, nil
}

type running struct {
	ID       string `json:"id"`
	From     string `json:"from"` // id of the thread that is merged; read only meanwhile
	Key      string `json:"key"`
	Title    string `json:"title"`
	Into     string `json:"into"`
	Name     string `json:"into_title"` // or its key
	Undoing  bool   `json:"undoing"`
	Moved    int    `json:"moved"`
	Comments int    `json:"comments"`
}

type mergesOut struct {
	Merges []running `json:"merges"`
}

// merges are those under way.
func (r Room) merges(ctx context.Context, q *edge.Request, _ onSite) (mergesOut, error) {
	list, err := r.Discuss.Merges(ctx, q.Site, q.Who)
	out := mergesOut{[]running{}}
	for _, m := range list {
		out.Merges = append(out.Merges, running{
			ID: m.ID.String(), From: m.Source.String(), Key: m.SourceKey, Title: m.SourceTitle, Into: m.Target.String(), Name: m.TargetTitle,
			Undoing: m.State == discuss.MergeUndoing, Moved: m.Moved, Comments: m.Total,
		})
	}
	return out, err
}

type remapIn struct {
	onSite
	From   string `json:"from"`
	To     string `json:"to"`
	DryRun bool   `json:"dry_run"`
	Merge  bool   `json:"merge"` // where the new address has a discussion; else that page is left
	After  string `json:"after"` // next of the answer before: where it goes on
}

type remapRow struct {
	ID       string  `json:"id"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Title    string  `json:"title"`
	Comments int     `json:"comment_count"`
	Does     string  `json:"does" enum:"rename,merge,clash,foreign"`
	Into     *string `json:"into"` // the thread that has the new address; else null
	Undo     *string `json:"undo"` // of a merge
	Running  bool    `json:"running"`
}

// remapOut is what a remap has done, or would do.
type remapOut struct {
	Rows    []remapRow `json:"rows"` // the first ones
	Renamed int        `json:"renamed"`
	Merged  int        `json:"merged"`
	Clashes int        `json:"clashes"` // pages that are left, because the new address has a discussion
	Foreign int        `json:"foreign"` // pages that are left, because the new address is on none of the site's origins
	Next    *string    `json:"next"`    // where it goes on; null at the end
}

func (r Room) remap(ctx context.Context, q *edge.Request, in remapIn) (remapOut, error) {
	out := remapOut{Rows: []remapRow{}}
	m, err := discuss.ParseRemap(in.From, in.To)
	if err != nil {
		return out, err
	}
	after, err := discuss.ParseCursor(in.After, discuss.SortOldest)
	if err != nil {
		return out, discuss.Bad("after", "must be next of the answer before")
	}
	var done discuss.RemapDone
	if in.DryRun {
		done, err = r.Discuss.RemapPlan(ctx, q.Site, q.Who, m, in.Merge)
	} else {
		done, err = r.Discuss.Remap(ctx, q.Site, q.Who, m, in.Merge, after)
	}
	if err != nil {
		return out, err
	}
	out.Renamed, out.Merged, out.Clashes, out.Foreign, out.Next = done.Renamed, done.Merged, done.Clashes, done.Foreign, shape.Cursor(done.Next)
	for _, row := range done.Rows {
		one := remapRow{ID: row.Thread.String(), From: row.From, To: row.To, Title: row.Title, Comments: row.Comments, Does: row.Does, Running: row.Running}
		if row.Into != 0 {
			one.Into = shape.Ptr(row.Into.String())
		}
		if row.Undo != "" {
			one.Undo = shape.Ptr(row.Undo)
		}
		out.Rows = append(out.Rows, one)
	}
	if !in.DryRun && r.Merges != nil {
		r.Merges()
	}
	return out, nil
}

type checkedPage struct {
	ID       string  `json:"id"`
	Key      string  `json:"key"`
	Title    string  `json:"title"`
	Comments int     `json:"comment_count"`
	Page     string  `json:"page"`
	Answer   string  `json:"answer" enum:"gone,moved,elsewhere,failed"`
	Status   int     `json:"status"`  // of HTTP; 0: no answer
	To       *string `json:"to"`      // where it leads
	NewKey   *string `json:"new_key"` // of the page that it leads to: the thread could be renamed
	Into     *string `json:"into"`    // the thread that has that key: the two could be merged
}

// pageCheck is how far a check is.
type pageCheck struct {
	Running bool          `json:"running"`
	Began   *string       `json:"began_at"` // null: there was none since the server started
	Ended   *string       `json:"ended_at"`
	Done    int           `json:"done"`
	Total   int           `json:"total"`
	Unasked int           `json:"unasked"` // threads without a page on the site's origins
	Cut     bool          `json:"cut"`     // there are more pages than one check asks
	Stopped bool          `json:"stopped"`
	Rows    []checkedPage `json:"rows"`
}

func (r Room) checkPages(ctx context.Context, q *edge.Request, in onSite) (pageCheck, error) {
	if err := discuss.MayCheckPages(q.Who); err != nil {
		return pageCheck{}, err
	}
	r.Checks.Start(q.Site)
	return r.pageCheck(ctx, q, in)
}

func (r Room) stopCheck(_ context.Context, q *edge.Request, _ onSite) (edge.None, error) {
	err := discuss.MayCheckPages(q.Who)
	if err == nil {
		r.Checks.Stop(q.Site.ID)
	}
	return edge.None{}, err
}

func (r Room) pageCheck(_ context.Context, q *edge.Request, _ onSite) (pageCheck, error) {
	at := r.Checks.State(q.Site.ID)
	out := pageCheck{Running: at.Running, Done: at.Done, Total: at.Total, Unasked: at.Unasked, Cut: at.Cut, Stopped: at.Stopped, Rows: []checkedPage{}}
	if !at.Began.IsZero() {
		out.Began = shape.Ptr(shape.Time(at.Began))
	}
	if !at.End.IsZero() {
		out.Ended = shape.Ptr(shape.Time(at.End))
	}
	for _, p := range at.Rows {
		row := checkedPage{ID: p.Thread.String(), Key: p.Key, Title: p.Title, Comments: p.Comments, Page: p.Page, Answer: p.Answer, Status: p.Status}
		if p.To != "" {
			row.To = shape.Ptr(p.To)
		}
		if p.NewKey != "" {
			row.NewKey = shape.Ptr(p.NewKey)
		}
		if p.Into != 0 {
			row.Into = shape.Ptr(p.Into.String())
		}
		out.Rows = append(out.Rows, row)
	}
	return out, nil
}
