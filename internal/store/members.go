package store

import (
	"context"
	"errors"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Member is an account's membership of a site.
func (t *Tx) Member(site, account discuss.ID) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Account: account}
	var expert bool
	err := t.recall(`SELECT id, name, role, avatar, unread, tier, expert FROM authors WHERE site_id = ?1 AND account_id = ?2`, site, account).Scan(&a.ID, &a.Name, (*string)(&a.Role), &a.Avatar, &a.Unread, &a.Tier, &expert)
	a.Badges = given(a.Tier, expert)
	return a, found(err)
}

// AvatarOf is the id of an account's picture.
func (t *Tx) AvatarOf(account discuss.ID) (id string, err error) {
	err = t.get(`SELECT coalesce((SELECT avatar FROM accounts WHERE id = ?1), '')`, []any{account}, &id)
	return id, err
}

// insertMember adds an account's membership of a site.
func (t *Tx) insertMember(a discuss.Author) error {
	if err := t.exec(`INSERT INTO authors (id, site_id, account_id, kind, name, skeleton, created, avatar) VALUES (?1, ?2, ?3, 'member', ?4, ?5, ?6, ?7)`,
		a.ID, a.SiteID, a.Account, a.Name, t.w.s.opt.Skeleton(a.Name), millis(t.now), a.Avatar); err != nil {
		return err
	}
	// What they chose to hear by mail on another site holds here too.
	if err := t.exec(`INSERT INTO mail_choices (author_id, replies, outcomes, waiting) SELECT ?1, m.replies, m.outcomes, m.waiting
		FROM authors o JOIN mail_choices m ON m.author_id = o.id WHERE o.account_id = ?2 AND o.id <> ?1 LIMIT 1`, a.ID, a.Account); err != nil {
		return err
	}
	return t.banReturned(a.Account)
}

// member finds an account's membership of a site, or makes it.
func (t *Tx) member(site, account discuss.ID, name string) (discuss.Author, error) {
	a, err := t.Member(site, account)
	if !errors.Is(err, discuss.ErrNotFound) {
		return a, err
	}
	a.ID, a.Name, a.Role = t.NextID(), name, discuss.Member
	if a.Avatar, err = t.AvatarOf(account); err != nil {
		return a, err
	}
	return a, t.insertMember(a)
}

// Guest is the author of what a browser writes under that name.
func (t *Tx) Guest(site discuss.ID, name, mark string) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Name: name, Role: discuss.Member, Guest: true, Mark: mark}
	err := t.get(`SELECT id FROM authors WHERE site_id = ?1 AND name = ?2 AND mark = ?3 AND kind = 'guest'`, []any{site, name, []byte(mark)}, &a.ID)
	return a, err
}

// insertGuest adds the author of what a browser writes under a name.
func (t *Tx) insertGuest(a discuss.Author) error {
	return t.exec(`INSERT INTO authors (id, site_id, kind, name, skeleton, created, mark) VALUES (?1, ?2, 'guest', ?3, ?4, ?5, ?6)`,
		a.ID, a.SiteID, a.Name, t.w.s.opt.Skeleton(a.Name), millis(t.now), []byte(a.Mark))
}

// Team is the author of what staff write under a name of their team.
func (t *Tx) Team(site discuss.ID, name string) (discuss.Author, error) {
	a := discuss.Author{SiteID: site, Name: name}
	err := t.get(`SELECT id, role FROM authors WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, []any{site, discuss.TeamSource, name}, &a.ID, (*string)(&a.Role))
	return a, err
}

// insertTeam adds one.
func (t *Tx) insertTeam(a discuss.Author) error {
	return t.exec(`INSERT INTO authors (id, site_id, kind, name, skeleton, role, source, foreign_id, created) VALUES (?1, ?2, 'member', ?3, ?4, ?5, ?6, ?3, ?7)`,
		a.ID, a.SiteID, a.Name, t.w.s.opt.Skeleton(a.Name), string(a.Role), discuss.TeamSource, millis(t.now))
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

// IsOperator reports whether an account runs the whole server.
func (tx *Tx) IsOperator(account discuss.ID) (bool, error) {
	var yes bool
	err := tx.get(`SELECT EXISTS (SELECT 1 FROM accounts WHERE id = ?1 AND operator = 1)`, []any{account}, &yes)
	return yes, err
}

// SetOperator makes an account one that runs the whole server, or no more.
// auth.ErrNeeded where no other is left who can sign in; discuss.ErrAccountOff for an
// account that is switched off or will be erased.
func (s *Store) SetOperator(ctx context.Context, account discuss.ID, yes bool) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if !yes {
			var others bool
			if err := tx.get(`SELECT EXISTS (SELECT 1 FROM accounts o WHERE o.operator = 1 AND o.id <> ?1 AND `+here+`)`, []any{account}, &others); err != nil {
				return err
			}
			if !others {
				return auth.ErrNeeded
			}
		} else if gone, err := tx.Gone(account); err != nil {
			return err
		} else if gone {
			return discuss.ErrAccountOff
		}
		return tx.execOne(`UPDATE accounts SET operator = ?2 WHERE id = ?1`, account, yes)
	})
}
