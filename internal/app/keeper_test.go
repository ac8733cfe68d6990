package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/backups"
	"parley/internal/discuss"
	"parley/internal/store"
)

// kept is a keeper on a real store, under the yard's clock.
func (y *yard) kept(dir string) *keeper {
	y.t.Helper()
	s := &Settings{Database: "sqlite:" + y.path, BackupDir: dir, BackupEvery: 24 * time.Hour, BackupHour: 3, BackupKeep: 3, BackupKeepWeeks: 2}
	k, err := s.keeper(context.Background(), y.db)
	if err != nil {
		y.t.Fatal(err)
	}
	k.now = func() time.Time { return y.now }
	y.t.Cleanup(k.end)
	return k
}

// days are those of the backups in a folder, newest first.
func days(t *testing.T, k *keeper) (out []string) {
	t.Helper()
	all, err := k.folder.List()
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range all {
		out = append(out, f.At.Format("01-02T15:04"))
	}
	return out
}

// A backup is made where there is none, and once a day from its hour on, also by
// a server that was off when that struck; more than asked for go, and each is whole.
func TestABackupIsMadeEveryDay(t *testing.T) {
	y := newYard(t) // 2:59
	k := y.kept(filepath.Join(t.TempDir(), "made"))
	ctx := context.Background()
	k.round(ctx)
	if got := days(t, k); !slices.Equal(got, []string{"11-25T02:59"}) {
		t.Errorf("the first of all: %v", got)
	}
	for range 3 { // three rounds, and one backup
		y.now = y.now.Add(time.Minute)
		k.round(ctx)
	}
	if got := days(t, k); !slices.Equal(got, []string{"11-25T03:00", "11-25T02:59"}) {
		t.Fatalf("on the day: %v", got)
	}
	y.now = y.now.AddDate(0, 0, 1).Add(9 * time.Hour)
	k.end()
	k = y.kept(k.folder.Dir) // it starts again
	k.round(ctx)
	if got := days(t, k); !slices.Equal(got, []string{"11-26T12:02", "11-25T03:00", "11-25T02:59"}) {
		t.Errorf("a server that was off at three: %v", got)
	}
	for range 14 {
		y.now = y.now.AddDate(0, 0, 1)
		k.round(ctx)
	}
	if got := days(t, k); !slices.Equal(got, []string{"12-10T12:02", "12-09T12:02", "12-08T12:02", "12-06T12:02"}) {
		t.Errorf("three days and two weeks: %v", got)
	}
	list, err := Backups(ctx, k.folder.Dir, 9)
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range list {
		if !b.Good || b.Schema < 180 {
			t.Errorf("%+v", b)
		}
		if info, err := os.Stat(b.File); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v (%v)", info.Mode(), err)
		}
	}
	if strings.Join([]string{k.said["folder"], k.said["ledger"], k.said["backup"]}, "") != "" {
		t.Errorf("said: %v", k.said)
	}
}

// One may be made every few seconds; the newest stay, whatever the day.
func TestABackupIsMadeAsOftenAsIsSaid(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	k.every, k.weeks = 10*time.Second, 0
	for range 61 {
		k.round(context.Background())
		y.now = y.now.Add(time.Second)
	}
	all, err := k.folder.List()
	if err != nil || len(all) != 3 || all[0].At.Sub(all[2].At) != 20*time.Second {
		t.Errorf("%v (%v)", all, err)
	}
}

// A disk that is too full is not filled: nothing is written, what is there
// stays, it is said once, and with room again there is a backup, an hour later.
func TestABackupNeverFillsTheDisk(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	ctx := context.Background()
	told := 0
	k.tell = func(_ context.Context, why string) error {
		if !strings.Contains(why, "no backup was made") {
			t.Errorf("told: %s", why)
		}
		told++
		return nil
	}
	y.now = y.now.Add(time.Hour)
	k.round(ctx)
	y.now = y.now.AddDate(0, 0, 1)
	k.free = func(string) (int64, error) { return 1 << 20, nil }
	k.round(ctx)
	said := k.said["backup"]
	if !strings.Contains(said, "no backup was made") || !strings.Contains(said, "has 1.0 MB") {
		t.Errorf("said: %q", said)
	}
	y.now = y.now.Add(time.Minute)
	k.round(ctx)
	if k.said["backup"] != said {
		t.Errorf("said again, otherwise: %q", k.said["backup"])
	}
	entries, err := os.ReadDir(k.folder.Dir)
	if err != nil || len(days(t, k)) != 1 || len(entries) != 3 { // the one of before, the ledger, the lock
		t.Errorf("%v (%v)", entries, err)
	}
	k.free = backups.Free
	k.round(ctx)
	if got := days(t, k); len(got) != 1 {
		t.Errorf("tried again within the hour: %v", got)
	}
	if told != 0 {
		t.Error("the operators are told of a backup that is an hour late")
	}
	k.free = func(string) (int64, error) { return 1 << 20, nil }
	for range 5 {
		y.now = y.now.Add(keeperAgain)
		k.round(ctx)
	}
	if told != 1 {
		t.Errorf("in a day the operators are told %d times", told)
	}
	y.now = y.now.AddDate(0, 0, 1)
	k.round(ctx)
	if told != 2 {
		t.Errorf("in two days the operators are told %d times", told)
	}
	k.free = backups.Free
	y.now = y.now.Add(keeperAgain)
	k.round(ctx)
	if got := days(t, k); len(got) != 2 || k.said["backup"] != "" {
		t.Errorf("with room again: %v, said %q", got, k.said["backup"])
	}
}

