package discuss

import (
	"context"
	"net/netip"
	"strings"
	"time"

	"parley/internal/weburl"
)

// What a ban meets.
const (
	BanPerson = "person"
	BanDomain = "domain"
	BanRange  = "range"
)

// Bounds of bans.
const (
	MaxSuspension = 366 * 24 * time.Hour
	minBanBits4   = 8 // a range wider than that is refused: it would be a country
	minBanBits6   = 19
)

// BansQuery asks for one page of the bans that hold on a site, newest first.
type BansQuery struct {
	Site   ID
	Kind   string // "", BanPerson, BanDomain, BanRange
	Search string // part of a name, a domain, a range or a reason; an address finds what meets it
	After  Cursor
	Limit  int
}

// Kind says what a ban meets.
func (b Ban) Kind() string {
	switch {
	case b.Range.IsValid():
		return BanRange
	case b.Email != "":
		return BanDomain
	}
	return BanPerson
}

// What is the ban's domain or range; "" where it meets a person.
func (b Ban) What() string {
	if b.Range.IsValid() {
		return b.Range.String()
	}
	return b.Email
}

// Sanction is a ban or a suspension. One of Author, Domain and Range says whom
// it meets.
type Sanction struct {
	Author   ID
	Domain   string // of email addresses
	Range    string // CIDR or one address
	Until    time.Time
	Reason   string
	Instance bool // every site
	Hide     bool // the person's published comments of the last 7 days are rejected too
}

// Ban keeps a person, an email domain or a network from writing. It returns
// the ban's id.
func (s *Service) Ban(ctx context.Context, site Site, who Actor, b Sanction) (id ID, err error) {
	act := ActSanction
	if b.Instance {
		act = ActInstance
	}
	if err := allow(who, act); err != nil {
		return 0, err
	}
	reason, err := prose("reason", b.Reason, 1, MaxReasonRunes) // it is what the person reads
	if err != nil {
		return 0, err
	}
	b.Reason = reason
	row := Ban{Site: site.ID, Author: b.Author, Reason: reason, Until: b.Until}
	if b.Instance {
		row.Site = 0
	}
	if err := b.whom(&row); err != nil {
		return 0, err
	}
	err = s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		if !b.Until.IsZero() && (!b.Until.After(r.Now()) || b.Until.Sub(r.Now()) > MaxSuspension) {
			return nil, Bad("until", "must be a time within a year from now")
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		row := row
		row.ID, row.By = r.NextID(), mod.ID
		id = row.ID
		entry := Entry{Site: site.ID, Actor: mod, Action: "ban", Kind: "ban", Target: row.ID, Reason: row.Reason, After: until(b.Until)}
		if b.Author != 0 {
			person, err := target(r, site, who, b.Author)
			if err != nil {
				return nil, err
			}
			entry.Kind, entry.Target = "person", person.ID
			if b.Instance {
				row.Account = person.Account
				ch.Add(LiftBans{0, b.Author})
			}
			if !b.Until.IsZero() {
				entry.Action = "suspend"
			}
			ch.Add(LiftBans{site.ID, b.Author}) // one ban at a time: the newest
		} else {
			entry.Note = row.What()
			ch.Add(LiftSame{row})
		}
		ch.Add(NewBan{row}, entry, did(site, HintBan, row.ID, "ban", mod))
		if b.Author == 0 {
			return ch, nil
		}
		ch.Add(did(site, HintPerson, entry.Target, entry.Action, mod))
		if b.Hide {
			err = hideRecent(r, &ch, site, mod, b)
		}
		return ch, err
	})
	return id, err
}

func until(t time.Time) string {
	if t.IsZero() {
		return "for good"
	}
	return "until " + t.UTC().Format(time.RFC3339)
}

