package systemtest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is the published description of the API. Every answer that a test
// of this package gets from the running server is held to it, and so is every
// body that the server took.
type contract struct {
	doc    map[string]any
	routes []route
	mu     sync.Mutex
	c      *jsonschema.Compiler
	done   map[string]*jsonschema.Schema
}

type route struct {
	template string
	pattern  *regexp.Regexp
}

var published = sync.OnceValues(func() (*contract, error) {
	b, err := os.ReadFile(filepath.Join("..", "..", "static", "assets", "openapi.json"))
	if err != nil {
		return nil, err
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	k := &contract{doc: doc.(map[string]any), c: jsonschema.NewCompiler(), done: map[string]*jsonschema.Schema{}}
	k.c.DefaultDraft(jsonschema.Draft2020)
	if err := k.c.AddResource("mem:///openapi.json", doc); err != nil {
		return nil, err
	}
	for template := range k.doc["paths"].(map[string]any) {
		p := regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(template), `[^/]+`)
		k.routes = append(k.routes, route{template, regexp.MustCompile("^" + p + "$")})
	}
	return k, nil
})

// check says what of an exchange is not as described; "" if all is.
func (k *contract) check(method, target string, sent []byte, got answer) string {
	u, err := url.Parse(target)
	if err != nil || !strings.HasPrefix(u.Path, "/api/") {
		return ""
	}
	for _, r := range k.routes {
		if !r.pattern.MatchString(u.EscapedPath()) {
			continue
		}
		at := []string{"paths", r.template, strings.ToLower(method)}
		if k.find(at...) == nil {
			continue
		}
		status := fmt.Sprint(got.status)
		if k.find(append(at, "responses", status)...) == nil {
			if got.status == http.StatusNotModified || got.status == http.StatusAccepted || got.status == http.StatusMisdirectedRequest {
				return ""
			}
			return fmt.Sprintf("%s %s: the answer %d is not described: %s", method, r.template, got.status, got.body)
		}
		kind, _, _ := strings.Cut(got.header.Get("Content-Type"), ";")
		if len(got.body) > 0 && (kind == "application/json" || kind == "application/problem+json") {
			if why := k.validate(append(at, "responses", status, "content", kind, "schema"), got.body); why != "" {
				return fmt.Sprintf("%s %s: the answer %d is not as described: %s\n%s", method, r.template, got.status, why, got.body)
			}
		}
		if len(sent) > 0 && got.status/100 == 2 {
			if why := k.validate(append(at, "requestBody", "content", "application/json", "schema"), sent); why != "" {
				return fmt.Sprintf("%s %s took what is not described: %s\n%s", method, r.template, why, sent)
			}
		}
		return ""
	}
	if got.status == http.StatusNotFound || got.status == http.StatusMethodNotAllowed {
		return ""
	}
	return fmt.Sprintf("%s %s is not described", method, u.Path)
}

func (k *contract) find(path ...string) any {
	var at any = k.doc
	for _, p := range path {
		m, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = m[p]
	}
	return at
}

func (k *contract) validate(path []string, body []byte) string {
	if k.find(path...) == nil {
		return "there is no schema at " + strings.Join(path[len(path)-3:], "/")
	}
	ref := "mem:///openapi.json#"
	for _, p := range path {
		ref += "/" + url.PathEscape(strings.NewReplacer("~", "~0", "/", "~1").Replace(p))
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	s := k.done[ref]
	if s == nil {
		var err error
		if s, err = k.c.Compile(ref); err != nil {
			return err.Error()
		}
		k.done[ref] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(body))
	if err != nil {
		return err.Error()
	}
	if err := s.Validate(v); err != nil {
		return err.Error()
	}
	return ""
}

func TestTheDescriptionIsServed(t *testing.T) {
	p := newProgram(t)
	p.start()
	a := p.do("GET", "/openapi.json", "")
	want, err := os.ReadFile(filepath.Join("..", "..", "static", "assets", "openapi.json"))
	if err != nil {
		t.Fatal(err)
	}
	if a.status != 200 || !bytes.Equal(a.body, want) {
		t.Errorf("/openapi.json: %d, %d bytes, want the committed %d", a.status, len(a.body), len(want))
	}
	k, err := published()
	if err != nil {
		t.Fatal(err)
	}
	// The check itself must see what is wrong.
	ok := answer{status: 200, header: http.Header{"Content-Type": {"application/json"}}}
	for _, c := range []struct{ body, want string }{
		{`{"counts":{"a":1}}`, ""},
		{`{"counts":{"a":"1"}}`, "not as described"},
		{`{"counts":null}`, "not as described"},
		{`{}`, "not as described"},
	} {
		ok.body = []byte(c.body)
		if got := k.check("GET", "/api/v1/sites/news/counts?thread=a", nil, ok); !strings.Contains(got, c.want) || (got == "") != (c.want == "") {
			t.Errorf("%s: %q, want %q", c.body, got, c.want)
		}
	}
}

// TestThePackedWidgetIsTheWidget: what is committed packed is what is served plain.
func TestThePackedWidgetIsTheWidget(t *testing.T) {
	p := newProgram(t)
	p.start()
	plain := p.do("GET", "/assets/view.js", "", "Accept-Encoding", "identity")
	packed := p.do("GET", "/assets/view.js", "", "Accept-Encoding", "gzip")
	z, err := gzip.NewReader(bytes.NewReader(packed.body))
	if err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(z)
	if err != nil || !bytes.Equal(got, plain.body) || plain.status != 200 {
		t.Errorf("%d bytes unpacked, %d plain: %v", len(got), len(plain.body), err)
	}
	t.Logf("%d bytes, %d packed", len(plain.body), len(packed.body))
}
