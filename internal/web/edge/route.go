// Package edge is where a request becomes a call: a table of routes, and one
// order in which every one of them is run. A room of the door gives its routes;
// what they have in common (who calls, how often, how large, what an error
// becomes) stands here and nowhere else.
package edge

import (
	"context"
	"net/http"
	"time"

	"github.com/gofiber/fiber/v2"
)

// RequestTimeout bounds the reads of one request. Writes never see it.
const RequestTimeout = 15 * time.Second

// Route is one line of the table: all that is said of a route, said once.
type Route struct {
	Method  string
	Path    string // as Fiber has it: /api/v1/sites/:site/comments
	Summary string
	Gate    Gate   // who may call
	Rate    string // bucket of the caller's network; every unsafe route has one
	Limit   int    // bytes of a body; 0: MaxBody
	Status  int    // of a success; 0: 200, or 204 where nothing is answered
	Errors  []int  // statuses of problems, beside 500
	Kind    string // content type of a success that is no JSON
	Partial bool   // a body names only what it means
	In, Out any    // what is sent and answered, for the description

	serve func(*Request) error
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

// JSON makes a route of a function with typed input and output. Fields of In
// tagged path, query or header are read from there, the rest from a JSON body.
func JSON[In, Out any](r Route, call func(ctx context.Context, q *Request, in In) (Out, error)) Route {
	var in In
	var out Out
	r.In, r.Out = in, out
	_, silent := any(out).(None)
	if r.Status == 0 {
		r.Status = http.StatusOK
		if silent {
			r.Status = http.StatusNoContent
		}
	}
	plan := planOf(in)
	r.serve = func(q *Request) error {
		var in In
		if err := plan.read(q, &in); err != nil {
			return err
		}
		out, err := call(q.Deadline, q, in)
		if err != nil {
			return err
		}
		q.Status(r.Status)
		if silent {
			return nil
		}
		if f, ok := any(out).(File); ok {
			return f.send(q.Ctx)
		}
		return SendJSON(q.Ctx, out)
	}
	return r
}

// Raw makes a route of a function that reads and answers by itself: a page, a
// file, a form. It runs behind the same gate and rate as every other.
func Raw(r Route, call func(ctx context.Context, q *Request) error) Route {
	r.serve = func(q *Request) error { return call(q.Deadline, q) }
	return r
}

// Safe reports whether a route changes nothing.
func (r Route) Safe() bool { return safe(r.Method) }

func safe(method string) bool {
	return method == http.MethodGet || method == http.MethodHead || method == http.MethodOptions
}

// Serve registers the routes of a room.
func (d *Door) Serve(app *fiber.App, routes []Route) {
	for _, r := range routes {
		app.Add(r.Method, r.Path, func(c *fiber.Ctx) error { return d.run(c, r) })
	}
}

// run is the one order: deadline, site, origin, caller and gate, rate of the
// network, size, and then what the route is for. Budgets by account or
// recipient belong to the verb.
func (d *Door) run(c *fiber.Ctx, r Route) error {
	ctx, done := context.WithTimeout(context.Background(), RequestTimeout)
	defer done()
	q := &Request{Ctx: c, Deadline: ctx, Door: d}
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
