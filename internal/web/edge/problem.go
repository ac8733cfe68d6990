package edge

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/web/shape"
)

// Problem is RFC 9457. A value that was sent is never echoed.
type Problem struct {
	Type   string          `json:"type"`
	Title  string          `json:"title"`
	Status int             `json:"status"`
	Detail string          `json:"detail"`
	Code   string          `json:"code"`
	Errors []FieldError    `json:"errors,omitempty"`
	Puzzle *shape.Puzzle   `json:"challenge,omitempty"` // with code "challenge"
	Unread []shape.Warning `json:"warnings,omitempty"`  // with code "warned"
	Reason string          `json:"reason,omitempty"`    // with code "banned": a clause's key, or what a moderator typed
	Until  *string         `json:"until,omitempty"`     // with code "banned", where the ban ends
}

// FieldError says what is wrong with one field.
type FieldError struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

// KindStatus is the status of an error of the domain, by its kind.
var KindStatus = map[discuss.Kind]int{
	discuss.Internal: 500, discuss.Invalid: 422, discuss.NotFound: 404, discuss.Forbidden: 403, discuss.SignedOut: 401,
	discuss.Conflict: 409, discuss.TooMany: 429, discuss.Unavailable: 503,
	discuss.TooLarge: 413, discuss.NoRoom: 507,
}

// HTTPError is a failure of the protocol, not of the domain.
type HTTPError struct {
	Status       int
	Code, Detail string
}

// Error implements error.
func (e *HTTPError) Error() string { return e.Code }

// What is wrong with a body as such.
var (
	ErrNotJSON = &HTTPError{400, "not_json", "The body is not the JSON that this route takes."}
	ErrType    = &HTTPError{415, "type", "Send application/json."}
	ErrNotForm = &HTTPError{400, "not_form", "The body is not the form that this route takes."}
	ErrForm    = &HTTPError{415, "type", "Send a form."}
	ErrPacked  = &HTTPError{415, "type", "Send the body as it is, without a Content-Encoding."}
	ErrLarge   = &HTTPError{413, "too_large", "The body is larger than this route takes."}
)

// Fail turns an error into an answer. It is the only place that does, and the
// only one that logs what went wrong inside.
func (d *Door) Fail(c *fiber.Ctx, err error) error {
	p := Problem{Type: "about:blank", Status: 500, Code: "internal", Detail: "Something went wrong on our side."}
	var he *HTTPError
	var de *discuss.Error
	var fe *fiber.Error
	switch {
	case errors.As(err, &he):
		p.Status, p.Code, p.Detail = he.Status, he.Code, he.Detail
	case errors.As(err, &de):
		p.Status, p.Code, p.Detail = KindStatus[de.Kind], de.Code, de.Detail
		if de.Code == "misdirected" {
			p.Status = 421
		}
		if de.RetryAfter > 0 {
			c.Set("Retry-After", strconv.Itoa(de.RetryAfter))
		}
		if de.Puzzle != nil {
			p.Puzzle = (*shape.Puzzle)(de.Puzzle)
		}
		p.Unread = shape.Warnings(de.Warnings)
		if de.Ban != nil {
			p.Reason = de.Ban.Reason
			if !de.Ban.Until.IsZero() {
				p.Until = shape.Ptr(shape.Time(de.Ban.Until))
			}
		}
		for _, f := range de.Fields {
			p.Errors = append(p.Errors, FieldError{f.Name, f.Message})
		}
	case errors.As(err, &fe):
		p.Status, p.Code, p.Detail = fe.Code, "http", "The request could not be read."
		if fe.Code == fiber.StatusRequestHeaderFieldsTooLarge {
			p.Code, p.Detail = "head_too_large", "The address and headers of the request are larger than 16 kB together. Ask for fewer threads at once."
		}
		if fe.Code == fiber.StatusRequestEntityTooLarge {
			p.Code, p.Detail = "too_large", "The body is larger than 256 kB."
		}
	}
	if p.Status == fiber.StatusServiceUnavailable { // it comes in thousands, with one cause
		if unsaid, due := d.unavailable.Due(d.Now()); due {
			slog.Error("requests are refused", "route", c.Route().Path, "status", p.Status, "others_since", unsaid, "err", errorChain(err))
		}
	} else if p.Status >= 500 {
		slog.Error("request failed", "route", c.Route().Path, "status", p.Status, "err", errorChain(err))
	}
	p.Title = statusText(p.Status)
	h := &c.Response().Header
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff") // a body that is too long never meets the guard
	h.Set("Content-Security-Policy", APICSP)
	if strings.HasPrefix(c.Path(), "/api/") {
		d.letRead(c, p.Code)
	}
	c.Status(p.Status)
	return SendJSON(c, p, "application/problem+json")
}

// letRead lets the page that asked read why it was refused, where the refusal
// came before its origin was looked at. A page whose origin is the reason, or
// is another site's, reads nothing.
func (d *Door) letRead(c *fiber.Ctx, code string) {
	h := &c.Response().Header
	if len(h.Peek("Access-Control-Allow-Origin")) > 0 {
		return
	}
	VaryByOrigin(c)
	origin := c.Get("Origin")
	if origin == "" || code == discuss.ErrOrigin.Code {
		return
	}
	ctx, done := Deadline()
	defer done()
	sites, err := d.Sites.Sites(ctx)
	if err != nil {
		return
	}
	key := routeSite(c)
	for _, site := range sites {
		if (key == "" || key == site.Key) && slices.Contains(site.Origins, origin) {
			d.letOrigin(c, origin)
			return
		}
	}
}

// routeSite is the site that the path names; "" where it names none.
func routeSite(c *fiber.Ctx) string {
	rest, _ := strings.CutPrefix(c.Path(), "/api/v1/sites/")
	if rest == c.Path() {
		return ""
	}
	key, _, _ := strings.Cut(rest, "/")
	return key
}

// errorChain keeps the causes of an error readable in the log.
func errorChain(err error) string {
	var parts []string
	for e := err; e != nil; e = errors.Unwrap(e) {
		parts = append(parts, e.Error())
	}
	return strings.Join(parts, ": ")
}

// APICSP is the policy of what is no document.
const APICSP = "default-src 'none'; sandbox; frame-ancestors 'none'"

func statusText(n int) string {
	if t := fiber.NewError(n).Message; t != "" {
		return t
	}
	return "Error"
}

// Code is an error's short name.
func Code(err error) string {
	var e *discuss.Error
	if errors.As(err, &e) {
		return e.Code
	}
	return "internal"
}
