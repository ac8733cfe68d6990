package transfer

import (
	"archive/zip"
	"bytes"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"parley/internal/discuss"
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

// Every comment is under its own page, and where none is known it is not taken;
// what is not taken brings neither page nor person.
func TestPagesOfComments(t *testing.T) {
	comentario := func(more string) string {
		return `{"version":3,"pages":[{"id":"p","path":"/p"},{"id":"q","host":"old.example","path":"/q"}],"comments":[` + more + `],"commenters":[]}`
	}
	of := func(id, page string) string {
		return `{"id":"` + id + `","pageId":"` + page + `","markdown":"Hi","createdTime":"2023-11-14T20:15:12.000Z","isApproved":true,"authorName":"Ann"}`
	}
	csv := "id,url,author,date,text\n"
	readings(t, []reading{
		{name: "by their paths", read: Commento, in: comentario(of("1", "p") + "," + of("2", "q") + "," + of("3", "r")), want: `page https://blog.example.com/p "" open
page https://old.example/q "" open
1 2023-11-14 published Ann: <p>Hi</p>
2 2023-11-14 published Ann: <p>Hi</p>
not 3: the file does not say which page it is of`},
		{name: "artalk", read: Artalk, in: `[{"id":"5","content":"a","nick":"Ann","created_at":"2021-08-12 19:59:21","page_key":"","site_urls":"https://blog.example.com"},{"id":"6","content":"b","nick":"Bo","created_at":"2021-08-12 19:59:21","page_key":"/b","site_urls":"https://blog.example.com"}]`, want: `page https://blog.example.com/b "" open
6 2021-08-12 published Bo: <p>b</p>
not 5: the file does not say which page it is of`},
		{name: "empty", read: CSV, in: csv + "1,/a,Ann,2023-01-01,\n2,/b,Bo,2023-01-01,text\n", want: `page https://blog.example.com/b "" open
2 2023-01-01 published Bo: <p>text</p>
not 1: it is empty`},
		{name: "empty first", read: CSV, in: csv + "1,/a,Ann,2023-01-01,\n2,/a,Bo,2023-01-01,text\n", want: `page https://blog.example.com/a "" open
2 2023-01-01 published Bo: <p>text</p>
not 1: it is empty`},
		{name: "dots", read: CSV, in: csv + "1,https://blog.example.com/a/../../b?x=/../y,Ann,2023-01-01,text\n2,https://blog.example.com/%2e%2E/c/./d.e/,Bo,2023-01-02,text\n3,https://blog.example.com//e/../f%2Fg,Bo,2023-01-03,text\n", want: `page https://blog.example.com/b?x=/../y "" open
page https://blog.example.com/c/d.e/ "" open
page https://blog.example.com//f%2Fg "" open
1 2023-01-01 published Ann: <p>text</p>
2 2023-01-02 published Bo: <p>text</p>
3 2023-01-03 published Bo: <p>text</p>`},
		{name: "pings alone", read: WordPress, in: `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>P</title><link>https://blog.example.com/p</link><wp:post_id>1</wp:post_id>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_date_gmt>2020-05-06 07:08:09</wp:comment_date_gmt><wp:comment_type>pingback</wp:comment_type></wp:comment></item></channel></rss>`, want: `not 1: it is no comment but a pingback`},
	})
	for _, s := range []struct{ origin, host, want string }{
		{"http://plain.example", "plain.example", "http://plain.example/p/"},
		{"https://plain.example", "plain.example", "https://plain.example/p/"},
		{"http://plain.example:8080", "plain.example:8080", "http://plain.example:8080/p/"},
	} {
		o := sampleOptions()
		o.Origins = []string{s.origin}
		in := `{"version":1,"comments":[{"commentHex":"aa","domain":"` + s.host + `","url":"/p/","commenterHex":"c1","markdown":"w","creationDate":"2021-03-12T11:21:56Z"}],"commenters":[]}`
		a, err := archived(o, func(o Options) error {
			r, err := Open(strings.NewReader(in), int64(len(in)), 0)
			if err != nil {
				return err
			}
			return Commento(r, o)
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Threads[0].Key; got != s.want || len(a.People) != 1 {
			t.Errorf("on a site of %s the page is %s", s.origin, got)
		}
	}
	for in, people := range map[string]int{"1,/a,Ann,2023-01-01,\n": 0, "1,/a,Ann,2023-01-01,text\n": 1} {
		if a, err := readAs(CSV, csv+in); err != nil || len(a.People) != people || len(a.Threads) != people {
			t.Errorf("%q brings %d people and %d pages: %v", in, len(a.People), len(a.Threads), err)
		}
	}
}

// issoRows is a database of Isso.
type issoRows map[string][][]any

func (d issoRows) Rows(table string, _ []string, take func(row []any) error) error {
	for _, row := range d[table] {
		if err := take(row); err != nil {
			return err
		}
	}
	return nil
}

// A row of Isso's without its thread, or of a mode that Isso has not, is told of.
func TestIssoRows(t *testing.T) {
	db := issoRows{
		"threads": {{int64(1), "/i/", "I"}},
		"comments": {
			{int64(1), int64(1), nil, 1.6e9, nil, int64(1), "one", "Ann", int64(0), int64(0)},
			{int64(2), int64(9), nil, 1.6e9 + 1, nil, int64(1), "two", "Bo", int64(0), int64(0)},
			{int64(3), int64(1), nil, 1.6e9 + 2, nil, int64(7), "three", "Cy", int64(0), int64(0)},
			{int64(4), int64(1), nil, 1.6e9 + 3, nil, int64(2), "four", "Di", int64(0), int64(0)},
		},
	}
	a, err := archived(sampleOptions(), func(o Options) error { return Isso(db, o) })
	if err != nil {
		t.Fatal(err)
	}
	want := `page https://blog.example.com/i/ "I" open
1 2020-09-13 published Ann: <p>one</p>
4 2020-09-13 pending Di: <p>four</p>
not 2: the file does not say which page it is of
not 3: its mode is none that Isso has: 7`
	if got := told(a); got != want || len(a.People) != 2 {
		t.Errorf("it becomes\n%s\nof %d people, want\n%s", got, len(a.People), want)
	}
}

// A file that was cut off is refused, also where its format would let it pass.
func TestFilesThatAreCutOff(t *testing.T) {
	entry := "TITLE: Entry\nBASENAME: entry\n-----\nCOMMENT:\nAUTHOR: Ann\nDATE: 02/01/2002 03:04:05 PM\nFirst line.\n"
	csv := "id,url,author,date,text\n1,/a,Ann,2023-01-01,"
	taken := `page https://blog.example.com/a "" open
1 2023-01-01 published Ann: `
	readings(t, []reading{
		{name: "in a comment", read: MovableType, in: entry, refused: "cut off"},
		{name: "behind a comment", read: MovableType, in: entry + "-----\n", refused: "cut off"},
		{name: "in the second entry", read: MovableType, in: entry + "-----\n--------\nTITLE: An", refused: "cut off"},
		{name: "in a quoted cell", read: CSV, in: csv + `"Hello, yo`, refused: "within a text in quotes"},
		{name: "behind doubled quotes", read: CSV, in: csv + "\"Hello \"\"you\"\"\n", refused: "within a text in quotes"},
		{name: "in the head", read: CSV, in: `id,url,date,text,"au`, refused: "within a text in quotes"},
		{name: "whole", read: CSV, in: csv + `"Hello ""you"""`, want: taken + `<p>Hello &#34;you&#34;</p>`},
		{name: "a lone quote within a text", read: CSV, in: csv + "a 5\" disk\n", want: taken + `<p>a 5&#34; disk</p>`},
	})
}

// Tables of spreadsheets: their encodings and numbers, and the apostrophe before what is no formula.
func TestTablesOfSpreadsheets(t *testing.T) {
	head := "id,url,author,date,text,up\n"
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(head + "1,/a,Бо,2023-01-01,слово,2\n")
	if err != nil {
		t.Fatal(err)
	}
	page := "page https://blog.example.com/a \"\" open\n"
	readings(t, []reading{
		{name: "UTF-16", read: CSV, in: wide, want: page + "1 2023-01-01 published Бо: <p>слово</p> +2-0"},
		{name: "Latin-1", read: CSV, in: head + "1,/a,Ann,2023-01-01,ok,\n2,/a,Ren\xe9,2023-01-01,ok,\n", refused: "line 3 is not UTF-8"},
		{name: "votes", read: CSV, in: head + "1,/a,Ann,2023-01-01,a,3.7\n2,/a,Ann,2023-01-02,b,1e3\n3,/a,Ann,2023-01-03,c,many\n4,/a,Ann,2023-01-04,d,-2\n", want: page + `1 2023-01-01 published Ann: <p>a</p> +4-0
2 2023-01-02 published Ann: <p>b</p> +1000-0
3 2023-01-03 published Ann: <p>c</p>
4 2023-01-04 published Ann: <p>d</p>
not 3: its votes are no number, and count as none: "many"
not 4: its votes are no number, and count as none: "-2"`},
		{name: "apostrophes", read: CSV, in: head + "1,/a,'@ann,2023-01-01,'=1+1,\n2,/a,'Ann',2023-01-02,'tis,\n", want: page + `1 2023-01-01 published @ann: <p>=1+1</p>
2 2023-01-02 published 'Ann': <p>&#39;tis</p>`},
	})
}

// Titles of Disqus are escaped as its identifiers are.
func TestDisqusTitles(t *testing.T) {
	readings(t, []reading{{name: "twice", read: Disqus, in: `<disqus xmlns:dsq="http://disqus.com/disqus-internals"><thread dsq:id="1"><link>https://blog.example.com/a</link><title>Rock &amp;amp; &amp;quot;Roll&amp;quot;</title></thread></disqus>`, want: `page https://blog.example.com/a "Rock & \"Roll\"" open`}})
}

// A rejected comment goes out to others as thrown away, and comes back as rejected;
// preformatted text keeps its lines.
func TestWXRKeepsWhatItCan(t *testing.T) {
	var b bytes.Buffer
	w := NewWXRWriter(&b, "news", time.Time{})
	at := time.Date(2020, 2, 1, 0, 0, 0, 0, time.UTC)
	for _, err := range []error{
		w.Person(discuss.ArchivePerson{Foreign: "p", Name: "Ann"}),
		w.Thread(discuss.ArchiveThread{Foreign: "t", Key: "https://blog.example.com/a", URL: "https://blog.example.com/a", State: discuss.Open}),
		w.Comment(discuss.ArchiveComment{Foreign: "1", Person: "p", HTML: "<p>no</p>", Status: discuss.Rejected, Created: at}),
		w.Comment(discuss.ArchiveComment{Foreign: "2", Person: "p", HTML: "<pre><code>a\n\n  b\nc</code></pre>", Status: discuss.Published, Created: at.AddDate(0, 0, 1)}),
		w.Comment(discuss.ArchiveComment{Foreign: "3", Person: "p", Status: discuss.Deleted, Created: at.AddDate(0, 0, 2)}),
		w.Close(),
	} {
		if err != nil {
			t.Fatal(err)
		}
	}
	readings(t, []reading{{name: "back", read: WordPress, in: b.String(), want: "page https://blog.example.com/a \"\" open\n1 2020-02-01 rejected Ann: <p>no</p>\n2 2020-02-02 published Ann: <pre><code>a\n\n  b\nc</code></pre>\n3 2020-02-03 deleted Ann:"}})
}

// A zip of two formats says which of its files is another one.
func TestAZipOfTwoFormats(t *testing.T) {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range map[string]string{"a.csv": "id,url,date,text\n1,/a,2023-01-01,x\n", "b.xml": disqusHead + "</disqus>"} {
		f, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := f.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	_, err := archived(sampleOptions(), func(o Options) error {
		return OpenEach(bytes.NewReader(b.Bytes()), int64(b.Len()), 0, func(r *Reader) error { return CSV(r, o) })
	})
	if err == nil || !strings.Contains(err.Error(), `"b.xml": the file is not`) {
		t.Errorf("it says %v", err)
	}
}
