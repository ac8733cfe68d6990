package app

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"parley/internal/discuss"
	"parley/internal/machine"
	"parley/internal/store"
)

// Limits of imports by the dashboard.
const (
	minImportPart = 64 << 10 // bytes of all parts but the last
	maxMappings   = 100      // of hosts, paths or columns
	maxMapping    = 2048     // bytes of one of them

	uploadWaits  = 24 * time.Hour     // for the next part
	readyWaits   = 7 * 24 * time.Hour // for somebody's word
	uploadsSweep = time.Hour
)

// uploads are the imports of the dashboard: their files lie beside the database,
// under names of the server's own, and whatever is begun goes on after a restart.
type uploads struct {
	s    *Settings
	db   *store.Store
	dir  string
	ctx  context.Context // ends with the server
	run  *sync.WaitGroup
	now  func() time.Time
	free func(dir string) (int64, error)
	gone func() // what is kept of pages and people is stale

	parts             sync.Mutex // one part is written at a time
	reading, applying chan struct{}
	mu                sync.Mutex
	jobs              map[int64]*uploadJob
}

// uploadJob is what the server is at.
type uploadJob struct {
	kind    discuss.ImportJob
	cancel  context.CancelFunc
	ended   chan struct{}
	stopped bool // by somebody

	done, total int64
	began       time.Time // of what is counted
	first       int64     // of it
}

func (s *Settings) uploads(ctx context.Context, db *store.Store, run *sync.WaitGroup, gone func()) (*uploads, error) {
	path, err := s.DatabasePath()
	if err != nil {
		return nil, err
	}
	return &uploads{
		s: s, db: db, dir: filepath.Join(filepath.Dir(path), "imports"), ctx: ctx, run: run, now: time.Now, free: machine.Free, gone: gone,
		reading: make(chan struct{}, 1), applying: make(chan struct{}, 1), jobs: map[int64]*uploadJob{},
	}, nil
}

// The files of an import.
func (u *uploads) file(id int64, kind string) string {
	return filepath.Join(u.dir, strconv.FormatInt(id, 10)+"."+kind)
}

const (
	fileSent    = "export"
	fileSpool   = "spool"
	fileSkipped = "skipped"
)

// drop takes the files of an import away.
func (u *uploads) drop(id int64, kinds ...string) {
	if len(kinds) == 0 {
		kinds = []string{fileSent, fileSpool, fileSkipped}
	}
	for _, kind := range kinds {
		if err := os.Remove(u.file(id, kind)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			slog.Error("remove a file of an import", "import", id, "err", err)
		}
	}
}

// room is how many bytes the files of imports may still take: a quarter of what
// the disk has without them. What was announced counts as if it had come.
func (u *uploads) room(ctx context.Context, without int64) (int64, error) {
	free, err := u.free(filepath.Dir(u.dir))
	if err != nil {
		return 0, err
	}
	var used, promised int64
	files, err := os.ReadDir(u.dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return 0, err
	}
	for _, f := range files {
		if info, err := f.Info(); err == nil {
			used += info.Size()
		}
	}
	open, err := u.db.OpenImports(ctx)
	if err != nil {
		return 0, err
	}
	for i := range open {
		if im := &open[i]; im.Held && im.ID != without {
			promised += im.Size - im.Received
		}
	}
	return (free+used)/diskShare - used - promised, nil
}

