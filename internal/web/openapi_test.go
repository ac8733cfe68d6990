package web

import (
	"bytes"
	"encoding/json"
	"flag"
	"net/http"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/discuss"
	"parley/internal/web/edge"
	"parley/internal/web/rates"

	"github.com/swaggest/jsonschema-go"
	"github.com/swaggest/openapi-go"
	"github.com/swaggest/openapi-go/openapi31"
)

// The description of the API is made from the types that the handlers encode
// and decode, and committed; the program only sends it. Here it is held to the
// routes, and every answer in the tests of the whole program is held to it.
//
//	go test -tags sqlite_fts5 ./internal/web -run TestOpenAPI -update

var update = flag.Bool("update", false, "write static/assets/openapi.json anew")

var openapiFile = filepath.Join("..", "..", "static", "assets", "openapi.json")

// operation is a route as it is described.
type operation struct {
	edge.Route
	in, out any // nil: nothing
}

// pathAndBody is the in of a route whose body is not an object.
type pathAndBody struct{ path, body any }

type siteIn struct {
	Site string `path:"site"`
}

// tag is what a reader of the description groups by: the room of the route.
func (o operation) tag() string {
	parts := strings.Split(strings.TrimPrefix(o.Path, "/api/v1/"), "/")
	switch {
	case slices.Contains(parts, "moderation"), slices.Contains(parts, "settings"):
		return "moderation"
	case o.Method == http.MethodGet && o.Gate.Open():
		return "reading"
	case o.Gate.Says == edge.OwnPages.Says || parts[0] == "auth":
		return "identity"
	}
	return "taking part"
}

func TestOpenAPIDescribesTheRoutes(t *testing.T) {
	want, err := description()
	if err != nil {
		t.Fatal(err)
	}
	if *update {
		if err := os.WriteFile(openapiFile, want, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got, err := os.ReadFile(openapiFile)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("static/assets/openapi.json is not what the types give: run this test with -update and commit it")
	}
	described := map[string]bool{}
	s, err := anyServer()
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range operations(s.table) {
		described[o.Method+" "+edge.Template(o.Path)] = true
	}
	param := regexp.MustCompile(`:(\w+)`)
	routes := map[string]bool{}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == http.MethodHead || r.Method == http.MethodOptions || !strings.HasPrefix(r.Path, "/api/") {
			continue
		}
		name := r.Method + " " + param.ReplaceAllString(r.Path, "{$1}")
		routes[name] = true
		if !described[name] {
			t.Errorf("%s is not described: it stands in no table", name)
		}
	}
	for name := range described {
		if !routes[name] {
			t.Errorf("%s is described and not served", name)
		}
	}
}

// A list that may go on takes the cursor that it gives, and refuses others.
func TestWhatGivesACursorTakesIt(t *testing.T) {
	s, err := anyServer()
	if err != nil {
		t.Fatal(err)
	}
	lists := 0
	for _, o := range operations(s.table) {
		if !has(reflect.TypeOf(o.out), "json", "next_cursor") || strings.HasSuffix(o.Path, "/comments/:id") { // one alone goes nowhere
			continue
		}
		lists++
		if !has(reflect.TypeOf(o.in), "query", "cursor") || !slices.Contains(o.Errors, http.StatusUnprocessableEntity) {
			t.Errorf("%s %s gives next_cursor and takes no cursor, or never refuses one", o.Method, o.Path)
		}
	}
	if lists < 8 {
		t.Errorf("looked at %d lists only", lists)
	}
}

// has reports whether a struct has a field with a name in a tag.
func has(t reflect.Type, tag, name string) bool {
	if t == nil || t.Kind() != reflect.Struct {
		return false
	}
	for _, f := range reflect.VisibleFields(t) {
		if got, _, _ := strings.Cut(f.Tag.Get(tag), ","); got == name {
			return true
		}
	}
	return false
}

// anyServer has every route and nothing behind them.
func anyServer() (*Server, error) {
	return New(Config{PublicURL: "http://127.0.0.1", Now: time.Now})
}

// operations is what the table says of the API's routes.
func operations(table []edge.Route) (out []operation) {
	for _, r := range table {
		if !strings.HasPrefix(r.Path, "/api/") || r.Method == http.MethodOptions {
			continue // pages, and what is about every call
		}
		o := operation{r, r.In, r.Out}
		if _, none := o.in.(edge.None); none {
			o.in = nil
		}
		if _, none := o.out.(edge.None); none {
			o.out = nil
		}
		if _, file := o.out.(edge.File); file {
			o.out = ""
		}
		if r.Partial {
			o.in = partly(o.in)
		}
		if t := reflect.TypeOf(o.in); t != nil && t.Kind() == reflect.Slice { // a list has no place for the path
			o.in = pathAndBody{siteIn{}, o.in}
		}
		out = append(out, o)
	}
	return out
}

