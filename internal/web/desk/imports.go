package desk

import (
	"context"
	"mime"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/shape"
)

// Imports brings in files of other systems, in the background.
type Imports interface {
	BeginImport(ctx context.Context, site discuss.Site, who discuss.Actor, in discuss.NewImport) (discuss.ImportView, error)
	ImportPart(ctx context.Context, site discuss.Site, id int64, n int, body []byte) (discuss.ImportView, error)
	ImportViews(ctx context.Context, site discuss.ID, before int64, limit int) ([]discuss.ImportView, error)
	ImportView(ctx context.Context, site discuss.ID, id int64) (discuss.ImportView, error)
	ChangeHow(ctx context.Context, site discuss.Site, id int64, change func(how *discuss.ImportHow)) (discuss.ImportView, error)
	ApplyImport(ctx context.Context, site discuss.Site, who discuss.Actor, id int64) (discuss.ImportView, error)
	StopImport(ctx context.Context, site discuss.Site, id int64) (discuss.ImportView, error)
	DropImport(ctx context.Context, site discuss.Site, who discuss.Actor, id int64) (v discuss.ImportView, gone bool, err error)
	UndoPlan(ctx context.Context, site discuss.ID, id int64) (discuss.Undone, error)
	SkippedRows(ctx context.Context, site discuss.ID, id int64, take func(discuss.Skipped) error) error
}

// undoPlanPatience is how long it may take to say what an undo would remove.
const undoPlanPatience = time.Minute

// importCursor begins the cursors of the list.
const importCursor = "i_"

// importRoutes are those of files of other systems.
func (r Room) importRoutes(do func(method, path, summary string, gate edge.Gate) edge.Route) []edge.Route {
	const all = "/api/v1/sites/:site/imports"
	const one = all + "/:id"
	gate := edge.Desk(discuss.ActSettings)
	get := func(path, summary string) edge.Route {
		return edge.Route{Method: "GET", Path: path, Summary: summary, Gate: gate, Errors: refused}
	}
	begun := func(e edge.Route) edge.Route { e.Status = http.StatusAccepted; return e }
	begin := do("POST", all, "Say which file of another system will be sent in parts; or send it at once, up to 8 MiB, as multipart with `file`", gate)
	begin.Large, begin.Strict, begin.Rate, begin.Status, begin.Errors = true, true, "upload", http.StatusCreated, append([]int{507}, writes...)
	begin = edge.Raw(begin, r.beginImport)
	begin.In, begin.Out, begin.Takes = newImportIn{}, importOut{}, importForm{}
	part := do("PUT", one+"/parts/:n", "Send a part of the file as it is, application/octet-stream: at most 8 MiB, and all but the last as long as the first; after the last the file is read", gate)
	part.Large, part.Takes, part.Rate, part.Errors = true, "", "upload", append([]int{507}, writes...)
	change := edge.JSON(do("PATCH", one, "Read the file anew in another way", gate), r.changeImport)
	change.Partial = true
	drop := begun(do("DELETE", one, "Undo an import; one that was not applied is thrown away, with 204", gate))
	drop.Errors, drop.Empty = append([]int{409}, drops...), true
	stop := do("POST", one+"/stop", "Stop applying; what was written stays, and apply goes on with it", gate)
	plan := get(one+"/undo", "What an undo would remove, and what would stay and why")
	plan.Patience, plan.Errors = undoPlanPatience, []int{401, 403, 404, 409}
	csv, lines := get(one+"/skipped.csv", "Every row of the file that is not taken as it stands, as a table"), get(one+"/skipped.jsonl", "The same as JSON lines")
	csv.Kind, lines.Kind, csv.Errors, lines.Errors = "text/csv", "application/x-ndjson", []int{401, 403, 404, 409}, []int{401, 403, 404, 409}
	return []edge.Route{
		begin,
		edge.JSON(get(all, "The imports of a site, newest first"), r.imports),
		edge.JSON(get(one, "How far an import is, and its report"), r.importOne),
		edge.JSON(part, r.importPart),
		change,
		edge.JSON(begun(do("POST", one+"/apply", "Write what the file holds, in the background; one that was stopped or failed goes on", gate)), r.applyImport),
		edge.JSON(stop, r.stopImport),
		edge.JSON(drop, r.dropImport),
		edge.JSON(plan, r.undoPlan),
		edge.JSON(csv, r.skippedFile("csv")),
		edge.JSON(lines, r.skippedFile("jsonl")),
	}
}

