package transfer

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"
	"unicode/utf8"

	"parley/internal/discuss"
	"parley/internal/markup"
	"parley/internal/store"
)

func options() Options {
	text := markup.New(1, 1)
	body := func(s string) string {
		html, _ := text.Render(context.Background(), s)
		return html
	}
	return Options{Text: Text{HTML: func(src string) string { return markup.FromHTML(src, nil) }, Name: markup.CleanName, Body: body}}
}

func readFile(t testing.TB, path string) (*discuss.Archive, error) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return readBytes(b, 0)
}

func readBytes(b []byte, limit int64) (*discuss.Archive, error) {
	r, err := Open(bytes.NewReader(b), int64(len(b)), limit)
	if err != nil {
		return nil, err
	}
	return archived(options(), func(o Options) error { return Disqus(r, o) })
}

// archived is what a reader finds, arranged.
func archived(o Options, read func(o Options) error) (a *discuss.Archive, err error) {
	dir, err := os.MkdirTemp("", "spool-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	sp, err := store.NewSpool(context.Background(), filepath.Join(dir, "spool"))
	if err != nil {
		return nil, err
	}
	defer sp.Close()
	o.Spool = sp
	if err := read(o); err != nil {
		return nil, err
	}
	if err := sp.Arrange(); err != nil {
		return nil, err
	}
	return sp.Archive()
}

func ids(a *discuss.Archive) (out []string) {
	for _, c := range a.Comments {
		out = append(out, c.Foreign)
	}
	slices.Sort(out)
	return out
}

func skipped(a *discuss.Archive) (out []string) {
	for _, s := range a.Skipped {
		out = append(out, s.ID)
	}
	return out
}

// checkArchive holds what every archive promises to the store.
func checkArchive(t testing.TB, a *discuss.Archive) {
	t.Helper()
	threads, people, before := map[string]bool{}, map[string]bool{}, map[string]string{}
	keys := map[string]bool{}
	for _, th := range a.Threads {
		if th.Key == "" || keys[th.Key] {
			t.Errorf("key %q is empty or there twice", th.Key)
		}
		threads[th.Foreign], keys[th.Key] = true, true
	}
	for _, p := range a.People {
		people[p.Foreign] = true
		if p.Name == "" || !utf8.ValidString(p.Name) {
			t.Errorf("name %q", p.Name)
		}
	}
	for _, c := range a.Comments {
		switch {
		case !threads[c.Thread]:
			t.Errorf("comment %s is in no thread", c.Foreign)
		case !people[c.Person]:
			t.Errorf("comment %s has no author", c.Foreign)
		case !utf8.ValidString(c.Body) || !utf8.ValidString(c.HTML) || strings.ContainsRune(c.HTML, 0):
			t.Errorf("comment %s is not clean UTF-8", c.Foreign)
		case c.Parent != "" && before[c.Parent] != c.Thread:
			t.Errorf("comment %s stands before its parent, or in another thread", c.Foreign)
		}
		before[c.Foreign] = c.Thread
	}
}

func TestDisqusFiles(t *testing.T) {
	for _, c := range []struct {
		file    string
		refused bool
		total   int // -1: whatever
	}{
		{"invalid-utf8.xml", false, -1},
		{"orphan-and-forward-parents.xml", false, 5},
		{"peer-comentario-disqus-bad-format.xml.gz", true, 0},
		{"peer-comentario-disqus-ok-empty.xml.gz", false, 0},
		{"peer-comentario-disqus-ok-single.xml.gz", false, 1},
		{"peer-isso-disqus.xml", false, -1},
		{"peer-remark42-disqus.xml", false, -1},
		{"utf8-bom.xml", false, 1},
		{"xxe-http.xml", true, 0},
		{"deep-nesting-100000.xml.gz", true, 0},
		{"lying-size.zip", true, 0},
		{"nested.zip", true, 0},
	} {
		t.Run(c.file, func(t *testing.T) {
			a, err := readFile(t, filepath.Join("testdata", c.file))
			if refused := err != nil; refused && c.file == "invalid-utf8.xml" {
				t.Logf("refused: %v", err)
				return
			} else if refused != c.refused {
				t.Fatalf("%v", err)
			}
			if err != nil {
				if !errors.As(err, new(*ErrFile)) || !utf8.ValidString(err.Error()) || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
					t.Errorf("an error that cannot be shown: %q", err)
				}
				return
			}
			checkArchive(t, a)
			if c.total >= 0 && len(a.Comments) != c.total {
				t.Errorf("%d comments, want %d; skipped %v", len(a.Comments), c.total, a.Skipped)
			}
		})
	}
}

