package internal_test

import (
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// rooms is the table of who may import whom: our rooms by name, third-party
// modules by prefix. x/text, x/net, x/crypto and x/sync count as standard.
var rooms = map[string][]string{
	"cleantext":  {},
	"discuss":    {"cleantext"},
	"moderation": {"discuss"},
	"scorers":    {"cleantext", "discuss", "moderation"},
	"markup":     {"cleantext", "github.com/yuin/", "github.com/microcosm-cc/bluemonday"},
	"auth": {
		"cleantext", "discuss", "github.com/alexedwards/argon2id", "github.com/markbates/goth", "github.com/coreos/go-oidc/v3", "golang.org/x/oauth2",
		"github.com/golang-jwt/jwt/v5", "github.com/go-webauthn/webauthn", "github.com/pquerna/otp",
	},
	"fetch":     {},
	"weburl":    {},
	"store":     {"discuss", "auth", "notify", "github.com/mattn/go-sqlite3", "github.com/pressly/goose/v3"},
	"live":      {"discuss"},
	"notify":    {"discuss", "i18n", "github.com/wneessen/go-mail"},
	"pagecache": {"github.com/andybalholm/brotli", "github.com/klauspost/compress"},
	"transfer":  {"cleantext", "discuss"},
	"media":     {"discuss", "golang.org/x/image"},
	"feed":      {"discuss"},
	"i18n":      {},
	"web": { // puts the rooms below together; what is not in one yet is here too
		"cleantext", "discuss", "auth", "live", "moderation", "pagecache", "notify", "i18n", "feed", "weburl",
		"web/edge", "web/shape", "web/account", "web/reader", "web/desk",
		"github.com/gofiber/fiber/v2", "github.com/gorilla/websocket", "github.com/valyala/fasthttp", "github.com/VictoriaMetrics/metrics",
	},
	"web/edge":    {"auth", "discuss", "weburl", "web/shape", "github.com/gofiber/fiber/v2"},
	"web/shape":   {"auth", "discuss"},
	"web/account": {"auth", "cleantext", "discuss", "web/edge", "web/shape"},
	"web/reader":  {"auth", "discuss", "web/edge", "web/shape"},
	"web/desk":    {"auth", "discuss", "i18n", "markup", "moderation", "notify", "web/edge", "web/shape"},
}

// never is what a room does without, though it is in the standard library.
var never = map[string][]string{
	"discuss": {"encoding/json", "net/http", "database/sql"},
	"web":     {"database/sql"},
}

// roomOf is the room that a package under internal belongs to. The rooms of
// the door are one floor down.
func roomOf(pkg string) string {
	first, rest, deep := strings.Cut(pkg, "/")
	if !deep || first != "web" {
		return first
	}
	second, _, _ := strings.Cut(rest, "/")
	return "web/" + second
}

func TestImportsFollowTheTable(t *testing.T) {
	seen := map[string]bool{}
	err := filepath.WalkDir(".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(file, ".go") || strings.HasSuffix(file, "_test.go") {
			return err
		}
		room := roomOf(path.Dir(filepath.ToSlash(file)))
		seen[room] = true
		allowed, ok := rooms[room]
		if !ok {
			t.Errorf("%s: room %q has no line in the table", file, room)
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			return err
		}
		for _, spec := range f.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				return err
			}
			if !may(room, allowed, name) {
				t.Errorf("%s imports %s, which room %q may not", file, name, room)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(seen) < 5 {
		t.Errorf("looked at %d rooms only", len(seen))
	}
}

// The table says no where it should.
func TestTheTableSaysNo(t *testing.T) {
	for _, c := range []struct {
		room, name string
		want       bool
	}{
		{"web/desk", "parley/internal/web/edge", true},
		{"web/desk", "parley/internal/web/reader", false},
		{"web/desk", "parley/internal/web", false},
		{"web/reader", "parley/internal/web/desk", false},
		{"web/edge", "parley/internal/web/desk", false},
		{"web/shape", "parley/internal/web/edge", false},
		{"web/desk", "parley/internal/store", false},
		{"web/desk", "database/sql", false},
		{"web/shape", "github.com/gofiber/fiber/v2", false},
		{"discuss", "encoding/json", false},
		{"discuss", "parley/internal/store", false},
		{"live", "github.com/gorilla/websocket", false},
		{"web", "parley/internal/store", false},
		{"web", "parley/internal/web/newroom", false},
		{"store", "parley/internal/web/shape", false},
	} {
		if got := may(c.room, rooms[c.room], c.name); got != c.want {
			t.Errorf("%s may import %s: %v", c.room, c.name, got)
		}
	}
}

func may(room string, allowed []string, name string) bool {
	if ours, ok := strings.CutPrefix(name, "parley/internal/"); ok {
		to := roomOf(ours)
		return to == room || slices.Contains(allowed, to)
	}
	first, _, _ := strings.Cut(name, "/")
	if !strings.Contains(first, ".") && first != "parley" { // standard library
		return !slices.Contains(never[strings.SplitN(room, "/", 2)[0]], name)
	}
	for _, std := range []string{"golang.org/x/text", "golang.org/x/net", "golang.org/x/crypto", "golang.org/x/sync"} {
		if strings.HasPrefix(name, std) {
			return true
		}
	}
	return slices.ContainsFunc(allowed, func(a string) bool {
		return name == path.Clean(a) || strings.HasPrefix(name, strings.TrimSuffix(a, "/")+"/")
	})
}
