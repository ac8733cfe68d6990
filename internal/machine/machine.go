// Package machine is what operating systems do each in their own way: locks on
// files, and what is to be known of a disk.
package machine

import "errors"

// ErrHeld says that somebody else holds a lock.
var ErrHeld = errors.New("it is held by another process")
