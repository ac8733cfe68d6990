// Package static holds the files that the binary carries: the built front end,
// the demo's pages and the documentation.
package static

import "embed"

// Files are assets/ (built from widget/ by `go run ./widget`) and demo/.
//
//go:embed all:assets demo
var Files embed.FS
