package store

import (
	"context"
	"strings"
	"time"

	"parley/internal/discuss"
)

// NetworkWindow is how far back accounts of one network are looked for.
const NetworkWindow = 30 * 24 * time.Hour

// AuthorByID reads an author inside a write.
func (t *Tx) AuthorByID(id discuss.ID) (discuss.Author, error) {
	a := discuss.Author{ID: id}
	var kind string
	err := t.get(`SELECT site_id, coalesce(account_id, 0), name, role, kind FROM authors WHERE id = ?1`, []any{id}, &a.SiteID, &a.Account, &a.Name, (*string)(&a.Role), &kind)
	a.Guest = kind != "member"
	return a, err
}

// RecentOf returns a person's comments since a time, newest first.
func (t *Tx) RecentOf(author discuss.ID, since time.Time, limit int) ([]discuss.Comment, error) {
	return scanComments(t.w.stmt(`SELECT `+commentColumns+` FROM comments c`+commentJoins+`
		WHERE c.author_id = ?1 AND c.created > ?2 ORDER BY c.created DESC, c.id DESC LIMIT ?3`).Query(author, millis(since), limit))
}

// TrustOf is the level that an author never falls under.
func (t *Tx) TrustOf(author discuss.ID) (l discuss.Level, err error) {
	err = t.get(`SELECT trust FROM authors WHERE id = ?1`, []any{author}, &l)
	return l, err
}

// setTrust sets it.
func (t *Tx) setTrust(author discuss.ID, level discuss.Level) error {
	return t.exec(`UPDATE authors SET trust = ?2 WHERE id = ?1`, author, int(level))
}

// insertNote keeps a note or a warning.
func (t *Tx) insertNote(n discuss.Note, writer discuss.ID) error {
	if err := t.exec(`INSERT INTO notes (id, author_id, writer_id, kind, text, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)`,
		n.ID, n.Subject, writer, n.Kind, n.Text, millis(t.now)); err != nil || n.Kind != "warning" {
		return err
	}
	return t.exec(`UPDATE authors SET warnings = warnings + 1, unread = unread + (kind = 'member') WHERE id = ?1`, n.Subject)
}

// unreadQuery reads the warnings that a person has not acknowledged, oldest first.
const unreadQuery = `SELECT id, text, created FROM notes WHERE author_id = ?1 AND kind = 'warning' AND seen IS NULL ORDER BY id LIMIT ?2`

func scanUnread(rows many, err error) ([]discuss.Note, error) {
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Note
	for rows.Next() {
		n := discuss.Note{Kind: "warning"}
		var at int64
		if err := rows.Scan(&n.ID, &n.Text, &at); err != nil {
			return nil, err
		}
		n.At = fromMillis(at)
		out = append(out, n)
	}
	return out, rows.Err()
}

// UnreadWarnings are those that a person has not acknowledged.
func (s *Store) UnreadWarnings(ctx context.Context, author discuss.ID) ([]discuss.Note, error) {
	return scanUnread(s.query(ctx, unreadQuery, author, discuss.MaxWarningsShown))
}

// UnreadWarnings is the same inside a write.
func (t *Tx) UnreadWarnings(author discuss.ID) ([]discuss.Note, error) {
	return scanUnread(t.w.stmt(unreadQuery).Query(author, discuss.MaxWarningsShown))
}

// WarningRead reports whether a person has acknowledged one of their warnings.
func (t *Tx) WarningRead(author, id discuss.ID) (read bool, err error) {
	err = t.get(`SELECT seen IS NOT NULL FROM notes WHERE id = ?2 AND author_id = ?1 AND kind = 'warning'`, []any{author, id}, &read)
	return read, err
}

// readWarning notes that they have.
func (t *Tx) readWarning(author, id discuss.ID) error {
	if err := t.execOne(`UPDATE notes SET seen = ?3 WHERE id = ?2 AND author_id = ?1 AND kind = 'warning' AND seen IS NULL`, author, id, millis(t.now)); err != nil {
		return err
	}
	return t.exec(`UPDATE authors SET unread = max(0, unread - 1) WHERE id = ?1`, author)
}

