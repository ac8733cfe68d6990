package app

import (
	"context"
	"path/filepath"
	"time"

	"parley/internal/backups"
	"parley/internal/discuss"
	"parley/internal/store"
	"parley/internal/web"
)

// Version is what the program calls itself; its main sets it.
var Version = "dev"

// lookWithin is how long a page waits for the newest backup to be read through.
const lookWithin = 5 * time.Second

// operations is what operators see and do of the whole server from the dashboard.
type operations struct {
	s  *Settings
	db *store.Store
}

// ServerState says how the server stands.
func (o operations) ServerState(ctx context.Context) (v web.ServerState, err error) {
	v.Version, v.Outbound, v.ReadOnly = Version, !o.s.staging(), o.db.Failing()
	sites, err := o.db.Sites(ctx)
	if err != nil {
		return v, err
	}
	for _, site := range sites {
		at := web.SiteState{Site: site}
		if at.Threads, at.Comments, err = o.db.SiteSize(ctx, site.ID); err != nil {
			return v, err
		}
		v.Sites = append(v.Sites, at)
	}
	operators, err := o.db.OperatorAccounts(ctx)
	if err != nil {
		return v, err
	}
	for _, m := range operators {
		v.Operators = append(v.Operators, m.Account)
	}
	jobs, err := o.db.CountJobs(ctx)
	if err != nil {
		return v, err
	}
	held, err := o.db.Held(ctx)
	if err != nil {
		return v, err
	}
	v.Jobs = web.JobCounts{Waiting: jobs.Waiting, Failed: jobs.Failed, Held: held.Sum(), Sent: jobs.Sent, Last: jobs.Last}
	if v.Database, err = o.s.DatabasePath(); err != nil {
		return v, err
	}
	v.Bytes, v.Free = store.FileSize(v.Database), -1
	if free, err := backups.Free(filepath.Dir(v.Database)); err == nil {
		v.Free = free
	}
	v.Backups = o.backups(ctx)
	return v, nil
}

// backups looks at the newest backup as the doctor does.
func (o operations) backups(ctx context.Context) (b web.BackupState) {
	if b.Dir = o.s.BackupDir; b.Dir == "" {
		return b
	}
	b.Every, b.Keep = o.s.BackupEvery, o.s.BackupKeep
	ctx, done := context.WithTimeout(ctx, lookWithin)
	defer done()
	text, ok := BackupAge(ctx, o.s, time.Now())
	if b.Good = ok; !ok {
		b.Trouble = text
	}
	if all, err := (backups.Folder{Dir: o.s.BackupDir}).List(); err == nil && len(all) > 0 {
		b.Newest = web.Newest{File: filepath.Base(all[0].Path), Made: all[0].At, Bytes: all[0].Size}
	}
	return b
}

// FailedJobs lists what was given up.
func (o operations) FailedJobs(ctx context.Context, limit int) (out []web.FailedJob, err error) {
	list, err := o.db.ListFailedJobs(ctx, limit)
	for _, j := range list {
		out = append(out, web.FailedJob(j))
	}
	return out, err
}

// RetryJobs has what was given up tried again.
func (o operations) RetryJobs(ctx context.Context, id discuss.ID) (int, error) {
	return o.db.RetryFailed(ctx, id)
}

// DropJob forgets what was given up.
func (o operations) DropJob(ctx context.Context, id discuss.ID) error {
	return o.db.DropFailed(ctx, id)
}

// EndHeld sends what is held since a restore, or drops it.
func (o operations) EndHeld(ctx context.Context, send bool) error {
	if send {
		return o.db.SendHeld(ctx)
	}
	return o.db.DropHeld(ctx)
}

// SetOperator makes an account an operator, or no more, and writes down who has done that.
func (o operations) SetOperator(ctx context.Context, account discuss.ID, on bool, by string) error {
	if err := o.db.SetOperator(ctx, account, on); err != nil {
		return err
	}
	action := "made operator"
	if !on {
		action = "operator no more"
	}
	return o.db.Write(ctx, func(discuss.Reader) (discuss.Changes, error) {
		return discuss.Changes{discuss.Entry{Action: action, Kind: "account", Target: account, Note: "by " + by}}, nil
	})
}
