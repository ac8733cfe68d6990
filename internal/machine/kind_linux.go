package machine

import "syscall"

// Kind is the number of a folder's file system in statfs(2); 0 where it is not known.
func Kind(dir string) int64 {
	var s syscall.Statfs_t
	if syscall.Statfs(dir, &s) != nil {
		return 0
	}
	return int64(s.Type) & 0xFFFFFFFF
}
