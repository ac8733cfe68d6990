// Package edge is where a request becomes a call: a table of routes, and one
// order in which every one of them is run. A room of the door gives its routes;
// what they have in common (who calls, how often, how large, what an error
// becomes) stands here and nowhere else.
package edge

import (
	"context"
	"net/http"
	"reflect"
	"time"

	"github.com/gofiber/fiber/v2"

	"parley/internal/web/cached"
)

// HTML is the content type of our own documents.
const HTML = "text/html; charset=utf-8"

// RequestTimeout bounds the reads of one request. Writes never see it.
const RequestTimeout = 15 * time.Second

// MaxBody is the size in bytes of the largest body of a route that says nothing else.
const MaxBody = 256 << 10

// LargeBody is the size in bytes of the largest body of a route that takes files.
const LargeBody = 8<<20 + 64<<10

// Route is one line of the table: all that is said of a route, said once.
type Route struct {
	Method   string
	Path     string // as Fiber has it: /api/v1/sites/:site/comments
	Summary  string
	Gate     Gate          // who may call
	Rate     string        // bucket of the caller's network; every unsafe route has one
	Limit    int           // bytes of a body; every unsafe route has one, MaxBody where nothing is said
	Large    bool          // takes files: whoever may call it may send LargeBody; others find the connection closed
	Member   bool          // with Large: whoever is signed in on the site may send it
	Takes    any           // a body that is no JSON, for the description: a form, or "" for a file as it is
	Status   int           // of a success; 0: 200, or 204 where nothing is answered
	Empty    bool          // a success may be a 204 as well
	Errors   []int         // statuses of problems, beside 500
	Kind     string        // content type of a success that is no JSON
	Partial  bool          // a body names only what it means
	Strict   bool          // a body that holds what the route does not know is refused; see Strict
	Packed   bool          // the answer is packed for whoever takes that; none that holds a secret of the caller
	In, Out  any           // what is sent and answered, for the description
	Patience time.Duration // how long a call may take; 0: RequestTimeout

	cached bool // looked for among the kept answers first
	serve  func(*Request) error
}

// filled is a route with what holds where nothing is said.
func (r Route) filled() Route {
	if r.Limit == 0 && !r.Safe() {
		r.Limit = MaxBody
		if r.Large {
			r.Limit = LargeBody
		}
	}
	if r.Status == 0 {
		r.Status = http.StatusOK
	}
	if r.Patience == 0 {
		r.Patience = RequestTimeout
	}
	return r
}

// File is an answer that a browser keeps under a name.
type File struct {
	Name, Type string
	Body       []byte
}

func (f File) send(c *fiber.Ctx) error {
	c.Set("Content-Disposition", `attachment; filename="`+f.Name+`"`)
	c.Response().Header.SetContentType(f.Type)
	c.Response().SetBodyRaw(f.Body)
	return nil
}

// Page cuts a list that was asked for with one row more than a page has. last
// is the page's last row where another page follows, else nil.
func Page[T any](rows []T, limit int) (page []T, last *T) {
	if len(rows) <= limit {
		return rows, nil
	}
	rows = rows[:limit]
	return rows, &rows[limit-1]
}

// None is what is sent or answered where nothing is.
type None struct{}

// Later is an answer about what may go on after it: then it is a 202.
type Later interface{ GoesOn() bool }

// JSON makes a route of a function with typed input and output. Fields of In
// tagged path, query or header are read from there, the rest from a JSON body.
func JSON[In, Out any](r Route, call func(ctx context.Context, q *Request, in In) (Out, error)) Route {
	var in In
	var out Out
	r.In, r.Out = in, out
	_, silent := any(out).(None)
	if r.Status == 0 && silent {
		r.Status = http.StatusNoContent
	}
	r = r.filled()
	plan := planOf(in)
	r.serve = func(q *Request) error {
		var in In
		if err := plan.read(q, &in); err != nil {
			return err
		}
		out, err := call(q.Deadline, q, in)
		if err != nil || q.answered {
			return err
		}
		q.Status(r.Status)
		if later, ok := any(out).(Later); ok && later.GoesOn() {
			q.Status(http.StatusAccepted)
		}
		if silent {
			return nil
		}
		if f, ok := any(out).(File); ok {
			return f.send(q.Ctx)
		}
		if r.Packed {
			return sendPacked(q.Ctx, out)
		}
		return SendJSON(q.Ctx, out)
	}
	return r
}