func TestARealisticExport(t *testing.T) {
	a, err := readFile(t, "../../static/demo/data/archive.xml.gz")
	if err != nil {
		t.Fatal(err)
	}
	checkArchive(t, a)
	n := map[discuss.Status]int{}
	for _, c := range a.Comments {
		n[c.Status]++
	}
	// 24 are marked deleted and 15 stand in a thread that was; a spam mark wins.
	if len(a.Comments) != 600 || n[discuss.Spam] != 16 || n[discuss.Deleted] < 24 || n[discuss.Deleted] > 24+15 {
		t.Errorf("%d comments: %v", len(a.Comments), n)
	}
	// 42 thread elements, of which two share one link.
	if len(a.Threads) != 41 {
		t.Errorf("%d threads", len(a.Threads))
	}
	states := map[string]discuss.ThreadState{}
	nolink := 0
	for _, th := range a.Threads {
		states[th.Foreign] = th.State
		if strings.HasPrefix(th.Key, "disqus:") {
			nolink++
		}
	}
	if states["9009"] != discuss.Closed || states["9010"] != discuss.ReadOnly || nolink != 1 {
		t.Errorf("9009 %q, 9010 %q, %d without a link", states["9009"], states["9010"], nolink)
	}
	if len(a.Skipped) != 1 {
		t.Errorf("reported: %v", a.Skipped)
	}
}

func TestParentsAreFoundMendedAndReported(t *testing.T) {
	a, err := readFile(t, "testdata/orphan-and-forward-parents.xml")
	if err != nil {
		t.Fatal(err)
	}
	parents := map[string]string{}
	for _, c := range a.Comments {
		parents[c.Foreign] = c.Parent
	}
	want := map[string]string{"1": "2", "2": "", "3": "", "5": "6", "6": ""}
	for id, p := range want {
		if got, ok := parents[id]; !ok || got != p {
			t.Errorf("comment %s answers %q (there: %v), want %q", id, got, ok, p)
		}
	}
	if got := skipped(a); !slices.Equal(got, []string{"4", "3"}) {
		t.Errorf("reported: %v", a.Skipped)
	}
}

const disqusHead = `<?xml version="1.0" encoding="utf-8"?><disqus xmlns="http://disqus.com" xmlns:dsq="http://disqus.com/disqus-internals">` +
	`<thread dsq:id="1"><link>https://old.example/a?utm_source=x#c</link><title>T</title><createdAt>2012-01-01T00:00:00Z</createdAt></thread>`

func disqusPost(id, parent, message string) string {
	if parent != "" {
		parent = fmt.Sprintf(`<parent dsq:id=%q/>`, parent)
	}
	return fmt.Sprintf(`<post dsq:id=%q><message><![CDATA[%s]]></message><createdAt>2012-01-01T00:00:01Z</createdAt><author><name>Ann</name><username>ann</username></author><thread dsq:id="1"/>%s</post>`, id, message, parent)
}

func TestACycleIsBrokenAndReported(t *testing.T) {
	a, err := readBytes([]byte(disqusHead+disqusPost("1", "3", "a")+disqusPost("2", "1", "b")+disqusPost("3", "2", "c")+disqusPost("4", "4", "d")+`</disqus>`), 0)
	if err != nil {
		t.Fatal(err)
	}
	checkArchive(t, a)
	if len(a.Comments) != 4 || len(a.Skipped) != 2 {
		t.Errorf("%v, reported %v", ids(a), a.Skipped)
	}
}

func TestAHundredThousandRepliesDeep(t *testing.T) {
	const deep = 100_000
	var b strings.Builder
	b.WriteString(disqusHead)
	for i := 1; i <= deep; i++ {
		b.WriteString(disqusPost(fmt.Sprint(i), map[bool]string{true: "", false: fmt.Sprint(i - 1)}[i == 1], "x"))
	}
	b.WriteString(`</disqus>`)
	a, err := readBytes([]byte(b.String()), 0)
	if err != nil {
		t.Fatal(err)
	}
	checkArchive(t, a)
	if len(a.Comments) != deep {
		t.Errorf("%d comments", len(a.Comments))
	}
}

