package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/transfer"
)

// desk is the imports of a yard's dashboard, on a disk of a size.
func (y *yard) uploads(t *testing.T, free int64) *uploads {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	run := &sync.WaitGroup{}
	u, err := (&Settings{Database: "sqlite:" + y.path}).uploads(ctx, y.db, run, func() {})
	if err != nil {
		t.Fatal(err)
	}
	u.free = func(string) (int64, error) { return free, nil }
	t.Cleanup(func() { end(); run.Wait() })
	return u
}

func (u *uploads) names(t *testing.T) (out []string) {
	t.Helper()
	files, err := os.ReadDir(u.dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		out = append(out, f.Name())
	}
	return out
}

// What is sent and what it unpacks to share a quarter of the disk, and the figure is told.
func TestImportsTakeAQuarterOfTheDisk(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	site, err := y.db.SiteByKey(ctx, "news")
	if err != nil {
		t.Fatal(err)
	}
	u := y.uploads(t, 400<<20)
	_, err = u.BeginImport(ctx, site, discuss.Actor{}, discuss.NewImport{Name: "a", Size: 101 << 20})
	if discuss.KindOf(err) != discuss.TooLarge || !strings.Contains(err.Error(), "101 MB") || !strings.Contains(err.Error(), "room for 100 MB") {
		t.Fatalf("more than a quarter: %v", err)
	}
	if _, err = u.BeginImport(ctx, site, discuss.Actor{}, discuss.NewImport{Name: "a", Size: 60 << 20}); err != nil {
		t.Fatal(err)
	}
	other, err := AddSite(ctx, y.db, "other", "Other", []string{"https://other.example"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err = u.BeginImport(ctx, other, discuss.Actor{}, discuss.NewImport{Name: "b", Size: 41 << 20}); discuss.KindOf(err) != discuss.TooLarge {
		t.Errorf("beside one that is promised: %v", err)
	}
	if _, err = u.BeginImport(ctx, site, discuss.Actor{}, discuss.NewImport{Name: "c", Size: 1}); !errors.Is(err, discuss.ErrImportOpen) {
		t.Errorf("a second one of the site: %v", err)
	}
}

// What nobody goes on with goes with its files; what is at work, or of today, stays.
func TestUploadsAreSwept(t *testing.T) {
	y := newYard(t)
	ctx := context.Background()
	y.now = time.Now() // as files have it
	u := y.uploads(t, 1<<40)
	u.now = func() time.Time { return y.now }
	ids := map[string]int64{}
	for _, key := range []string{"sent", "ready", "cut"} {
		site, err := AddSite(ctx, y.db, key, key, []string{"https://" + key + ".example"}, nil)
		if err != nil {
			t.Fatal(err)
		}
		v, err := u.BeginImport(ctx, site, discuss.Actor{}, discuss.NewImport{Name: key, Size: 1 << 20})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := u.ImportPart(ctx, site, v.ID, 1, make([]byte, 512<<10)); err != nil {
			t.Fatal(err)
		}
		ids[key] = v.ID
		if _, err := y.db.ChangeImport(ctx, site.ID, v.ID, func(im *discuss.Import, _ time.Time) error {
			im.State = map[string]discuss.ImportState{"sent": discuss.ImportReading, "ready": discuss.ImportReady, "cut": discuss.ImportFailed}[key]
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	stray := filepath.Join(u.dir, "9999.export")
	if err := os.WriteFile(stray, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sweep := func(after time.Duration, want int) {
		t.Helper()
		y.now = y.now.Add(after)
		if err := u.sweep(); err != nil {
			t.Fatal(err)
		}
		if left := u.names(t); len(left) != want {
			t.Errorf("%q are left, want %d", left, want)
		}
	}
	sweep(0, 4) // the stray one may be of one that begins just now
	sweep(23*time.Hour, 3)
	sweep(2*time.Hour, 2)
	sweep(5*24*time.Hour, 2)
	sweep(2*24*time.Hour, 0)
	for key, id := range ids {
		site, err := y.db.SiteByKey(ctx, key)
		if err != nil {
			t.Fatal(err)
		}
		v, err := u.ImportView(ctx, site.ID, id)
		if err != nil || v.Held || v.State != discuss.ImportFailed || !strings.HasSuffix(v.Trouble, "Choose it again.") {
			t.Errorf("%s: %+v, %v", key, v.Import, err)
		}
		if err := os.MkdirAll(u.dir, 0o700); err != nil {
			t.Fatal(err)
		}
		if _, err := u.ApplyImport(ctx, site, discuss.Actor{}, id); discuss.KindOf(err) != discuss.Conflict {
			t.Errorf("%s is applied without its file: %v", key, err)
		}
	}
}

// What is said of a file's fault has no path and no advice of another place in it.
func TestWhatIsWrongIsSaidForPeople(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{&transfer.ErrFile{Why: "line 7 is not JSON"}, "Line 7 is not JSON."},
		{fmt.Errorf("read: %w", &transfer.ErrFile{Why: "the file is larger than 9 MiB unpacked; raise --max if it is meant to be"}), "Read: the file is larger than 9 MiB unpacked: more than the disk has room for."},
		{errNoFormat, "Nothing in the file says what it is; choose the system."},
		{&os.PathError{Op: "open", Path: "/secret/place", Err: syscall.EACCES}, "Something went wrong on our side. The server's log says what."},
		{&os.PathError{Op: "write", Path: "/secret/place", Err: syscall.ENOSPC}, "The server's disk is full. Free some space and try again."},
		{errors.New("the file that an import is read into: database or disk is full"), "The server's disk is full. Free some space and try again."},
		{discuss.ErrImportRuns, discuss.ErrImportRuns.Detail},
	} {
		if got := troubleOf(c.err); got != c.want {
			t.Errorf("%v is told as %q, want %q", c.err, got, c.want)
		}
	}
	if err := full(&os.PathError{Op: "write", Path: "/x", Err: syscall.ENOSPC}); !errors.Is(err, discuss.ErrNoRoom) {
		t.Errorf("a full disk is %v", err)
	}
}

// A mapping that no file can be read by is refused by its field.
func TestHowAFileIsReadIsChecked(t *testing.T) {
	many := map[string]string{}
	for i := range maxMappings + 1 {
		many[fmt.Sprint(i)] = "new.example"
	}
	for field, how := range map[string]discuss.ImportHow{
		"format":   {Format: "unheard"},
		"map_path": {MapPaths: []string{"blog=news"}},
		"map_host": {MapHosts: many},
	} {
		var e *discuss.Error
		if err := checkHow(&how); !errors.As(err, &e) || len(e.Fields) != 1 || e.Fields[0].Name != field {
			t.Errorf("%s: %v", field, err)
		}
	}
	for _, to := range []string{"", "new.example/path", "ftp://new.example", "two words"} {
		if err := checkHow(&discuss.ImportHow{MapHosts: map[string]string{"old.example": to}}); err == nil {
			t.Errorf("%q is taken for a host", to)
		}
	}
	good := discuss.ImportHow{MapHosts: map[string]string{" Old.Example ": "https://new.example/"}, MapPaths: []string{"/blog/*=/news/*"}}
	if err := checkHow(&good); err != nil || good.Format != "auto" || good.MapHosts["old.example"] != "https://new.example" {
		t.Errorf("%+v, %v", good, err)
	}
}
