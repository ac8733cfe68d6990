package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"time"

	"parley/internal/discuss"
	"parley/internal/machine"
	"parley/internal/store"
)

// joinsTold is how many of the threads that were there a report names.
const joinsTold = 100

// ChangeHow has a file that was read, and was not applied, read anew in another way.
func (u *uploads) ChangeHow(ctx context.Context, site discuss.Site, id int64, change func(how *discuss.ImportHow)) (v discuss.ImportView, err error) {
	im, err := u.db.ChangeImport(ctx, site.ID, id, func(im *discuss.Import, now time.Time) error {
		var how discuss.ImportHow
		if err := json.Unmarshal(im.How, &how); len(im.How) > 0 && err != nil {
			return err
		}
		switch {
		case !im.Held:
			return discuss.ErrNoFile
		case im.Job == discuss.ImportRead:
			return discuss.ErrImportReads
		case im.State == discuss.ImportReady:
			im.State, im.Job, im.Report = discuss.ImportReading, discuss.ImportRead, nil
		case im.State != discuss.ImportReading || im.Job != "":
			return discuss.ErrImportState
		}
		change(&how)
		if err := checkHow(&how); err != nil {
			return err
		}
		im.Touched, im.Trouble = now, ""
		im.How, err = json.Marshal(how)
		return err
	})
	if err != nil {
		return v, err
	}
	if im.Job == discuss.ImportRead {
		u.start(site, im)
	}
	return u.ImportView(ctx, site.ID, id)
}

// alone refuses work on an import while another of its kind is at work: it would be
// taken on, and then come to nothing.
func (u *uploads) alone(ctx context.Context, site discuss.ID, id int64) error {
	im, err := u.db.ImportByID(ctx, site, id)
	if err != nil {
		return err
	}
	list, err := u.db.Imports(ctx, site, 0, importsListed)
	for _, other := range list {
		works := other.Runs || other.Job == discuss.ImportUndo && other.State != discuss.ImportUndone || other.Job == discuss.ImportApply && other.State != discuss.ImportDone
		if other.ID != id && other.Source == im.Source && works {
			return discuss.ErrImportRuns
		}
	}
	return err
}

// ApplyImport writes what a file that was read holds, in the background. One that
// was stopped or failed goes on.
func (u *uploads) ApplyImport(ctx context.Context, site discuss.Site, who discuss.Actor, id int64) (v discuss.ImportView, err error) {
	if err := u.alone(ctx, site.ID, id); err != nil {
		return v, err
	}
	im, err := u.db.ChangeImport(ctx, site.ID, id, func(im *discuss.Import, now time.Time) error {
		switch {
		case im.Job == discuss.ImportApply || im.State == discuss.ImportApplying:
			return discuss.ErrImportRuns
		case im.State == discuss.ImportReading:
			return discuss.ErrImportReads
		case im.State != discuss.ImportReady && im.State != discuss.ImportFailed || im.Undoing || im.Job != "":
			return discuss.ErrImportState
		case !im.Held:
			return discuss.ErrNoFile
		}
		im.Job, im.JobBy, im.Trouble, im.Touched = discuss.ImportApply, who.Account, "", now
		return nil
	})
	if err != nil {
		return v, err
	}
	u.start(site, im)
	return u.ImportView(ctx, site.ID, id)
}

// StopImport stops one that is being applied. What was written stays, and it can
// be gone on with.
func (u *uploads) StopImport(ctx context.Context, site discuss.Site, id int64) (v discuss.ImportView, err error) {
	im, err := u.db.ImportByID(ctx, site.ID, id)
	if err != nil {
		return v, err
	}
	u.mu.Lock()
	j := u.jobs[id]
	if j == nil || j.kind != discuss.ImportApply || im.Job != discuss.ImportApply {
		u.mu.Unlock()
		return v, discuss.ErrImportState
	}
	j.stopped = true
	u.mu.Unlock()
	j.cancel()
	select {
	case <-j.ended:
	case <-ctx.Done():
		return v, discuss.Busy(ctx.Err())
	}
	return u.ImportView(ctx, site.ID, id)
}

// DropImport undoes an import in the background, or throws a file away that was
// never applied: then there is nothing left to see.
func (u *uploads) DropImport(ctx context.Context, site discuss.Site, who discuss.Actor, id int64) (v discuss.ImportView, gone bool, err error) {
	im, err := u.db.ImportByID(ctx, site.ID, id)
	if err != nil {
		return v, false, err
	}
	if im.Started.IsZero() && im.Job != discuss.ImportApply {
		if err := u.db.DropUpload(ctx, site.ID, id); err != nil {
			return v, false, err
		}
		u.mu.Lock()
		j := u.jobs[id]
		u.mu.Unlock()
		if j != nil {
			j.cancel() // its end finds that there is no import any more
		}
		u.drop(id)
		return v, true, nil
	}
	if err := u.alone(ctx, site.ID, id); err != nil {
		return v, false, err
	}
	im, err = u.db.ChangeImport(ctx, site.ID, id, func(im *discuss.Import, now time.Time) error {
		switch {
		case im.Job == discuss.ImportApply || im.Runs:
			return discuss.ErrImportRuns
		case im.Job != "" || im.State != discuss.ImportDone && im.State != discuss.ImportFailed && im.State != discuss.ImportApplying:
			return discuss.ErrImportState
		}
		im.Job, im.JobBy, im.Trouble, im.Touched, im.Held = discuss.ImportUndo, who.Account, "", now, false
		return nil
	})
	if err != nil {
		return v, false, err
	}
	u.drop(id)
	u.start(site, im)
	v, err = u.ImportView(ctx, site.ID, id)
	return v, false, err
}

