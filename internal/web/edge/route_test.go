package edge

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/cached"
	"parley/internal/web/rates"
)

// serve answers one request by a table.
func serve(t *testing.T, d *Door, table []Route, method, target, kind, body string) (status int, text string) {
	t.Helper()
	app := fiber.New(fiber.Config{ErrorHandler: d.Fail})
	d.Serve(app, table)
	req := httptest.NewRequest(method, target, strings.NewReader(body))
	req.Header.Set("Content-Type", kind)
	res, err := app.Test(req, -1)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, _ := io.ReadAll(res.Body)
	return res.StatusCode, strings.TrimSpace(string(b))
}

func door(limits bool) *Door {
	return &Door{Limits: rates.New(limits, time.Now), Pages: cached.New(time.Now), Now: time.Now}
}

type formIn struct {
	Site string   `path:"site" json:"-"`
	Name string   `form:"name" json:"-"`
	Seen []string `form:"seen" json:"-"`
}

// Fields of a form come from the body alone, never from the address.
func TestAFormIsReadFromItsBody(t *testing.T) {
	var got formIn
	table := []Route{Answer(Route{Method: "POST", Path: "/p/:site", Gate: Anybody}, func(_ context.Context, _ *Request, in formIn) error {
		got = in
		return nil
	})}
	status, _ := serve(t, door(false), table, "POST", "/p/news?name=address&seen=9", fiber.MIMEApplicationForm, "seen=1&seen=2")
	if status != http.StatusOK || got.Site != "news" || got.Name != "" || len(got.Seen) != 2 {
		t.Errorf("answers %d and reads %+v, want only what the body says", status, got)
	}
	if status, _ := serve(t, door(false), table, "POST", "/p/news", fiber.MIMEApplicationJSON, "{}"); status != http.StatusUnsupportedMediaType {
		t.Errorf("JSON for a form answers %d, want 415", status)
	}
}

// The one order: gate, then rate, then size, then what is sent.
func TestRoutesRunInOneOrder(t *testing.T) {
	shut := Gate{"Nobody.", func(*Request) error { return discuss.ErrRole }}
	call := func(context.Context, *Request, bodyIn) (None, error) { return None{}, nil }
	rates.Buckets["empty"] = rates.Bucket{Size: 0, Over: time.Minute}
	defer delete(rates.Buckets, "empty")
	for _, c := range []struct {
		name, body string
		route      Route
		want       int
	}{
		{"gate before rate", "{", Route{Gate: shut, Rate: "empty"}, http.StatusForbidden},
		{"rate before size", strings.Repeat("x", 9), Route{Gate: Anybody, Rate: "empty", Limit: 8}, http.StatusTooManyRequests},
		{"size before body", strings.Repeat("x", 9), Route{Gate: Anybody, Limit: 8}, http.StatusRequestEntityTooLarge},
		{"body last", "{", Route{Gate: Anybody}, http.StatusBadRequest},
	} {
		c.route.Method, c.route.Path = "POST", "/x"
		status, _ := serve(t, door(true), []Route{JSON(c.route, call)}, "POST", "/x", fiber.MIMEApplicationJSON, c.body)
		if status != c.want {
			t.Errorf("%s: answers %d, want %d", c.name, status, c.want)
		}
	}
}

type bodyIn struct {
	Text string `json:"text"`
}

// A kept answer is found before the gate and the call; other parameters and
// their order make no second one, and HEAD goes where GET does.
func TestAKeptAnswerComesFirst(t *testing.T) {
	calls := 0
	gate := Gate{"Counted.", func(*Request) error { calls++; return nil }}
	d := door(false)
	table := []Route{Cached(Route{Method: "GET", Path: "/x", Gate: gate}, cached.Short, func(context.Context, *Request, threadIn) (int64, func() (bodyIn, error), error) {
		return 7, func() (bodyIn, error) { return bodyIn{"kept"}, nil }, nil
	})}
	for _, target := range []string{"/x?thread=a&sort=best", "/x?sort=best&thread=a&utm=1"} {
		if status, text := serve(t, d, table, "GET", target, "", ""); status != http.StatusOK || text != `{"text":"kept"}` {
			t.Errorf("GET %s answers %d %s", target, status, text)
		}
	}
	if status, _ := serve(t, d, table, "HEAD", "/x?thread=a&sort=best", "", ""); status != http.StatusOK {
		t.Errorf("HEAD answers %d, want 200", status)
	}
	if calls != 1 {
		t.Errorf("the gate was asked %d times, want once", calls)
	}
	d.Pages.Changed([]discuss.Event{{ThreadID: 7}})
	if serve(t, d, table, "GET", "/x?thread=a&sort=best", "", ""); calls != 2 {
		t.Errorf("after a change the gate was asked %d times, want twice", calls)
	}
	if status, text := serve(t, d, table, "GET", "/x", "", ""); status != http.StatusUnprocessableEntity || !strings.Contains(text, "1 to 2048 bytes") {
		t.Errorf("without a thread: %d %s, want 422 that says what it must be", status, text)
	}
}

type threadIn struct {
	Thread ThreadKey `query:"thread" required:"true" json:"-"`
	After  Seq       `query:"after" json:"-"`
}

// A call may answer less than its type says.
func TestAcceptedHasNoBody(t *testing.T) {
	table := []Route{JSON(Route{Method: "POST", Path: "/x", Gate: Anybody}, func(_ context.Context, q *Request, _ None) (bodyIn, error) {
		q.Accepted()
		return bodyIn{}, nil
	})}
	if status, text := serve(t, door(false), table, "POST", "/x", "", ""); status != http.StatusAccepted || text != "" {
		t.Errorf("answers %d %q, want 202 with nothing", status, text)
	}
}

// A document that is the same for everyone is made once, until what it follows
// changes; making it is limited, sending it is not.
func TestADocumentIsMadeOnce(t *testing.T) {
	rates.Buckets["document"], rates.Buckets["was"] = rates.Bucket{Size: 3, Over: time.Minute}, rates.Buckets["document"]
	defer func() { rates.Buckets["document"] = rates.Buckets["was"]; delete(rates.Buckets, "was") }()
	made := 0
	d := door(true)
	table := []Route{Raw(Route{Method: "GET", Path: "/x", Gate: Anybody}, func(_ context.Context, q *Request) error {
		return q.SendPublic("x "+q.Query("k"), HTML, "Accept-Language", func() (int64, func() ([]byte, error), error) {
			return 7, func() ([]byte, error) { made++; return []byte("<p>" + q.Query("k")), nil }, nil
		})
	})}
	get := func(k string, want, times int) {
		t.Helper()
		if status, text := serve(t, d, table, "GET", "/x?k="+k, "", ""); status != want || status == http.StatusOK && text != "<p>"+k {
			t.Errorf("%s answers %d %q, want %d", k, status, text, want)
		}
		if made != times {
			t.Errorf("%s: made %d times, want %d", k, made, times)
		}
	}
	for range 20 {
		get("a", 200, 1)
	}
	get("b", 200, 2)
	d.Pages.Changed([]discuss.Event{{ThreadID: 7}})
	get("a", 200, 3)
	get("c", 429, 3)
	get("a", 200, 3)
}