type importHow struct {
	Format    string            `json:"format"`     // "auto" looks at what the file holds
	MapHost   map[string]string `json:"map_host"`   // host of the old links, and the host or origin it is now
	MapPath   []string          `json:"map_path"`   // A=B
	MapColumn map[string]string `json:"map_column"` // of a CSV
}

type newImportIn struct {
	onSite
	Name      string            `json:"name"`
	Size      int64             `json:"size"`
	Format    string            `json:"format,omitempty"`
	MapHost   map[string]string `json:"map_host,omitempty"`
	MapPath   []string          `json:"map_path,omitempty"`
	MapColumn map[string]string `json:"map_column,omitempty"`
}

// importForm is a small file in one call. Pairs are written A=B.
type importForm struct {
	File      multipart.File `formData:"file"`
	Format    string         `formData:"format"`
	MapHost   []string       `formData:"map_host"`
	MapPath   []string       `formData:"map_path"`
	MapColumn []string       `formData:"map_column"`
}

// beginImport takes a file's name, or the whole of a small one.
func (r Room) beginImport(ctx context.Context, q *edge.Request) error {
	var in newImportIn
	var file []byte
	if kind, _, err := mime.ParseMediaType(q.Get("Content-Type")); err == nil && kind == "multipart/form-data" {
		form, err := edge.Multipart(q.Ctx, discuss.MaxImportPart)
		if err != nil {
			return err
		}
		if form.File == nil {
			return discuss.Bad("file", "must be given")
		}
		file, in.Name, in.Size, in.Format = form.File, form.Name, int64(len(form.File)), strings.Join(form.Fields["format"], "")
		in.MapPath = form.Fields["map_path"]
		if in.MapHost, err = pairs("map_host", form.Fields["map_host"]); err != nil {
			return err
		}
		if in.MapColumn, err = pairs("map_column", form.Fields["map_column"]); err != nil {
			return err
		}
	} else if len(q.Request().Body()) > edge.MaxBody {
		return edge.ErrLarge
	} else if err := edge.Decode(q.Ctx, &in, true); err != nil {
		return err
	}
	v, err := r.Imports.BeginImport(ctx, q.Site, q.Who, discuss.NewImport{
		Name: in.Name, Size: in.Size, How: discuss.ImportHow{Format: in.Format, MapHosts: in.MapHost, MapPaths: in.MapPath, Columns: in.MapColumn},
	})
	if err == nil && file != nil {
		v, err = r.Imports.ImportPart(ctx, q.Site, v.ID, 1, file)
	}
	if err != nil {
		return err
	}
	q.Status(http.StatusCreated)
	return edge.SendJSON(q.Ctx, importShape(v))
}

// pairs reads A=B, as the command has it.
func pairs(field string, list []string) (map[string]string, error) {
	out := map[string]string{}
	for _, s := range list {
		from, to, ok := strings.Cut(s, "=")
		if !ok {
			return nil, discuss.Bad(field, "must be pairs with = between them")
		}
		out[from] = to
	}
	return out, nil
}

// importNumber is an import's, in a path: what is no number is that of nothing.
type importNumber int64

// ReadText reads one.
func (n *importNumber) ReadText(_, text string) error {
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v <= 0 {
		return discuss.ErrNoImport
	}
	*n = importNumber(v)
	return nil
}

type importIn struct {
	onSite
	ID importNumber `path:"id" json:"-"`
}

type importPartIn struct {
	importIn
	N int `path:"n" json:"-"`
}

