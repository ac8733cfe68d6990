// Package transfer reads other systems' exports and writes ours: one file per
// format. It makes discuss.Archive and knows neither SQL nor HTTP.
package transfer

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"path"
	"slices"
	"strings"
)

// Limits of a file that a stranger made.
const (
	DefaultMax = 100 << 20 // bytes, expanded
	maxRatio   = 200       // expanded to packed, after the first freeRatio bytes
	freeRatio  = 1 << 20
	maxToken   = 1 << 20 // bytes of one element's start, one text, one line
	maxEntries = 10      // of a zip file
	maxDepth   = 100     // of elements
)

// ErrFile is an unreadable file: nothing of it may be kept.
type ErrFile struct{ Why string }

// Error names what is wrong with the file.
func (e *ErrFile) Error() string { return e.Why }

func broken(format string, args ...any) error { return &ErrFile{fmt.Sprintf(format, args...)} }

// printable is an error of a library, which may quote what it read.
func printable(err error) string { return strings.Trim(fmt.Sprintf("%+q", err.Error()), `"`) }

// Open gives the text of a file, unpacked if its first bytes say gzip, zip or tar,
// and guarded: it fails past limit expanded bytes (0: DefaultMax), past the
// ratio of a bomb, and past one overlong token. Of a zip it is the one file.
func Open(f io.ReaderAt, size, limit int64) (*Reader, error) {
	n := 0
	var only *Reader
	err := OpenEach(f, size, limit, func(r *Reader) error {
		if n++; n > 1 {
			return broken("the zip file holds more than one file")
		}
		only = r
		return nil
	})
	return only, err
}

// OpenEach is Open for a zip that may hold an export in several files: take gets
// one after the other, by their names. The limits hold for all of them together.
func OpenEach(f io.ReaderAt, size, limit int64, take func(*Reader) error) error {
	if limit <= 0 {
		limit = DefaultMax
	}
	var magic [4]byte
	n, _ := f.ReadAt(magic[:], 0)
	raw := io.NewSectionReader(f, 0, size)
	r := &Reader{r: raw, left: limit, limit: limit}
	switch {
	case n >= 2 && magic[0] == 0x1f && magic[1] == 0x8b:
		z, err := gzip.NewReader(raw)
		if err != nil {
			return broken("the gzip file cannot be read: %s", printable(err))
		}
		r.r, r.packed = z, size
	case n == 4 && bytes.Equal(magic[:], []byte("PK\x03\x04")) || n == 4 && bytes.Equal(magic[:], []byte("PK\x05\x06")):
		return openZip(f, size, limit, take)
	}
	inner, err := unbundled(r.r)
	if err != nil {
		return err
	}
	r.r = inner
	return take(r)
}

// openZip takes the files of an archive. What the archive says about sizes is not
// believed.
func openZip(f io.ReaderAt, size, limit int64, take func(*Reader) error) error {
	z, err := zip.NewReader(f, size)
	if err != nil {
		return broken("the zip file cannot be read: %s", printable(err))
	}
	if len(z.File) > maxEntries {
		return broken("the zip file holds %d entries; at most %d are read", len(z.File), maxEntries)
	}
	var files []*zip.File
	for _, e := range z.File {
		if base := path.Base(e.Name); !e.FileInfo().IsDir() && !strings.HasPrefix(e.Name, "__MACOSX/") && !strings.HasPrefix(base, ".") {
			files = append(files, e)
		}
	}
	if len(files) == 0 {
		return broken("the zip file holds no file")
	}
	slices.SortStableFunc(files, func(a, b *zip.File) int { return strings.Compare(a.Name, b.Name) })
	left := limit
	for _, e := range files {
		in, err := e.Open()
		if err != nil {
			return broken("the zip file cannot be read: %s", printable(err))
		}
		r := &Reader{r: in, left: left, limit: limit, packed: max(int64(e.CompressedSize64), 1)}
		if err := take(r); err != nil {
			var mine *ErrFile
			if errors.As(err, &mine) && len(files) > 1 { // perhaps it is of another format than the first
				return broken("in the zip file, %.100q: %s", e.Name, mine.Why)
			}
			return err
		}
		left = r.left
	}
	return nil
}

// Reader guards what it reads; Mark says that a token has been taken whole.
type Reader struct {
	r      io.Reader
	left   int64
	limit  int64
	packed int64 // 0: not packed
	read   int64
	mark   int64
}

// Read is io.Reader with the limits of Open.
func (r *Reader) Read(p []byte) (int, error) {
	n, err := r.r.Read(p)
	r.read += int64(n)
	r.left -= int64(n)
	switch {
	case r.left < 0:
		return 0, broken("the file is larger than %d MiB unpacked; raise --max if it is meant to be", r.limit>>20)
	case r.packed > 0 && r.read > freeRatio && r.read/maxRatio > r.packed:
		return 0, broken("the file unpacks to more than %d times its size", maxRatio)
	case r.read-r.mark > maxToken+(64<<10): // what the reader above has buffered ahead
		return 0, broken("one element of the file is longer than 1 MiB")
	case err != nil && err != io.EOF:
		if !errors.As(err, new(*ErrFile)) {
			err = broken("the file cannot be read: %s", printable(err))
		}
	}
	return n, err
}

// Mark begins the count of the next token.
func (r *Reader) Mark() { r.mark = r.read }
