package edge

import (
	"log/slog"
	"net/netip"
	"strings"
	"sync"

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
			if strings.TrimSpace(hops[i]) == "" {
				continue
			}
			next, ok := parseHop(hops[i])
			if !ok {
				unreadable.Do(func() {
					slog.Warn("a trusted proxy names a reader in a way that cannot be read; until it does otherwise, all who come through it count as one", "header", "X-Forwarded-For")
				})
				break
			}
			ip = next
		}
	}
	return ip
}

// unreadable says once that a chain of proxies cannot be read.
var unreadable sync.Once

// parseHop reads one entry of X-Forwarded-For: an address, as some proxies have
// it with a port, in brackets, in quotes, or with a zone.
func parseHop(s string) (netip.Addr, bool) {
	s = strings.Trim(strings.TrimSpace(s), `"`)
	if at, err := netip.ParseAddrPort(s); err == nil {
		return at.Addr().Unmap().WithZone(""), true
	}
	s = strings.TrimSuffix(strings.TrimPrefix(s, "["), "]")
	ip, err := netip.ParseAddr(s)
	return ip.Unmap().WithZone(""), err == nil
}

func (d *Door) trusted(ip netip.Addr) bool {
	for _, p := range d.Trusted {
		if p.Contains(ip) {
			return true
		}
	}
	return false
}

// TrustedPeer reports whether a request comes by a proxy whose word counts.
func (d *Door) TrustedPeer(c *fiber.Ctx) bool {
	ip, ok := netip.AddrFromSlice(c.Context().RemoteIP())
	return ok && d.trusted(ip.Unmap())
}
