package store

import (
	"context"
	"errors"

	"parley/internal/discuss"
)

// Author finds the account's membership of a site, or makes it.
func (t *Tx) Author(site, account discuss.ID, name string) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Account: account}
	err := t.get(`SELECT id, name, role, avatar, unread FROM authors WHERE site_id = ?1 AND account_id = ?2`, []any{site, account}, &a.ID, &a.Name, (*string)(&a.Role), &a.Avatar, &a.Unread)
	if !errors.Is(err, discuss.ErrNotFound) {
		return a, err
	}
	a.ID, a.Name, a.Role = t.NextID(), name, discuss.Member
	if err := t.get(`INSERT INTO authors (id, site_id, account_id, kind, name, skeleton, created, avatar)
		VALUES (?1, ?2, ?3, 'member', ?4, ?5, ?6, coalesce((SELECT avatar FROM accounts WHERE id = ?3), '')) RETURNING avatar`,
		[]any{a.ID, site, account, name, t.w.s.opt.Skeleton(name), millis(t.now)}, &a.Avatar); err != nil {
		return a, err
	}
	// What he chose to hear by mail on another site holds here too.
	return a, t.exec(`INSERT INTO mail_choices (author_id, replies, outcomes, waiting) SELECT ?1, m.replies, m.outcomes, m.waiting
		FROM authors o JOIN mail_choices m ON m.author_id = o.id WHERE o.account_id = ?2 AND o.id <> ?1 LIMIT 1`, a.ID, account)
}

// Guest finds or makes the author of what guests of that name write.
func (t *Tx) Guest(site discuss.ID, name string) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Name: name, Role: discuss.Member, Guest: true}
	err := t.get(`SELECT id FROM authors WHERE site_id = ?1 AND name = ?2 AND kind = 'guest'`, []any{site, name}, &a.ID)
	if !errors.Is(err, discuss.ErrNotFound) {
		return a, err
	}
	a.ID = t.NextID()
	return a, t.exec(`INSERT INTO authors (id, site_id, kind, name, skeleton, created) VALUES (?1, ?2, 'guest', ?3, ?4, ?5)`,
		a.ID, site, name, t.w.s.opt.Skeleton(name), millis(t.now))
}

// NameTaken reports whether a member of the site has a name with this skeleton.
func (t *Tx) NameTaken(site discuss.ID, skeleton string) (bool, error) {
	var one int
	err := t.get(`SELECT 1 FROM authors WHERE site_id = ?1 AND skeleton = ?2 AND kind = 'member' LIMIT 1`, []any{site, skeleton}, &one)
	if errors.Is(err, discuss.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

// SetTrust gives an account's membership of a site the level it never falls under.
func (s *Store) SetTrust(ctx context.Context, site, account discuss.ID, level discuss.Level) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE authors SET trust = ?3 WHERE site_id = ?1 AND account_id = ?2`, site, account, int(level))
	})
}
