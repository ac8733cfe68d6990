package systemtest

import (
	"bufio"
	"bytes"
	"database/sql"
	"fmt"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sentImport is what these tests read of an import of the dashboard.
type sentImport struct {
	ID, State, Why, Source string
	Received               int64
	Next                   int64 `json:"next_part"`
	File, Undoing          bool
	Added                  struct{ Threads, Comments, People int }
	Progress               *struct {
		Job         string
		Done, Total int64
	}
	Report *struct {
		Threads, Comments, People, Known, Joined int
		Statuses                                 map[string]int
		Hosts                                    []string `json:"foreign_hosts"`
		At                                       []struct {
			Host            string
			Pages, Comments int
		} `json:"hosts"`
		Joins   []struct{ Key string }
		Skipped []struct {
			Why   string
			Count int
			First []struct{ ID, Why string }
		}
	}
	Undo *struct {
		Comments int
		Stayed   struct{ Comments int }
		Stays    []struct{ What, Why string }
	}
}

const importsPath = "/api/v1/sites/news/imports"

// export is a file of our own format: comments on pages of a host, one of them
// without a thread.
func exportOf(comments int, host string) string {
	var b strings.Builder
	w := bufio.NewWriter(&b)
	fmt.Fprintln(w, `{"type":"header","parley":1,"site":"old"}`)
	fmt.Fprintf(w, `{"type":"thread","id":"t","key":"%[1]s/long","url":"%[1]s/long","title":"A long one","state":"open"}`+"\n", host)
	fmt.Fprintln(w, `{"type":"person","id":"p","name":"Somebody"}`)
	for i := range comments {
		fmt.Fprintf(w, `{"type":"comment","id":"c%d","thread":"t","person":"p","parent":"","body":"number %d of the file","status":"published","created_at":"2024-01-01T00:00:00Z"}`+"\n", i, i)
	}
	fmt.Fprintf(w, `{"type":"comment","id":"lost","thread":"nowhere","person":"p","parent":"","body":"lost","status":"published","created_at":"2024-01-01T00:00:00Z"}`+"\n")
	fmt.Fprintf(w, `{"type":"end","threads":1,"people":1,"comments":%d}`+"\n", comments+1)
	_ = w.Flush()
	return b.String()
}

// sender sends files as an admin.
type sender struct {
	*program
	token string
}

func (s sender) call(method, path, body string, want int, header ...string) (im sentImport) {
	s.t.Helper()
	a := s.do(method, importsPath+path, body, append([]string{"Authorization", s.token}, header...)...)
	if a.status != want {
		s.t.Fatalf("%s imports%s answers %d, want %d: %s", method, path, a.status, want, a.body)
	}
	if want < 300 && want != http.StatusNoContent {
		a.into(s.t, &im)
	}
	return im
}

func (s sender) begin(name string, size int) string {
	s.t.Helper()
	return s.call("POST", "", fmt.Sprintf(`{"name":%q,"size":%d}`, name, size), http.StatusCreated).ID
}

func (s sender) part(id string, n int, body string, want int) sentImport {
	s.t.Helper()
	return s.call("PUT", fmt.Sprintf("/%s/parts/%d", id, n), body, want, "Content-Type", "application/octet-stream")
}

func (s sender) send(id, file string, part int) {
	s.t.Helper()
	for n := 1; len(file) > 0; n++ {
		size := min(part, len(file))
		s.part(id, n, file[:size], http.StatusOK)
		file = file[size:]
	}
}

// until waits for a state; where it has failed it says why.
func (s sender) until(id, state string) (im sentImport) {
	s.t.Helper()
	// Longer than eventually waits: after a kill the work is taken over when its
	// runner has been silent for a while, and beside others it has little of the machine.
	for end := time.Now().Add(2 * time.Minute); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		im = s.call("GET", "/"+id, "", http.StatusOK)
		if im.State == "failed" && state != "failed" && !im.Undoing {
			s.t.Fatalf("it failed: %s\n%s", im.Why, s.log)
		}
		if im.State == state && im.Progress == nil {
			return im
		}
	}
	s.t.Fatalf("it is not %s: %+v\n%s", state, im, s.log)
	return im
}

