//go:build unix

package machine

import (
	"errors"
	"os"
	"syscall"
)

// Lock takes a lock on a file, which ends when the file is closed; ErrHeld
// where it would have to wait.
func Lock(f *os.File, shared bool) error {
	how := syscall.LOCK_EX
	if shared {
		how = syscall.LOCK_SH
	}
	err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return ErrHeld
	}
	return err
}

// Free is how many bytes the file system of a folder can still take.
func Free(dir string) (int64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(s.Bavail) * int64(s.Bsize), nil
}

// Sync has a file, or the names in a folder, on the disk.
func Sync(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Exposed reports whether others than its owner may read a file.
func Exposed(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().Perm()&0o077 != 0
}

const writes = 2 // W_OK of access(2)

// Writable says why this user can't write in a folder; nil if he can.
func Writable(dir string) error { return syscall.Access(dir, writes) }