// here is of an account o that can sign in, and will: only such a one counts
// where a site or the server must not be left without anybody to run it.
const here = `o.verified IS NOT NULL AND o.disabled IS NULL AND o.erase_at IS NULL`

// OtherAdmins reports whether a site has an admin beside an author.
func (t *Tx) OtherAdmins(site, author discuss.ID) (yes bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM authors a JOIN accounts o ON o.id = a.account_id
		WHERE a.site_id = ?1 AND a.role = 'admin' AND a.role <> 'member' AND a.id <> ?2 AND `+here+`)`, []any{site, author}, &yes)
	return yes, err
}

// Gone reports that an account is switched off, or will be erased.
func (t *Tx) Gone(account discuss.ID) (yes bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND (disabled IS NOT NULL OR erase_at IS NOT NULL))`, []any{account}, &yes)
	return yes, err
}

// setRole gives an author a role.
func (t *Tx) setRole(author discuss.ID, role discuss.Role) error {
	return t.execOne(`UPDATE authors SET role = ?2 WHERE id = ?1`, author, string(role))
}

const personColumns = badgesAlone + `, a.id, a.site_id, coalesce(a.account_id, 0), a.name, a.role, a.kind, a.created, coalesce(a.seen, 0), a.trust, a.warnings, a.published, max(0, a.published - a.brought),
	(SELECT count(*) FROM comments WHERE author_id = a.id),
	(SELECT count(*) FROM (SELECT 1 FROM comments WHERE author_id = a.id AND decided IS NOT NULL AND status <> 'deleted' LIMIT 1000)),
	(SELECT count(*) FROM (SELECT 1 FROM comments WHERE author_id = a.id AND decided IS NOT NULL AND status IN ('rejected', 'spam') LIMIT 1000)),
	coalesce((SELECT provider FROM (SELECT provider, max(used) FROM identities WHERE account_id = a.account_id)), ''),
	a.role <> 'member' AND EXISTS (SELECT 1 FROM accounts WHERE id = a.account_id AND verified IS NULL),
	EXISTS (SELECT 1 FROM accounts WHERE id = a.account_id AND disabled IS NOT NULL),
	coalesce(b.id, 0), coalesce(b.site_id, 0), coalesce(b.reason, ''), coalesce(b.until, 0), coalesce(b.created, 0)`

// personFrom brings the ban that keeps a person away; an account's ban is one of every site.
const personFrom = ` FROM authors a LEFT JOIN bans b ON b.id = coalesce(
	(SELECT id FROM bans WHERE author_id = a.id AND lifted IS NULL AND (until IS NULL OR until > ?2) LIMIT 1),
	(SELECT id FROM bans WHERE account_id = a.account_id AND lifted IS NULL AND (until IS NULL OR until > ?2) LIMIT 1))`

func scanPerson(row scanner) (discuss.Person, error) {
	var p discuss.Person
	var kind string
	var ban discuss.Ban
	var since, seen, until, banned int64
	var all, decided, bad, published int
	err := row.Scan(&p.Badges, &p.ID, &p.SiteID, &p.Account, &p.Name, (*string)(&p.Role), &kind, &since, &seen, &p.Trust, &p.Warnings, &published, &p.Record.Published, &all, &decided, &bad,
		&p.Via, &p.Invited, &p.Off, &ban.ID, &ban.Site, &ban.Reason, &until, &banned)
	if err != nil {
		return p, found(err)
	}
	p.Guest = kind != "member"
	p.Since, p.Record.Since, p.Record.Trust = fromMillis(since), fromMillis(since), p.Trust
	if seen > 0 {
		p.Seen = fromMillis(seen)
	}
	if ban.ID != 0 {
		ban.Author, ban.Name, ban.Created = p.ID, p.Name, fromMillis(banned)
		if until > 0 {
			ban.Until = fromMillis(until)
		}
		p.Ban = &ban
	}
	p.Record.Decided60, p.Record.Rejected60 = decided, bad
	p.Counts = map[discuss.Status]int{"": all, discuss.Published: published, discuss.Rejected: bad}
	return p, nil
}