// Cached makes a route whose answers are the same for everyone, kept until what
// they are about changes, or an answer's Until is over. plan names the thread
// whose changes an answer follows (or cached.NewThreads, cached.AnyThread) and how to make
// it; control is the Cache-Control that it is sent with. A kept answer is found
// before the gate, the deadline and everything else that costs.
func Cached[In, Out any](r Route, control string, plan func(ctx context.Context, q *Request, in In) (follows int64, build func() (Out, error), err error)) Route {
	var in In
	var out Out
	r.In, r.Out, r.Status, r.cached = in, out, http.StatusOK, true
	for _, f := range reflect.VisibleFields(reflect.TypeFor[In]()) {
		if name := f.Tag.Get("query"); name != "" && !cached.Knows(name) { // one answer would be kept for all values
			panic(r.Path + ": answers are not kept apart by " + name)
		}
	}
	read, header := planOf(in), []byte(control)
	r.serve = func(q *Request) error {
		var in In
		if err := read.read(q, &in); err != nil {
			return err
		}
		follows, build, err := plan(q.Deadline, q, in)
		if err != nil {
			return err
		}
		return q.Door.Pages.Answer(q.Deadline, q.Ctx, q.marks, follows, header, func() (b []byte, until time.Time, err error) {
			out, err := build()
			if err != nil {
				return nil, until, err
			}
			if ends, ok := any(out).(interface{ Until() time.Time }); ok {
				until = ends.Until()
			}
			b, err = Encode(out)
			return b, until, err
		})
	}
	return r.filled()
}

// Answer makes a route of a function with typed input that answers by itself: a
// page, a redirect, an upgrade. Fields of In are read as for JSON; those tagged
// form come from a form.
func Answer[In any](r Route, call func(ctx context.Context, q *Request, in In) error) Route {
	var in In
	r.In = in
	plan := planOf(in)
	r.serve = func(q *Request) error {
		var in In
		if err := plan.read(q, &in); err != nil {
			return err
		}
		return call(q.Deadline, q, in)
	}
	return r.filled()
}

// Raw makes a route of a function that reads and answers by itself. It runs
// behind the same gate and rate as every other.
func Raw(r Route, call func(ctx context.Context, q *Request) error) Route {
	r.serve = func(q *Request) error { return call(q.Deadline, q) }
	return r.filled()
}

// Safe reports whether a route changes nothing.
func (r Route) Safe() bool { return safe(r.Method) }

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// Serve registers the routes of a room. What answers GET answers HEAD.
func (d *Door) Serve(app *fiber.App, routes []Route) {
	for _, r := range routes {
		run := func(c *fiber.Ctx) error { return d.run(c, r) }
		if r.Method == http.MethodGet {
			app.Get(r.Path, run)
			continue
		}
		app.Add(r.Method, r.Path, run)
	}
}

// Strict makes routes refuse what they do not know in a body: those of a
// person's account and of the desk, where a misspelt field would look as if it
// had been taken. A page's widget may be of another release, and say more.
func Strict(routes []Route) []Route {
	for i := range routes {
		routes[i].Strict = true
	}
	return routes
}

// run is the one order: kept answers, deadline, site, origin, caller and gate,
// rate of the network, size, and then what the route is for. Budgets by account
// or recipient belong to the verb.
func (d *Door) run(c *fiber.Ctx, r Route) error {
	if r.cached {
		if done, err := d.Pages.ServeCached(c); done {
			return err
		}
	}
	q := &Request{Ctx: c, Door: d, strict: r.Strict}
	if r.cached {
		q.marks = d.Pages.Marks()
	}
	ctx, done := context.WithTimeout(context.Background(), r.Patience)
	defer done()
	q.Deadline = ctx
	if err := r.Gate.open(q); err != nil {
		return err
	}
	if r.Rate != "" {
		if err := d.Limits.Take(r.Rate, d.ClientIP(c)); err != nil {
			return err
		}
	}
	if r.Limit > 0 && len(c.Request().Body()) > r.Limit {
		return ErrLarge
	}
	return r.serve(q)
}
