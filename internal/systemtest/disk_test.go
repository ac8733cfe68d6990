package systemtest

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

const ballast = 2 << 20 // what is thrown off the full disk to make room

// TestAFullDisk is a small file system of the program's own: posts are refused
// with a 503 when it is full, what was acknowledged is there, reading goes on,
// and with room again so does writing. What fills it is the database and not
// the log: that would have to go into the database first, for which there
// would be no room.
func TestAFullDisk(t *testing.T) {
	for _, size := range []int64{6 << 20, 24 << 20} {
		t.Run(fmt.Sprintf("%d MB", size>>20), func(t *testing.T) { fillDisk(t, size) })
	}
}

func fillDisk(t *testing.T, size int64) {
	p := newEmptyProgram(t)
	bin, err := p.bin()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	// A mount name space of its own: nobody else sees the disk, and it goes with the process.
	flags := []string{"--mount", "--propagation", "private"}
	if os.Geteuid() != 0 {
		flags = append(flags, "--user", "--map-root-user")
	}
	script := fmt.Sprintf(`set -e
mount -t tmpfs -o size=%d tmpfs %s
head -c %d /dev/zero > %s/ballast
%s site add news --name News --origin %s --hold none
%s user add --site news --email ann@example.com --name "Ann Lee" --password %q
exec %s serve`, size, dir, ballast, dir, bin, testOrigin, bin, testPassword, bin)
	p.env = append(p.env, "PARLEY_DATABASE=sqlite:"+filepath.Join(dir, "parley.db"))
	p.launch(exec.Command("unshare", append(flags, "sh", "-c", script)...))
	ann := p.login("ann@example.com")
	words := strings.Repeat("words and more words ", 140)
	var mu sync.Mutex
	acked, refused := map[string]bool{}, 0
	for round := 0; refused < 20; round++ {
		if round > 1000 {
			t.Fatalf("%d posts fit on the disk: it never filled", len(acked))
		}
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				b, _ := json.Marshal(map[string]string{"thread": "a", "body": fmt.Sprint(round, w, words)[:2900]})
				a := p.do("POST", "/api/v1/sites/news/comments", string(b), "Authorization", ann)
				mu.Lock()
				defer mu.Unlock()
				switch a.status {
				case 201:
					var out struct{ Comment comment }
					if err := json.Unmarshal(a.body, &out); err != nil {
						t.Error(err)
					}
					acked[out.Comment.ID] = true
				case 503:
					refused++
					if a.header.Get("Retry-After") == "" {
						t.Error("a 503 without Retry-After")
					}
				default:
					t.Errorf("a full disk answers %d %s", a.status, a.body)
				}
			})
		}
		wg.Wait()
	}
	root := fmt.Sprintf("/proc/%d/root%s/", p.cmd.Process.Pid, dir)
	used := map[string]int64{}
	for _, name := range []string{"parley.db", "parley.db-wal"} {
		fi, err := os.Stat(root + name)
		if err != nil {
			t.Fatal(err)
		}
		used[name] = fi.Size()
	}
	t.Logf("%d acknowledged, %d refused, %v", len(acked), refused, used)
	assets := int64(0) // builds of the front end are kept beside the database
	if err := filepath.WalkDir(root+"assets", func(_ string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			var fi fs.FileInfo
			if fi, err = e.Info(); err == nil {
				assets += fi.Size()
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if db := used["parley.db"]; db < (size-ballast-assets)/2 {
		t.Errorf("the disk of %d bytes is full with a database of %d", size, db)
	}
	for id := range acked {
		if a := p.do("GET", "/api/v1/comments/"+id, ""); a.status != 200 {
			t.Fatalf("%s was acknowledged and reads as %d", id, a.status)
		}
	}
	if n := p.page("thread=a").Thread.CommentCount; n != len(acked) {
		t.Errorf("the thread counts %d, acknowledged were %d", n, len(acked))
	}
	if a := p.do("GET", "/readyz", ""); a.status != 200 || !strings.Contains(string(a.body), "read only") {
		t.Errorf("/readyz on a full disk: %d %q", a.status, a.body)
	}
	if n := strings.Count(p.log.String(), "ERROR"); n == 0 || n > 6 { // a kind of them a minute
		t.Errorf("%d lines of errors for %d refused posts:\n%s", n, refused, p.log)
	}
	if err := os.Remove(root + "ballast"); err != nil {
		t.Fatal(err)
	}
	p.post(ann, "a", "", "there is room again")
	if a := p.do("GET", "/readyz", ""); string(a.body) != "ready\n" {
		t.Errorf("/readyz with room again: %q", a.body)
	}
}