// peopleLists say which authors a list holds; each is read in the order of an index.
var peopleLists = map[string]string{
	"":      ``,
	"new":   ` AND a.kind = 'member' AND a.published < 3 AND a.role = 'member' AND a.trust = 0`,
	"staff": ` AND a.role <> 'member'`,
	"banned": ` AND b.id IS NOT NULL AND (a.id IN (SELECT author_id FROM bans WHERE author_id IS NOT NULL AND lifted IS NULL)
		OR a.account_id IN (SELECT account_id FROM bans WHERE account_id IS NOT NULL AND lifted IS NULL))`,
}

func peopleQuery(q discuss.PeopleQuery) string {
	where := `a.site_id = ?1 AND a.seen IS NOT NULL`
	order := ` ORDER BY a.seen DESC, a.id DESC LIMIT ?3`
	silent := q.Filter == "staff" || q.Filter == "banned" || q.Search != "" // some have never written
	if silent {
		where = `a.site_id = ?1`
	}
	where += ` AND a.became IS NULL` + peopleLists[q.Filter]
	if q.Email != "" {
		where += ` AND a.account_id = (SELECT id FROM accounts WHERE email = ?8)`
	} else if q.Search != "" {
		where += ` AND (instr(folded(a.name), ?4) > 0 OR ?7 <> '' AND instr(a.skeleton, ?7) > 0)`
	}
	if !q.After.IsZero() {
		where += ` AND (coalesce(a.seen, 0), a.id) < (?5, ?6)`
		if !silent {
			where = strings.Replace(where, "(coalesce(a.seen, 0), a.id)", "(a.seen, a.id)", 1)
		}
	}
	return `SELECT ` + personColumns + personFrom + ` WHERE ` + where + order
}

// People returns one page of the people of a site, last seen first.
func (s *Store) People(ctx context.Context, q discuss.PeopleQuery, now time.Time) ([]discuss.Person, error) {
	query := peopleQuery(q)
	rows, err := s.query(ctx, query, used(query, []any{q.Site, millis(now), q.Limit, strings.ToLower(q.Search), int64(q.After.Key), q.After.ID, q.Skeleton, q.Email})...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []discuss.Person
	for rows.Next() {
		p, err := scanPerson(rows)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
	}
	return out, rows.Err()
}

// PersonByID reads one author with everything that moderators may know.
func (s *Store) PersonByID(ctx context.Context, site, id discuss.ID) (discuss.Person, error) {
	p, err := scanPerson(s.first(ctx, `SELECT `+personColumns+personFrom+` WHERE a.id = ?1`, id, millis(s.opt.Now())))
	if err == nil && p.SiteID != site {
		err = discuss.ErrNotFound
	}
	if err != nil {
		return p, err
	}
	for _, fill := range []func(context.Context, *discuss.Person) error{s.fillRecord, s.fillPast, s.fillNotes, s.fillNetwork} {
		if err := fill(ctx, &p); err != nil {
			return p, err
		}
	}
	return p, nil
}

func (s *Store) fillRecord(ctx context.Context, p *discuss.Person) error {
	var discounted int64
	if err := s.queryRow(ctx, `SELECT (SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed IS NOT NULL), (SELECT count(*) FROM reports WHERE author_id = ?1 AND agreed = 1),
		(SELECT count(*) FROM reports r JOIN comments c ON c.id = r.comment_id JOIN authors w ON w.id = r.author_id
			WHERE c.author_id = ?1 AND r.agreed IS NOT 0 AND NOT (r.open = 1 AND w.reports_discounted > ?3)),
		(SELECT count(*) FROM reports r JOIN comments c ON c.id = r.comment_id WHERE c.author_id = ?1 AND r.agreed = 0),
		(SELECT reports_discounted FROM authors WHERE id = ?1),
		coalesce((SELECT email FROM accounts WHERE id = ?2), '')`, []any{p.ID, p.Account, millis(s.opt.Now())}, &p.Record.Reports, &p.Record.Agreed, &p.Reported, &p.Dismissed, &discounted, &p.Email); err != nil {
		return err
	}
	if discounted > 0 {
		p.Discounted = fromMillis(discounted)
	}
	p.Record.Decided60, p.Record.Rejected60 = 0, 0
	if err := s.countDecisions(ctx, p.ID, &p.Record); err != nil {
		return err
	}
	by, err := s.query(ctx, `SELECT status, count(*) FROM comments WHERE author_id = ?1 GROUP BY status`, p.ID)
	if err != nil {
		return err
	}
	defer by.Close()
	p.Counts = map[discuss.Status]int{}
	for by.Next() {
		var status string
		var n int
		if err := by.Scan(&status, &n); err != nil {
			return err
		}
		p.Counts[discuss.Status(status)] = n
		p.Counts[""] += n
	}
	return by.Err()
}

// countDecisions adds what was decided about an author to a record.
func (s *Store) countDecisions(ctx context.Context, author discuss.ID, r *discuss.Record) error {
	rows, err := s.query(ctx, decisionsOf, author, millis(s.opt.Now().Add(-60*24*time.Hour)), recordWindow)
	if err != nil {
		return err
	}
	defer rows.Close()
	past, err := pastDecisions(rows)
	r.Count(past)
	return err
}

// Decided is what was decided about an author of late.
func (s *Store) Decided(ctx context.Context, author discuss.ID) (r discuss.Record, err error) {
	return r, s.countDecisions(ctx, author, &r)
}

func (s *Store) fillPast(ctx context.Context, p *discuss.Person) error {
	rows, err := s.query(ctx, `SELECT id, status, substr(html, 1, 600), created FROM comments WHERE author_id = ?1 ORDER BY created DESC, id DESC LIMIT ?2`, p.ID, discuss.ShownPast)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var v discuss.Past
		var at int64
		if err := rows.Scan(&v.Comment, (*string)(&v.Status), &v.Text, &at); err != nil {
			return err
		}
		v.At = fromMillis(at)
		p.Last = append(p.Last, v)
	}
	return rows.Err()
}