// A folder that cannot be written holds up nothing, and is used once it can be.
func TestAFolderThatIsNotThereYet(t *testing.T) {
	y := newYard(t)
	place := filepath.Join(t.TempDir(), "disk")
	if err := os.WriteFile(place, nil, 0o600); err != nil { // no folder can be made there
		t.Fatal(err)
	}
	k := y.kept(filepath.Join(place, "backups"))
	y.now = y.now.Add(time.Hour)
	k.round(context.Background())
	if !strings.Contains(k.said["folder"], "not a directory") {
		t.Errorf("said: %v", k.said)
	}
	if err := os.Remove(place); err != nil {
		t.Fatal(err)
	}
	k.round(context.Background())
	if got := days(t, k); len(got) != 1 || k.said["folder"] != "" {
		t.Errorf("%v, said %v", got, k.said)
	}
}

// Two servers, and two databases, do not share a folder.
func TestAFolderIsOfOneServerAndOneDatabase(t *testing.T) {
	one, two := newYard(t), newYard(t)
	k := one.kept(t.TempDir())
	k.round(context.Background())
	s := &Settings{Database: "sqlite:" + two.path, BackupDir: k.folder.Dir, BackupEvery: 24 * time.Hour, BackupHour: 3, BackupKeep: 3}
	if _, err := s.keeper(context.Background(), two.db); !errors.Is(err, backups.ErrTaken) || !strings.HasPrefix(err.Error(), "backup-dir: ") {
		t.Errorf("while the other runs: %v", err)
	}
	k.end()
	if _, err := s.keeper(context.Background(), two.db); !errors.Is(err, backups.ErrOther) {
		t.Errorf("when the other is gone: %v", err)
	}
	if k, err := (&Settings{Database: "sqlite:" + one.path, BackupDir: k.folder.Dir, BackupEvery: 24 * time.Hour, BackupHour: 3, BackupKeep: 3}).keeper(context.Background(), one.db); err != nil {
		t.Errorf("the first itself: %v", err)
	} else {
		k.end()
	}
}

// post is a comment of somebody's own.
func (y *yard) post(name, body string) discuss.Comment {
	y.t.Helper()
	ctx := context.Background()
	a, err := y.db.AccountByEmail(ctx, name+"@example.com")
	if err != nil {
		y.t.Fatal(err)
	}
	svc := &discuss.Service{Store: y.db, Text: discuss.Text{
		Clean:  func(b string) (string, error) { return b, nil },
		Render: func(_ context.Context, b string) (string, error) { return b, nil },
		Name:   func(n string) (string, error) { return n, nil }, Skeleton: func(n string) string { return n },
	}}
	c, _, err := svc.Post(ctx, y.site, discuss.Actor{Account: a.ID, Name: name, Role: discuss.Member}, discuss.Draft{ThreadKey: "t", Body: body}, discuss.Once{})
	if err != nil {
		y.t.Fatal(err)
	}
	return c
}

// erase has somebody go with their texts.
func (y *yard) erase(name string) {
	y.t.Helper()
	ctx := context.Background()
	a, err := y.db.AccountByEmail(ctx, name+"@example.com")
	if err != nil {
		y.t.Fatal(err)
	}
	if err := y.db.SetErase(ctx, a.ID, y.now, true); err != nil {
		y.t.Fatal(err)
	}
	for more := true; more; {
		if more, err = y.db.EraseSome(ctx, a.ID, 10); err != nil {
			y.t.Fatal(err)
		}
	}
}

func written(t *testing.T, k *keeper) (out []string) {
	t.Helper()
	l, err := backups.ReadLedger(k.folder.LedgerPath())
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range l.Erasures {
		out = append(out, e.What)
	}
	slices.Sort(out)
	return out
}

