package transfer

import (
	"bytes"
	"encoding/csv"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
)

// writerOf is a site with all that readers can see, handed out as the store does.
var writerOf = struct {
	threads  []discuss.ArchiveThread
	people   []discuss.ArchivePerson
	comments []discuss.ArchiveComment
}{
	[]discuss.ArchiveThread{
		{Foreign: "t1", Key: "https://blog.example.com/a", URL: "https://blog.example.com/a", Title: `Ferries & <trains> "]]>"`, State: discuss.Open, Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
		{Foreign: "t2", Key: "https://blog.example.com/b", URL: "https://blog.example.com/b", Title: "B", State: discuss.Closed, Created: time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)},
	},
	[]discuss.ArchivePerson{{Foreign: "p1", Name: "Ann Lee"}, {Foreign: "p2", Name: "Бо Берг"}},
	[]discuss.ArchiveComment{
		{Foreign: "1", Thread: "t1", Person: "p1", Body: "=HYPERLINK(\"x\")", HTML: "<p>=HYPERLINK(&#34;x&#34;)</p>", Status: discuss.Published, Created: time.Date(2020, 2, 1, 1, 2, 3, 0, time.UTC), Up: 3, Down: 1},
		{Foreign: "2", Thread: "t2", Person: "p2", Body: "В другой", HTML: "<p>В другой</p>", Status: discuss.Pending, Created: time.Date(2020, 2, 2, 1, 2, 3, 0, time.UTC)},
		{Foreign: "3", Thread: "t1", Parent: "1", Person: "p2", Body: "An *answer*", HTML: "<p>An <em>answer</em></p>", Status: discuss.Published, Created: time.Date(2020, 2, 3, 1, 2, 3, 0, time.UTC)},
		{Foreign: "4", Thread: "t1", Person: "p2", Body: "Spam", HTML: "<p>Spam</p>", Status: discuss.Spam, Created: time.Date(2020, 2, 4, 1, 2, 3, 0, time.UTC)},
	},
}

type archivist interface {
	Thread(discuss.ArchiveThread) error
	Person(discuss.ArchivePerson) error
	Comment(discuss.ArchiveComment) error
	Close() error
}