func (r Room) importPart(ctx context.Context, q *edge.Request, in importPartIn) (importOut, error) {
	if kind, _, err := mime.ParseMediaType(q.Get("Content-Type")); err != nil || kind != "application/octet-stream" {
		return importOut{}, &edge.HTTPError{Status: http.StatusUnsupportedMediaType, Code: "type", Detail: "Send the part as application/octet-stream."}
	}
	body := q.Request().Body()
	if len(body) > discuss.MaxImportPart {
		return importOut{}, edge.ErrLarge
	}
	v, err := r.Imports.ImportPart(ctx, q.Site, int64(in.ID), in.N, body)
	return importShape(v), err
}

type importsIn struct {
	onSite
	Cursor string `query:"cursor" json:"-"`
	Limit  int    `query:"limit" json:"-" minimum:"1" maximum:"100" default:"20"`
}

type importsOut struct {
	Imports    []importOut `json:"imports"`
	NextCursor *string     `json:"next_cursor"`
}

// imports is a page of the list. Reports are said of one import alone.
func (r Room) imports(ctx context.Context, q *edge.Request, in importsIn) (importsOut, error) {
	out := importsOut{Imports: []importOut{}}
	before := int64(0)
	if in.Cursor != "" {
		number, ok := strings.CutPrefix(in.Cursor, importCursor)
		var err error
		if before, err = strconv.ParseInt(number, 36, 64); err != nil || !ok || before <= 0 {
			return out, discuss.Bad("cursor", "is not a cursor of this list")
		}
	}
	list, err := r.Imports.ImportViews(ctx, q.Site.ID, before, in.Limit+1)
	list, last := edge.Page(list, in.Limit)
	for _, v := range list {
		v.Plan, v.Gone = nil, nil
		out.Imports = append(out.Imports, importShape(v))
	}
	if last != nil {
		out.NextCursor = shape.Ptr(importCursor + strconv.FormatInt(last.ID, 36))
	}
	return out, err
}

func (r Room) importOne(ctx context.Context, q *edge.Request, in importIn) (importOut, error) {
	v, err := r.Imports.ImportView(ctx, q.Site.ID, int64(in.ID))
	return importShape(v), err
}

type changeImportIn struct {
	importIn
	Format    *string            `json:"format"`
	MapHost   *map[string]string `json:"map_host"`
	MapPath   *[]string          `json:"map_path"`
	MapColumn *map[string]string `json:"map_column"`
}

// changeImport reads a file anew. What is not named stays.
func (r Room) changeImport(ctx context.Context, q *edge.Request, in changeImportIn) (importOut, error) {
	v, err := r.Imports.ChangeHow(ctx, q.Site, int64(in.ID), func(how *discuss.ImportHow) {
		if in.Format != nil {
			how.Format = *in.Format
		}
		if in.MapHost != nil {
			how.MapHosts = *in.MapHost
		}
		if in.MapPath != nil {
			how.MapPaths = *in.MapPath
		}
		if in.MapColumn != nil {
			how.Columns = *in.MapColumn
		}
	})
	return importShape(v), err
}

func (r Room) applyImport(ctx context.Context, q *edge.Request, in importIn) (importOut, error) {
	v, err := r.Imports.ApplyImport(ctx, q.Site, q.Who, int64(in.ID))
	return importShape(v), err
}

func (r Room) stopImport(ctx context.Context, q *edge.Request, in importIn) (importOut, error) {
	v, err := r.Imports.StopImport(ctx, q.Site, int64(in.ID))
	return importShape(v), err
}

func (r Room) dropImport(ctx context.Context, q *edge.Request, in importIn) (importOut, error) {
	v, gone, err := r.Imports.DropImport(ctx, q.Site, q.Who, int64(in.ID))
	if err == nil && gone {
		q.NoContent()
	}
	return importShape(v), err
}

func (r Room) undoPlan(ctx context.Context, q *edge.Request, in importIn) (undoneOut, error) {
	u, err := r.Imports.UndoPlan(ctx, q.Site.ID, int64(in.ID))
	return undoneShape(u), err
}
