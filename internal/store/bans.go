package store

import (
	"context"
	"errors"
	"net/netip"
	"strings"
	"time"

	"parley/internal/discuss"
)

// insertBan adds a ban.
func (t *Tx) insertBan(b discuss.Ban) error {
	var low, high any
	shown := ""
	if b.Range.IsValid() {
		first := b.Range.Addr().As16()
		last := first
		bits := b.Range.Bits()
		if b.Range.Addr().Is4() {
			bits += 96
		}
		for i := bits; i < 128; i++ {
			last[i/8] |= 1 << (7 - i%8)
		}
		low, high, shown = first[:], last[:], b.Range.String()
	}
	return t.exec(`INSERT INTO bans (id, site_id, author_id, account_id, email, low, high, shown, reason, until, created, set_by)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)`,
		b.ID, nullID(b.Site), nullID(b.Author), nullID(b.Account), b.Email, low, high, shown, b.Reason, nullTime(b.Until), millis(t.now), nullID(b.By))
}

// BanByID reads a ban that has not been lifted.
func (t *Tx) BanByID(id discuss.ID) (discuss.Ban, error) {
	b := discuss.Ban{ID: id}
	var shown string
	err := t.get(`SELECT coalesce(site_id, 0), coalesce(author_id, 0), email, shown FROM bans WHERE id = ?1 AND lifted IS NULL`, []any{id}, &b.Site, &b.Author, &b.Email, &shown)
	if err == nil && shown != "" {
		b.Range, err = netip.ParsePrefix(shown)
	}
	return b, err
}

// bansOn says which bans a person has on a site; 0 stands for those of every
// site, which meet the account wherever it writes.
func bansOn(site discuss.ID) string {
	if site == 0 {
		return ` WHERE lifted IS NULL AND site_id IS NULL AND ?1 = 0 AND (author_id = ?2 OR account_id = (SELECT account_id FROM authors WHERE id = ?2))`
	}
	return ` WHERE lifted IS NULL AND site_id = ?1 AND author_id = ?2`
}

// BansOn counts the bans of a person that a site has set.
func (t *Tx) BansOn(site, author discuss.ID) (n int, err error) {
	err = t.get(`SELECT count(*) FROM bans`+bansOn(site), []any{site, author}, &n)
	return n, err
}

// liftBans ends them.
func (t *Tx) liftBans(site, author discuss.ID) error {
	return t.exec(`UPDATE bans SET lifted = ?3`+bansOn(site), site, author, millis(t.now))
}

// liftSame ends an earlier ban of the same domain or range on the same site.
func (t *Tx) liftSame(b discuss.Ban) error {
	shown := ""
	if b.Range.IsValid() {
		shown = b.Range.String()
	}
	return t.exec(`UPDATE bans SET lifted = ?4 WHERE lifted IS NULL AND site_id IS ?1 AND author_id IS NULL AND email = ?2 AND shown = ?3`,
		nullID(b.Site), b.Email, shown, millis(t.now))
}

// liftBan ends one ban.
func (t *Tx) liftBan(id discuss.ID) error {
	return t.execOne(`UPDATE bans SET lifted = ?2 WHERE id = ?1 AND lifted IS NULL`, id, millis(t.now))
}

// banLists say what kind of ban a list holds. The plus signs keep each list on
// the index that gives its order.
var banLists = map[string]string{
	"":                ``,
	discuss.BanPerson: ` AND +b.author_id IS NOT NULL`,
	discuss.BanDomain: ` AND +b.email <> ''`,
	discuss.BanRange:  ` AND +b.low IS NOT NULL`,
}

