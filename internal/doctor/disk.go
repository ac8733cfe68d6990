package doctor

import (
	"context"
	"net/http"
	"path/filepath"
	"time"

	"parley/internal/app"
	"parley/internal/machine"
)

// disks are kinds of file systems that a database should not be on, by their
// numbers in statfs(2).
var disks = map[int64]string{
	0x6969: "an NFS share", 0x517B: "an SMB share", 0xFF534D42: "an SMB share", 0xFE534D42: "an SMB share", 0x01021997: "a 9p share", 0x5346414F: "an AFS share",
	0x00C36400: "a Ceph share", 0x65735546: "a FUSE file system, which may be a network's", 0x0BD00BD0: "a Lustre share",
	0x01021994: "memory (tmpfs)", 0x858458F6: "memory (ramfs)", 0x794C7630: "a container's own layer (overlay)",
}

// gone are those whose files go when the machine or the container does.
var gone = map[int64]bool{0x01021994: true, 0x858458F6: true, 0x794C7630: true}

// lookAtDisk asks what kind of disk the database is on: SQLite's locks do not
// hold over a network, and what a container writes beside its volumes goes with it.
func lookAtDisk(_ context.Context, s *app.Settings) []Finding {
	path, err := s.DatabasePath()
	if err != nil {
		return nil // lookAtDatabase says so
	}
	if _, err := machine.Free(filepath.Dir(path)); err != nil {
		return nil
	}
	if err := machine.Writable(filepath.Dir(path)); err != nil {
		return []Finding{poor("disk: this user can't write in %s (%v): give it the folder, or run as the user that has it", filepath.Dir(path), err)}
	}
	kind := machine.Kind(filepath.Dir(path))
	name, odd := disks[kind]
	switch {
	case odd && gone[kind]:
		return []Finding{poor("disk: %s is on %s: all comments are gone when this machine or container ends; put it on a volume", path, name)}
	case odd:
		return []Finding{poor("disk: %s is on %s, where SQLite's locks and syncs may not hold, and a database breaks; put it on a disk of this machine", path, name)}
	}
	return []Finding{good("disk: %s is on a disk of this machine", path)}
}

// apart says that this machine's clock is not that of somebody who answered.
func apart(who, date string) []Finding {
	at, err := http.ParseTime(date)
	if err != nil {
		return nil
	}
	if off := time.Since(at); off.Abs() > clockSlack {
		way := "ahead of"
		if off < 0 {
			way = "behind"
		}
		return []Finding{poor("clock: this machine's is %s %s that of %s: sign-ins and signatures fail; set it by NTP (timedatectl set-ntp true)", off.Abs().Round(time.Second), way, who)}
	}
	return nil
}

// lookAtClock asks whether the newest that was written is from the future: then
// this machine's clock stands behind what it was.
func lookAtClock(ctx context.Context, s *app.Settings) []Finding {
	db, err := s.OpenExisting()
	if err != nil {
		return nil // lookAtDatabase says so
	}
	defer db.Close()
	newest, err := db.Newest(ctx)
	if err != nil {
		return nil
	}
	if newest.IsZero() {
		return []Finding{good("clock: it is %s; nothing in the database is newer", time.Now().UTC().Format(time.DateTime+" MST"))}
	}
	if off := time.Until(newest); off > clockSlack {
		return []Finding{poor("clock: the newest entry of the database is from %s in the future: this machine's clock stands behind, or stood ahead; set it by NTP (timedatectl set-ntp true)", off.Round(time.Second))}
	}
	return []Finding{good("clock: it is %s; nothing in the database is newer", time.Now().UTC().Format(time.DateTime+" MST"))}
}