// SkippedRows gives what a file holds and is not taken as it stands, as long as
// the file is there.
func (u *uploads) SkippedRows(ctx context.Context, site discuss.ID, id int64, take func(discuss.Skipped) error) error {
	im, err := u.db.ImportByID(ctx, site, id)
	if err != nil {
		return err
	}
	f, err := os.Open(u.file(id, fileSkipped))
	if !im.Held || errors.Is(err, fs.ErrNotExist) {
		return discuss.ErrNoFile
	}
	if err != nil {
		return err
	}
	defer f.Close()
	for d := json.NewDecoder(bufio.NewReader(f)); ; {
		var s discuss.Skipped
		if err := d.Decode(&s); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		if err := take(s); err != nil {
			return err
		}
	}
}

// start has the server do an import's job, once.
func (u *uploads) start(site discuss.Site, im discuss.Import) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.jobs[im.ID] != nil || u.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithCancel(u.ctx)
	j := &uploadJob{kind: im.Job, cancel: cancel, ended: make(chan struct{}), began: u.now()}
	u.jobs[im.ID] = j
	u.run.Go(func() {
		defer cancel()
		err := u.work(ctx, site, im, j)
		u.end(site, im, j, err)
		close(j.ended)
	})
}

func (u *uploads) work(ctx context.Context, site discuss.Site, im discuss.Import, j *uploadJob) error {
	if im.Job == discuss.ImportUndo {
		_, err := u.db.UndoImport(ctx, site.ID, im.ID, func(n int) { u.told(j, int64(n), int64(im.Comments)) })
		return err
	}
	turn := u.reading
	if im.Job == discuss.ImportApply {
		turn = u.applying
	}
	select { // two files at a time would hold each other up
	case turn <- struct{}{}:
		defer func() { <-turn }()
	case <-ctx.Done():
		return ctx.Err()
	}
	if im.Job == discuss.ImportRead {
		return u.read(ctx, site, im, j)
	}
	return u.apply(ctx, site, im, j)
}

// told notes how far a job is. What is counted begins with what is told first.
func (u *uploads) told(j *uploadJob, done, total int64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if total != j.total {
		j.began, j.first, j.total = u.now(), done, total
	}
	j.done = done
}

// read reads a whole file into a new spool and says what it would bring.
func (u *uploads) read(ctx context.Context, site discuss.Site, im discuss.Import, j *uploadJob) error {
	u.drop(im.ID, fileSpool, fileSkipped)
	var how discuss.ImportHow
	if err := json.Unmarshal(im.How, &how); err != nil {
		return err
	}
	o := ImportOptions{Format: how.Format, MapHosts: how.MapHosts, MapPaths: how.MapPaths, Columns: how.Columns, Origins: site.Origins}
	o.Progress = &Progress{Tell: func(done, _ int) { u.told(j, min(int64(done)<<20, im.Size), im.Size) }}
	var err error
	if o.mark, err = u.db.Marker(ctx); err != nil {
		return err
	}
	if o.Max, err = u.room(ctx, im.ID); err != nil {
		return err
	}
	o.Max = max(o.Max, 1)
	if info, err := os.Stat(u.file(im.ID, fileSent)); err != nil || info.Size() != im.Size {
		return errors.Join(discuss.ErrNoFile, err)
	}
	sp, err := store.NewSpool(ctx, u.file(im.ID, fileSpool))
	if err != nil {
		return err
	}
	report, err := u.reported(ctx, site, im, sp, o)
	source := sp.Source()
	if err := errors.Join(err, sp.Close()); err != nil {
		return err
	}
	// Applying goes on with it after a crash.
	if err := machine.Sync(u.file(im.ID, fileSpool)); err != nil {
		return err
	}
	_, err = u.db.ChangeImport(ctx, site.ID, im.ID, func(at *discuss.Import, now time.Time) error {
		at.Source, at.Report, at.Touched, at.Trouble = source, report, now, ""
		return nil
	})
	return err
}

func (u *uploads) reported(ctx context.Context, site discuss.Site, im discuss.Import, sp *store.Spool, o ImportOptions) ([]byte, error) {
	if err := readOne(ctx, sp, o, u.s.Links, u.file(im.ID, fileSent)); err != nil {
		return nil, err
	}
	moved, joined, err := u.db.ImportPlan(ctx, site, sp)
	if err != nil {
		return nil, err
	}
	r, err := reportOf(sp, site, moved, joined)
	if err != nil {
		return nil, err
	}
	joins, err := u.db.Joins(ctx, site.ID, sp, joinsTold)
	if err != nil {
		return nil, err
	}
	if err := u.keepSkipped(im.ID, r.AllSkipped()); err != nil {
		return nil, err
	}
	return json.Marshal(discuss.ImportReport{Moved: r.Moved, All: r.All, Known: r.Known, Joined: r.Joined, Statuses: r.Statuses, Hosts: r.Foreign, Joins: joins, Skipped: r.Skipped})
}