func TestHostsAreMappedAndNeverCalled(t *testing.T) {
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { calls.Add(1) }))
	defer srv.Close()
	text := strings.Replace(disqusHead, "https://old.example", srv.URL, 1) + disqusPost("1", "", `<img src="`+srv.URL+`/x.png"> see <a href="`+srv.URL+`">this</a>`) + `</disqus>`
	b := []byte(text)
	r, err := Open(bytes.NewReader(b), int64(len(b)), 0)
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.MapHosts = map[string]string{strings.TrimPrefix(srv.URL, "http://"): "new.example"}
	a, err := archived(o, func(o Options) error { return Disqus(r, o) })
	if err != nil {
		t.Fatal(err)
	}
	if got := a.Threads[0].Key; got != "http://new.example/a" {
		t.Errorf("key %q", got)
	}
	if got := a.Threads[0].Aliases; !slices.Equal(got, []string{"/a", "1"}) {
		t.Errorf("aliases %q", got)
	}
	if calls.Load() != 0 || strings.Contains(a.Comments[0].HTML, "<img") {
		t.Errorf("%d calls; %s", calls.Load(), a.Comments[0].HTML)
	}
}

// A link of before the site's move to https finds its page; a comment of the
// year 9999 is of the day of the import.
func TestSchemesAndTimesAreThoseOfToday(t *testing.T) {
	now := time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC)
	text := strings.Replace(disqusHead, "https://old.example", "http://old.example", 1) + strings.Replace(disqusPost("1", "", "Hello there"), "<createdAt>20", "<createdAt>99", 1) + `</disqus>`
	for _, c := range []struct {
		origins []string
		key     string
	}{
		{[]string{"https://old.example"}, "https://old.example/a"},
		{[]string{"https://old.example", "http://old.example"}, "http://old.example/a"},
		{[]string{"https://new.example"}, "http://old.example/a"},
	} {
		b := []byte(text)
		r, err := Open(bytes.NewReader(b), int64(len(b)), 0)
		if err != nil {
			t.Fatal(err)
		}
		o := options()
		o.Origins, o.Now = c.origins, now
		a, err := archived(o, func(o Options) error { return Disqus(r, o) })
		if err != nil {
			t.Fatal(err)
		}
		if got := a.Threads[0].Key; got != c.key {
			t.Errorf("origins %v: key %q, want %q", c.origins, got, c.key)
		}
		if got := a.Comments[0].Created; !got.Equal(now) {
			t.Errorf("created %v, want %v", got, now)
		}
	}
}

func TestWhatIsRefused(t *testing.T) {
	noise := rand.New(rand.NewPCG(1, 2)) // 3 MB that do not pack like a bomb
	var big string
	for i := range 1500 {
		words := make([]byte, 1000)
		for j := range words {
			words[j] = "abcdefghijklmnopqrstuvwxyz      "[noise.IntN(32)]
		}
		big += disqusPost(fmt.Sprint(i), "", string(words)+strings.Repeat("filler ", 100))
	}
	big = disqusHead + big + `</disqus>`
	files := func(n int) []byte {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for i := range n {
			w, _ := z.Create(fmt.Sprint(i, ".xml"))
			_, _ = io.WriteString(w, disqusHead+`</disqus>`)
		}
		_ = z.Close()
		return b.Bytes()
	}
	attributes := func(n int) string {
		var b strings.Builder
		b.WriteString(`<disqus><thread `)
		for i := range n {
			fmt.Fprintf(&b, `a%d="v" `, i)
		}
		return b.String() + `/></disqus>`
	}
	for _, c := range []struct {
		name  string
		file  []byte
		limit int64
		why   string
	}{
		{"larger than the limit", []byte(big), 1 << 20, "larger than 1 MiB"},
		{"a gzip bomb", packed(t, disqusHead+disqusPost("1", "", strings.Repeat("<i>a</i>", 1<<16))+strings.Repeat(" ", 8<<20)+`</disqus>`), 0, ""},
		{"one text of 2 MiB", []byte(disqusHead + disqusPost("1", "", strings.Repeat("a", 2<<20)) + `</disqus>`), 0, "longer than 1 MiB"},
		{"one start tag of 1.4 MB", []byte(attributes(130_000)), 0, "longer than 1 MiB"},
		{"a truncated file", []byte(big)[:2<<20], 0, "not well-formed"},
		{"a truncated gzip file", packed(t, big)[:60_000], 0, "cannot be read"},
		{"two files in a zip", files(2), 0, "more than one file"},
		{"eleven files in a zip", files(11), 0, "11 entries"},
		{"no file in a zip", files(0), 0, "no file"},
		{"an empty file", nil, 0, "not a Disqus export"},
		{"HTML", []byte("<html><body/></html>"), 0, "not a Disqus export"},
		{"a text", []byte("hello"), 0, "not a Disqus export"},
		{"bytes", []byte("\x00\x01\xff\xfe"), 0, ""},
		{"an entity of its own", []byte(`<!DOCTYPE d [<!ENTITY e "x">]>` + disqusHead + disqusPost("1", "", "&e;") + `</disqus>`), 0, "DOCTYPE"},
		{"an element that ends another", []byte(disqusHead + `<post></thread></disqus>`), 0, "ends where it did not begin"},
		{"an element without end", []byte(disqusHead + `<post dsq:id="1">`), 0, "it ends at line"},
		{"a tree of 200 elements", []byte(`<disqus>` + strings.Repeat("<a>", 200)), 0, "nests deeper"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := readBytes(c.file, c.limit)
			if !errors.As(err, new(*ErrFile)) || !strings.Contains(err.Error(), c.why) {
				t.Fatalf("%v, %+v", err, a)
			}
			if !utf8.ValidString(err.Error()) || strings.ContainsFunc(err.Error(), func(r rune) bool { return r < ' ' }) {
				t.Errorf("an error that cannot be shown: %q", err)
			}
		})
	}
	if a, err := readBytes(files(1), 0); err != nil || len(a.Threads) != 1 {
		t.Errorf("one file in a zip: %v", err)
	}
	if a, err := readBytes(packed(t, big), 0); err != nil || len(a.Comments) != 1500 {
		t.Errorf("within the limits: %v", err)
	}
}

