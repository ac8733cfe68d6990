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
	"discuss":    {"cleantext", "weburl"},
	"moderation": {"discuss"},
	"scorers":    {"cleantext", "discuss", "moderation"},
	"markup":     {"cleantext", "github.com/yuin/", "github.com/microcosm-cc/bluemonday"},
	"auth": {
		"cleantext", "discuss", "github.com/alexedwards/argon2id", "github.com/markbates/goth", "github.com/coreos/go-oidc/v3", "golang.org/x/oauth2",
		"github.com/golang-jwt/jwt/v5", "github.com/go-webauthn/webauthn", "github.com/pquerna/otp",
	},
	"backups":      {"machine"},
	"certs":        {},
	"fetch":        {},
	"installcheck": {},
	"machine":      {"golang.org/x/sys/windows"},
	"seldom":       {},
	"weburl":       {},
	"tokens":       {"github.com/kljensen/snowball"},
	"store":        {"discuss", "auth", "machine", "notify", "push", "seldom", "tokens", "github.com/mattn/go-sqlite3", "github.com/pressly/goose/v3"},
	"live":         {},
	"push":         {},
	"notify":       {"auth", "discuss", "i18n", "markup", "push", "github.com/wneessen/go-mail"},
	"pagecache":    {"github.com/klauspost/compress", "github.com/molecule-man/go-brrr"},
	"transfer":     {"cleantext", "discuss"},
	"media":        {"discuss", "golang.org/x/image"},
	"feed":         {"discuss"},
	"i18n":         {"cleantext"},
	"web": { // puts the rooms below together and opens the door; answers nothing by itself
		"discuss", "auth", "installcheck", "moderation", "i18n", "weburl",
		"web/edge", "web/shape", "web/cached", "web/rates", "web/account", "web/assets", "web/checks", "web/desk", "web/health", "web/pages", "web/public", "web/reader", "web/signin", "web/socket",
		"github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp",
	},
	"app": { // puts everything together
		"auth", "backups", "certs", "discuss", "fetch", "i18n", "installcheck", "machine", "markup", "media", "moderation", "notify", "push", "scorers", "store", "tokens", "transfer", "web", "weburl", "parley/static",
		"github.com/alecthomas/kong",
	},
	"demo":        {"app", "auth", "discuss", "store", "transfer", "web", "parley/static", "github.com/golang-jwt/jwt/v5"},
	"doctor":      {"app", "auth", "backups", "discuss", "machine", "notify", "store", "weburl", "github.com/golang-jwt/jwt/v5", "github.com/gorilla/websocket"},
	"systemtest":  {}, // tests alone
	"cmd/parley":  {"app", "auth", "cleantext", "demo", "discuss", "doctor", "store", "weburl", "golang.org/x/term", "github.com/alecthomas/kong", "github.com/pelletier/go-toml/v2"},
	"web/cached":  {"discuss", "pagecache", "github.com/gofiber/fiber/v2", "github.com/valyala/fasthttp"},
	"web/rates":   {"discuss"},
	"web/edge":    {"auth", "discuss", "seldom", "weburl", "web/cached", "web/rates", "web/shape", "github.com/gofiber/fiber/v2"},
	"web/shape":   {"auth", "discuss"},
	"web/account": {"auth", "cleantext", "discuss", "markup", "web/edge", "web/rates", "web/shape"},
	"web/checks":  {"discuss", "installcheck", "web/edge", "web/shape"},
	"web/public":  {"auth", "discuss", "feed", "i18n", "web/cached", "web/edge", "web/shape"},
	"web/reader":  {"auth", "discuss", "web/edge", "web/shape"},
	"web/signin":  {"auth", "discuss", "i18n", "web/edge", "web/rates", "web/shape"},
	"web/socket":  {"auth", "discuss", "live", "web/edge", "web/shape", "github.com/gofiber/fiber/v2", "github.com/gorilla/websocket", "github.com/valyala/fasthttp"},
	"web/pages":   {"auth", "discuss", "i18n", "notify", "web/edge", "web/shape"},
	"web/assets":  {"auth", "discuss", "pagecache", "web/edge", "web/shape"},
	"web/health":  {"discuss", "weburl", "web/edge", "github.com/gofiber/fiber/v2", "github.com/VictoriaMetrics/metrics"},
	"web/desk":    {"auth", "cleantext", "discuss", "i18n", "markup", "moderation", "notify", "web/edge", "web/shape"},
}

// never is what a room does without, though it is in the standard library.
var never = map[string][]string{
	"discuss": {"encoding/json", "net/http", "database/sql"},
	"web":     {"database/sql"},
	"app":     {"database/sql"},
	"cmd":     {"database/sql", "net/http"},
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
	for room := range rooms {
		if !seen[room] && room != "cmd/parley" {
			t.Errorf("the table has a line for %q, and no such room stands", room)
		}
	}
	if len(seen) < 5 {
		t.Errorf("looked at %d rooms only", len(seen))
	}
}

// The commands hold no logic: what they import says so.
func TestTheCommandsAreThin(t *testing.T) {
	files, err := filepath.Glob("../cmd/parley/*.go")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			if name, err := strconv.Unquote(spec.Path.Value); err != nil || !may("cmd/parley", rooms["cmd/parley"], name) {
				t.Errorf("%s imports %s, which a command may not: %v", file, name, err)
			}
		}
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
		{"web/public", "parley/internal/web/edge", true},
		{"web/public", "parley/internal/web/reader", false},
		{"web/public", "github.com/gofiber/fiber/v2", false},
		{"web/edge", "parley/internal/web/public", false},
		{"web/signin", "parley/internal/web/pages", false},
		{"web/pages", "parley/internal/web/signin", false},
		{"web/pages", "github.com/gofiber/fiber/v2", false},
		{"web/pages", "parley/internal/store", false},
		{"web/socket", "github.com/gorilla/websocket", true},
		{"web/signin", "github.com/gorilla/websocket", false},
		{"web/socket", "parley/internal/web/public", false},
		{"web/assets", "parley/internal/media", false},
		{"web/health", "parley/internal/web/socket", false},
		{"web/edge", "parley/internal/pagecache", false},
		{"web/cached", "parley/internal/web/edge", false},
		{"web/rates", "github.com/gofiber/fiber/v2", false},
		{"web", "parley/internal/pagecache", false},
		{"web", "parley/internal/live", false},
		{"web/edge", "parley/internal/web/desk", false},
		{"web/shape", "parley/internal/web/edge", false},
		{"web/desk", "parley/internal/store", false},
		{"web/desk", "database/sql", false},
		{"web/shape", "github.com/gofiber/fiber/v2", false},
		{"discuss", "encoding/json", false},
		{"discuss", "parley/internal/store", false},
		{"live", "github.com/gorilla/websocket", false},
		{"live", "parley/internal/discuss", false},
		{"web", "parley/internal/store", false},
		{"web", "parley/internal/app", false},
		{"app", "parley/internal/web", true},
		{"cmd/parley", "parley/internal/web", false},
		{"cmd/parley", "database/sql", false},
		{"app", "parley/internal/web/desk", false},
		{"app", "parley/internal/demo", false},
		{"app", "github.com/gofiber/fiber/v2", false},
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
