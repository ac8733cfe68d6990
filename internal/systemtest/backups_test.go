package systemtest

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"parley/internal/backups"
)

// keeping gives a program a folder for its backups, the first of them at once.
func keeping(p *program) (dir string) {
	dir = filepath.Join(p.t.TempDir(), "backups")
	p.env = append(p.env, "PARLEY_BACKUP_DIR="+dir, "PARLEY_BACKUP_HOUR=0")
	return dir
}

// only is the one backup of a folder, once it is there.
func only(t *testing.T, dir string) string {
	t.Helper()
	var all []backups.File
	eventually(t, "a backup", func() bool {
		all, _ = backups.Folder{Dir: dir}.List()
		return len(all) > 0
	})
	if len(all) != 1 {
		t.Fatalf("%d backups: %v", len(all), all)
	}
	return all[0].Path
}

// sql changes a program's database as no command does.
func (p *program) sql(query string, args ...any) {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.database+"?_busy_timeout=5000&_foreign_keys=1")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(query, args...); err != nil {
		p.t.Fatal(err)
	}
}

// when is a moment.
func when(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

type listed struct {
	File             string
	Bytes            int64
	Comments, Schema int
	Good             bool
	Why              string
}

// A server makes its backup of the day by itself, and one a day; restore --list
// and the doctor say how it stands, also when it does not stand well.
func TestAServerMakesItsBackupsByItself(t *testing.T) {
	p := newProgram(t)
	dir := keeping(p)
	if out := p.says("doctor"); !strings.Contains(out, "BAD  backup-dir: there is no folder "+dir) {
		t.Errorf("doctor before the first start:\n%s", out)
	}
	p.start()
	file := only(t, dir)
	p.kill()
	p.start()
	p.kill()
	only(t, dir)
	var list listed // one object a line
	if err := json.Unmarshal([]byte(p.run("restore", "--list", "--json")), &list); err != nil || !list.Good || list.File != file || list.Bytes == 0 || list.Schema < 180 {
		t.Fatalf("%+v (%v)", list, err)
	}
	if out := p.run("restore", "--list"); !strings.Contains(out, " UTC\t") || !strings.Contains(out, "\tgood\t"+file+"\n") {
		t.Errorf("the list:\n%s", out)
	}
	if out := p.says("doctor"); !strings.Contains(out, "ok   backups: the newest is ") || !strings.Contains(out, "0 erasures in the ledger") {
		t.Errorf("doctor:\n%s", out)
	}
	if err := os.Truncate(file, list.Bytes/2); err != nil {
		t.Fatal(err)
	}
	if out := p.run("restore", "--list", dir); !strings.Contains(out, "BAD: it is ") {
		t.Errorf("the list of a damaged one:\n%s", out)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  backups: the newest cannot be used") {
		t.Errorf("doctor on a damaged one:\n%s", out)
	}
	if err := os.Rename(file, backups.Folder{Dir: dir}.Path(when("2026-01-02T02:00:00Z"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "holiday.db"), []byte("a file of another program"), 0o600); err != nil {
		t.Fatal(err)
	}
	if out := p.run("restore", "--list"); strings.Contains(out, "holiday") {
		t.Errorf("somebody else's file is listed:\n%s", out)
	}
}

// What was erased after a backup is not in what is restored from it: a person,
// what somebody took away, and a site; whether the ledger says so or, with no
// folder of backups, the database that is replaced.
func TestARestoreDoesNotRaiseTheDead(t *testing.T) {
	for _, ledger := range []bool{true, false} {
		p := newProgram(t)
		dir, file := "", filepath.Join(t.TempDir(), "copy.db")
		if ledger {
			dir = keeping(p)
		}
		p.run("site", "add", "other", "--name", "Other", "--origin", "https://other.example")
		p.run("user", "add", "--site", "news", "--email", "bo@example.com", "--name", "Bo", "--password", testPassword)
		p.start()
		ann, bo := p.login("ann@example.com"), p.login("bo@example.com")
		root := p.post(ann, "a", "", "words of Ann's")
		p.post(bo, "a", root.ID, "an answer that stays")
		taken := p.post(bo, "a", "", "taken away")
		if ledger {
			if err := os.Remove(only(t, dir)); err != nil { // it was made before the comments
				t.Fatal(err)
			}
			p.kill()
			p.start()
			file = only(t, dir)
		} else {
			p.run("backup", file)
		}
		if a := p.do("DELETE", "/api/v1/comments/"+taken.ID, "", "Authorization", bo); a.status/100 != 2 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		p.kill()
		p.sql(`UPDATE withdrawals SET at = at - 120000`)
		p.sql(`UPDATE erasures SET at = at - 120000`)
		p.sql(`UPDATE accounts SET erase_at = 1, erase_text = 1 WHERE email = 'ann@example.com'`)
		p.start()
		eventually(t, "Ann is gone", func() bool {
			return !strings.Contains(string(p.do("GET", "/api/v1/comments/"+root.ID, "").body), "words of")
		})
		eventually(t, "and her account", func() bool { return !strings.Contains(p.says("user", "list"), "ann@example.com") })
		p.kill()
		p.run("site", "delete", "other", "--confirm", "other", "--now")
		if ledger { // the machine is gone; folder and key are what is left
			eventually(t, "the ledger says all of it", func() bool {
				l, err := backups.ReadLedger(filepath.Join(dir, backups.LedgerName))
				return err == nil && len(l.Erasures) == 4
			})
			for _, end := range []string{"", "-wal", "-shm"} {
				_ = os.Remove(p.database + end)
			}
		}
		out := p.run("restore", "--force", file)
		if !strings.Contains(out, "4 things were erased; 4 were in it and erased again") {
			t.Errorf("with a ledger %v:\n%s", ledger, out)
		}
		if b, err := os.ReadFile(p.database); err != nil || strings.Contains(string(b), "words of Ann's") {
			t.Errorf("her words stand in the file (%v)", err)
		}
		if list := p.run("site", "list"); strings.Contains(list, "other") {
			t.Errorf("the site is back: %s", list)
		}
		if list := p.run("user", "list"); strings.Contains(list, "ann@example.com") {
			t.Errorf("she is back: %s", list)
		}
		p.start()
		page := string(p.do("GET", "/api/v1/sites/news/comments?thread=a&view=flat", "").body)
		if strings.Contains(page, "words of") || strings.Contains(page, "taken away") || !strings.Contains(page, "an answer that stays") {
			t.Errorf("the page after the restore: %s", page)
		}
		p.kill()
		if again := p.run("restore", "--force", file); !strings.Contains(again, "4 were in it and erased again") {
			t.Errorf("a second time:\n%s", again)
		}
	}
}

// A ledger that is missing, damaged or another's is said, and nothing is
// replaced unless the operator goes on without it. So are a running server, a
// file of another program and a backup of a newer build.
func TestARestoreThatIsRefusedReplacesNothing(t *testing.T) {
	p := newProgram(t)
	dir := keeping(p)
	p.start()
	file := only(t, dir)
	if line := p.refused("restore", "--force", file); !strings.Contains(line, "the database is in use: stop the server first") {
		t.Errorf("beside a server: %s", line)
	}
	p.kill()
	ledger := filepath.Join(dir, backups.LedgerName)
	text, err := os.ReadFile(ledger)
	if err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(p.database)
	if err != nil {
		t.Fatal(err)
	}
	untouched := func(what string) {
		t.Helper()
		now, err := os.ReadFile(p.database)
		if err != nil || string(now) != string(before) {
			t.Errorf("%s: the database is another (%v)", what, err)
		}
		left, err := filepath.Glob(p.database + ".*")
		if err != nil || len(left) != 0 {
			t.Errorf("%s: left behind: %v (%v)", what, left, err)
		}
	}
	for what, c := range map[string]struct{ text, says string }{
		"missing": {"", "there is no ledger of erasures (parley-erasures.ledger) beside this backup"},
		"damaged": {"x" + string(text), "the ledger of erasures is damaged at line 1"},
		"torn":    {string(text) + "{", "its last line is cut short"},
	} {
		if err := os.Remove(ledger); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if c.text != "" {
			if err := os.WriteFile(ledger, []byte(c.text), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if line := p.refused("restore", "--force", file); !strings.Contains(line, c.says) || !strings.Contains(line, "--without-ledger") {
			t.Errorf("%s: %s", what, line)
		}
		untouched(what)
	}
	junk, newer := filepath.Join(dir, "junk.db"), filepath.Join(dir, "newer.db")
	if err := os.WriteFile(junk, []byte("a file of another program"), 0o600); err != nil {
		t.Fatal(err)
	}
	copied, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(newer, copied, 0o600); err != nil {
		t.Fatal(err)
	}
	q := &program{t: t, database: newer}
	q.sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	if line := p.refused("restore", "--force", junk); !strings.Contains(line, "it is not a Parley database") {
		t.Errorf("of another program: %s", line)
	}
	untouched("of another program")
	if line := p.refused("restore", "--force", newer); !strings.Contains(line, "newer version of Parley") {
		t.Errorf("of a newer build: %s", line)
	}
	untouched("of a newer build")
	if out := p.run("restore", "--force", "--without-ledger", file); !strings.Contains(out, "cut short") && !strings.Contains(out, "no ledger") && !strings.Contains(out, "damaged") {
		t.Errorf("without the ledger it does not say what that means:\n%s", out)
	}
	p.refused("restore")
	p.refused("restore", "--json", file)
}

// Mail that waited in a backup is held until the operator says what becomes of
// it; what comes after the restore leaves as ever.
func TestARestoreMailsNothingTwice(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo", "--password", testPassword, "--role", "moderator")
	relayed := "PARLEY_SMTP_URL=smtp://127.0.0.1:1?from=talk@news.example" // takes nothing: mail waits
	plain := p.env
	p.env = append(append([]string{}, plain...), relayed)
	p.start()
	ann := p.login("ann@example.com")
	p.post(ann, "a", "", "a comment that staff are told of")
	eventually(t, "mail waits", func() bool { return p.number(`SELECT count(*) FROM jobs WHERE kind = 'mail' AND failed IS NULL`) > 0 })
	p.sql(`UPDATE staff_news SET choice = 'each'`)
	file := filepath.Join(t.TempDir(), "copy.db")
	p.run("backup", file)
	p.kill()
	p.env = plain

	if out := p.run("restore", "--force", file); !strings.Contains(out, "Waiting in the backup: ") || !strings.Contains(out, "parley jobs send") {
		t.Errorf("restore:\n%s", out)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  jobs: held since a restore: ") {
		t.Errorf("doctor:\n%s", out)
	}
	if out := p.run("jobs", "held"); !strings.Contains(out, "Held since a restore: ") {
		t.Errorf("jobs held:\n%s", out)
	}
	p.log = &safeBuffer{}
	p.start()
	p.post(p.login("ann@example.com"), "a", "", "another one, after the restore")
	eventually(t, "staff hear of the new comment", func() bool { return strings.Contains(p.log.String(), "another one, after the restore") })
	if log := p.log.String(); strings.Contains(log, "a comment that staff are told of") {
		t.Errorf("what waited in the backup was sent:\n%s", log)
	}
	p.run("jobs", "send")
	eventually(t, "what was held is sent", func() bool { return strings.Contains(p.log.String(), "a comment that staff are told of") })
	if line := p.refused("jobs", "send"); !strings.Contains(line, "nothing is held") {
		t.Errorf("again: %s", line)
	}
	p.kill()

	if out := p.run("restore", "--force", "--pending", "drop", file); !strings.Contains(out, "they were dropped") {
		t.Errorf("drop:\n%s", out)
	}
	if n := p.number(`SELECT count(*) FROM jobs`); n != 0 {
		t.Errorf("%d jobs are left", n)
	}
	if out := p.run("jobs", "held"); !strings.Contains(out, "Nothing is held") {
		t.Errorf("%s", out)
	}
	if out := p.run("restore", "--force", "--pending", "send", file); !strings.Contains(out, "they leave with the next start") {
		t.Errorf("send:\n%s", out)
	}
	if n := p.number(`SELECT count(*) FROM jobs WHERE failed IS NULL`); n == 0 {
		t.Error("nothing waits to be sent")
	}
}

// number asks a program's database for one.
func (p *program) number(query string) (n int) {
	p.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+p.database+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	if err := db.QueryRow(query).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// A copy to try things on says at its start and by the doctor that nothing
// leaves, and no relay is asked.
func TestAStagingCopyStaysByItself(t *testing.T) {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo", "--password", testPassword, "--role", "moderator")
	relay, at := newMailRelay(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+at, "PARLEY_OUTBOUND=off")
	p.start()
	if !strings.Contains(p.log.String(), "outbound is off: no mail leaves") {
		t.Errorf("the start does not say it:\n%s", p.log)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  outbound: is off") || strings.Contains(out, "the relay") {
		t.Errorf("doctor:\n%s", out)
	}
	p.post(p.login("ann@example.com"), "a", "", "a comment that staff are told of")
	eventually(t, "the mail is in the log", func() bool { return strings.Contains(p.log.String(), "a comment that staff are told of") })
	relay.mu.Lock()
	defer relay.mu.Unlock()
	if len(relay.mail) != 0 {
		t.Errorf("mail has left: %v", relay.mail)
	}
}

// Two servers do not share a folder: the second is refused in one line, and so
// is one whose folder holds the backups of another database. A folder that
// cannot be made is said, and comments go on.
func TestAFolderOfBackupsIsOneServersOwn(t *testing.T) {
	p, q := newProgram(t), newEmptyProgram(t)
	dir := keeping(p)
	q.env = append(q.env, "PARLEY_BACKUP_DIR="+dir)
	q.run("site", "add", "mine", "--name", "Mine", "--origin", testOrigin)
	p.start()
	only(t, dir)
	if line := q.refused("serve"); !strings.Contains(line, "backup-dir: "+dir) || !strings.Contains(line, "another server keeps its backups there") {
		t.Errorf("while the other runs: %s", line)
	}
	p.kill()
	if line := q.refused("serve"); !strings.Contains(line, "another database") {
		t.Errorf("with its backups there: %s", line)
	}
	if line := q.refused("serve", "--backup-hour", "24"); !strings.Contains(line, "backup-hour: must be") {
		t.Errorf("%s", line)
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.env = append(p.env, "PARLEY_BACKUP_DIR="+filepath.Join(file, "backups"))
	p.log = &safeBuffer{}
	p.start()
	p.post(p.login("ann@example.com"), "a", "", "posted all the same")
	if n := strings.Count(p.log.String(), "backup-dir: "); n != 1 {
		t.Errorf("it is said %d times:\n%s", n, p.log)
	}
	if a := p.do("GET", "/readyz", ""); a.status != 200 {
		t.Errorf("/readyz: %d", a.status)
	}
	if out := p.says("doctor"); !strings.Contains(out, "BAD  backup-dir: ") {
		t.Errorf("doctor:\n%s", out)
	}
}

// A backup onto a disk that is too small writes nothing there, says so once, and
// the server goes on.
func TestABackupOntoAFullDisk(t *testing.T) {
	p := newProgram(t)
	dir := t.TempDir()
	p.env = append(p.env, "PARLEY_BACKUP_DIR="+dir, "PARLEY_BACKUP_HOUR=0")
	bin, err := p.bin()
	if err != nil {
		t.Fatal(err)
	}
	flags := []string{"--mount", "--propagation", "private"}
	if os.Geteuid() != 0 {
		flags = append(flags, "--user", "--map-root-user")
	}
	p.launch(exec.Command("unshare", append(flags, "sh", "-c", fmt.Sprintf("set -e\nmount -t tmpfs -o size=1m tmpfs %s\nexec %s serve", dir, bin))...))
	eventually(t, "it is said", func() bool { return strings.Contains(p.log.String(), "no backup was made: it may need") })
	p.post(p.login("ann@example.com"), "a", "", "posted all the same")
	there, err := os.ReadDir(fmt.Sprintf("/proc/%d/root%s", p.cmd.Process.Pid, dir))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range there {
		if strings.HasSuffix(e.Name(), ".db") || strings.HasSuffix(e.Name(), ".part") {
			t.Errorf("%s was written", e.Name())
		}
	}
	if n := strings.Count(p.log.String(), "no backup was made"); n != 1 {
		t.Errorf("said %d times:\n%s", n, p.log)
	}
}

// A backup or a restore by hand onto a disk that is too small says so in one
// line, and leaves nothing there.
func TestAFullDiskByHand(t *testing.T) {
	p := newProgram(t)
	file := filepath.Join(t.TempDir(), "copy.db")
	p.run("backup", file)
	bin, err := p.bin()
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ run, says string }{
		"backup":  {bin + " backup DIR/copy.db", "no backup was made: "},
		"restore": {"PARLEY_DATABASE=sqlite:DIR/parley.db " + bin + " restore " + file, "nothing was replaced: the restore needs "},
	} {
		dir := t.TempDir()
		flags := []string{"--mount", "--propagation", "private"}
		if os.Geteuid() != 0 {
			flags = append(flags, "--user", "--map-root-user")
		}
		cmd := exec.Command("unshare", append(flags, "sh", "-c", fmt.Sprintf("mount -t tmpfs -o size=300k tmpfs %s\n%s; echo ended with $?; ls -A %s", dir, strings.ReplaceAll(c.run, "DIR", dir), dir))...)
		cmd.Env = p.env
		out, err := cmd.CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err != nil || len(lines) != 2 || !strings.Contains(lines[0], c.says) || lines[1] != "ended with 1" {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

// What a new build would do is said before it does it, and an older build is
// refused the newer database in one line.
func TestAnUpgradeIsSaidFirst(t *testing.T) {
	p := newProgram(t)
	if out := p.run("upgrade", "--check"); !strings.Contains(out, "Nothing is to be done") {
		t.Errorf("of this build:\n%s", out)
	}
	p.refused("upgrade")
	p.sql(`DELETE FROM goose_db_version WHERE version_id >= 167`) // what the program reads of an older one
	out := p.run("upgrade", "--check")
	if !strings.Contains(out, "  0180  ") || !strings.Contains(out, "What was erased for good, by its id") || !strings.Contains(out, "it is the only way back") {
		t.Errorf("of an older build:\n%s", out)
	}
	var plan struct {
		Schema int
		Back   bool
		Steps  []struct {
			Version int
			What    string
		}
	}
	if err := json.Unmarshal([]byte(p.run("upgrade", "--check", "--json")), &plan); err != nil || plan.Schema != 166 || plan.Back || len(plan.Steps) < 2 || plan.Steps[0].Version != 167 {
		t.Errorf("%+v (%v)", plan, err)
	}
	p.sql(`INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, 1)`)
	for _, args := range [][]string{{"serve"}, {"upgrade", "--check"}, {"site", "list"}} {
		if line := p.refused(args...); !strings.Contains(line, "the database was made by a newer version of Parley") {
			t.Errorf("%v: %s", args, line)
		}
	}
}

// The key that seals a backup's secrets is asked for before anything is replaced.
func TestARestoreSaysThatTheKeyIsAnother(t *testing.T) {
	p := newProgram(t)
	p.run("sso", "key", "news")
	dir := t.TempDir()
	file := filepath.Join(dir, "copy.db")
	p.run("backup", file)
	if err := os.Remove(filepath.Join(filepath.Dir(p.database), "parley.key")); err != nil {
		t.Fatal(err)
	}
	out := p.run("restore", "--force", file)
	key, replaced := strings.Index(out, "The key that seals 1 secret of this backup is not at hand"), strings.Index(out, "The database that was there is now")
	if key < 0 || replaced < 0 || key > replaced {
		t.Errorf("restore without the key:\n%s", out)
	}
	q := newProgram(t)
	q.run("sso", "key", "news")
	if out := q.run("restore", "--force", file); !strings.Contains(out, "is not the key that seals 1 secret of this backup") {
		t.Errorf("with another:\n%s", out)
	}
}