// left are the files that lie beside the database.
func (s sender) left() (names []string) {
	files, _ := os.ReadDir(filepath.Join(filepath.Dir(s.database), "imports"))
	for _, f := range files {
		info, err := f.Info()
		if err == nil && info.Mode().Perm() != 0o600 {
			s.t.Errorf("%s may be read by others: %v", f.Name(), info.Mode())
		}
		names = append(names, f.Name())
	}
	return names
}

func (s sender) nothingLeft() {
	s.t.Helper()
	eventually(s.t, "no file of an import is left", func() bool { return len(s.left()) == 0 })
}

// newSender is a running program and one of its admins.
func newSender(t *testing.T) sender {
	p := newProgram(t)
	p.run("user", "add", "--site", "news", "--email", "ad@example.com", "--name", "Ada Admin", "--password", testPassword, "--role", "admin")
	p.start()
	return sender{p, p.login("ad@example.com")}
}

// A file goes all the way: parts, report, another way to read it, the comments on
// the page, and none of it.
func TestAnImportByTheDashboard(t *testing.T) {
	parallel(t)
	s := newSender(t)
	file := exportOf(3000, "https://old.example")
	id := s.begin("../../etc/old\u202egnp.jsonl", len(file))
	if got := s.call("GET", "/"+id, "", 200); got.State != "reading" || got.Received != 0 || got.Next != 1 || !got.File {
		t.Errorf("before the first part: %+v", got)
	}
	s.call("POST", "", `{"name":"b","size":9}`, http.StatusConflict)              // one at a time
	s.call("POST", "/"+id+"/apply", "", http.StatusConflict)                      // nothing to apply
	s.part(id, 2, file[:100<<10], http.StatusConflict)                            // out of order
	s.part(id, 1, file[:100], http.StatusUnprocessableEntity)                     // too short to be one of many
	s.part(id, 1, file+"more", http.StatusUnprocessableEntity)                    // longer than was said
	s.call("PUT", "/"+id+"/parts/1", "{}", http.StatusUnsupportedMediaType)       // no file
	s.part(id, 1, strings.Repeat("x", 8<<20+1), http.StatusRequestEntityTooLarge) // too large
	if got := s.part(id, 1, file[:100<<10], 200); got.Received != 100<<10 || got.Next != 2 {
		t.Errorf("after the first part: %+v", got)
	}
	s.part(id, 1, file[:100<<10], 200) // again
	s.part(id, 1, file[:90<<10], http.StatusUnprocessableEntity)
	s.part(id, 2, file[100<<10:200<<10], 200)
	s.kill() // an upload goes on after a restart
	s.start()
	if got := s.call("GET", "/"+id, "", 200); got.Received != 200<<10 || got.Next != 3 {
		t.Errorf("after a restart: %+v", got)
	}
	rest := file[200<<10:]
	for n := 3; len(rest) > 0; n++ {
		size := min(100<<10, len(rest))
		s.part(id, n, rest[:size], 200)
		rest = rest[size:]
	}
	got := s.until(id, "ready")
	if r := got.Report; r == nil || r.Threads != 1 || r.Comments != 3000 || r.People != 1 || r.Statuses["published"] != 3000 || len(r.Hosts) != 1 || r.At[0].Host != "old.example" || r.At[0].Comments != 3000 ||
		len(r.Skipped) != 1 || r.Skipped[0].Count != 1 || r.Skipped[0].First[0].ID != "lost" || got.Source != "parley" {
		t.Fatalf("the report is %+v", got.Report)
	}
	if a := s.do("GET", importsPath+"/"+id+"/skipped.csv", "", "Authorization", s.token); a.status != 200 || !strings.Contains(string(a.body), "lost,") {
		t.Errorf("what is skipped: %d %s", a.status, a.body)
	}
	s.call("PATCH", "/"+id, `{"map_host":{"old.example":"not a host"}}`, http.StatusUnprocessableEntity)
	s.call("PATCH", "/"+id, `{"format":"unheard"}`, http.StatusUnprocessableEntity)
	s.call("PATCH", "/"+id, `{"map_host":{"old.example":"`+testOrigin+`"}}`, http.StatusOK)
	if got = s.until(id, "ready"); len(got.Report.Hosts) != 0 || got.Report.Comments != 3000 {
		t.Fatalf("after the host was named: %+v", got.Report)
	}
	s.call("POST", "/"+id+"/apply", "", http.StatusAccepted)
	if a := s.do("DELETE", importsPath+"/"+id, "", "Authorization", s.token); a.status != http.StatusConflict && s.call("GET", "/"+id, "", 200).State != "done" {
		t.Errorf("thrown away while it is applied: %d %s", a.status, a.body)
	}
	if got = s.until(id, "done"); got.Added.Comments != 3000 || got.Report.Comments != 3000 || got.File {
		t.Fatalf("after it was applied: %+v", got)
	}
	s.nothingLeft()
	s.call("POST", "/"+id+"/apply", "", http.StatusConflict)
	s.call("GET", "/"+id+"/skipped.csv", "", http.StatusConflict)
	s.call("PATCH", "/"+id, `{"format":"auto"}`, http.StatusConflict)
	if th := s.page("thread=" + testOrigin + "/long").Thread; th == nil || th.CommentCount != 3000 {
		t.Fatalf("the page has %+v", th)
	}
	s.post(s.login("ann@example.com"), testOrigin+"/long", s.page("thread=" + testOrigin + "/long").Comments[0].ID, "an answer of today")
	plan := s.do("GET", importsPath+"/"+id+"/undo", "", "Authorization", s.token)
	if !strings.Contains(string(plan.body), `"comments":2999`) || !strings.Contains(string(plan.body), "somebody has replied to it") {
		t.Errorf("the plan of its undo: %s", plan.body)
	}
	if got := s.call("DELETE", "/"+id, "", http.StatusAccepted); !got.Undoing && got.State != "undone" {
		t.Errorf("its undo: %+v", got)
	}
	if got = s.until(id, "undone"); got.Undo == nil || got.Undo.Comments != 2999 || got.Undo.Stayed.Comments != 1 {
		t.Fatalf("after its undo: %+v", got.Undo)
	}
	s.call("DELETE", "/"+id, "", http.StatusConflict)
	if th := s.page("thread=" + testOrigin + "/long").Thread; th == nil || th.CommentCount != 2 {
		t.Errorf("the page has %+v", th)
	}
	audit := s.do("GET", "/api/v1/sites/news/moderation/audit", "", "Authorization", s.token)
	for _, want := range []string{`"action":"import"`, `"action":"undo import"`, `"by":"Ada Admin"`, "3000 comments", "2999 comments"} {
		if !strings.Contains(string(audit.body), want) {
			t.Errorf("the audit log lacks %s: %s", want, audit.body)
		}
	}
	list := s.do("GET", importsPath+"?limit=1", "", "Authorization", s.token)
	if !strings.Contains(string(list.body), `"name":"oldgnp.jsonl"`) || !strings.Contains(string(list.body), `"by":"Ada Admin"`) || strings.Contains(string(list.body), "etc") {
		t.Errorf("the list is %s", list.body)
	}
}