// The ledger follows each erasure, over restarts, and a ledger that is lost is
// written anew from the database. It holds no text and no name.
func TestTheLedgerFollowsErasures(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	ctx := context.Background()
	y.db.Listen(store.Listeners{Erased: k.erased})
	k.round(ctx)
	y.post("ann", "zqwords")
	y.erase("ann")
	select {
	case <-k.wake:
	default:
		t.Error("nobody was told of the erasure")
	}
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "comment"}) {
		t.Errorf("%v", got)
	}
	k.end()
	y.erase("mo") // while no server runs
	k = y.kept(k.folder.Dir)
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "account", "comment"}) {
		t.Errorf("after a restart: %v", got)
	}
	text, err := os.ReadFile(k.folder.LedgerPath())
	if err != nil || strings.Contains(string(text), "zqwords") || strings.Contains(string(text), "ann") {
		t.Errorf("the ledger says more than ids: %s (%v)", text, err)
	}
	k.end()
	if err := os.Remove(k.folder.LedgerPath()); err != nil {
		t.Fatal(err)
	}
	k = y.kept(k.folder.Dir)
	k.round(ctx)
	if got := written(t, k); !slices.Equal(got, []string{"account", "account", "comment"}) {
		t.Errorf("anew: %v", got)
	}
	k.end()
	if err := os.WriteFile(k.folder.LedgerPath(), append([]byte("x"), text...), 0o600); err != nil {
		t.Fatal(err)
	}
	k = y.kept(k.folder.Dir)
	y.now = y.now.Add(time.Hour)
	k.round(ctx)
	if !strings.Contains(k.said["ledger"], "damaged at line 1") || len(days(t, k)) != 2 {
		t.Errorf("a damaged one: %v, backups %v", k.said, days(t, k))
	}
}

// What is too much goes with each round, not only with one that makes a backup:
// when the settings say fewer, or what was to go could not.
func TestWhatIsTooMuchGoesWithTheNextRound(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	k.weeks = 0
	ctx := context.Background()
	for range 3 {
		k.round(ctx)
		y.now = y.now.AddDate(0, 0, 1)
	}
	y.now = y.now.AddDate(0, 0, -1)
	k.keep = 1
	k.round(ctx)
	if got := days(t, k); len(got) != 1 {
		t.Errorf("one is to be kept: %v", got)
	}
}

// A backup that was put in place by hand does not raise the dead either: the
// next start erases again what the ledger says.
func TestABackupPutInPlaceByHandIsToldOfErasures(t *testing.T) {
	y := newYard(t)
	k := y.kept(t.TempDir())
	ctx := context.Background()
	c := y.post("ann", "words")
	y.now = y.now.Add(time.Hour)
	k.round(ctx)
	y.erase("ann")
	k.round(ctx)
	k.end()
	all, err := k.folder.List()
	if err != nil || len(all) != 1 {
		t.Fatal(all, err)
	}
	copied, err := os.ReadFile(all[0].Path)
	if err != nil {
		t.Fatal(err)
	}
	y.path = filepath.Join(t.TempDir(), "p.db")
	if err := os.WriteFile(y.path, copied, 0o600); err != nil {
		t.Fatal(err)
	}
	y.open()
	if _, err := y.db.AccountByEmail(ctx, "ann@example.com"); err != nil {
		t.Fatalf("ann is not in the backup: %v", err)
	}
	k = y.kept(k.folder.Dir)
	k.round(ctx)
	if _, err := y.db.AccountByEmail(ctx, "ann@example.com"); discuss.KindOf(err) != discuss.NotFound {
		t.Errorf("ann is back: %v", err)
	}
	if c, err := y.db.CommentByID(ctx, c.ID); err != nil || c.Body != "" {
		t.Errorf("her words are back: %q (%v)", c.Body, err)
	}
	if got := written(t, k); !slices.Equal(got, []string{"account", "comment"}) {
		t.Errorf("the ledger: %v", got)
	}
}

// Settings that cannot be meant are refused by their names.
func TestSettingsOfBackups(t *testing.T) {
	good := Settings{BackupDir: "b", BackupEvery: time.Hour, BackupHour: 23, BackupKeep: 1}
	if err := good.checkBackups(); err != nil {
		t.Error(err)
	}
	for name, change := range map[string]func(*Settings){
		"backup-every": func(s *Settings) { s.BackupEvery = 0 }, "backup-hour": func(s *Settings) { s.BackupHour = 24 }, "backup-keep:": func(s *Settings) { s.BackupKeep = 0 }, "backup-keep-weeks": func(s *Settings) { s.BackupKeepWeeks = -1 },
	} {
		s := good
		change(&s)
		if err := s.checkBackups(); err == nil || !strings.HasPrefix(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := (&Settings{BackupHour: 25}).checkBackups(); err == nil { // a mistake shows before the folder is named
		t.Error("an hour that no day has, without a folder, is taken")
	}
}
