package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"time"

	"parley/internal/backups"
	"parley/internal/store"
)

// BackupFile is one backup as it is listed.
type BackupFile struct {
	File     string    `json:"file"`
	Made     time.Time `json:"made"`
	Bytes    int64     `json:"bytes"`
	Comments int       `json:"comments"`
	Schema   int64     `json:"schema"`
	Good     bool      `json:"good"`
	Why      string    `json:"why,omitempty"` // it is not
}

// Backups lists the backups of a folder, newest first, at most so many, each
// opened and looked at.
func Backups(ctx context.Context, dir string, most int) (out []BackupFile, err error) {
	all, err := backups.Folder{Dir: dir}.List()
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("backup-dir: there is no folder %s", dir)
	}
	if err != nil {
		return nil, fmt.Errorf("backup-dir: %w", err)
	}
	for _, f := range all[:min(most, len(all))] {
		c, err := store.Look(ctx, f.Path)
		b := BackupFile{File: f.Path, Made: f.At, Bytes: f.Size, Comments: c.Comments, Schema: c.Version, Good: err == nil}
		if err != nil {
			b.Why = err.Error()
		}
		out = append(out, b)
	}
	return out, nil
}

// ListBackups lists the backups of a folder, that of the settings by default.
func ListBackups(ctx context.Context, s *Settings, dir string) ([]BackupFile, error) {
	if dir == "" {
		dir = s.BackupDir
	}
	if dir == "" {
		return nil, errors.New("backup-dir: is not set; name the folder: parley restore --list DIR")
	}
	return Backups(ctx, dir, 2*mostBackups)
}

// State says in a cell whether a backup can be used.
func (b BackupFile) State() string {
	if b.Good {
		return "good"
	}
	return "BAD: " + b.Why
}

// span is a length of time without the zeros that Go puts behind it.
func span(d time.Duration) string {
	return strings.TrimSuffix(strings.TrimSuffix(d.String(), "0s"), "0m")
}

// BackupAge looks at the newest backup as an owner would: is there one, is it of
// late, and can it be used? ok says that nothing is amiss.
func BackupAge(ctx context.Context, s *Settings, now time.Time) (text string, ok bool) {
	if s.BackupDir == "" {
		return "backups: this server makes none by itself (backup-dir is not set)", true
	}
	all, err := Backups(ctx, s.BackupDir, 1)
	if err != nil {
		return err.Error(), false
	}
	if len(all) == 0 {
		return fmt.Sprintf("backups: there is none in %s yet; the server makes one when it starts, and every %s", s.BackupDir, span(s.BackupEvery)), false
	}
	b := all[0]
	age := now.Sub(b.Made)
	late := age > s.BackupEvery+lateBackup
	said := fmt.Sprintf("the newest is %s old (%s)", age.Round(time.Minute), b.File)
	switch {
	case !b.Good && ctx.Err() != nil:
		return "backups: " + said + ", and too large to be read through here; parley restore --list does", !late
	case !b.Good:
		return fmt.Sprintf("backups: the newest cannot be used: %s (%s)", b.Why, b.File), false
	case late:
		return fmt.Sprintf("backups: %s, and there should be one every %s; the server's log says why", said, span(s.BackupEvery)), false
	}
	l, err := backups.ReadLedger(backups.Folder{Dir: s.BackupDir}.LedgerPath())
	if err != nil {
		return fmt.Sprintf("backups: %s, but beside it: %v", said, err), false
	}
	return fmt.Sprintf("backups: %s and whole, with %s; %s in the ledger beside it", said, Count(b.Comments, "comment", "comments"), Count(len(l.Erasures), "erasure", "erasures")), true
}
