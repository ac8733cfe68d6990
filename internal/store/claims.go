package store

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // what other systems name people by
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"maps"
	"slices"

	"parley/internal/discuss"
)

// claimsKey names the key under which what imported people can be known by is hashed.
const claimsKey = "claims"

// claimChunk is how many comments change hands in one write; claimTold is from how many of
// one thread on its open pages look at all of it again.
const (
	claimChunk = 250
	claimTold  = 20
)

// Marker hashes what imported people can be known by; nil comes of no proof.
func (s *Store) Marker(ctx context.Context) (func(discuss.Proof) []byte, error) {
	key, err := s.Key(ctx, claimsKey, func() []byte {
		fresh := make([]byte, sha256.Size)
		_, _ = rand.Read(fresh) // never fails
		return fresh
	})
	return func(p discuss.Proof) []byte { return claimMark(key, p) }, err
}

// MarkerLater is Marker for a file that may be refused: a new key is written by
// keep alone.
func (s *Store) MarkerLater(ctx context.Context) (mark func(discuss.Proof) []byte, keep func() error, err error) {
	key, err := s.KnownKey(ctx, claimsKey)
	if errors.Is(err, discuss.ErrNotFound) {
		key, err = make([]byte, sha256.Size), nil
		_, _ = rand.Read(key) // never fails
	}
	return func(p discuss.Proof) []byte { return claimMark(key, p) }, func() error {
		kept, err := s.Key(ctx, claimsKey, func() []byte { return key })
		if err == nil && !bytes.Equal(kept, key) { // another run was the first
			return discuss.ErrImportRuns
		}
		return err
	}, err
}

func claimMark(key []byte, p discuss.Proof) []byte {
	if p == "" {
		return nil
	}
	h := hmac.New(sha256.New, key)
	h.Write([]byte(p))
	return h.Sum(nil)
}

func sha1Hex(s string) string {
	sum := sha1.Sum([]byte(s)) //nolint:gosec // as above
	return hex.EncodeToString(sum[:])
}

// reading reads rows, of a write or outside of one.
type reading func(query string, args []any, take func(scanner) error) error

func (s *Store) reading(ctx context.Context) reading {
	return func(query string, args []any, take func(scanner) error) error { return s.rows(ctx, query, args, take) }
}

const (
	// What an account has proved: its address, and who it is at providers. A site's own
	// registrations with those count on that site alone.
	claimProofs = `SELECT 0, '', email FROM accounts WHERE id = ?1 AND verified IS NOT NULL AND site_id IS NULL AND instr(email, '@') > 1
		UNION ALL SELECT site_id, provider, subject FROM identities WHERE account_id = ?1`

	claimKey  = `SELECT key FROM keys WHERE name = ?1`
	claimsMet = `SELECT a.id FROM author_marks m CROSS JOIN authors a ON a.id = m.author_id WHERE m.mark = ?1 AND (?2 = 0 OR a.site_id = ?2) AND a.kind = 'imported' AND a.became IS NULL`
	claimRow  = `SELECT coalesce(k.id, 0), a.site_id, a.id, a.name, coalesce(a.source, ''), ?1, coalesce((SELECT name FROM accounts WHERE id = ?1), ''), coalesce(k.state, ''), coalesce(k.created, 0)
		FROM authors a LEFT JOIN claims k ON k.author_id = a.id AND k.account_id = ?1 WHERE a.id = ?2`
	claimByID   = `SELECT k.id, k.site_id, k.author_id, a.name, coalesce(a.source, ''), k.account_id, o.name, k.state, k.created FROM claims k JOIN authors a ON a.id = k.author_id JOIN accounts o ON o.id = k.account_id WHERE k.id = ?1`
	claimsAsked = `SELECT k.id, k.site_id, k.author_id, a.name, coalesce(a.source, ''), k.account_id, o.name, k.state, k.created FROM claims k INDEXED BY claims_asked JOIN authors a ON a.id = k.author_id
		JOIN accounts o ON o.id = k.account_id WHERE k.site_id = ?1 AND k.state = 'asked' ORDER BY k.created, k.id LIMIT ?2`
	claimSpan   = `SELECT count(*), coalesce(min(created), 0), coalesce(max(created), 0) FROM comments WHERE author_id = ?1 AND status = 'published'`
	claimSample = `SELECT c.id, substr(c.html, 1, 900), c.created, iif(t.title = '', t.key, t.title), t.url FROM comments c JOIN threads t ON t.id = c.thread_id
		WHERE c.author_id = ?1 AND c.status = 'published' ORDER BY c.created DESC, c.id DESC LIMIT ?2`

	// Whose comments are still to follow, of a server that was stopped in between.
	claimsLeft = `SELECT a.id FROM authors a INDEXED BY authors_became WHERE a.became IS NOT NULL AND EXISTS (SELECT 1 FROM comments c WHERE c.author_id = a.id) LIMIT 1`
)

