// Package static holds the files that the binary carries: the built front end,
// the demo's pages and the documentation.
package static

import "embed"

// Files are assets/ (built from widget/ by `go run ./widget`), demo/, docs/ and
// i18n/, the texts in every language (see internal/i18n).
//
//go:embed all:assets demo docs/*.md docs/*.html i18n
var Files embed.FS