func hand(t *testing.T, w archivist) {
	t.Helper()
	for _, v := range writerOf.threads {
		if err := w.Thread(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range writerOf.people {
		if err := w.Person(v); err != nil {
			t.Fatal(err)
		}
	}
	for _, v := range writerOf.comments {
		if err := w.Comment(v); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
}

// What is written for other systems is read back whole by our own reader of theirs.
func TestWhatIsWrittenForOthersComesBack(t *testing.T) {
	var wxr bytes.Buffer
	w, err := NewWXRSpool(&wxr, "News & more", time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	hand(t, w)
	a, err := readAs(WordPress, wxr.String())
	if err != nil {
		t.Fatalf("%v\n%s", err, wxr.String())
	}
	want := `page https://blog.example.com/a "Ferries & <trains> \"]]>\"" open
page https://blog.example.com/b "B" closed
1 2020-02-01 published Ann Lee: <p>=HYPERLINK(&#34;x&#34;)</p>
2 2020-02-02 pending Бо Берг: <p>В другой</p>
3<1 2020-02-03 published Бо Берг: <p>An <em>answer</em></p>
4 2020-02-04 spam Бо Берг: <p>Spam</p>`
	if got := told(a); got != want {
		t.Errorf("WXR comes back as\n%s\nwant\n%s", got, want)
	}
	var table bytes.Buffer
	c, err := NewCSVWriter(&table)
	if err != nil {
		t.Fatal(err)
	}
	hand(t, c)
	rows, err := csv.NewReader(strings.NewReader(table.String())).ReadAll()
	if err != nil || len(rows) != 5 || rows[1][11] != `'=HYPERLINK("x")` {
		t.Errorf("the table: %q, %v", rows, err)
	}
	if a, err = readAs(CSV, table.String()); err != nil || len(a.Comments) != 4 || a.Comments[0].Up != 3 || a.Comments[0].HTML != "<p>=HYPERLINK(&#34;x&#34;)</p>" {
		t.Errorf("the table comes back as %s, %v", told(a), err)
	}
}

// Pages that moved are found at their new place, and by their old path.
func TestPathsMove(t *testing.T) {
	for in, bad := range map[string]bool{"/blog/*=/news/*": false, "/a=/b": false, "/x/*=/x": false, "blog=/news": true, "/a": true, "/a/*/*=/b": true, "/a=/b/*": true} {
		if _, err := ParsePathMap(in); (err != nil) != bad {
			t.Errorf("%q: %v", in, err)
		}
	}
	o := sampleOptions()
	for _, s := range []string{"/blog/*.html=/news/*/", "/one=/two"} {
		m, err := ParsePathMap(s)
		if err != nil {
			t.Fatal(err)
		}
		o.MapPaths = append(o.MapPaths, m)
	}
	for old, now := range map[string]string{"/blog/a.html": "/news/a/", "/one": "/two", "/one/": "/one/", "/blog/a": "/blog/a"} {
		a, err := archived(o, func(o Options) error {
			b := newBuilder("x", o)
			page := discuss.ArchiveThread{Foreign: "p"}
			b.link(&page, "https://blog.example.com"+old)
			b.thread(page)
			return b.done()
		})
		if err != nil {
			t.Fatal(err)
		}
		th := a.Threads[0]
		if th.Key != "https://blog.example.com"+now || old != now && !slices.Contains(th.Aliases, old) {
			t.Errorf("%s becomes %s, also %v", old, th.Key, th.Aliases)
		}
	}
}

// An export in several files is one: what is answered may stand in another.
func TestAnExportInSeveralFiles(t *testing.T) {
	item := func(id, comments string) string {
		return `<rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>P</title><link>https://blog.example.com/` + id + `</link><wp:post_id>` + id + `</wp:post_id>` + comments + `</item></channel></rss>`
	}
	comment := func(id, parent string) string {
		return `<wp:comment><wp:comment_id>` + id + `</wp:comment_id><wp:comment_author>Ann</wp:comment_author><wp:comment_date_gmt>2020-05-0` + id + ` 00:00:00</wp:comment_date_gmt><wp:comment_content>c` + id + `</wp:comment_content><wp:comment_approved>1</wp:comment_approved><wp:comment_parent>` + parent + `</wp:comment_parent></wp:comment>`
	}
	files := func(read func(*Reader, Options) error, all ...string) func(o Options) error {
		return func(o Options) error {
			for _, in := range all {
				r, err := Open(strings.NewReader(in), int64(len(in)), 0)
				if err != nil {
					return err
				}
				if err := read(r, o); err != nil {
					return err
				}
			}
			return nil
		}
	}
	a, err := archived(sampleOptions(), files(WordPress, item("7", comment("2", "1")), item("7", comment("1", "0")), item("8", comment("3", "0"))))
	if err != nil {
		t.Fatal(err)
	}
	if got := told(a); !strings.Contains(got, "1 2020-05-01 published Ann: <p>c1</p>\n") || !strings.Contains(got, "2<1 2020-05-02") || len(a.Threads) != 2 || len(a.Comments) != 3 || len(a.Skipped) != 0 {
		t.Errorf("together they are\n%s", got)
	}
	coral := files(Coral, `{"id":"c1","storyID":"s1","authorID":"u1","status":"NONE","createdAt":{"$date":"2022-01-02T03:04:05Z"},"revisions":[{"body":"x"}]}`, `{"id":"u1","username":"Ann"}`, `{"id":"s1","url":"https://blog.example.com/c"}`)
	if a, err = archived(sampleOptions(), func(o Options) error { return errors.Join(coral(o), CoralEnd(o)) }); err != nil {
		t.Fatal(err)
	}
	if got := told(a); got != "page https://blog.example.com/c \"\" open\nc1 2022-01-02 published Ann: <p>x</p>" {
		t.Errorf("Coral's collections are\n%s", got)
	}
}

// What comes in by any format goes out in ours, and comes back as it was.
func TestEveryFormatGoesOutAndComesBack(t *testing.T) {
	for _, s := range formatSamples {
		a, err := readAs(s.read, s.in)
		if err != nil {
			t.Fatalf("%s: %v", s.format, err)
		}
		a.Skipped = nil
		back, err := readParley(writeParley(t, a))
		if err != nil || told(back) != told(a) {
			t.Errorf("%s comes back as %v\n%s\nwant\n%s", s.format, err, told(back), told(a))
		}
	}
}
