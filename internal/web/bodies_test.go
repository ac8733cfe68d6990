package web

import (
	"bytes"
	"compress/gzip"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"parley/internal/web/edge"
	"parley/internal/web/rates"

	"github.com/gofiber/fiber/v2"
)

// maxBodyMemory is how many bytes one request's body may cost this process.
const maxBodyMemory = 60 << 20

// listening is a server without any room behind it, on a real socket.
func listening(t *testing.T) (s *Server, base string) {
	t.Helper()
	s, err := New(Config{PublicURL: "http://127.0.0.1", Now: time.Now, RateLimits: true})
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	go func() { _ = s.Serve(ln) }()
	t.Cleanup(func() { _ = s.app.Shutdown() })
	return s, "http://" + ln.Addr().String()
}

// everyRoute is the routes that are served, with something in each parameter.
func everyRoute(s *Server) (out []fiber.Route) {
	param := regexp.MustCompile(`:\w+|\*`)
	for _, r := range s.app.GetRoutes(true) {
		if r.Method == http.MethodConnect || r.Method == http.MethodTrace {
			continue
		}
		r.Path = param.ReplaceAllString(r.Path, "1")
		out = append(out, r)
	}
	return out
}

// bomb is size zeros, packed twice over: a kilobyte for hundreds of megabytes.
func bomb(t *testing.T, size int) []byte {
	t.Helper()
	var once, twice bytes.Buffer
	z := gzip.NewWriter(&once)
	if _, err := io.CopyN(z, zeros{}, int64(size)); err != nil {
		t.Fatal(err)
	}
	_ = z.Close()
	z = gzip.NewWriter(&twice)
	_, _ = z.Write(once.Bytes())
	_ = z.Close()
	return twice.Bytes()
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// A packed body is refused before it is unpacked, whatever the route, and
// however its encoding is written.
func TestPackedBodiesAreRefusedUnread(t *testing.T) {
	s, base := listening(t)
	body := bomb(t, 300<<20)
	encodings := [][]string{{"gzip, gzip"}, {"gzip", "gzip"}, {"GZip"}, {"br"}, {"deflate,gzip"}, {"x-gzip"}, {"zstd"}, {"identity, gzip"}, {" ,gzip"}}
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	routes := everyRoute(s)
	if len(routes) < 100 {
		t.Fatalf("looked at %d routes only", len(routes))
	}
	for i, route := range routes {
		for _, encoding := range [][]string{encodings[0], encodings[i%len(encodings)]} {
			for _, chunked := range []bool{false, true} {
				var r io.Reader = bytes.NewReader(body)
				if chunked {
					r = io.MultiReader(r) // of a length that the client doesn't know
				}
				req, err := http.NewRequest(route.Method, base+route.Path, r)
				if err != nil {
					t.Fatal(err)
				}
				req.Header["Content-Encoding"] = encoding
				req.Header.Set("Content-Type", []string{"application/json", "application/x-www-form-urlencoded"}[i%2])
				res, err := http.DefaultClient.Do(req)
				if err != nil {
					t.Fatalf("%s %s: %v", route.Method, route.Path, err)
				}
				_ = res.Body.Close()
				if res.StatusCode != http.StatusUnsupportedMediaType {
					t.Errorf("%s %s with Content-Encoding %q answers %d, want 415", route.Method, route.Path, encoding, res.StatusCode)
				}
			}
		}
	}
	runtime.ReadMemStats(&after)
	if grown := int64(after.Sys) - int64(before.Sys); grown > maxBodyMemory {
		t.Errorf("the process grew by %d bytes, want at most %d", grown, maxBodyMemory)
	}
}

// An unpacked body is taken as it is, "identity" being the name of that.
func TestIdentityIsNoPacking(t *testing.T) {
	_, base := listening(t)
	req, _ := http.NewRequest("POST", base+"/auth/1/callback", strings.NewReader("state=x"))
	req.Header.Set("Content-Type", fiber.MIMEApplicationForm)
	req.Header.Set("Content-Encoding", "identity")
	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := noFollow.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusSeeOther {
		t.Errorf("the callback answers %d, want 303", res.StatusCode)
	}
}

// No route takes a body above the limit of all, nor a provider's form above its own.
func TestLargeBodiesAreRefused(t *testing.T) {
	s, base := listening(t)
	send := func(method, path, contentType string, size int) int {
		req, _ := http.NewRequest(method, base+path, io.LimitReader(zeros{}, int64(size)))
		req.Header.Set("Content-Type", contentType)
		res, err := http.DefaultClient.Do(req)
		if err != nil {
			return http.StatusRequestEntityTooLarge // hung up on while it still sent
		}
		_ = res.Body.Close()
		return res.StatusCode
	}
	for _, route := range everyRoute(s) {
		if slices.Contains([]string{http.MethodGet, http.MethodHead, http.MethodOptions}, route.Method) {
			continue
		}
		if got := send(route.Method, route.Path, "application/json", edge.MaxBody+1); got != http.StatusRequestEntityTooLarge {
			t.Errorf("%s %s answers %d to a body above the limit, want 413", route.Method, route.Path, got)
		}
	}
	for _, path := range []string{"/auth/apple/callback", "/auth/facebook/deletion", "/auth/facebook/deauthorize"} {
		if got := send("POST", path, fiber.MIMEApplicationForm, 16<<10+1); got != http.StatusRequestEntityTooLarge {
			t.Errorf("%s answers %d to a long form, want 413", path, got)
		}
	}
}

// A provider's form has a rate: nobody's redirects are free.
func TestCallbacksHaveARate(t *testing.T) {
	_, base := listening(t)
	noFollow := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	last := 0
	for range int(rates.Buckets["provider"].Size) + 1 {
		res, err := noFollow.Post(base+"/auth/apple/callback", fiber.MIMEApplicationForm, strings.NewReader("state=x"))
		if err != nil {
			t.Fatal(err)
		}
		_ = res.Body.Close()
		last = res.StatusCode
	}
	if last != http.StatusTooManyRequests {
		t.Errorf("the last of too many answers %d, want 429", last)
	}
}

// Fiber's own readers of bodies unpack what they read, or read the address too.
func TestNobodyUnpacks(t *testing.T) {
	unpacks := regexp.MustCompile(`\b(c|q|Ctx)\.(Body|BodyParser|FormValue|FormFile|MultipartForm)\(|BodyUncompressed|BodyGunzip`)
	files, err := filepath.Glob("*/*.go")
	if err != nil || len(files) < 50 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		src, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if found := unpacks.FindString(string(src)); found != "" {
			t.Errorf("%s calls %s: read bodies by edge.Decode or edge.Form", file, found)
		}
	}
}