// Others than admins neither see imports nor send files, large bodies least of all.
func TestOnlyAdminsImport(t *testing.T) {
	parallel(t)
	s := newSender(t)
	s.run("user", "add", "--site", "news", "--email", "mo@example.com", "--name", "Mo Moderator", "--password", testPassword, "--role", "moderator")
	id := s.begin("a.jsonl", 2<<20)
	for who, header := range map[string][]string{"nobody": nil, "a member": {"Authorization", s.login("ann@example.com")}, "a moderator": {"Authorization", s.login("mo@example.com")}} {
		for _, call := range [][2]string{{"GET", ""}, {"POST", ""}, {"GET", "/" + id}, {"PATCH", "/" + id}, {"POST", "/" + id + "/apply"}, {"POST", "/" + id + "/stop"}, {"DELETE", "/" + id}, {"GET", "/" + id + "/undo"}, {"GET", "/" + id + "/skipped.jsonl"}} {
			if a := s.do(call[0], importsPath+call[1], "", header...); a.status != 401 && a.status != 403 {
				t.Errorf("%s: %s %s answers %d", who, call[0], call[1], a.status)
			}
		}
		a, err := s.try("PUT", importsPath+"/"+id+"/parts/1", strings.Repeat("x", 2<<20), append([]string{"Content-Type", "application/octet-stream"}, header...)...)
		if err == nil && a.status != http.StatusRequestEntityTooLarge {
			t.Errorf("%s: a large part answers %d, want it unread", who, a.status)
		}
	}
	other := s.do("GET", "/api/v1/sites/nowhere/imports/"+id, "", "Authorization", s.token)
	if other.status != http.StatusNotFound {
		t.Errorf("of another site: %d", other.status)
	}
	s.part(id, 1, strings.Repeat("x", 1<<20), http.StatusOK)
	s.call("DELETE", "/"+id, "", http.StatusNoContent)
	s.call("GET", "/"+id, "", http.StatusNotFound)
	s.nothingLeft()
	a := s.do("POST", importsPath, `{"name":"huge","size":900000000000000}`, "Authorization", s.token)
	if a.status != http.StatusRequestEntityTooLarge || !strings.Contains(string(a.body), "there is room for") {
		t.Errorf("a file that no disk has room for: %d %s", a.status, a.body)
	}
}

