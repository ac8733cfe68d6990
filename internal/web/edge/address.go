package edge

import (
	"net/netip"
	"strings"

	"github.com/gofiber/fiber/v2"
)

// ClientIP names the caller's bucket. IPv6 is grouped by /64: one household,
// one bucket.
func (d *Door) ClientIP(c *fiber.Ctx) string {
	ip := d.ClientAddr(c)
	if !ip.IsValid() {
		return ""
	}
	if ip.Is6() {
		if p, err := ip.Prefix(64); err == nil {
			return p.String()
		}
	}
	return ip.String()
}

// ClientAddr is the peer's address, or behind trusted proxies the right-most
// one that is not a proxy.
func (d *Door) ClientAddr(c *fiber.Ctx) netip.Addr {
	ip, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	if !ok {
		return netip.Addr{}
	}
	ip = ip.Unmap()
	if len(d.Trusted) > 0 {
		var hops []string // a proxy may add a line of its own instead of lengthening the caller's
		for _, line := range c.Request().Header.PeekAll("X-Forwarded-For") {
			hops = append(hops, strings.Split(string(line), ",")...)
		}
		for i := len(hops) - 1; i >= 0 && d.trusted(ip); i-- {
			next, err := netip.ParseAddr(strings.TrimSpace(hops[i]))
			if err != nil {
				break
			}
			ip = next.Unmap()
		}
	}
	return ip
}

func (d *Door) trusted(ip netip.Addr) bool {
	for _, p := range d.Trusted {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}