func scanClaim(row scanner) (c discuss.Claim, err error) {
	var asked int64
	err = row.Scan(&c.ID, &c.Site, &c.Person, &c.Name, &c.Source, &c.Account, &c.By, (*string)(&c.State), &asked)
	if asked > 0 {
		c.Asked = fromMillis(asked)
	}
	return c, found(err)
}

// scopedMark is what an account can be known by, on one site or (0) on all.
type scopedMark struct {
	mark []byte
	site discuss.ID
}

// claimMarks are the hashes of what an account has proved.
func claimMarks(read reading, account discuss.ID) (marks []scopedMark, err error) {
	var key []byte
	if err := read(claimKey, []any{claimsKey}, func(row scanner) error { return row.Scan(&key) }); err != nil || key == nil {
		return nil, err // nothing was ever marked
	}
	err = read(claimProofs, []any{account}, func(row scanner) error {
		var site discuss.ID
		var provider, known string
		if err := row.Scan(&site, &provider, &known); err != nil {
			return err
		}
		proofs := []discuss.Proof{discuss.SubjectProof(provider, known), discuss.HashedProof(provider, sha1Hex(known))}
		if provider == "" {
			proofs = []discuss.Proof{discuss.AddressProof(known), discuss.HashedProof("email", sha1Hex(known))}
		}
		for _, p := range proofs {
			if mark := claimMark(key, p); mark != nil {
				marks = append(marks, scopedMark{mark, site})
			}
		}
		return nil
	})
	return marks, err
}

// claimable are the imported people whom an account has proved to be.
func claimable(read reading, account discuss.ID) ([]discuss.ID, error) {
	marks, err := claimMarks(read, account)
	if err != nil {
		return nil, err
	}
	met := map[discuss.ID]bool{}
	for _, m := range marks {
		if err := read(claimsMet, []any{m.mark, m.site}, func(row scanner) error {
			var id discuss.ID
			err := row.Scan(&id)
			met[id] = true
			return err
		}); err != nil {
			return nil, err
		}
	}
	return slices.Sorted(maps.Keys(met)), nil
}

// Claimable is an imported person whom an account has proved to be.
func (t *Tx) Claimable(account, person discuss.ID) (discuss.Claim, error) {
	ids, err := claimable(t.rows, account)
	if err != nil {
		return discuss.Claim{}, err
	}
	if !slices.Contains(ids, person) {
		return discuss.Claim{}, discuss.ErrNotFound
	}
	return scanClaim(t.w.queryRow(claimRow, account, person))
}

// ClaimTaken reports whether another account has asked for a person.
func (t *Tx) ClaimTaken(account, person discuss.ID) (yes bool, err error) {
	err = t.get(`SELECT EXISTS (SELECT 1 FROM claims WHERE author_id = ?1 AND account_id <> ?2 AND state IN ('asked', 'approved'))`, []any{person, account}, &yes)
	return yes, err
}

// Claim reads one that was made.
func (t *Tx) Claim(id discuss.ID) (discuss.Claim, error) {
	return scanClaim(t.w.queryRow(claimByID, id))
}

func (t *Tx) putClaim(c discuss.Claim) error {
	if c.ID == 0 {
		c.ID = t.NextID()
	}
	return t.exec(`INSERT INTO claims (id, site_id, author_id, account_id, state, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
		ON CONFLICT (author_id, account_id) DO UPDATE SET state = excluded.state, created = excluded.created`, c.ID, c.Site, c.Person, c.Account, string(c.State), millis(t.now))
}

// become makes a member of an imported person. What they could be known by goes.
func (t *Tx) become(person, member discuss.ID) error {
	if err := t.execOne(`UPDATE authors SET became = ?2 WHERE id = ?1 AND kind = 'imported'`, person, member); err != nil {
		return err
	}
	for _, q := range []string{`DELETE FROM author_marks WHERE author_id = ?1`, `DELETE FROM claims WHERE author_id = ?1 AND state <> 'approved'`} {
		if err := t.exec(q, person); err != nil {
			return err
		}
	}
	return nil
}

// ClaimsOf are the imported people whom an account has proved to be, but for
// those whom it has said not to be, and for sites where it is banned.
func (s *Store) ClaimsOf(ctx context.Context, account discuss.ID) (out []discuss.Claim, err error) {
	ids, err := claimable(s.reading(ctx), account)
	if err != nil {
		return nil, err
	}
	banned := map[discuss.ID]bool{}
	for _, id := range ids {
		c, err := scanClaim(s.first(ctx, claimRow, account, id))
		if err != nil {
			return nil, err
		}
		if c.State == discuss.ClaimNotMine {
			continue
		}
		if _, known := banned[c.Site]; !known {
			member, err := s.MemberOf(ctx, c.Site, account)
			if err != nil && !errors.Is(err, discuss.ErrNotFound) {
				return nil, err
			}
			ban, err := s.BanOf(ctx, c.Site, member.ID, account, s.opt.Now())
			if err != nil {
				return nil, err
			}
			banned[c.Site] = ban != nil
		}
		if banned[c.Site] {
			continue
		}
		if err := s.fillClaim(ctx, &c); err != nil {
			return nil, err
		}
		if c.Comments > 0 {
			out = append(out, c)
		}
		if len(out) == discuss.MaxClaims {
			break
		}
	}
	return out, nil
}

