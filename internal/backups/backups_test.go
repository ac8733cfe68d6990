package backups

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

var monday = time.Date(2026, 11, 30, 2, 0, 0, 0, time.UTC)

// A folder lists its backups, newest first, and nothing else that lies there.
func TestTheFolderKnowsItsOwnFiles(t *testing.T) {
	f := Folder{t.TempDir()}
	for _, at := range []time.Time{monday, monday.AddDate(0, 0, 1)} {
		touch(t, f.Path(at))
	}
	cut := Partial(f.Path(monday.AddDate(0, 0, 2)))
	for _, other := range []string{cut, f.Dir + "/parley.db", f.Dir + "/parley-old.db", f.Dir + "/copy.db", f.Dir + "/notes.part"} {
		touch(t, other)
	}
	got, err := f.List()
	if err != nil || len(got) != 2 || got[0].At != monday.AddDate(0, 0, 1) || got[0].Size != 1 {
		t.Fatalf("%+v (%v)", got, err)
	}
	if err := f.Tidy(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(cut); err == nil {
		t.Error("what was cut short stays")
	}
	if _, err := os.Stat(f.Dir + "/notes.part"); err != nil {
		t.Error("somebody else's file is gone")
	}
}

func touch(t *testing.T, path string) {
	t.Helper()
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Of a hundred, one a day, seven stay and the last of each of four weeks, the newest in
// both; a server that stood still for a month loses none for it.
func TestRetention(t *testing.T) {
	daily := func(n int) (all []File) {
		for i := range n {
			all = append(all, File{At: monday.AddDate(0, 0, -i)})
		}
		return all
	}
	for _, c := range []struct {
		name        string
		all         []File
		days, weeks int
		keep        []string
	}{
		{"a hundred days", daily(100), 7, 4, []string{"11-30", "11-29", "11-28", "11-27", "11-26", "11-25", "11-24", "11-22", "11-15"}},
		{"three a day", []File{{At: monday}, {At: monday.Add(time.Hour)}, {At: monday.Add(-time.Hour)}}, 2, 0, []string{"11-30", "11-30"}},
		{"after a month's rest", append(daily(1), File{At: monday.AddDate(0, 0, -31)}, File{At: monday.AddDate(0, 0, -32)}), 2, 0, []string{"11-30", "10-30"}},
		{"none asked for", daily(3), 0, 0, []string{"11-30"}},
		{"weeks alone", daily(30), 0, 3, []string{"11-30", "11-29", "11-22"}},
	} {
		drop := Surplus(c.all, c.days, c.weeks)
		var kept []string
		for _, f := range c.all {
			if !slices.Contains(drop, f) {
				kept = append(kept, f.At.Format("01-02"))
			}
		}
		if !slices.Equal(kept, c.keep) && c.name != "three a day" || len(kept) != len(c.keep) {
			t.Errorf("%s: %v stay, want %v", c.name, kept, c.keep)
		}
	}
}

func TestOneServerHasAFolder(t *testing.T) {
	f := Folder{filepath.Join(t.TempDir(), "made", "when missing")}
	unlock, err := f.Lock()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Lock(); !errors.Is(err, ErrTaken) {
		t.Errorf("the second: %v", err)
	}
	unlock()
	if unlock, err = f.Lock(); err != nil {
		t.Fatalf("after the first has gone: %v", err)
	}
	unlock()
}

// What was added is there to the last line, over restarts.
func TestTheLedgerHoldsWhatWasAdded(t *testing.T) {
	path := filepath.Join(t.TempDir(), LedgerName)
	want := []Erasure{{monday, "comment", 7}, {monday.Add(time.Second), "account", 1 << 60}, {monday, "site", 3}}
	for i, e := range want {
		w, l, fresh, err := OpenLedger(path, "db")
		if err != nil || len(l.Erasures) != i || fresh != (i == 0) {
			t.Fatalf("%d: %+v, fresh %v (%v)", i, l, fresh, err)
		}
		if err := errors.Join(w.Add([]Erasure{e}), w.Close()); err != nil {
			t.Fatal(err)
		}
	}
	l, err := ReadLedger(path)
	if err != nil || l.Torn || l.Database != "db" || !slices.Equal(l.Erasures, want) {
		t.Errorf("%+v (%v)", l, err)
	}
	if _, _, _, err := OpenLedger(path, "another"); !errors.Is(err, ErrOther) {
		t.Errorf("of another database: %v", err)
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v (%v)", info.Mode(), err)
	}
}

// Every change to a whole line is found, wherever it is; a cut in the middle of
// the last line is told apart, and an append goes on behind what was whole.
func TestADamagedLedgerIsFound(t *testing.T) {
	path := filepath.Join(t.TempDir(), LedgerName)
	w, _, _, err := OpenLedger(path, "db")
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add([]Erasure{{monday, "comment", 7}, {monday, "comment", 8}}), w.Close()); err != nil {
		t.Fatal(err)
	}
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	put := func(b []byte) {
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	for i := range whole[:len(whole)-1] { // without its last newline it is torn
		b := slices.Clone(whole)
		b[i] ^= 1
		put(b)
		if _, err := ReadLedger(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("byte %d is another, and that is read as whole (%v)", i, err)
		}
	}
	lines := strings.SplitAfter(string(whole), "\n")
	for name, text := range map[string]string{"a line is gone": lines[0] + lines[2], "they change places": lines[0] + lines[2] + lines[1], "empty": "", "a line of another": string(whole) + "hello\n", "long": string(whole) + strings.Repeat("x", 2*longestLine)} {
		put([]byte(text))
		if _, err := ReadLedger(path); !errors.Is(err, ErrDamaged) {
			t.Errorf("%s: %v", name, err)
		}
	}
	put(whole[:len(whole)-5])
	l, err := ReadLedger(path)
	if err != nil || !l.Torn || len(l.Erasures) != 1 {
		t.Fatalf("torn: %+v (%v)", l, err)
	}
	if w, _, _, err = OpenLedger(path, "db"); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Add([]Erasure{{monday, "comment", 8}}), w.Close()); err != nil {
		t.Fatal(err)
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != string(whole) {
		t.Errorf("written again it is another (%v)", err)
	}
}
