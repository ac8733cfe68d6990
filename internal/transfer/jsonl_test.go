package transfer

import (
	"bytes"
	"errors"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

func writeParley(t testing.TB, a *discuss.Archive) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := NewWriter(&b, "news", time.Unix(0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range a.Threads {
		err = errors.Join(err, w.Thread(x))
	}
	for _, x := range a.People {
		err = errors.Join(err, w.Person(x))
	}
	for _, x := range a.Comments {
		err = errors.Join(err, w.Comment(x))
	}
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func readParley(b []byte) (*discuss.Archive, error) {
	r, err := Open(bytes.NewReader(b), int64(len(b)), 0)
	if err != nil {
		return nil, err
	}
	return archived(options(), func(o Options) error { return Parley(r, o) })
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	a, err := readFile(t, "../../static/demo/data/archive.xml.gz")
	if err != nil {
		t.Fatal(err)
	}
	first := writeParley(t, a)
	back, err := readParley(first)
	if err != nil {
		t.Fatal(err)
	}
	checkArchive(t, back)
	if again := writeParley(t, back); !bytes.Equal(first, again) {
		t.Error("written, read and written again it is another file")
	}
}

func TestParleyFilesThatAreRefused(t *testing.T) {
	a, err := readFile(t, "testdata/orphan-and-forward-parents.xml")
	if err != nil {
		t.Fatal(err)
	}
	good := string(writeParley(t, a))
	lines := strings.SplitAfter(strings.TrimSpace(good), "\n")
	for name, file := range map[string]string{
		"without its last line":  strings.Join(lines[:len(lines)-1], ""),
		"lines after its end":    good + lines[1],
		"cut in a line":          good[:len(good)/2],
		"a comment missing":      strings.Join(append(append([]string{}, lines[:len(lines)-2]...), lines[len(lines)-1]), ""),
		"another version":        strings.Replace(good, `"parley":1`, `"parley":2`, 1),
		"no header":              strings.Join(lines[1:], ""),
		"not JSON":               good[:20] + "\n" + good,
		"a line longer than 1MB": lines[0] + `{"type":"person","id":"` + strings.Repeat("a", 2<<20) + "\"}\n",
	} {
		if _, err := readParley([]byte(file)); !errors.As(err, new(*ErrFile)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	// A row that cannot be taken is reported, the others are taken.
	odd := strings.Replace(good, `"status":"published"`, `"status":"hidden"`, 1)
	back, err := readParley([]byte(odd))
	if err != nil || len(back.Comments) != len(a.Comments)-1 || len(back.Skipped) == 0 {
		t.Errorf("%v; %d comments, reported %v", err, len(back.Comments), back.Skipped)
	}
}

func FuzzParley(f *testing.F) {
	a, err := readFile(f, "testdata/orphan-and-forward-parents.xml")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(writeParley(f, a))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readParley(b)
		if err == nil {
			checkArchive(t, a)
		} else if !errors.As(err, new(*ErrFile)) {
			t.Errorf("not an error of the file: %v", err)
		}
	})
}