// ClaimsAsked are those that wait for a site, oldest first.
func (s *Store) ClaimsAsked(ctx context.Context, site discuss.ID) (out []discuss.Claim, err error) {
	if err := s.rows(ctx, claimsAsked, []any{site, discuss.MaxClaims}, func(row scanner) error {
		c, err := scanClaim(row)
		out = append(out, c)
		return err
	}); err != nil {
		return nil, err
	}
	for i := range out {
		if err := s.fillClaim(ctx, &out[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// fillClaim adds what readers see of the comments.
func (s *Store) fillClaim(ctx context.Context, c *discuss.Claim) error {
	var first, last int64
	if err := s.queryRow(ctx, claimSpan, []any{c.Person}, &c.Comments, &first, &last); err != nil {
		return err
	}
	c.First, c.Last = fromMillis(first), fromMillis(last)
	return s.rows(ctx, claimSample, []any{c.Person, discuss.ClaimSamples}, func(row scanner) error {
		var v discuss.ClaimSample
		var at int64
		err := row.Scan(&v.Comment, &v.HTML, &at, &v.Title, &v.URL)
		v.Created = fromMillis(at)
		c.Sample = append(c.Sample, v)
		return err
	})
}

// MoveClaimed gives a part of an imported person's comments to who they became.
func (s *Store) MoveClaimed(ctx context.Context, person discuss.ID) (more bool, err error) {
	err = s.updateBulk(ctx, func(tx *Tx) error {
		n, err := tx.moveAuthored(person)
		more = n == claimChunk
		return err
	})
	return more, err
}

// moveClaims ends what was cut short.
func (s *Store) moveClaims(ctx context.Context) error {
	for {
		var person discuss.ID
		err := s.queryRow(ctx, claimsLeft, nil, &person)
		if errors.Is(err, discuss.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := s.MoveClaimed(ctx, person); err != nil {
			return err
		}
	}
}

// moveAuthored gives a part of a person's comments to who they became, with
// every counter that they are in, and says how many.
func (t *Tx) moveAuthored(person discuss.ID) (n int, err error) {
	var member discuss.ID
	if err := t.get(`SELECT coalesce(became, 0) FROM authors WHERE id = ?1`, []any{person}, &member); err != nil || member == 0 {
		return 0, err
	}
	published, last := 0, int64(0)
	threads := map[discuss.ID][]discuss.Event{}
	if err := t.rows(`UPDATE comments SET author_id = ?2 WHERE id IN (SELECT id FROM comments WHERE author_id = ?1 LIMIT ?3)
		RETURNING id, thread_id, root_id, parent_id, status, created`, []any{person, member, claimChunk}, func(row scanner) error {
		e := discuss.Event{Type: discuss.CommentUpdated, At: t.Now()}
		var parent sql.NullInt64
		var status string
		var created int64
		if err := row.Scan(&e.Comment, &e.ThreadID, &e.Root, &parent, &status, &created); err != nil {
			return err
		}
		n++
		last = max(last, created)
		if e.Parent = discuss.ID(parent.Int64); status == string(discuss.Published) {
			published++
			threads[e.ThreadID] = append(threads[e.ThreadID], e)
		}
		return nil
	}); err != nil || n == 0 {
		return n, err
	}
	if err := t.exec(`UPDATE authors SET published = published + ?2, brought = brought + ?2, seen = max(coalesce(seen, 0), ?3) WHERE id = ?1`, member, published, last); err != nil {
		return n, err
	}
	// Nobody is seen any more who is somebody else.
	if err := t.exec(`UPDATE authors SET published = published - ?2, seen = NULL WHERE id = ?1`, person, published); err != nil {
		return n, err
	}
	for _, id := range slices.Sorted(maps.Keys(threads)) {
		events := threads[id]
		if len(events) > claimTold {
			events = []discuss.Event{{ThreadID: id, Type: discuss.ThreadReset, At: t.Now()}}
		}
		for _, e := range events {
			if err := t.addEvent(e); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

// forgetMarks drops what imported people could be known by as this account.
func (t *Tx) forgetMarks(account discuss.ID) error {
	marks, err := claimMarks(t.rows, account)
	if err != nil {
		return err
	}
	for _, m := range marks {
		if err := t.exec(`DELETE FROM author_marks WHERE mark = ?1 AND (?2 = 0 OR author_id IN (SELECT id FROM authors WHERE site_id = ?2))`, m.mark, m.site); err != nil {
			return err
		}
	}
	return nil
}

// addMarks keeps what an imported person can be known by.
func (t *Tx) addMarks(person discuss.ID, marks [][]byte) error {
	for _, mark := range marks {
		if err := t.exec(`INSERT INTO author_marks (mark, author_id, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, mark, person, millis(t.now)); err != nil {
			return err
		}
	}
	return nil
}
