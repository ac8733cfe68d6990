package transfer

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"time"

	"parley/internal/discuss"
)

// WXRSpool writes WXR of comments that come in any order: they wait in a file
// until their thread's item is written, and only where they lie is remembered.
type WXRSpool struct {
	to      io.Writer
	site    string
	at      time.Time
	wait    *os.File
	size    int64
	threads []discuss.ArchiveThread
	people  []discuss.ArchivePerson
	lie     map[string][]span // by thread
}

type span struct {
	at  int64
	len int32
}

// NewWXRSpool begins; dir is where the file that they wait in is made, "" for the system's.
func NewWXRSpool(to io.Writer, site string, at time.Time, dir string) (*WXRSpool, error) {
	f, err := os.CreateTemp(dir, "parley-export-*")
	if err != nil {
		return nil, err
	}
	// Nobody else finds it, and nothing is left of it whatever happens.
	return &WXRSpool{to: to, site: site, at: at, wait: f, lie: map[string][]span{}}, os.Remove(f.Name())
}

// Thread keeps a thread.
func (w *WXRSpool) Thread(t discuss.ArchiveThread) error {
	w.threads = append(w.threads, t)
	return nil
}

// Person keeps a name.
func (w *WXRSpool) Person(p discuss.ArchivePerson) error {
	w.people = append(w.people, p)
	return nil
}

// Comment lets a comment wait.
func (w *WXRSpool) Comment(c discuss.ArchiveComment) error {
	c.Body = "" // the item has what is shown
	b, err := json.Marshal(c)
	if err != nil {
		return err
	}
	if _, err := w.wait.Write(b); err != nil {
		return err
	}
	w.lie[c.Thread] = append(w.lie[c.Thread], span{w.size, int32(len(b))})
	w.size += int64(len(b))
	return nil
}

// Close writes the document.
func (w *WXRSpool) Close() error { return errors.Join(w.write(), w.wait.Close()) }

func (w *WXRSpool) write() error {
	out := NewWXRWriter(w.to, w.site, w.at)
	for _, p := range w.people {
		if err := out.Person(p); err != nil {
			return err
		}
	}
	for _, t := range w.threads {
		if err := out.Thread(t); err != nil {
			return err
		}
		for _, s := range w.lie[t.Foreign] {
			b := make([]byte, s.len)
			if _, err := w.wait.ReadAt(b, s.at); err != nil {
				return err
			}
			var c discuss.ArchiveComment
			if err := json.Unmarshal(b, &c); err != nil {
				return err
			}
			if err := out.Comment(c); err != nil {
				return err
			}
		}
	}
	return out.Close()
}
