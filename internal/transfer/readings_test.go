package transfer

import (
	"strings"
	"testing"
)

// reading is a small file of a format and what it becomes; or, with refused, a part
// of what is said of it.
type reading struct {
	name    string
	read    func(*Reader, Options) error
	in      string
	want    string
	refused string
}

func readings(t *testing.T, list []reading) {
	t.Helper()
	for _, s := range list {
		t.Run(s.name, func(t *testing.T) {
			a, err := readAs(s.read, s.in)
			switch {
			case s.refused != "" && (err == nil || !strings.Contains(err.Error(), s.refused)):
				t.Fatalf("it is not refused for %q: %v", s.refused, err)
			case s.refused != "":
			case err != nil:
				t.Fatal(err)
			default:
				if got := told(a); got != s.want {
					t.Errorf("it becomes\n%s\nwant\n%s", got, s.want)
				}
			}
		})
	}
}

// Valine's rows are Waline's, with its own word for spam and HTML where Waline has Markdown.
func TestValine(t *testing.T) {
	row := func(id, comment, more string) string {
		return `{"objectId":"` + id + `","nick":"Ann","comment":"` + comment + `","insertedAt":"2023-01-02 03:04:05","url":"/w/"` + more + `}`
	}
	parent := row("x1", "First", "") + ","
	readings(t, []reading{
		{name: "spam", read: Waline, in: "[" + row("x1", "Buy", `,"isSpam":true`) + "]", want: `page https://blog.example.com/w/ "" open
x1 2023-01-02 spam Ann: <p>Buy</p>`},
		{name: "call in a paragraph", read: Waline, in: "[" + parent + row("x2", `<p><a class=\"at\" href=\"#x1\">@W</a> , ans</p>`, `,"pid":"x1"`) + "]", want: `page https://blog.example.com/w/ "" open
x1 2023-01-02 published Ann: <p>First</p>
x2<x1 2023-01-02 published Ann: <p>ans</p>`},
		{name: "call the other way round", read: Waline, in: "[" + parent + row("x2", `<p><a href='#x1' class='at'>@W</a>: ans</p>`, `,"pid":"x1"`) + "]", want: `page https://blog.example.com/w/ "" open
x1 2023-01-02 published Ann: <p>First</p>
x2<x1 2023-01-02 published Ann: <p>ans</p>`},
		{name: "a link of another kind stays", read: Waline, in: "[" + parent + row("x2", `<p><a href=\"https://a.example/\">@W</a> says</p>`, `,"pid":"x1"`) + "]", want: `page https://blog.example.com/w/ "" open
x1 2023-01-02 published Ann: <p>First</p>
x2<x1 2023-01-02 published Ann: <p><a href="https://a.example/" rel="nofollow ugc noopener noreferrer">@W</a> says</p>`},
		{name: "emoji", read: Waline, in: "[" + row("x1", `<p>a <img class='vemoji' src='https://x/a.png' alt='joy'> <img alt=sad src=https://x/b.png class=vemoji></p>`, "") + "," + row("x2", `b <img src='https://x/a.png' alt='joy' class='wl-emoji big'>`, "") + "]", want: `page https://blog.example.com/w/ "" open
x1 2023-01-02 published Ann: <p>a joy sad</p>
x2 2023-01-02 published Ann: <p>b joy</p>`},
	})
}