// A file that is not good to its end leaves nothing behind, and says what is wrong.
func TestABrokenFileIsNotImported(t *testing.T) {
	parallel(t)
	s := newSender(t)
	whole := exportOf(10, testOrigin)
	for want, file := range map[string]string{
		"Line 13":           whole[:len(whole)-200],
		"choose the system": "nothing that anybody knows\n",
		"cannot be read":    "\x1f\x8b\x08 broken",
	} {
		var b bytes.Buffer
		w := multipart.NewWriter(&b)
		f, _ := w.CreateFormFile("file", "small.jsonl")
		_, _ = f.Write([]byte(file))
		_ = w.WriteField("map_host", "old.example=new.example")
		_ = w.Close()
		id := s.call("POST", "", b.String(), http.StatusCreated, "Content-Type", w.FormDataContentType()).ID
		got := s.until(id, "failed")
		if !strings.Contains(got.Why, want) || strings.Contains(got.Why, "/") || got.File || got.Added.Comments != 0 {
			t.Errorf("%q: %+v", want, got)
		}
		s.nothingLeft()
		s.call("POST", "/"+id+"/apply", "", http.StatusConflict)
		s.call("DELETE", "/"+id, "", http.StatusNoContent)
	}
}

// Whatever the server was at when it was killed, it goes on with: reading begins
// anew, applying and undoing under the same number. Stopped is stopped.
func TestAnImportGoesOnAfterAKill(t *testing.T) {
	parallel(t)
	const many = 8_000
	s := newSender(t)
	file := exportOf(many, testOrigin)
	id := s.begin("long.jsonl", len(file))
	s.send(id, file, 1<<20)
	s.kill() // while it reads, or just after
	s.start()
	s.until(id, "ready")
	underWay := func(job string) {
		t.Helper()
		eventually(t, job+" is under way", func() bool {
			im := s.call("GET", "/"+id, "", 200)
			if im.Progress == nil {
				t.Fatalf("it ended before anybody looked: %+v", im)
			}
			return im.Progress.Job == job && im.Progress.Done > 0 && im.Progress.Done < im.Progress.Total
		})
	}
	s.call("POST", "/"+id+"/apply", "", http.StatusAccepted)
	underWay("apply")
	s.call("POST", "/"+id+"/apply", "", http.StatusConflict)
	s.call("DELETE", "/"+id, "", http.StatusConflict)
	s.call("POST", "", `{"name":"b","size":9}`, http.StatusConflict)
	if got := s.call("POST", "/"+id+"/stop", "", http.StatusOK); got.State != "failed" || got.Why != "It was stopped." || !got.File || got.Added.Comments == 0 {
		t.Fatalf("stopped: %+v", got)
	}
	s.call("POST", "/"+id+"/stop", "", http.StatusConflict)
	s.kill()
	s.start()
	if got := s.call("GET", "/"+id, "", 200); got.State != "failed" || got.Progress != nil {
		t.Fatalf("what was stopped went on by itself: %+v", got)
	}
	s.call("POST", "/"+id+"/apply", "", http.StatusAccepted)
	underWay("apply")
	s.kill()
	s.start()
	if got := s.until(id, "done"); got.Added.Comments != many || got.Report.Comments != many || got.Report.Known != 0 {
		t.Fatalf("after a kill: %+v", got)
	}
	s.nothingLeft()
	if n := s.page("thread=" + testOrigin + "/long").Thread.CommentCount; n != many {
		t.Fatalf("the page has %d comments", n)
	}
	s.call("DELETE", "/"+id, "", http.StatusAccepted)
	s.kill()
	s.start()
	if got := s.until(id, "undone"); got.Undo.Comments != many {
		t.Fatalf("undone: %+v", got)
	}
	if th := s.page("thread=" + testOrigin + "/long").Thread; th != nil {
		t.Errorf("the page has %+v", th)
	}
}

