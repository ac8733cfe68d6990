package systemtest

import (
	"strings"
	"testing"
)

// A person is called by the name that stands above the comments, however many
// words it has; who is called in code, or only nearly, hears nothing.
func TestWhoIsMentionedHearsOfIt(t *testing.T) {
	box, addr := newMailRelay(t)
	p := newProgram(t)
	p.env = append(p.env, "PARLEY_SMTP_URL="+addr)
	for _, u := range [][2]string{{"bo@example.com", "Bo Berg"}, {"di@example.com", "Di"}, {"mary@example.com", "Mary Ann Lee"}, {"cy@example.com", "Cy"}} {
		p.run("user", "add", "--site", "news", "--email", u[0], "--name", u[1], "--password", testPassword)
	}
	p.start()
	body := `{"thread":"ferries","body":"@Bo Berg and @Di, what did @Mary Ann Lee say? ` + "`@Cy`" + ` is code."}`
	if a := p.do("POST", "/api/v1/sites/news/comments", body, "Authorization", p.login("ann@example.com")); a.status != 201 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	for _, who := range []string{"bo@example.com", "di@example.com", "mary@example.com"} {
		eventually(t, who+" hears of it", func() bool { return strings.Contains(strings.Join(box.to(who), ""), "mentioned you") })
	}
	if n := len(box.to("cy@example.com")); n != 0 {
		t.Errorf("Cy, who stands in code, got %d mails", n)
	}
}