// bansQuery merges a site's own bans with those of every site. A person who is
// banned everywhere but has never been on this site is none of its business.
func bansQuery(q discuss.BansQuery) string {
	const columns = `SELECT b.id, coalesce(b.site_id, 0), coalesce(p.id, 0), coalesce(p.name, ''), b.email, b.shown, b.reason, coalesce(b.until, 0), b.created,
		coalesce(m.id, 0), coalesce(m.name, '') FROM bans b LEFT JOIN authors m ON m.id = b.set_by LEFT JOIN authors p ON p.id = `
	where := ` AND b.lifted IS NULL AND (b.until IS NULL OR b.until > ?2)` + banLists[q.Kind]
	if q.Search != "" {
		where += ` AND (instr(folded(coalesce(p.name, '')), ?4) > 0 OR instr(b.email, ?4) > 0 OR instr(b.shown, ?4) > 0 OR instr(folded(b.reason), ?4) > 0
			OR +b.low <= ?5 AND +b.high >= ?5)`
	}
	if !q.After.IsZero() {
		where += ` AND b.id < ?6`
	}
	return columns + `b.author_id WHERE b.site_id = ?1` + where + `
		UNION ALL ` + columns + `coalesce((SELECT id FROM authors WHERE site_id = ?1 AND account_id = b.account_id), (SELECT id FROM authors WHERE site_id = ?1 AND id = b.author_id))
		WHERE b.site_id IS NULL AND (b.author_id IS NULL OR p.id IS NOT NULL)` + where + `
		ORDER BY 1 DESC LIMIT ?3`
}

// Bans returns one page of the bans that hold on a site, newest first.
func (s *Store) Bans(ctx context.Context, q discuss.BansQuery) ([]discuss.Ban, error) {
	query := bansQuery(q)
	text := strings.ToLower(q.Search)
	var ip any
	if a, err := netip.ParseAddr(text); err == nil {
		ip = address(a)
	}
	if i := strings.LastIndexByte(text, '@'); i >= 0 { // an email address is met by the ban of its domain
		text = text[i+1:]
	}
	var out []discuss.Ban
	err := s.rows(ctx, query, used(query, []any{q.Site, millis(s.opt.Now()), q.Limit, text, ip, q.After.ID}), func(r scanner) error {
		var b discuss.Ban
		var shown string
		var until, created int64
		if err := r.Scan(&b.ID, &b.Site, &b.Author, &b.Name, &b.Email, &shown, &b.Reason, &until, &created, &b.By, &b.ByName); err != nil {
			return err
		}
		if until > 0 {
			b.Until = fromMillis(until)
		}
		b.Created = fromMillis(created)
		if shown != "" {
			var err error
			if b.Range, err = netip.ParsePrefix(shown); err != nil {
				return err
			}
		}
		out = append(out, b)
		return nil
	})
	return out, err
}

const bannedQuery = `SELECT reason, coalesce(until, 0) FROM bans WHERE lifted IS NULL AND (until IS NULL OR until > ?1) AND (site_id IS NULL OR site_id = ?2) AND (
	author_id = ?3 OR account_id = ?4
	OR author_id IN (SELECT id FROM authors WHERE mark = ?6 AND length(mark) = 32 AND kind = 'guest')
	OR email <> '' AND email = (SELECT substr(a.email, instr(a.email, '@') + 1) FROM accounts a WHERE a.id = ?4)
	OR low <= ?5 AND high >= ?5) ORDER BY until IS NOT NULL, until DESC LIMIT 1`

// Banned finds the longest ban that meets this person.
func (t *Tx) Banned(site, author, account discuss.ID, mark string, ip netip.Addr) (discuss.Ban, bool, error) {
	var some bool
	if err := t.recall(`SELECT EXISTS (SELECT 1 FROM bans WHERE lifted IS NULL)`, nil, nil).Scan(&some); err != nil || !some {
		return discuss.Ban{}, false, err
	}
	var b discuss.Ban
	var until int64
	err := t.get(bannedQuery, []any{millis(t.now), site, author, account, address(ip), []byte(mark)}, &b.Reason, &until)
	if errors.Is(err, discuss.ErrNotFound) {
		return b, false, nil
	}
	if until > 0 {
		b.Until = fromMillis(until)
	}
	return b, err == nil, err
}

// BanOf is what keeps somebody from writing on a site, whatever network they are on; nil where nothing does.
func (s *Store) BanOf(ctx context.Context, site, author, account discuss.ID, now time.Time) (*discuss.Ban, error) {
	var b discuss.Ban
	var until int64
	err := s.queryRow(ctx, bannedQuery, []any{millis(now), site, author, account, nil, nil}, &b.Reason, &until)
	if errors.Is(err, discuss.ErrNotFound) {
		return nil, nil
	}
	if until > 0 {
		b.Until = fromMillis(until)
	}
	return &b, err
}

// address is an IP as 16 bytes, so that ranges compare as blobs; nil if unknown.
func address(ip netip.Addr) any {
	if !ip.IsValid() {
		return nil
	}
	b := ip.As16()
	return b[:]
}
