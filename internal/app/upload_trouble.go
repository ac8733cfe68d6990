package app

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/transfer"
)

// readable says that an error is about a file, in words for whoever has sent it.
func readable(err error) bool {
	var file *transfer.ErrFile
	return errors.As(err, &file) || errors.Is(err, errNoFormat)
}

// advice is what an error of a file says to whoever gives a command.
var advice = strings.NewReplacer("; raise --max if it is meant to be", ": more than the disk has room for", "; name it with --format", "; choose the system", "--map-column", "a column's name", "--map-path", "a path", "--map-host", "a host", "format: ", "")

// troubleOf is why an import failed, in a sentence for people.
func troubleOf(err error) string {
	var known *discuss.Error
	switch {
	case readable(err):
		text := advice.Replace(err.Error())
		r, n := utf8.DecodeRuneInString(text)
		return strings.TrimSuffix(string(unicode.ToUpper(r))+text[n:], ".") + "."
	case errors.Is(full(err), discuss.ErrNoRoom), strings.Contains(err.Error(), "disk is full"): // of SQLite's
		return "The server's disk is full. Free some space and try again."
	case errors.As(err, &known):
		return known.Detail
	}
	return "Something went wrong on our side. The server's log says what."
}
