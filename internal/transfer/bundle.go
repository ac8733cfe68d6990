package transfer

import (
	"archive/tar"
	"bufio"
	"compress/gzip"
	"encoding/json"
	"errors"
	"io"
	"os"
	"strings"
	"time"
)

// A bundle is one tar file with everything of a site: parley.json says what it is
// and of which version, comments.jsonl is Parley JSONL, and files/ has what comments
// show, by the name that they are called by there.
const (
	bundleVersion  = 1
	bundleManifest = "parley.json"
	bundleComments = "comments.jsonl"
	bundleFiles    = "files/"
)

type manifest struct {
	Version  int       `json:"parley_bundle"`
	Site     string    `json:"site"`
	Exported time.Time `json:"exported_at"`
	Comments string    `json:"comments"` // name of the JSONL within
	Files    string    `json:"files"`    // folder of files within
}

// BundleWriter writes one. The comments wait in a file, for a tar says of each
// entry how long it is before the entry.
type BundleWriter struct {
	*Writer
	to   io.Writer
	site string
	at   time.Time
	wait *os.File

	// Files hands out what comments show, by name, to be written behind them; nil: nothing.
	Files func(add func(name string, body []byte) error) error
}

// NewBundleWriter begins a bundle; dir is where its comments wait ("": the system's).
func NewBundleWriter(to io.Writer, site string, at time.Time, dir string) (*BundleWriter, error) {
	f, err := os.CreateTemp(dir, "export-*")
	if err != nil {
		return nil, err
	}
	w, err := NewWriter(f, site, at)
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return &BundleWriter{Writer: w, to: to, site: site, at: at, wait: f}, nil
}

// Close writes the tar.
func (b *BundleWriter) Close() (err error) {
	defer func() { err = errors.Join(err, b.wait.Close(), os.Remove(b.wait.Name())) }()
	if err := b.Writer.Close(); err != nil {
		return err
	}
	size, err := b.wait.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if _, err := b.wait.Seek(0, io.SeekStart); err != nil {
		return err
	}
	head, err := json.MarshalIndent(manifest{bundleVersion, b.site, b.at.UTC(), bundleComments, bundleFiles}, "", "\t")
	if err != nil {
		return err
	}
	t := tar.NewWriter(b.to)
	entry := func(name string, size int64) error {
		return t.WriteHeader(&tar.Header{Name: name, Mode: 0o600, Size: size, ModTime: b.at.UTC().Truncate(time.Second), Format: tar.FormatPAX})
	}
	if err := entry(bundleManifest, int64(len(head))); err != nil {
		return err
	}
	if _, err := t.Write(head); err != nil {
		return err
	}
	if err := entry(bundleComments, size); err != nil {
		return err
	}
	if _, err := io.Copy(t, b.wait); err != nil {
		return err
	}
	if b.Files != nil {
		if err := b.Files(func(name string, body []byte) error {
			if err := entry(bundleFiles+name, int64(len(body))); err != nil {
				return err
			}
			_, err := t.Write(body)
			return err
		}); err != nil {
			return err
		}
	}
	return t.Close()
}

// tarMagic stands in a tar's first header.
const (
	tarMagic   = "ustar"
	tarMagicAt = 257
	tarBlock   = 512
	tarPadding = 64 << 10 // bytes behind its end, at most
)

// unbundled is the JSONL within a bundle, or what r holds where that is no tar.
func unbundled(r io.Reader) (io.Reader, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	head, err := b.Peek(tarBlock)
	if err != nil || string(head[tarMagicAt:tarMagicAt+len(tarMagic)]) != tarMagic {
		return b, nil // an error comes again when it is read
	}
	t := tar.NewReader(b)
	var m manifest
	for range maxEntries {
		h, err := t.Next()
		switch {
		case errors.Is(err, io.EOF):
			return nil, broken("the tar file is no export of Parley's: it holds no %s", bundleComments)
		case err != nil:
			return nil, broken("the tar file cannot be read: %s", printable(err))
		case h.Name == bundleManifest:
			if err := json.NewDecoder(io.LimitReader(t, maxToken)).Decode(&m); err != nil || m.Version != bundleVersion {
				return nil, broken("the tar file is no export of Parley's, or of a version that is not known (%d is)", bundleVersion)
			}
		case h.Name == bundleComments && m.Version == bundleVersion:
			return &bundled{t: t, file: b}, nil
		}
	}
	return nil, broken("the tar file is no export of Parley's")
}

// bundled is an entry of a tar. Its end is that of a whole file: what follows, the
// next entry's head or the tar's end, must be there.
type bundled struct {
	t     *tar.Reader
	file  io.Reader // the tar
	ended error
}

// Read is io.Reader.
func (b *bundled) Read(p []byte) (int, error) {
	if b.ended != nil {
		return 0, b.ended
	}
	n, err := b.t.Read(p)
	if errors.Is(err, io.EOF) {
		_, next := b.t.Next()
		if errors.Is(next, io.EOF) { // the end of the tar, and of what packs it
			_, next = io.CopyN(io.Discard, b.file, tarPadding)
		}
		if next != nil && !errors.Is(next, io.EOF) {
			err = broken("the tar file is cut off behind %s: %s", bundleComments, printable(next))
		}
		b.ended = err
	}
	return n, err
}

// BundleFiles hands out what stands in files/ of a bundle, each of at most so
// many bytes, and of all of it no more than limit; larger ones are left out. A
// file that is no bundle has none.
func BundleFiles(path string, most, limit int64, take func(name string, body []byte) error) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	b := bufio.NewReaderSize(f, 64<<10)
	var raw io.Reader = b
	if head, err := b.Peek(2); err == nil && head[0] == 0x1f && head[1] == 0x8b {
		z, err := gzip.NewReader(b)
		if err != nil {
			return broken("the gzip file cannot be read: %s", printable(err))
		}
		raw = z
	}
	in := bufio.NewReaderSize(io.LimitReader(raw, limit), 64<<10)
	head, err := in.Peek(tarBlock)
	if err != nil || string(head[tarMagicAt:tarMagicAt+len(tarMagic)]) != tarMagic {
		return nil //nolint:nilerr // too short for a tar: it has no files
	}
	t := tar.NewReader(in)
	for {
		h, err := t.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return broken("the tar file cannot be read: %s", printable(err))
		}
		name, ours := strings.CutPrefix(h.Name, bundleFiles)
		if !ours || h.Typeflag != tar.TypeReg || h.Size > most || name == "" || strings.Contains(name, "/") {
			continue
		}
		body, err := io.ReadAll(t)
		if err != nil {
			return broken("the tar file cannot be read: %s", printable(err))
		}
		if err := take(name, body); err != nil {
			return err
		}
	}
}
