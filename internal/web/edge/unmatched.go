package edge

import (
	"slices"
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
)

// pattern is a path of the table in parts.
type pattern struct {
	method string
	parts  []string
}

// Unmatched answers what no route of a table has taken: 405 with the methods
// that the path has, or 404 (RFC 9110, 15.5.5 and 15.5.6).
func Unmatched(table []Route) fiber.Handler {
	var all []pattern
	for _, r := range table {
		all = append(all, pattern{r.Method, strings.Split(strings.Trim(r.Path, "/"), "/")})
	}
	return func(c *fiber.Ctx) error {
		allow := methodsOf(all, c.Path())
		if len(allow) == 0 {
			return discuss.ErrNotFound
		}
		c.Set(fiber.HeaderAllow, strings.Join(allow, ", "))
		return &HTTPError{fiber.StatusMethodNotAllowed, "method", "This address does not take that method; the Allow header names those that it takes."}
	}
}

// methodsOf are the methods that a path has, in order.
func methodsOf(all []pattern, path string) (out []string) {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	for _, p := range all {
		if !p.fits(parts) || slices.Contains(out, p.method) {
			continue
		}
		if out = append(out, p.method); p.method == fiber.MethodGet {
			out = append(out, fiber.MethodHead)
		}
	}
	slices.Sort(out)
	return out
}

func (p pattern) fits(parts []string) bool {
	for i, want := range p.parts {
		switch {
		case want == "*":
			return true
		case i >= len(parts), strings.HasPrefix(want, ":") && parts[i] == "", !strings.HasPrefix(want, ":") && want != parts[i]:
			return false
		}
	}
	return len(parts) == len(p.parts)
}
