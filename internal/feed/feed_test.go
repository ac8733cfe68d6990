package feed

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"flag"
	"os"
	"testing"
	"time"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func example() Feed {
	at := time.Date(2026, 11, 14, 18, 40, 0, 0, time.UTC)
	return Feed{
		ID: "https://comments.example/feeds/news.atom?thread=ferries", Title: "Comments on “Ferries & trams”", Home: "https://news.example/ferries",
		Self: "https://comments.example/feeds/news.atom?thread=ferries", Lang: "en", Updated: at.Add(time.Hour),
		Entries: []Entry{
			{
				ID: "https://comments.example/c/2", Link: "https://comments.example/c/2", Title: "Bo <Berg> on Ferries & trams", Author: "Bo <Berg>",
				HTML: "<p>Not above <strong>force eight</strong> &amp; never at night.</p>", Published: at, Updated: at.Add(time.Hour), ReplyTo: "https://comments.example/c/1",
			},
			{ID: "https://comments.example/c/1", Link: "https://comments.example/c/1", Title: "Анна on Ferries & trams", Author: "Анна", HTML: "<p>Will the boats run?</p>", Published: at.Add(-time.Hour), Updated: at.Add(-time.Hour)},
		},
	}
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(Feed) ([]byte, error){"testdata/comments.atom": Atom, "testdata/comments.json": JSON} {
		got, err := write(example())
		if err != nil {
			t.Fatal(err)
		}
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is\n%s\nwant\n%s", name, got, want)
		}
	}
}

// A feed is well formed whatever people write.
func TestHostileWords(t *testing.T) {
	f := example()
	for _, bad := range []string{"]]>", "<script>", "\x00\x0b", "\ufffe", "'\"&", "\xff"} {
		f.Entries[0].Author, f.Entries[0].HTML, f.Title = bad, bad, bad
		b, err := Atom(f)
		if err != nil {
			t.Fatal(err)
		}
		var v struct {
			Entries []struct{ Content string } `xml:"entry"`
		}
		if err := xml.Unmarshal(b, &v); err != nil || len(v.Entries) != 2 {
			t.Errorf("%q: %v, %d entries", bad, err, len(v.Entries))
		}
		j, err := JSON(f)
		if err != nil || !json.Valid(j) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