// whom checks that a sanction names exactly one thing.
func (b Sanction) whom(row *Ban) error {
	n := 0
	if b.Author != 0 {
		n++
	}
	if b.Domain != "" {
		n++
		host, err := weburl.Host(strings.TrimSuffix(strings.TrimPrefix(strings.TrimSpace(b.Domain), "@"), "."))
		if err != nil || !strings.Contains(host, ".") || strings.HasPrefix(host, "[") {
			return Bad("email_domain", "must be a domain like spam.example")
		}
		row.Email = host
	}
	if b.Range != "" {
		n++
		p, err := netip.ParsePrefix(b.Range)
		if err != nil {
			ip, err := netip.ParseAddr(b.Range)
			if err != nil || ip.Zone() != "" {
				return Bad("ip_range", "must be an address or a range like 192.0.2.0/24")
			}
			p = netip.PrefixFrom(ip, ip.BitLen())
		}
		if p.Addr().Is4In6() && p.Bits() >= mappedBits { // an IPv4 range in IPv6's clothes
			p = netip.PrefixFrom(p.Addr().Unmap(), p.Bits()-mappedBits)
		}
		p = p.Masked()
		if p.Addr().Is4() && p.Bits() < minBanBits4 || p.Addr().Is6() && (p.Bits() < minBanBits6 || p.Contains(mapped)) {
			return Bad("ip_range", "is too wide: at most a /8, or a /19 of IPv6")
		}
		row.Range = p
	}
	if n != 1 {
		return Bad("person", "must be given, or email_domain, or ip_range, and only one of them")
	}
	return nil
}

// IPv4 addresses stand in one corner of IPv6. A range of IPv6 that held it
// would be the whole of IPv4, however narrow it looks.
const mappedBits = 96

var mapped = netip.AddrFrom16([16]byte{10: 0xff, 11: 0xff})

// hideRecent rejects what a banned person published in the last week.
func hideRecent(r Reader, ch *Changes, site Site, mod Author, b Sanction) error {
	recent, err := r.RecentOf(b.Author, r.Now().Add(-7*24*time.Hour), MaxDecisions)
	if err != nil {
		return err
	}
	for _, c := range recent {
		if c.Status != Published && c.Status != Pending {
			continue
		}
		if err := takeAway(r, ch, c, Rejected); err != nil {
			return err
		}
		ch.Add(
			CloseReports{c.ID, true}, SetDecided{Comment: c.ID, By: mod.ID, Reason: b.Reason},
			Entry{Site: site.ID, Actor: mod, Action: "reject", Kind: "comment", Target: c.ID, Reason: b.Reason, Note: "with a ban", Before: string(c.Status), After: string(Rejected)},
			judged(site, HintDecided, c, "reject", mod),
		)
	}
	return nil
}

// Unban lifts a person's ban on the site; one of every site is lifted by who
// may set such a ban.
func (s *Service) Unban(ctx context.Context, site Site, who Actor, id ID) error {
	return s.onPerson(ctx, site, who, ActSanction, id, func(r Reader, ch *Changes, _, _ Author) (Entry, error) {
		n, err := r.BansOn(site.ID, id)
		if err != nil {
			return Entry{}, err
		}
		ch.Add(LiftBans{site.ID, id})
		if who.May(ActInstance) {
			all, err := r.BansOn(0, id)
			if err != nil {
				return Entry{}, err
			}
			n += all
			ch.Add(LiftBans{0, id})
		}
		if n == 0 {
			return Entry{}, &Error{Kind: Conflict, Code: "state", Detail: "No ban that you may lift keeps this person away."}
		}
		return Entry{Action: "unban"}, nil
	})
}

// LiftBan ends one ban. One of every site is lifted by who may set such a ban.
func (s *Service) LiftBan(ctx context.Context, site Site, who Actor, id ID) error {
	if err := allow(who, ActSanction); err != nil {
		return err
	}
	return s.Store.Write(ctx, func(r Reader) (ch Changes, err error) {
		b, err := r.BanByID(id)
		switch {
		case err != nil:
			return nil, err
		case b.Site == 0 && !who.May(ActInstance):
			return nil, ErrRole
		case b.Site != 0 && b.Site != site.ID:
			return nil, ErrNotFound
		}
		mod, err := member(r, &ch, site, who)
		if err != nil {
			return nil, err
		}
		ch.Add(LiftBan{id}, did(site, HintBan, id, "unban", mod))
		entry := Entry{Site: site.ID, Actor: mod, Action: "unban", Kind: "ban", Target: id, Note: b.What()}
		if b.Author != 0 {
			entry.Kind, entry.Target = "person", b.Author
			ch.Add(did(site, HintPerson, b.Author, "unban", mod))
		}
		ch.Add(entry)
		return ch, nil
	})
}