// keepSkipped keeps all rows of a report: while its import is applied nobody else
// reads the spool.
func (u *uploads) keepSkipped(id int64, rows []discuss.Skipped) error {
	f, err := os.OpenFile(u.file(id, fileSkipped), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	e := json.NewEncoder(w)
	for _, s := range rows {
		if err = e.Encode(s); err != nil {
			break
		}
	}
	return errors.Join(err, w.Flush(), f.Close())
}

// apply writes what the spool holds.
func (u *uploads) apply(ctx context.Context, site discuss.Site, im discuss.Import, j *uploadJob) error {
	if im.State == discuss.ImportDone { // the server ended between the last row and this
		return nil
	}
	if _, err := os.Stat(u.file(im.ID, fileSpool)); err != nil {
		if err := u.read(ctx, site, im, j); err != nil {
			return err
		}
	}
	sp, err := store.NewSpool(ctx, u.file(im.ID, fileSpool))
	if err != nil {
		return err
	}
	all, err := sp.Comments()
	if err == nil {
		u.told(j, 0, int64(all))
		_, _, err = u.db.RunImport(ctx, site, sp, discuss.ImportRun{ID: im.ID}, func(n int) { u.told(j, int64(n), int64(all)) })
	}
	if err == nil {
		var room int64
		if room, err = u.room(ctx, im.ID); err == nil {
			_, err = bringImages(ctx, u.db, site, u.s.Links, room, u.file(im.ID, fileSent))
		}
	}
	return errors.Join(err, sp.Close())
}

// end writes down what came of a job. Where the server ends, it goes on with it
// at its next start.
func (u *uploads) end(site discuss.Site, im discuss.Import, j *uploadJob, failed error) {
	u.mu.Lock()
	stopped := j.stopped
	delete(u.jobs, im.ID) // before it is written down: whoever reads that may ask for the next one
	u.mu.Unlock()
	if failed != nil && u.ctx.Err() != nil && !stopped {
		return
	}
	ctx := context.Background()
	at, err := u.db.ChangeImport(ctx, site.ID, im.ID, func(at *discuss.Import, _ time.Time) error {
		at.Job = ""
		switch {
		case failed == nil && im.Job != discuss.ImportRead:
			at.Held = false
			if im.Job == discuss.ImportApply {
				at.Report = applied(at)
			}
		case failed == nil:
			at.State = discuss.ImportReady
		case stopped:
			at.Trouble = "It was stopped."
		default:
			at.Trouble = troubleOf(failed)
			if im.Job == discuss.ImportRead {
				at.State, at.Held = discuss.ImportFailed, false
			}
		}
		return nil
	})
	if discuss.KindOf(err) == discuss.NotFound { // it was thrown away
		u.drop(im.ID)
		return
	}
	if err == nil && !at.Held {
		u.drop(im.ID)
	}
	if im.Job != discuss.ImportRead {
		u.gone()
		if failed == nil && err == nil {
			err = u.note(ctx, site, im, at)
		}
	}
	var file *discuss.Error
	if failed != nil && !stopped && !readable(failed) && !errors.As(failed, &file) {
		err = errors.Join(failed, err)
	}
	if err != nil {
		slog.Error("an import of the dashboard", "import", im.ID, "site", site.Key, "job", string(im.Job), "err", err)
	}
}

// applied is the report of an import that has ended: what it added, in all its runs.
func applied(im *discuss.Import) []byte {
	var r discuss.ImportReport
	if err := json.Unmarshal(im.Report, &r); err != nil {
		return im.Report
	}
	r.Moved, r.Known = im.Moved, r.All-im.Comments
	b, err := json.Marshal(r)
	if err != nil {
		return im.Report
	}
	return b
}

// note writes into the audit log what somebody has had done.
func (u *uploads) note(ctx context.Context, site discuss.Site, was, im discuss.Import) error {
	action, n := "import", im.Comments
	if was.Job == discuss.ImportUndo {
		action = "undo import"
		var undone discuss.Undone
		if err := json.Unmarshal(im.Undo, &undone); err == nil {
			n = undone.Comments
		}
	}
	note := fmt.Sprintf("number %d, %s", im.ID, Count(n, "comment", "comments"))
	who, err := u.db.MemberOf(ctx, site.ID, was.JobBy)
	if discuss.KindOf(err) == discuss.NotFound { // an operator who is no member, or somebody who is gone
		who, err, note = discuss.Author{}, nil, note+", by an operator"
	}
	if err != nil {
		return err
	}
	return u.db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Site: site.ID, Actor: who, Action: action, Kind: "settings", Target: site.ID, Note: note}}, nil
	})
}
