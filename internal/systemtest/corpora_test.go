package systemtest

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestOddBodies posts what clients should not send. Nothing of it takes effect
// that the caller may not decide, and nothing is an error of ours.
func TestOddBodies(t *testing.T) {
	p := newProgram(t)
	p.start()
	ann := p.login("ann@example.com")
	f, err := os.Open(filepath.Join("testdata", "bodies.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 0
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var c struct {
			Name, V, Expect string
			Gen             []any
		}
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		n++
		body := strings.NewReplacer(`"text"`, `"thread":"odd","body"`, `"te\u0078t"`, `"thread":"odd","bod\u0079"`, `"a"`, `"some words"`).Replace(c.V)
		if len(c.Gen) == 2 {
			body = strings.Repeat(c.Gen[0].(string), int(c.Gen[1].(float64)))
			if len(body) > 200<<10 {
				body = body[:200<<10] // above 256 kB it would be refused unread
			}
		}
		t.Run(c.Name, func(t *testing.T) {
			a, err := p.try("POST", "/api/v1/sites/news/comments", body, "Authorization", ann, "Content-Type", "application/json")
			if err != nil {
				t.Fatal(err)
			}
			if a.status >= 500 || !utf8.Valid(a.body) {
				t.Errorf("%d %s", a.status, a.body)
			}
			if strings.HasPrefix(c.Expect, "400") && !strings.Contains(c.Expect, "extra") && !strings.Contains(c.Expect, "U+FFFD") && a.status/100 != 4 {
				t.Errorf("%d, want a refusal: %s", a.status, a.body)
			}
			if a.status != 201 {
				return
			}
			var out struct {
				Comment struct {
					ID, Status string
					Author     struct{ Name string }
					Up         int
					Featured   bool
					Created    string `json:"created_at"`
				}
			}
			a.into(t, &out)
			if c := out.Comment; c.Status != "published" || c.Author.Name != "Ann Lee" || c.Up != 0 || c.Featured || c.ID == "1" || strings.HasPrefix(c.Created, "2001") {
				t.Errorf("what the body asked for took effect: %s", a.body)
			}
		})
	}
	if n < 10 {
		t.Errorf("only %d bodies", n)
	}
}

// TestOddRequests sends bytes that are no proper HTTP. The server answers or
// closes, reflects no foreign host, and serves the next one.
func TestOddRequests(t *testing.T) {
	p := newProgram(t)
	p.start()
	packed, err := os.Open(filepath.Join("testdata", "raw-requests.jsonl.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer packed.Close()
	z, err := gzip.NewReader(packed)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	lines := bufio.NewScanner(z)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var c struct{ ID, Name, B64, Expect string }
		if err := json.Unmarshal(lines.Bytes(), &c); err != nil {
			t.Fatal(err)
		}
		raw, err := base64.StdEncoding.DecodeString(c.B64)
		if err != nil {
			t.Fatal(err)
		}
		n++
		t.Run(c.Name, func(t *testing.T) {
			t.Parallel()
			host := strings.TrimPrefix(p.base, "http://")
			got, _ := p.raw(func(conn net.Conn) error {
				_, err := conn.Write(bytes.ReplaceAll(raw, []byte("HOST"), []byte(host)))
				return err
			})
			status, _, _ := strings.Cut(string(got), "\r\n")
			if strings.Contains(status, " 500 ") || bytes.Contains(got, []byte("evil.example")) || bytes.Contains(got, []byte("<script>")) {
				t.Errorf("answered %.300s", got)
			}
			if strings.HasPrefix(c.Expect, "400") && strings.Contains(status, " 200 ") && !strings.Contains(c.Expect, "or") {
				t.Errorf("%s, want 400", status)
			}
			if strings.HasPrefix(c.Expect, "three responses") && strings.Count(string(got), "HTTP/1.1 200") != 3 {
				t.Errorf("pipelined: %.300s", got)
			}
			if a := p.do("GET", "/healthz", ""); a.status != 200 {
				t.Errorf("the next request: %d", a.status)
			}
		})
	}
	if n < 10 {
		t.Errorf("only %d requests", n)
	}
	t.Cleanup(func() { // after those in parallel, before the program ends
		if strings.Contains(p.log.String(), "panic") {
			t.Errorf("the log has a panic:\n%s", p.log)
		}
	})
}