func packed(t testing.TB, s string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := io.WriteString(z, s); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func FuzzDisqus(f *testing.F) {
	names, _ := filepath.Glob("testdata/*.xml")
	for _, n := range names {
		b, err := os.ReadFile(n)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Add([]byte(disqusHead + disqusPost("1", "2", "a") + disqusPost("2", "1", "b") + `</disqus>`))
	f.Fuzz(func(t *testing.T, b []byte) {
		a, err := readBytes(b, 1<<20)
		if err == nil {
			checkArchive(t, a)
		} else if !errors.As(err, new(*ErrFile)) {
			t.Errorf("not an error of the file: %v", err)
		}
	})
}

// Dates that cannot be are said so and stored nowhere: of comments, of when they
// were edited, of threads.
func TestDatesThatCannotBe(t *testing.T) {
	at := func(s string) time.Time {
		d, err := time.Parse(time.RFC3339, s)
		if err != nil {
			t.Fatal(err)
		}
		return d
	}
	good := at("2020-02-02T00:00:00Z")
	comment := func(id string, created, edited time.Time) discuss.ArchiveComment {
		return discuss.ArchiveComment{Foreign: id, Thread: "1", Person: "p", Body: "words", HTML: "<p>words</p>", Status: discuss.Published, Created: created, Edited: edited}
	}
	file := writeParley(t, &discuss.Archive{
		Threads: []discuss.ArchiveThread{{Foreign: "1", Key: "a", Created: at("9999-01-01T00:00:00Z")}, {Foreign: "2", Key: "b", Created: at("0000-01-01T00:00:00Z")}, {Foreign: "3", Key: "c", Created: good}},
		People:  []discuss.ArchivePerson{{Foreign: "p", Name: "Pat"}},
		Comments: []discuss.ArchiveComment{
			comment("year 0", at("0000-01-01T00:00:00Z"), time.Time{}), comment("epoch", at("1970-01-01T00:00:00Z"), time.Time{}),
			comment("ahead", at("9999-12-31T00:00:00Z"), time.Time{}), comment("good", good, good.Add(time.Hour)), comment("edited before", good, at("0000-01-01T00:00:00Z")),
		},
	})
	r, err := Open(bytes.NewReader(file), int64(len(file)), 0)
	if err != nil {
		t.Fatal(err)
	}
	o := options()
	o.Now = at("2026-11-30T00:00:00Z")
	a, err := archived(o, func(o Options) error { return Parley(r, o) })
	if err != nil {
		t.Fatal(err)
	}
	if got := []time.Time{a.Threads[0].Created, a.Threads[1].Created, a.Threads[2].Created}; !got[0].Equal(o.Now) || !got[1].IsZero() || !got[2].Equal(good) {
		t.Errorf("threads of %v", got)
	}
	if got := ids(a); !slices.Equal(got, []string{"ahead", "edited before", "good"}) || len(a.Skipped) != 2 || !strings.Contains(a.Skipped[0].Why, "1990") {
		t.Errorf("taken %v, skipped %+v", got, a.Skipped)
	}
	for _, c := range a.Comments {
		if want := map[string]time.Time{"good": good.Add(time.Hour)}[c.Foreign]; !c.Edited.Equal(want) || c.Created.After(o.Now) {
			t.Errorf("%s is of %v, edited %v", c.Foreign, c.Created, c.Edited)
		}
	}
}