func (s *Store) fillNotes(ctx context.Context, p *discuss.Person) error {
	rows, err := s.query(ctx, `SELECT n.id, n.kind, n.text, n.created, coalesce(n.seen, 0), coalesce(w.name, '') FROM notes n LEFT JOIN authors w ON w.id = n.writer_id
		WHERE n.author_id = ?1 ORDER BY n.id DESC LIMIT 100`, p.ID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n discuss.Note
		var at, seen int64
		if err := rows.Scan(&n.ID, &n.Kind, &n.Text, &at, &seen, &n.By); err != nil {
			return err
		}
		n.At = fromMillis(at)
		if seen > 0 {
			n.Seen = fromMillis(seen)
		}
		p.Notes = append(p.Notes, n)
	}
	return rows.Err()
}

func (s *Store) fillNetwork(ctx context.Context, p *discuss.Person) error {
	rows, err := s.query(ctx, `SELECT o.author_id, a.name, max(o.seen), EXISTS (SELECT 1 FROM bans b WHERE b.author_id = a.id AND b.lifted IS NULL AND (b.until IS NULL OR b.until > ?3))
		FROM networks n JOIN networks o ON o.hash = n.hash AND o.author_id <> n.author_id AND o.seen > ?2 JOIN authors a ON a.id = o.author_id AND a.site_id = ?4
		WHERE n.author_id = ?1 GROUP BY o.author_id ORDER BY max(o.seen) DESC LIMIT 20`, p.ID, millis(s.opt.Now().Add(-NetworkWindow)), millis(s.opt.Now()), p.SiteID)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var n discuss.Neighbour
		var at int64
		if err := rows.Scan(&n.ID, &n.Name, &at, &n.Banned); err != nil {
			return err
		}
		n.Seen = fromMillis(at)
		p.Network = append(p.Network, n)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	pr, err := s.query(ctx, `SELECT prefix FROM networks WHERE author_id = ?1 AND prefix <> '' ORDER BY seen DESC LIMIT 5`, p.ID)
	if err != nil {
		return err
	}
	defer pr.Close()
	for pr.Next() {
		var v string
		if err := pr.Scan(&v); err != nil {
			return err
		}
		p.Prefixes = append(p.Prefixes, v)
	}
	return pr.Err()
}
