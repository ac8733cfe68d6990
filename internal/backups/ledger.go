package backups

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"parley/internal/machine"
)

// LedgerName is the file beside the backups that says what was erased.
const LedgerName = "parley-erasures.ledger"

const (
	ledgerTitle   = "ledger of erasures"
	ledgerVersion = 1
	sumBytes      = 8    // of a line's check
	longestLine   = 4096 // a line has some hundred bytes
)

// ErrDamaged says that a ledger does not hold what was written to it.
var ErrDamaged = errors.New("the ledger of erasures is damaged")

// ErrOther says that a ledger was written for another database.
var ErrOther = errors.New("the ledger of erasures is that of another database")

// Erasure is one line: what was erased and when. It holds no text and no name.
type Erasure struct {
	At   time.Time `json:"at"`
	What string    `json:"what"` // comment, withdrawn, account, site or image
	ID   int64     `json:"id,string"`
}

type ledgerHead struct {
	Parley   string `json:"parley"`
	Version  int    `json:"version"`
	Database string `json:"database"`
}

// Ledger is what a file of erasures says.
type Ledger struct {
	Database string
	Erasures []Erasure
	Torn     bool // its last line was cut short: by a stop in the middle of a write, or in a copy

	size int64  // of the whole lines
	sum  []byte // of the last of them
}

// ReadLedger reads a ledger to its end. Each line carries a check that covers
// those before it. Of a damaged one it returns what stands before the damage
// too, with ErrDamaged.
func ReadLedger(path string) (l Ledger, err error) {
	f, err := os.Open(path)
	if err != nil {
		return l, err
	}
	defer f.Close()
	return readLedger(f, -1)
}

// LedgerOwner is the database that a ledger belongs to, from its first line.
func LedgerOwner(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	l, err := readLedger(f, 1)
	return l.Database, err
}

func readLedger(r io.Reader, most int) (l Ledger, err error) {
	in := bufio.NewReaderSize(r, longestLine)
	for n := 1; n != most+1; n++ {
		line, err := in.ReadSlice('\n')
		switch {
		case err == io.EOF:
			l.Torn = len(line) > 0
			if l.Database == "" {
				return l, fmt.Errorf("%w: it does not begin as one", ErrDamaged)
			}
			return l, nil
		case errors.Is(err, bufio.ErrBufferFull):
			return l, fmt.Errorf("%w at line %d", ErrDamaged, n)
		case err != nil:
			return l, err
		}
		if err := l.take(line); err != nil {
			return l, fmt.Errorf("%w at line %d", ErrDamaged, n)
		}
	}
	return l, nil
}

// take adds one line.
func (l *Ledger) take(line []byte) error {
	text, sum, ok := bytes.Cut(bytes.TrimSuffix(line, []byte("\n")), []byte("\t"))
	want := chain(l.sum, text)
	if !ok || string(sum) != hex.EncodeToString(want) {
		return ErrDamaged
	}
	if l.Database == "" {
		var head ledgerHead
		if err := json.Unmarshal(text, &head); err != nil || head.Parley != ledgerTitle || head.Version != ledgerVersion || head.Database == "" {
			return ErrDamaged
		}
		l.Database = head.Database
	} else {
		var e Erasure
		if err := json.Unmarshal(text, &e); err != nil || e.ID == 0 || e.What == "" {
			return ErrDamaged
		}
		l.Erasures = append(l.Erasures, e)
	}
	l.size, l.sum = l.size+int64(len(line)), want
	return nil
}

func chain(before, text []byte) []byte {
	sum := sha256.Sum256(append(bytes.Clone(before), text...))
	return sum[:sumBytes]
}

// Writer adds to a ledger.
type Writer struct {
	file *os.File
	sum  []byte
	end  int64
}

// OpenLedger opens the ledger of a database to add to it, and returns what it
// says so far; one that is missing is begun (fresh). What a stop in the middle
// of a write has left of a line is cut off: nobody was told that it stands.
func OpenLedger(path, database string) (w *Writer, l Ledger, fresh bool, err error) {
	l, err = ReadLedger(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		w, err = begin(path, database)
		return w, Ledger{Database: database}, true, err
	case err != nil:
		return nil, l, false, err
	case l.Database != database:
		return nil, l, false, ErrOther
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0o600)
	if err != nil {
		return nil, l, false, err
	}
	if l.Torn {
		if err := f.Truncate(l.size); err != nil {
			return nil, l, false, errors.Join(err, f.Close())
		}
	}
	return &Writer{f, l.sum, l.size}, l, false, nil
}

// begin writes the first line of a ledger, whole or not at all.
func begin(path, database string) (*Writer, error) {
	text, err := json.Marshal(ledgerHead{ledgerTitle, ledgerVersion, database})
	if err != nil {
		return nil, err
	}
	f, err := os.CreateTemp(filepath.Dir(path), LedgerName+"-*") // 0600
	if err != nil {
		return nil, err
	}
	defer os.Remove(f.Name())
	w := &Writer{file: f}
	if err := w.write([][]byte{text}); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	// Not os.Link, which some file systems lack: whoever begins a ledger has the folder's lock.
	if err := os.Rename(f.Name(), path); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	if err := machine.Sync(filepath.Dir(path)); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return w, nil
}

// Add writes erasures down and returns when the disk has them. Of those that
// could not be written nothing stays.
func (w *Writer) Add(list []Erasure) error {
	texts := make([][]byte, len(list))
	for i, e := range list {
		e.At = e.At.UTC().Truncate(time.Millisecond)
		text, err := json.Marshal(e)
		if err != nil {
			return err
		}
		texts[i] = text
	}
	return w.write(texts)
}

func (w *Writer) write(texts [][]byte) error {
	var b bytes.Buffer
	sum := w.sum
	for _, text := range texts {
		sum = chain(sum, text)
		fmt.Fprintf(&b, "%s\t%x\n", text, sum)
	}
	_, err := w.file.WriteAt(b.Bytes(), w.end)
	if err = errors.Join(err, w.file.Sync()); err != nil {
		return errors.Join(err, w.file.Truncate(w.end))
	}
	w.sum, w.end = sum, w.end+int64(b.Len())
	return nil
}

// Stands reports whether the ledger at path is the file that w writes to, as w
// left it: not one that was moved away, or that somebody else has put there.
func (w *Writer) Stands(path string) (bool, error) {
	at, err := os.Stat(path)
	if errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	own, err := w.file.Stat()
	return err == nil && os.SameFile(at, own) && own.Size() == w.end, err
}

// Close ends it.
func (w *Writer) Close() error { return w.file.Close() }
