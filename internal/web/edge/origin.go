package edge

import (
	"strings"

	"github.com/gofiber/fiber/v2"

	"parley/internal/discuss"
	"parley/internal/weburl"
)

// OwnOrigin reports whether origin is this server as the request names it.
func (d *Door) OwnOrigin(c *fiber.Ctx, origin string) bool {
	if origin == d.Own {
		return true
	}
	host := strings.ToLower(string(c.Request().Host()))
	return weburl.Loopback(host) && origin == "http://"+host
}

// Listed reports whether origin may hold a widget of the site.
func (d *Door) Listed(c *fiber.Ctx, st discuss.Site, origin string) bool {
	for _, o := range st.Origins {
		if o == origin {
			return true
		}
	}
	return d.OwnOrigin(c, origin)
}