// BeginImport takes the name and the size of a file that is about to be sent.
func (u *uploads) BeginImport(ctx context.Context, site discuss.Site, who discuss.Actor, in discuss.NewImport) (v discuss.ImportView, err error) {
	if in.Size <= 0 {
		return v, discuss.Bad("size", "must be the number of bytes of the file, from 1")
	}
	if err := checkHow(&in.How); err != nil {
		return v, err
	}
	room, err := u.room(ctx, 0)
	if err != nil {
		return v, err
	}
	if in.Size > room {
		return v, &discuss.Error{Kind: discuss.TooLarge, Code: "too_large", Detail: fmt.Sprintf(
			"The file has %s, and there is room for %s: the files of imports may take a quarter of the free disk. Pack it (.gz or .zip), free some space, or import it on the server.", megabytes(in.Size), megabytes(max(room, 0)))}
	}
	how, err := json.Marshal(in.How)
	if err != nil {
		return v, err
	}
	if err := os.MkdirAll(u.dir, 0o700); err != nil {
		return v, full(err)
	}
	id, err := u.db.BeginUpload(ctx, discuss.Import{Site: site.ID, Name: discuss.FileName(in.Name), Size: in.Size, By: who.Account, How: how})
	if err != nil {
		return v, err
	}
	return u.ImportView(ctx, site.ID, id)
}

func megabytes(n int64) string {
	if n < 10<<20 {
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	}
	return fmt.Sprintf("%d MB", n>>20)
}

// full says that the disk is where an error is about that.
func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return discuss.ErrNoRoom
	}
	return err
}

// checkHow refuses what no file can be read by.
func checkHow(how *discuss.ImportHow) error {
	if how.Format == "" {
		how.Format = "auto"
	}
	if _, ok := importers[how.Format]; !ok && how.Format != "auto" {
		return discuss.Bad("format", "must be one of "+strings.Join(Formats(), ", "))
	}
	if len(how.MapHosts) > maxMappings || len(how.MapPaths) > maxMappings || len(how.Columns) > maxMappings {
		return discuss.Bad("map_host", fmt.Sprintf("holds more than %d entries, or map_path or map_column does", maxMappings))
	}
	hosts, err := mapHosts(how.MapHosts)
	if err != nil {
		return discuss.Bad("map_host", err.Error())
	}
	how.MapHosts = hosts
	for _, m := range how.MapPaths {
		if len(m) > maxMapping {
			return discuss.Bad("map_path", "holds a path that is too long")
		}
	}
	if _, err := pathMaps(how.MapPaths); err != nil {
		return discuss.Bad("map_path", "must be pairs of paths, like /blog/*=/news/*, with one * on each side at most")
	}
	for part, head := range how.Columns {
		if len(part) > maxMapping || len(head) > maxMapping {
			return discuss.Bad("map_column", "holds a name that is too long")
		}
	}
	return nil
}

// ImportPart takes one part of a file. All but the last are as long as the first.
// A part that came before is taken again and changes nothing.
func (u *uploads) ImportPart(ctx context.Context, site discuss.Site, id int64, n int, body []byte) (v discuss.ImportView, err error) {
	u.parts.Lock()
	defer u.parts.Unlock()
	im, err := u.db.ImportByID(ctx, site.ID, id)
	if err != nil {
		return v, err
	}
	if !im.Held || im.State != discuss.ImportReading && im.Received < im.Size {
		return v, discuss.ErrImportState
	}
	size := int64(len(body))
	if size > discuss.MaxImportPart || n < 1 || size == 0 {
		return v, discuss.Bad("n", fmt.Sprintf("must be the number of a part, from 1, and the part 1 to %d bytes", discuss.MaxImportPart))
	}
	part, next := im.Part, int64(1)
	if part == 0 {
		part = size
	} else {
		next = (im.Received+part-1)/part + 1
	}
	at := (int64(n) - 1) * part
	want := min(part, im.Size-at)
	switch {
	case int64(n) > next || want <= 0:
		e := *discuss.ErrImportPart
		if e.Detail = fmt.Sprintf("Part %d is wanted next.", next); im.Received == im.Size {
			e.Detail = "The whole file is here already."
		}
		return v, &e
	case n == 1 && im.Part == 0 && size > im.Size:
		return v, discuss.Bad("size", fmt.Sprintf("was said to be %d bytes, and the part is longer", im.Size))
	case size != want:
		return v, discuss.Bad("n", fmt.Sprintf("part %d must have %d bytes: all but the last are as long as the first", n, want))
	case size < minImportPart && size < im.Size-at:
		return v, discuss.Bad("n", fmt.Sprintf("all parts but the last must have %d bytes or more", minImportPart))
	case int64(n) < next:
		return u.ImportView(ctx, site.ID, id)
	}
	if err := u.write(id, at, body); err != nil {
		return v, full(err)
	}
	im, err = u.db.ChangeImport(ctx, site.ID, id, func(im *discuss.Import, now time.Time) error {
		if !im.Held {
			return discuss.ErrImportState
		}
		im.Part, im.Received, im.Touched = part, at+size, now
		if im.Received == im.Size {
			im.Job = discuss.ImportRead
		}
		return nil
	})
	if err != nil {
		if discuss.KindOf(err) == discuss.NotFound { // thrown away meanwhile
			u.drop(id)
		}
		return v, err
	}
	if im.Job == discuss.ImportRead {
		u.start(site, im)
	}
	return u.ImportView(ctx, site.ID, id)
}