// What a command brought is in the list, and can be taken back there; one that was
// killed is no longer at work.
func TestTheDashboardUndoesWhatACommandBrought(t *testing.T) {
	parallel(t)
	s := newSender(t)
	file := filepath.Join(t.TempDir(), "by-command.jsonl")
	if err := os.WriteFile(file, []byte(exportOf(50, testOrigin)), 0o600); err != nil {
		t.Fatal(err)
	}
	id := fmt.Sprint(s.imported("--site", "news", "--format", "parley", file).Import)
	if got := s.until(id, "done"); got.File || got.Report != nil || got.Added.Comments != 50 {
		t.Fatalf("%+v", got)
	}
	s.sql(`UPDATE imports SET state = 'applying', runner = x'01', beat = ?1 WHERE id = ?2`, time.Now().UnixMilli(), id)
	s.call("DELETE", "/"+id, "", http.StatusConflict)
	s.sql(`UPDATE imports SET beat = beat - 60000 WHERE id = ?1`, id)
	if got := s.until(id, "failed"); got.Why != "It was cut short." {
		t.Fatalf("%+v", got)
	}
	s.call("GET", "/"+id+"/undo", "", http.StatusOK)
	s.call("DELETE", "/"+id, "", http.StatusAccepted)
	if got := s.until(id, "undone"); got.Undo.Comments != 50 {
		t.Fatalf("%+v", got)
	}
}

// What people are known by comes in with an import of the dashboard as with the
// command's: they can claim what they wrote.
func TestPeopleOfAnImportOfTheDashboardCanClaim(t *testing.T) {
	parallel(t)
	s := newSender(t)
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	f, _ := w.CreateFormFile("file", "wordpress.xml")
	_, _ = f.Write([]byte(claimedExport))
	_ = w.Close()
	id := s.call("POST", "", b.String(), http.StatusCreated, "Content-Type", w.FormDataContentType()).ID
	s.until(id, "ready")
	s.call("POST", "/"+id+"/apply", "", http.StatusAccepted)
	s.until(id, "done")
	db, err := sql.Open("sqlite3", "file:"+s.database+"?mode=ro")
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var marks int
	if err := db.QueryRow(`SELECT count(*) FROM author_marks`).Scan(&marks); err != nil || marks == 0 {
		t.Errorf("%d people can claim, %v", marks, err)
	}
}
