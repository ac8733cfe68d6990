package machine

import (
	"errors"
	"math"
	"os"

	"golang.org/x/sys/windows"
)

// Lock takes a lock on a file, which ends when the file is closed; ErrHeld
// where it would have to wait. What is locked is a byte that no file has:
// Windows would let nobody read the others.
func Lock(f *os.File, shared bool) error {
	how := uint32(windows.LOCKFILE_FAIL_IMMEDIATELY)
	if !shared {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{Offset: math.MaxUint32, OffsetHigh: math.MaxInt32})
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) || errors.Is(err, windows.ERROR_IO_PENDING) {
		return ErrHeld
	}
	return err
}

// Free is how many bytes the file system of a folder can still take.
func Free(dir string) (int64, error) {
	name, err := windows.UTF16PtrFromString(dir)
	if err != nil {
		return 0, err
	}
	var free uint64
	err = windows.GetDiskFreeSpaceEx(name, &free, nil, nil)
	return int64(min(free, math.MaxInt64)), err
}

// Sync has a file on the disk. Windows syncs what may be written, and no
// folders: their names are in its file system's journal.
func Sync(path string) error {
	info, err := os.Stat(path)
	if err != nil || info.IsDir() {
		return err
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Exposed reports whether others than its owner may read a file. Who may is in
// lists that no mode shows: nothing is known of it here.
func Exposed(string) bool { return false }

// Writable says why this user can't write in a folder; nil if he can.
func Writable(dir string) error {
	f, err := os.CreateTemp(dir, ".parley-*")
	if err != nil {
		return err
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}
