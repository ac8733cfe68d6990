package markup

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark"
	ghtml "github.com/yuin/goldmark/renderer/html"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// The oracle: what may be in a comment's HTML. It reads the HTML as a browser
// would and knows nothing of how it was made.

var (
	oracleTags  = strings.Fields("p br strong em del code pre blockquote ul ol li a hr h3 h4 h5 h6 table thead tbody tr th td span")
	oracleClass = regexp.MustCompile(`^(language-[\w+#.-]+|spoiler|mention)$`)
)

func violations(src string) []string {
	nodes, err := html.ParseFragment(strings.NewReader(src), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		return []string{err.Error()}
	}
	var out []string
	var walk func(*html.Node)
	walk = func(n *html.Node) {
		if n.Type == html.CommentNode {
			out = append(out, "comment")
		}
		if n.Type == html.ElementNode {
			ok := false
			for _, t := range oracleTags {
				ok = ok || t == n.Data && n.Namespace == ""
			}
			if !ok {
				out = append(out, "element "+n.Data)
			}
			marked := n.Data != "a"
			for _, a := range n.Attr {
				switch {
				case a.Key == "class" && oracleClass.MatchString(a.Val):
				case a.Key == "start" && n.Data == "ol":
				case a.Key == "rel" && n.Data == "a" && a.Val == "nofollow ugc noopener noreferrer":
					marked = true
				case a.Key == "href" && n.Data == "a":
					if u, err := url.Parse(a.Val); err != nil || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "mailto" {
						out = append(out, "href "+a.Val)
					}
				default:
					out = append(out, "attribute "+a.Key)
				}
			}
			if !marked {
				out = append(out, "link without rel")
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			walk(c)
		}
	}
	for _, n := range nodes {
		walk(n)
	}
	return out
}

func corpus(t testing.TB, name string) []byte {
	t.Helper()
	b, err := os.ReadFile("testdata/" + name + ".gz")
	if err != nil {
		t.Fatal(err)
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(z); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func rows[T any](t testing.TB, name string) []T {
	t.Helper()
	var out []T
	sc := bufio.NewScanner(bytes.NewReader(corpus(t, name)))
	sc.Buffer(nil, 1<<24)
	for sc.Scan() {
		var v T
		if err := json.Unmarshal(sc.Bytes(), &v); err != nil {
			t.Fatal(err)
		}
		out = append(out, v)
	}
	return out
}

type payload struct{ ID, P string }

func payloads(t testing.TB) []payload {
	return append(rows[payload](t, "payloads.jsonl"), rows[payload](t, "markdown.jsonl")...)
}

// renderAny renders what passes Clean, as the service does.
func renderAny(t testing.TB, r *Renderer, src string) string {
	t.Helper()
	clean, err := Clean(src)
	if err != nil {
		return ""
	}
	out, err := r.Render(context.Background(), clean)
	if err != nil && !errors.Is(err, ErrEmpty) {
		t.Fatalf("%.60q: %v", src, err)
	}
	return out
}

func TestNoPayloadComesThrough(t *testing.T) {
	r := New(2, 8)
	all := payloads(t)
	if len(all) < 1000 {
		t.Fatalf("only %d payloads", len(all))
	}
	for _, p := range all {
		if v := violations(renderAny(t, r, p.P)); len(v) > 0 {
			t.Errorf("%s as Markdown: %v", p.ID, v)
		}
		if v := violations(FromHTML(p.P, nil)); len(v) > 0 {
			t.Errorf("%s as HTML: %v", p.ID, v)
		}
	}
}

// The negative control: the same oracle over output that nobody sanitized.
func TestTheOracleSeesWhatIsUnsafe(t *testing.T) {
	md := goldmark.New(goldmark.WithRendererOptions(ghtml.WithUnsafe()))
	bad := 0
	for _, p := range payloads(t) {
		var b bytes.Buffer
		if err := md.Convert([]byte(p.P), &b); err != nil {
			t.Fatal(err)
		}
		if len(violations(b.String())) > 0 {
			bad++
		}
	}
	if bad < 1000 {
		t.Errorf("the oracle found only %d unsafe outputs: it is blind", bad)
	}
}

func TestSanitizingAgainChangesNothing(t *testing.T) {
	r := New(2, 8)
	for _, p := range payloads(t) {
		once := renderAny(t, r, p.P)
		if again := canonical(policy.Sanitize(once), false, nil, nil); again != once {
			t.Errorf("%s:\n%q\n%q", p.ID, once, again)
		}
	}
}

func TestNaughtyStrings(t *testing.T) {
	r := New(2, 8)
	var list []string
	if err := json.Unmarshal(corpus(t, "blns.json"), &list); err != nil {
		t.Fatal(err)
	}
	type gen struct {
		Unit   string `json:"unit_b64"`
		Repeat int
	}
	for _, row := range rows[struct {
		ID, B64, Expect string
		Gen             *gen
	}](t, "naughty-extra.jsonl") {
		unit, n := row.B64, 1
		if row.Gen != nil {
			unit, n = row.Gen.Unit, row.Gen.Repeat
		}
		b, err := base64.StdEncoding.DecodeString(unit)
		if err != nil {
			t.Fatal(err)
		}
		s := strings.Repeat(string(b), n)
		_, err = Clean(s)
		switch {
		case row.Expect == "400" && err != ErrUTF8:
			t.Errorf("%s: %v", row.ID, err)
		case strings.HasPrefix(row.Expect, "refused as empty") && err != ErrEmpty && err != ErrTooLong:
			t.Errorf("%s: %v", row.ID, err)
		}
		list = append(list, s)
	}
	for _, s := range list {
		out := renderAny(t, r, s)
		if !utf8.ValidString(out) || strings.ContainsRune(out, 0) {
			t.Errorf("%.40q gives broken text", s)
		}
		if v := violations(out); len(v) > 0 {
			t.Errorf("%.40q: %v", s, v)
		}
		if name, err := CleanName(s); err == nil && (!utf8.ValidString(name) || utf8.RuneCountInString(name) > maxName) {
			t.Errorf("%.40q gives the name %q", s, name)
		}
		_ = Skeleton(s)
	}
}

func TestFieldsStayText(t *testing.T) {
	for _, f := range rows[struct{ ID, Field, V string }](t, "fields.jsonl") {
		if name, err := CleanName(f.V); err == nil && strings.ContainsAny(name, "\x00\r\n\u202e") {
			t.Errorf("%s: %q", f.ID, name)
		}
	}
}

// Slow Markdown is slow only up to the cap.
func TestPathologicalTextEnds(t *testing.T) {
	r := New(2, 8)
	for _, g := range rows[struct {
		Name, Prefix, Unit, Suffix string
		Repeat                     int
	}](t, "pathological.jsonl") {
		s := g.Prefix + strings.Repeat(g.Unit, g.Repeat) + g.Suffix
		if len(s) > MaxBytes {
			s = strings.ToValidUTF8(s[:MaxBytes], "")
		}
		began := time.Now()
		if v := violations(renderAny(t, r, s)); len(v) > 0 {
			t.Errorf("%s: %v", g.Name, v)
		}
		if d := time.Since(began); d > 500*time.Millisecond {
			t.Logf("%s took %v", g.Name, d.Round(time.Millisecond))
		}
	}
}

func FuzzRender(f *testing.F) {
	for _, s := range []string{"a", "||x||@ab:smile:", "[a](b)", "> - 1. `x`", "|a|\n|-|\n|b|", "<x>&#x41;"} {
		f.Add(s)
	}
	r := New(2, 8)
	f.Fuzz(func(t *testing.T, s string) {
		if v := violations(renderAny(t, r, s)); len(v) > 0 {
			t.Errorf("%q: %v", s, v)
		}
	})
}

func FuzzFromHTML(f *testing.F) {
	for _, s := range []string{"<p>a", "<svg><style><img src=x onerror=y>", "<a href=//x>", "a\n\nb", "<math><mi><b>"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		out := FromHTML(s, nil)
		if v := violations(out); len(v) > 0 {
			t.Errorf("%q: %q %v", s, out, v)
		}
	})
}

func FuzzCleanName(f *testing.F) {
	f.Add("Ann")
	f.Fuzz(func(t *testing.T, s string) {
		name, err := CleanName(s)
		if err != nil {
			return
		}
		if again, err := CleanName(name); err != nil || again != name {
			t.Errorf("%q → %q → %q %v", s, name, again, err)
		}
	})
}