func (u *uploads) write(id, at int64, body []byte) error {
	f, err := os.OpenFile(u.file(id, fileSent), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.WriteAt(body, at)
	return errors.Join(err, f.Sync(), f.Close()) // what was taken is taken
}

// ImportViews are a site's imports, newest first.
func (u *uploads) ImportViews(ctx context.Context, site discuss.ID, before int64, limit int) (out []discuss.ImportView, err error) {
	list, err := u.db.Imports(ctx, site, before, limit)
	for i := range list {
		v, err := u.view(ctx, list[i])
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, err
}

// ImportView is one of them.
func (u *uploads) ImportView(ctx context.Context, site discuss.ID, id int64) (discuss.ImportView, error) {
	im, err := u.db.ImportByID(ctx, site, id)
	if err != nil {
		return discuss.ImportView{}, err
	}
	return u.view(ctx, im)
}

func (u *uploads) view(ctx context.Context, im discuss.Import) (v discuss.ImportView, err error) {
	v.Import = im
	for from, to := range map[*[]byte]any{&v.Import.How: &v.How, &v.Report: &v.Plan, &v.Undo: &v.Gone} {
		if len(*from) > 0 {
			if err := json.Unmarshal(*from, to); err != nil {
				return v, err
			}
		}
	}
	if im.By != 0 {
		who, err := u.db.AccountByID(ctx, im.By)
		if err != nil && discuss.KindOf(err) != discuss.NotFound {
			return v, err
		}
		v.ByName = who.Name
	}
	switch {
	case im.Job == discuss.ImportApply && im.State != discuss.ImportDone:
		v.State = discuss.ImportApplying // or about to
	case im.Job == discuss.ImportUndo:
		v.Undoing = im.State != discuss.ImportUndone
	case im.Job == "" && im.Undoing && !im.Runs: // by a command that was killed; so is the next
		v.Undoing, v.Trouble = false, cmp.Or(im.Trouble, "Its undo was cut short.")
	case im.Job == "" && im.State == discuss.ImportApplying && !im.Runs:
		v.State, v.Trouble = discuss.ImportFailed, "It was cut short."
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	if j := u.jobs[im.ID]; j != nil {
		v.Progress = j.progress(u.now())
	} else if im.Job != "" {
		v.Progress = &discuss.ImportProgress{Job: im.Job}
	}
	return v, nil
}

// rateFrom is how long something is counted before its rate is told.
const rateFrom = time.Second

func (j *uploadJob) progress(now time.Time) *discuss.ImportProgress {
	p := &discuss.ImportProgress{Job: j.kind, Done: j.done, Total: j.total}
	if took := now.Sub(j.began); j.done > j.first && took >= rateFrom {
		p.Rate = float64(j.done-j.first) / took.Seconds()
		p.Left = time.Duration(float64(j.total-j.done) / p.Rate * float64(time.Second))
	}
	return p
}

// UndoPlan says what an undo would remove and leave.
func (u *uploads) UndoPlan(ctx context.Context, site discuss.ID, id int64) (discuss.Undone, error) {
	return u.db.UndoPlan(ctx, site, id)
}
