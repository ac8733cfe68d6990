package transfer

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"

	"parley/internal/discuss"
)

// CSVWriter writes one site as a table that spreadsheets open: a comment a row.
// What a spreadsheet would take for a formula stands behind an apostrophe.
// https://owasp.org/www-community/attacks/CSV_Injection
type CSVWriter struct {
	w       *csv.Writer
	threads map[string]discuss.ArchiveThread
	people  map[string]string
}

// NewCSVWriter begins a table with its head.
func NewCSVWriter(w io.Writer) (*CSVWriter, error) {
	out := &CSVWriter{csv.NewWriter(w), map[string]discuss.ArchiveThread{}, map[string]string{}}
	return out, out.w.Write([]string{"id", "parent", "url", "title", "author", "date", "edited", "status", "up", "down", "featured", "text", "html"})
}

// Thread keeps a thread for its comments.
func (w *CSVWriter) Thread(t discuss.ArchiveThread) error {
	w.threads[t.Foreign] = discuss.ArchiveThread{Key: t.Key, URL: t.URL, Title: t.Title}
	return nil
}

// Person keeps a name for what its bearer wrote.
func (w *CSVWriter) Person(p discuss.ArchivePerson) error {
	w.people[p.Foreign] = p.Name
	return nil
}

// Comment writes a row.
func (w *CSVWriter) Comment(c discuss.ArchiveComment) error {
	t := w.threads[c.Thread]
	link := t.URL
	if link == "" {
		link = t.Key
	}
	edited := ""
	if !c.Edited.IsZero() {
		edited = c.Edited.UTC().Format(time.RFC3339)
	}
	row := []string{
		c.Foreign, c.Parent, link, t.Title, w.people[c.Person], c.Created.UTC().Format(time.RFC3339), edited, string(c.Status),
		strconv.Itoa(c.Up), strconv.Itoa(c.Down), strconv.FormatBool(c.Featured), c.Body, c.HTML,
	}
	for i := range row {
		row[i] = noFormula(row[i])
	}
	return w.w.Write(row)
}

// Close ends the table.
func (w *CSVWriter) Close() error {
	w.w.Flush()
	return w.w.Error()
}

// noFormula keeps a spreadsheet from running a cell.
func noFormula(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
