package store

import (
	"fmt"
	"os"
	"syscall"
)

// serving names the file that is locked while a server has the database. It is
// one of its own: closing another descriptor of the database itself would drop
// SQLite's locks of this process.
func (s *Store) serving() string { return s.path + "-serving" }

// Serve tells commands that run beside it that this process serves the
// database, until the returned function is called.
func (s *Store) Serve() (stop func(), err error) {
	f, err := os.OpenFile(s.serving(), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("mark the database as served: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_SH|syscall.LOCK_NB); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("mark the database as served: %w", err)
	}
	s.served = true
	return func() { _ = f.Close() }, nil
}

// servedElsewhere reports whether another process serves the database.
func (s *Store) servedElsewhere() bool {
	if s.served {
		return false
	}
	f, err := os.OpenFile(s.serving(), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer f.Close()
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) != nil
}
