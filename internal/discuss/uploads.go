package discuss

import (
	"strings"
	"time"
	"unicode/utf8"

	"parley/internal/cleantext"
)

// ImportJob is what the server is at with an import of the dashboard.
type ImportJob string

// The jobs of imports; "" is none.
const (
	ImportRead  ImportJob = "read"
	ImportApply ImportJob = "apply"
	ImportUndo  ImportJob = "undo"
)

// ImportHow is how a file of another system is read.
type ImportHow struct {
	Format   string            // "auto" looks at what the file holds
	MapHosts map[string]string // host of the old links → host or origin it is now
	MapPaths []string          // A=B
	Columns  map[string]string // of a CSV: a part of a comment, and how its column is headed
}

// NewImport is a file that somebody is about to send.
type NewImport struct {
	Name string
	Size int64
	How  ImportHow
}

// ImportReport is what an import would add, or has added.
type ImportReport struct {
	Moved
	All      int            // comments in the file
	Known    int            // of them those that are there already
	Joined   int            // threads that were there already
	Statuses map[Status]int // comments in the file
	Hosts    []ImportHost   // that links lead to and that are not among the site's origins
	Joins    []ImportJoin   // the first of the threads that were there
	Skipped  []SkippedFor
}

// ImportHost is a host that is not the site's, and what the file has there.
type ImportHost struct {
	Host            string
	Pages, Comments int
}

// ImportJoin is a thread that was there, with the comments of both.
type ImportJoin struct {
	Key, Title string
	Here, Adds int
}

// SkippedFor is one reason for which rows were not taken as they stood.
type SkippedFor struct {
	Why   string
	Count int
	First []Skipped
}

// ImportProgress is how far the server is with an import.
type ImportProgress struct {
	Job   ImportJob
	Done  int64 // bytes while it reads; else comments
	Total int64
	Rate  float64       // a second
	Left  time.Duration // 0: not known
}

// ImportView is an import with what is said of it.
type ImportView struct {
	Import
	ByName   string // "" of a command on the server, or of somebody who is gone
	How      ImportHow
	Plan     *ImportReport
	Gone     *Undone // what its undo removed
	Progress *ImportProgress
}

// MaxImportPart is how many bytes one part of a file may have.
const MaxImportPart = 8 << 20

// MaxFileName is how many characters of a file's name are kept.
const MaxFileName = 120

// FileName is a file's name as people see it: without a path, in one line.
func FileName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(cleantext.Line(strings.ToValidUTF8(name, "")))
	if utf8.RuneCountInString(name) > MaxFileName {
		r := []rune(name)
		name = string(r[:MaxFileName/2]) + "…" + string(r[len(r)-MaxFileName/2:])
	}
	if name == "" || name == "." || name == ".." {
		return "export"
	}
	return name
}
