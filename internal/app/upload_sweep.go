package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// keep goes on with what a restart has cut short, and then sweeps until ctx ends.
func (u *uploads) keep() {
	sites := map[discuss.ID]discuss.Site{}
	open, err := u.db.OpenImports(u.ctx)
	for i := 0; err == nil && i < len(open); i++ {
		im := open[i]
		site, known := sites[im.Site]
		if !known {
			if site, err = u.db.SiteByID(u.ctx, im.Site); err != nil {
				break
			}
			sites[im.Site] = site
		}
		if info, none := os.Stat(u.file(im.ID, fileSent)); im.Job != discuss.ImportUndo && im.State != discuss.ImportDone && im.Received > 0 && (none != nil || info.Size() < im.Received) {
			err = u.lose(im, discuss.ErrNoFile.Detail)
			continue
		}
		if im.Job != "" {
			u.start(site, im)
		}
	}
	if err != nil && u.ctx.Err() == nil {
		slog.Error("go on with imports", "err", err)
	}
	t := time.NewTicker(uploadsSweep)
	defer t.Stop()
	for {
		if err := u.sweep(); err != nil && u.ctx.Err() == nil {
			slog.Error("sweep imports", "err", err)
		}
		select {
		case <-u.ctx.Done():
			return
		case <-t.C:
		}
	}
}

// lose ends an import without its file.
func (u *uploads) lose(im discuss.Import, why string) error {
	_, err := u.db.ChangeImport(context.Background(), im.Site, im.ID, func(at *discuss.Import, _ time.Time) error {
		if at.Job != im.Job || !at.Touched.Equal(im.Touched) {
			return nil // somebody went on with it
		}
		at.Held, at.Job, at.Trouble = false, "", why
		if at.State == discuss.ImportReading || at.State == discuss.ImportReady || at.State == discuss.ImportApplying {
			at.State = discuss.ImportFailed
		}
		return nil
	})
	if err == nil {
		u.drop(im.ID)
	}
	return err
}

// sweep ends uploads that nobody goes on with, and takes away files that are of
// no import.
func (u *uploads) sweep() error {
	open, err := u.db.OpenImports(u.ctx)
	if err != nil {
		return err
	}
	held := map[string]bool{}
	for i := range open {
		im := open[i]
		waits, why := readyWaits, "It was not applied within a week, and the file was removed. Choose it again."
		if im.State == discuss.ImportReading {
			waits, why = uploadWaits, "Nobody went on sending it for a day, and what had come was removed. Choose it again."
		}
		if im.Held && im.Job == "" && u.now().Sub(im.Touched) > waits {
			if err := u.lose(im, why); err != nil {
				return err
			}
			continue
		}
		held[strconv.FormatInt(im.ID, 10)] = im.Held
	}
	files, err := os.ReadDir(u.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	for _, f := range files {
		number, _, _ := strings.Cut(f.Name(), ".")
		info, e := f.Info()
		if e == nil && !held[number] && u.now().Sub(info.ModTime()) > time.Minute { // not of one that has begun since
			err = errors.Join(err, os.Remove(filepath.Join(u.dir, f.Name())))
		}
	}
	return err
}