// TestTheTableIsWhole: every route that is served stands in the table and has a
// gate, every unsafe one a rate of the limiter's and a limit for its body, and
// every status that it may answer is one that the contract knows.
func TestTheTableIsWhole(t *testing.T) {
	known := []int{101, 200, 201, 202, 204, 302, 303, 400, 401, 403, 404, 409, 410, 413, 415, 422, 429, 503, 507}
	seen := map[string]bool{}
	s, err := anyServer()
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range s.table {
		name := r.Method + " " + r.Path
		if seen[name] {
			t.Errorf("%s stands in the table twice", name)
		}
		seen[name] = true
		if !r.Gate.Set() {
			t.Errorf("%s has no gate", name)
		}
		if r.Summary == "" || r.Gate.Says == "" {
			t.Errorf("%s is not described", name)
		}
		if _, ok := rates.Buckets[r.Rate]; !ok && (r.Rate != "" || !r.Safe()) {
			t.Errorf("%s has the rate %q, which there is not", name, r.Rate)
		}
		if !r.Safe() && (r.Limit <= 0 || r.Limit > edge.MaxBody && !r.Large || r.Limit > edge.LargeBody) {
			t.Errorf("%s takes a body of %d bytes, want 1 to %d, or %d where it is large", name, r.Limit, edge.MaxBody, edge.LargeBody)
		}
		if !r.Safe() && r.Rate != "" && !slices.Contains(r.Errors, http.StatusTooManyRequests) {
			t.Errorf("%s has a rate and does not say 429", name)
		}
		for _, status := range append(slices.Clone(r.Errors), r.Status) {
			if !slices.Contains(known, status) {
				t.Errorf("%s may answer %d, which the contract does not know", name, status)
			}
		}
	}
	if len(seen) < 100 {
		t.Errorf("looked at %d routes only", len(seen))
	}
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == http.MethodHead { // goes along with GET
			r.Method = http.MethodGet
		}
		if !seen[r.Method+" "+r.Path] {
			t.Errorf("%s %s is served and stands in no table", r.Method, r.Path)
		}
	}
}

