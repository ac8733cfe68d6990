package discuss

import (
	"context"
	"net/netip"
	"slices"
	"strings"
	"time"
)

// findStatuses are what "is:" takes: the statuses, and what the dashboard calls one.
var findStatuses = map[string]Status{
	"published": Published, "pending": Pending, "held": Pending, "rejected": Rejected, "spam": Spam, "deleted": Deleted,
}

// findReported is the value of "is:" that is no status: somebody has reported it, and nobody answered yet.
const findReported = "reported"

// narrow takes the operators out of what is looked for: user:, page:, is:, ip:,
// on:, before: and after:, with quotes around words that belong together. What is
// no operator is looked for as it stands; an operator with a value that it does
// not take is refused, for "nothing found" would be read as "there is none". none
// says that nothing can be found: an operator names somebody or a page that is
// not there, or there is no word at all.
func (s *Service) narrow(ctx context.Context, who Actor, q *FindQuery, now time.Time) (none bool, err error) {
	var rest []string
	words := findWords(q.Text)
	none = len(words) == 0 && q.Text != "" // quotes alone: that is in no comment
	for _, w := range words {
		name, value, ok := strings.Cut(w, ":")
		if !ok || value == "" {
			rest = append(rest, w)
			continue
		}
		found := true
		switch strings.ToLower(name) {
		case "user":
			var list []Person
			if list, err = s.people(ctx, who, PeopleQuery{Site: q.Site, Search: value, Limit: maxNamed}, now); err == nil && len(list) > 0 {
				q.Author = list[s.closest(list, value)].ID
			}
			none = none || len(list) == 0
		case "ip":
			var ip netip.Prefix
			ip, ok := address(value)
			if !ok {
				return false, errNetwork
			}
			err = s.ofNetwork(ctx, who, q, ip)
			none = none || len(q.Networks) == 0
		case "page":
			var list []Listed
			if list, err = s.Store.Threads(ctx, ThreadQuery{Site: q.Site, Search: value, Limit: 1}); err == nil && len(list) > 0 {
				q.Thread = list[0].ID
			}
			none = none || len(list) == 0
		case "is":
			status, ok := findStatuses[strings.ToLower(value)]
			switch {
			case strings.EqualFold(value, findReported):
				q.Reported = true
			case !ok:
				return false, Bad("q", "is: takes published, held, rejected, spam, deleted or reported")
			default:
				q.Status = status
			}
		case "on", "before", "after":
			at, bad := time.Parse(time.DateOnly, value)
			if bad != nil {
				return false, Bad("q", strings.ToLower(name)+": takes a day, such as 2026-11-25")
			}
			switch strings.ToLower(name) {
			case "before":
				q.To = at
			case "after":
				q.From = at.AddDate(0, 0, 1)
			default:
				q.From, q.To = at, at.AddDate(0, 0, 1)
			}
		default:
			found = false
		}
		if err != nil {
			return false, err
		}
		if !found {
			rest = append(rest, w)
		}
	}
	q.Text = strings.Join(rest, " ")
	if q.Text != "" && q.Author == 0 && !none {
		q.Named, err = s.called(ctx, who, q.Site, q.Text, now)
	}
	return none, err
}

var errNetwork = Bad("q", "ip: takes an address or one network, such as 203.0.113.0/24 or 2001:db8:1::/48")

const maxNamed = 20 // people of whose names part is looked for

// closest is which of the people found by a name has just that name, or one that
// looks the same; else the first.
func (s *Service) closest(list []Person, name string) int {
	if i := slices.IndexFunc(list, func(p Person) bool { return strings.EqualFold(p.Name, name) }); i >= 0 {
		return i
	}
	return max(0, slices.IndexFunc(list, func(p Person) bool { return s.Text.Skeleton != nil && s.Text.Skeleton(p.Name) == s.Text.Skeleton(name) }))
}

// called are the people in whose names all that is looked for stands, word for
// word: "Harriet" finds what Harriet Vane wrote, and "Harr" does not.
func (s *Service) called(ctx context.Context, who Actor, site ID, text string, now time.Time) (out []ID, err error) {
	list, err := s.people(ctx, who, PeopleQuery{Site: site, Search: text, Limit: maxNamed}, now)
	look := func(name string) string {
		words := strings.Fields(name)
		for i, w := range words {
			if s.Text.Skeleton != nil {
				words[i] = s.Text.Skeleton(w)
			}
		}
		return " " + strings.Join(words, " ") + " "
	}
	for _, p := range list {
		if strings.Contains(look(p.Name), look(text)) {
			out = append(out, p.ID)
		}
	}
	return out, err
}

// ofNetwork narrows to what came from an address's network, for those who may
// see addresses: for anybody else it would be a way of asking for them.
func (s *Service) ofNetwork(ctx context.Context, who Actor, q *FindQuery, ip netip.Prefix) (err error) {
	if err := allow(who, ActAddress); err != nil {
		return err
	}
	if s.Network == nil || s.NetworkHashes == nil {
		return nil
	}
	_, known := s.Network(ip.Addr())
	if p, err := netip.ParsePrefix(known); err != nil || ip.Bits() < p.Bits() {
		return errNetwork
	}
	q.Networks, err = s.NetworkHashes(ctx, ip.Addr())
	return err
}

// address reads an address, or a network as the dashboard writes it.
func address(text string) (netip.Prefix, bool) {
	if p, err := netip.ParsePrefix(text); err == nil {
		return p, true
	}
	ip, err := netip.ParseAddr(text)
	ip = ip.Unmap().WithZone("")
	return netip.PrefixFrom(ip, ip.BitLen()), err == nil
}

// findWords splits at spaces outside of quotes, and takes the quotes away.
func findWords(text string) (out []string) {
	quoted := false
	var w strings.Builder
	end := func() {
		if w.Len() > 0 {
			out = append(out, w.String())
		}
		w.Reset()
	}
	for _, r := range text {
		switch {
		case r == '"':
			quoted = !quoted
		case r == ' ' && !quoted:
			end()
		default:
			w.WriteRune(r)
		}
	}
	end()
	return out
}
