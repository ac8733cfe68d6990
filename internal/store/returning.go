package store

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"errors"

	"parley/internal/discuss"
)

// returningKey names the key under which the addresses of erased banned people are hashed.
const returningKey = "returning"

// holds is the condition of bans b that stand at ?1.
const holds = `b.lifted IS NULL AND (b.until IS NULL OR b.until > ?1)`

// keepBans leaves of a person who is being erased what their bans are to be
// known by, should they come back; nothing where nothing keeps them away.
func (t *Tx) keepBans(account discuss.ID) error {
	bans, err := t.ids(`SELECT b.id FROM bans b WHERE `+holds+` AND b.author_id IN (SELECT id FROM authors WHERE account_id = ?2)`, millis(t.now), account)
	if err != nil || len(bans) == 0 {
		return err
	}
	fresh := make([]byte, sha256.Size)
	_, _ = rand.Read(fresh)
	if err := t.exec(`INSERT INTO keys (name, key, created) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, returningKey, fresh, millis(t.now)); err != nil {
		return err
	}
	marks, err := t.marksOf(account)
	if err != nil {
		return err
	}
	for _, ban := range bans {
		for _, mark := range marks {
			if err := t.exec(`INSERT INTO ban_marks (mark, ban_id) VALUES (?1, ?2) ON CONFLICT DO NOTHING`, mark, ban); err != nil {
				return err
			}
		}
	}
	// A ban of every site names the account too, which would take it along.
	return t.exec(`UPDATE bans SET account_id = NULL WHERE account_id = ?1 AND author_id IS NOT NULL`, account)
}

// marksOf are the keyed hashes of an account's proven address and of its ways in.
func (t *Tx) marksOf(account discuss.ID) (marks [][]byte, err error) {
	var key []byte
	if err := t.get(`SELECT key FROM keys WHERE name = ?1`, []any{returningKey}, &key); err != nil {
		return nil, err
	}
	rows, err := t.w.stmt(`SELECT 'address' || char(0) || email FROM accounts WHERE id = ?1 AND verified IS NOT NULL AND instr(email, '@') > 1
		UNION ALL SELECT 'identity' || char(0) || site_id || char(0) || provider || char(0) || subject FROM identities WHERE account_id = ?1`).Query(account)
	if err != nil {
		return nil, err
	}
	for rows.Next() {
		var known string
		if err := rows.Scan(&known); err != nil {
			return nil, errors.Join(err, rows.Close())
		}
		h := hmac.New(sha256.New, key)
		h.Write([]byte(known))
		marks = append(marks, h.Sum(nil))
	}
	return marks, errors.Join(rows.Err(), rows.Close())
}

// banReturned bans an account again whose address or way in is that of
// somebody who was erased under a ban: on each site that the ban is of and the
// account is a member of. The new ban is one like any other, and can be lifted.
func (t *Tx) banReturned(account discuss.ID) error {
	var some bool
	if err := t.get(`SELECT EXISTS (SELECT 1 FROM ban_marks)`, nil, &some); err != nil || !some {
		return err
	}
	marks, err := t.marksOf(account)
	if err != nil {
		return err
	}
	for _, mark := range marks {
		bans, err := t.ids(`SELECT b.id FROM ban_marks m JOIN bans b ON b.id = m.ban_id WHERE m.mark = ?2 AND `+holds, millis(t.now), mark)
		if err != nil {
			return err
		}
		for _, ban := range bans {
			if err := t.banAgain(ban, account); err != nil {
				return err
			}
		}
	}
	return nil
}

func (t *Tx) banAgain(ban, account discuss.ID) error {
	members, err := t.ids(`SELECT a.id FROM bans b JOIN authors a ON a.account_id = ?2 AND (b.site_id IS NULL OR a.site_id = b.site_id) WHERE b.id = ?3
		AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.author_id = a.id AND `+holds+`)`, millis(t.now), account, ban)
	if err != nil {
		return err
	}
	for _, member := range members {
		if err := t.exec(`INSERT INTO bans (id, site_id, author_id, account_id, reason, until, created, set_by)
			SELECT ?1, site_id, ?2, iif(site_id IS NULL, ?3, NULL), reason, until, ?4, set_by FROM bans WHERE id = ?5`,
			t.NextID(), member, account, millis(t.now), ban); err != nil {
			return err
		}
		e := discuss.Entry{Action: "ban", Kind: "person", Target: member, Note: "known again after their data was erased"}
		if err := t.get(`SELECT a.site_id, b.reason FROM authors a, bans b WHERE a.id = ?1 AND b.id = ?2`, []any{member, ban}, &e.Site, &e.Reason); err != nil {
			return err
		}
		if err := t.audit(e); err != nil {
			return err
		}
	}
	return nil
}

// ids are the numbers that a query gives.
func (t *Tx) ids(query string, args ...any) ([]discuss.ID, error) {
	return scanIDs(t.w.stmt(query).Query(args...))
}
