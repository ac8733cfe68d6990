//go:build !linux

package machine

// Kind is the number of a folder's file system in statfs(2); 0 where it is not known.
func Kind(string) int64 { return 0 }
