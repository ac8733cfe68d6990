package systemtest

import (
	"strings"
	"testing"
)

type serverState struct {
	Version   string
	Sites     []struct{ Key string }
	Operators []struct {
		Email string
		You   bool
	}
	Mail struct {
		Relay                 bool
		Waiting, Failed, Held int
		Sent                  int `json:"sent_last_day"`
	}
	Disk struct {
		Bytes int64
		Free  int64 `json:"free_bytes"`
	}
	Backups struct {
		Folder, Trouble string
		File            string `json:"newest_file"`
		Good            bool
	}
}

// Operators see how the whole server stands, and have what failed tried again;
// nobody else does.
func TestOperatorsSeeTheServer(t *testing.T) {
	d := newDesk(t)
	d.kill()
	dir := keeping(d.program)
	d.start()
	d.makeOperator(t, "mo@example.com")
	const at = "/api/v1/server"
	for _, who := range []string{d.ad, d.ann, ""} {
		if a := d.do("GET", at, "", "Authorization", who); a.status != 401 && a.status != 403 {
			t.Errorf("%q sees the server: %d", who, a.status)
		}
	}
	see := func() (v serverState) {
		t.Helper()
		a := d.do("GET", at, "", "Authorization", d.mo)
		if a.status != 200 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		a.into(t, &v)
		return v
	}
	eventually(t, "the first backup is made", func() bool { return see().Backups.File != "" })
	v := see()
	if !strings.HasPrefix(v.Version, "dev") || len(v.Sites) != 1 || v.Sites[0].Key != "news" || v.Disk.Bytes == 0 || v.Disk.Free <= 0 || v.Mail.Relay {
		t.Errorf("the server: %+v", v)
	}
	if v.Backups.Folder != dir || !v.Backups.Good || v.Backups.Trouble != "" {
		t.Errorf("its backups: %+v", v.Backups)
	}

	if out := d.run("site", "set", "news", "--staff-second"); !strings.Contains(out, "No admin of news has a passkey") {
		t.Errorf("nobody has one, and the command says %q", out)
	}
	eventually(t, "a site that asks its team for a second factor asks operators too", func() bool {
		a := d.do("GET", at, "", "Authorization", d.mo)
		return a.status == 403 && strings.Contains(string(a.body), "second_factor")
	})
	d.run("site", "set", "news", "--no-staff-second")
	eventually(t, "and no more", func() bool { return d.do("GET", at, "", "Authorization", d.mo).status == 200 })

	d.sql(`INSERT INTO jobs (id, kind, payload, run_at, failed, created, attempts) VALUES (7, 'mail', '{"template":"nothing","to":"ann@example.com"}', 1, 'the relay refused it', 1, 8), (8, 'mail', '{}', 1, 'the relay refused it', 1, 8)`)
	if v := see(); v.Mail.Failed != 2 {
		t.Errorf("%d failed", v.Mail.Failed)
	}
	a := d.do("GET", at+"/jobs", "", "Authorization", d.mo)
	var list struct {
		Jobs []struct{ ID, Kind, Why string }
	}
	a.into(t, &list)
	if len(list.Jobs) != 2 || list.Jobs[0].Why != "the relay refused it" || strings.Contains(string(a.body), "ann@") {
		t.Errorf("what failed: %s", a.body)
	}
	id := list.Jobs[0].ID
	if a := d.do("POST", at+"/jobs/"+id+"/retry", "", "Authorization", d.ad); a.status != 403 {
		t.Errorf("an admin retries: %d", a.status)
	}
	if a := d.do("DELETE", at+"/jobs/"+id, "", "Authorization", d.mo); a.status != 204 {
		t.Errorf("forget: %d %s", a.status, a.body)
	}
	if a := d.do("POST", at+"/jobs/"+id+"/retry", "", "Authorization", d.mo); a.status != 404 {
		t.Errorf("retry one that is gone: %d", a.status)
	}
	if a := d.do("POST", at+"/jobs/retry", "", "Authorization", d.mo); a.status != 200 || !strings.Contains(string(a.body), `"retried":1`) {
		t.Errorf("retry the rest: %d %s", a.status, a.body)
	}

	set := func(email, on string) answer {
		return d.do("PUT", at+"/operators", `{"email":"`+email+`","on":`+on+`}`, "Authorization", d.mo)
	}
	if a := set("mo@example.com", "false"); a.status != 409 || !strings.Contains(string(a.body), "last_operator") {
		t.Errorf("the last one: %d %s", a.status, a.body)
	}
	if a := set("nobody@example.com", "true"); a.status != 422 || !strings.Contains(string(a.body), `"field":"email"`) {
		t.Errorf("nobody: %d %s", a.status, a.body)
	}
	if a := set("ad@example.com", "true"); a.status != 200 {
		t.Errorf("another: %d %s", a.status, a.body)
	}
	if v := see(); len(v.Operators) != 2 {
		t.Errorf("the operators: %+v", v.Operators)
	}
	if a := set("mo@example.com", "false"); a.status != 403 && a.status != 200 {
		t.Errorf("himself: %d %s", a.status, a.body)
	}
	if a := d.do("GET", at, "", "Authorization", d.mo); a.status != 403 {
		t.Errorf("after that: %d", a.status)
	}
}