// description makes the document.
func description() ([]byte, error) {
	r := openapi31.NewReflector()
	r.Spec.Info.WithTitle("Parley").WithVersion("1").WithDescription(
		"The comment system of a site. Ids and cursors are opaque strings, times are RFC 3339 in UTC. " +
			"The API only grows: fields that you do not know are to be ignored. Unsafe calls with a cookie need the header X-Parley: 1.")
	r.DefaultOptions = append(r.DefaultOptions,
		jsonschema.InterceptProp(required),
		jsonschema.InterceptNullability(listsAreNeverNull),
		jsonschema.InterceptDefName(func(_ reflect.Type, name string) string {
			for _, room := range []string{"Web", "Shape", "Edge", "Reader", "Desk", "Account", "Public", "Signin", "Socket"} {
				name = strings.TrimPrefix(name, room)
			}
			if in, ok := strings.CutSuffix(name, "In"); ok && len(in) > 0 {
				return in + "Request"
			}
			return strings.TrimSuffix(strings.TrimSuffix(name, "JSON"), "Out")
		}),
		func(rc *jsonschema.ReflectContext) { rc.EnvelopNullability = true },
	)
	r.AddTypeMapping(discuss.Reactions(""), map[string]int{})
	r.AddTypeMapping(discuss.ID(0), "")
	r.AddTypeMapping(edge.Seq(0), int64(0))
	s, err := anyServer()
	if err != nil {
		return nil, err
	}
	for _, o := range operations(s.table) {
		c, err := r.NewOperationContext(o.Method, edge.Template(o.Path))
		if err != nil {
			return nil, err
		}
		c.SetSummary(o.Summary)
		c.SetDescription("Who may call: " + o.Gate.Says)
		c.SetTags(o.tag())
		if both, ok := o.in.(pathAndBody); ok {
			c.AddReqStructure(both.path)
			c.AddReqStructure(both.body)
		} else if o.in != nil {
			c.AddReqStructure(o.in)
		}
		if o.Takes == "" {
			c.AddReqStructure(o.Takes, openapi.WithContentType("application/octet-stream"))
		} else if o.Takes != nil {
			c.AddReqStructure(o.Takes)
		}
		if o.Empty {
			c.AddRespStructure(nil, openapi.WithHTTPStatus(http.StatusNoContent))
		}
		kind := o.Kind
		if kind == "" {
			kind = "application/json"
		}
		c.AddRespStructure(o.out, openapi.WithHTTPStatus(o.Status), openapi.WithContentType(kind))
		if _, later := o.out.(edge.Later); later {
			c.AddRespStructure(o.out, openapi.WithHTTPStatus(http.StatusAccepted), openapi.WithContentType(kind))
		}
		for _, status := range append(slices.Clone(o.Errors), http.StatusInternalServerError) {
			c.AddRespStructure(edge.Problem{}, openapi.WithHTTPStatus(status), openapi.WithContentType("application/problem+json"))
		}
		if err := r.AddOperation(c); err != nil {
			return nil, err
		}
	}
	b, err := r.Spec.MarshalJSON()
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := json.Indent(&out, b, "", " "); err != nil {
		return nil, err
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// required: a field is always there unless its tag says omitempty.
func required(p jsonschema.InterceptPropParams) error {
	if tag, ok := p.Field.Tag.Lookup("json"); p.Processed && ok && !strings.Contains(tag, "omitempty") && !slices.Contains(p.ParentSchema.Required, p.Name) {
		p.ParentSchema.Required = append(p.ParentSchema.Required, p.Name)
	}
	return nil
}

// listsAreNeverNull: an empty list is [], an empty map is {}.
func listsAreNeverNull(p jsonschema.InterceptNullabilityParams) {
	if k := p.Type.Kind(); p.NullAdded && (k == reflect.Slice || k == reflect.Map || p.Type == reflect.TypeFor[discuss.Reactions]()) {
		p.Schema.RemoveType(jsonschema.Null)
	}
	if len(p.Schema.AnyOf) > 0 {
		p.Schema.Type = nil // what it may be is in the choices
	}
}

// partly is a request that may name any part of the fields: a struct of them
// all with omitempty.
func partly(parts ...any) any {
	var fields []reflect.StructField
	seen := map[string]bool{}
	var walk func(t reflect.Type)
	walk = func(t reflect.Type) {
		for i := t.NumField() - 1; i >= 0; i-- { // an outer field hides the one it embeds
			f := t.Field(i)
			if f.Anonymous {
				walk(f.Type)
				continue
			}
			if name, ok := f.Tag.Lookup("json"); ok && name != "-" { // what is of the path stays as it is
				name, _, _ = strings.Cut(name, ",")
				if seen[name] {
					continue
				}
				seen[name] = true
				f.Tag = reflect.StructTag(`json:"` + name + `,omitempty"`)
			}
			fields = append(fields, reflect.StructField{Name: f.Name, Type: f.Type, Tag: f.Tag})
		}
	}
	for _, p := range parts {
		walk(reflect.TypeOf(p))
	}
	return reflect.New(reflect.StructOf(fields)).Elem().Interface()
}

// Every route of the table is asked by every kind of caller with every kind of
// body: TestEveryAnswerIsAsRecorded does it, and what it recorded names them all.
func TestEveryRouteIsAskedByEveryCaller(t *testing.T) {
	elsewhere := []string{ // that one leaves out, since it would sign everybody out or wait
		"/api/v1/me/sessions", "/api/v1/me/sessions/:id", "/api/v1/auth/claim",
		"/api/v1/sites/:site/moderation/people/:id/sessions",              // TestTheSessionsOfTheTeam
		"/api/v1/sites/:site/live", "/api/v1/sites/:site/moderation/live", // sockets: TestTheSocketAsksWhereFrom, TestOddHandshakes
	}
	b, err := os.ReadFile("../systemtest/testdata/answers.txt")
	if err != nil {
		t.Fatal(err)
	}
	var asked []string // method and path
	for _, line := range strings.Split(string(b), "\n") {
		method, rest, _ := strings.Cut(line, " ")
		path, _, _ := strings.Cut(rest, " ")
		path, _, _ = strings.Cut(path, "?")
		asked = append(asked, method+" "+path)
	}
	s, err := New(Config{PublicURL: "http://127.0.0.1", Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	param := regexp.MustCompile(`:\w+|\*`)
	for _, r := range s.table {
		if slices.Contains(elsewhere, r.Path) {
			continue
		}
		parts := param.Split(r.Path, -1)
		for i := range parts {
			parts[i] = regexp.QuoteMeta(parts[i])
		}
		like := regexp.MustCompile("^" + r.Method + " " + strings.Join(parts, `[^ ]+`) + "$")
		if !slices.ContainsFunc(asked, like.MatchString) {
			t.Errorf("%s %s is asked by nobody", r.Method, r.Path)
		}
	}
}
