package store

import (
	"context"
	"errors"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

const invitationColumns = `i.id, i.site_id, i.email, i.name, i.role, coalesce(i.by_id, 0), coalesce(a.name, ''), i.created, i.expires, coalesce(i.used, 0), coalesce(i.revoked, 0),
	i.by_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM accounts o WHERE o.id = a.account_id AND o.disabled IS NULL AND (a.role = 'admin' OR o.operator = 1))
	FROM invitations i LEFT JOIN authors a ON a.id = i.by_id`

func scanInvitation(row scanner) (v auth.Invitation, err error) {
	var created, expires, used, revoked int64
	err = row.Scan(&v.ID, &v.Site.ID, &v.Email, &v.Name, (*string)(&v.Role), &v.ByID, &v.By, &created, &expires, &used, &revoked, &v.Void)
	v.Created, v.Expires, v.Used, v.Revoked = fromMillis(created), fromMillis(expires), fromMillis(used), fromMillis(revoked)
	return v, found(err)
}

// PutInvitation keeps an invitation and owes its mail, in the place of an open
// one of the same address. auth.ErrInviteHas where there is nothing to give,
// auth.ErrInviteFull where the address has had its share of mails: the one before holds.
func (s *Store) PutInvitation(ctx context.Context, token []byte, v auth.Invitation, m *auth.Mail) (auth.Invitation, error) {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		var role discuss.Role
		var off bool
		err := tx.get(`SELECT a.role, c.disabled IS NOT NULL FROM authors a JOIN accounts c ON c.id = a.account_id WHERE a.site_id = ?1 AND c.email = ?2 AND c.verified IS NOT NULL`, []any{v.Site.ID, v.Email}, (*string)(&role), &off)
		if err != nil && !errors.Is(err, discuss.ErrNotFound) {
			return err
		}
		if err == nil && off { // who is no member here is nobody's to know of: no mail goes, and that is all
			return discuss.ErrAccountOff
		}
		if err == nil && covers(role, v.Role) {
			return auth.ErrInviteHas
		}
		if err := tx.exec(`UPDATE invitations SET revoked = ?3, expires = min(expires, ?3) WHERE site_id = ?1 AND email = ?2 AND used IS NULL AND revoked IS NULL`, v.Site.ID, v.Email, millis(tx.now)); err != nil {
			return err
		}
		v.ID = tx.NextID()
		if err := tx.exec(`INSERT INTO invitations (id, site_id, token, email, name, role, by_id, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)`,
			v.ID, v.Site.ID, token, v.Email, v.Name, string(v.Role), nullID(v.ByID), millis(tx.now), millis(v.Expires)); err != nil {
			return err
		}
		full, err := tx.oweAccountMail(m)
		if err == nil && full {
			err = auth.ErrInviteFull
		}
		return err
	})
	return v, err
}

// covers reports whether a role has all that another would give.
func covers(have, gives discuss.Role) bool {
	return have == gives || have.AtLeast(discuss.Moderator) && have.AtLeast(gives)
}

// InvitationByToken finds an invitation, in whatever state, with its site.
func (s *Store) InvitationByToken(ctx context.Context, token []byte) (v auth.Invitation, err error) {
	if v, err = scanInvitation(s.first(ctx, `SELECT `+invitationColumns+` WHERE i.token = ?1`, token)); err == nil {
		v.Site, err = s.SiteByID(ctx, v.Site.ID)
	}
	return v, err
}

// mostInvitations is how many of a site's invitations are listed.
const mostInvitations = 200

// Invitations are a site's that wait, or waited in vain, newest first.
func (s *Store) Invitations(ctx context.Context, site discuss.ID) (out []auth.Invitation, err error) {
	err = s.rows(ctx, `SELECT `+invitationColumns+` WHERE i.site_id = ?1 AND i.used IS NULL AND i.revoked IS NULL ORDER BY i.created DESC, i.id DESC LIMIT ?2`, []any{site, mostInvitations}, func(r scanner) error {
		v, err := scanInvitation(r)
		out = append(out, v)
		return err
	})
	return out, err
}

// RevokeInvitation takes an open invitation of a site back.
func (s *Store) RevokeInvitation(ctx context.Context, site, id discuss.ID) (v auth.Invitation, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		if v, err = scanInvitation(tx.w.queryRow(`SELECT `+invitationColumns+` WHERE i.id = ?1 AND i.site_id = ?2`, id, site)); err != nil {
			return err
		}
		if !v.Used.IsZero() {
			return auth.ErrInviteUsed
		}
		if !v.Revoked.IsZero() {
			return discuss.ErrNotFound
		}
		return tx.exec(`UPDATE invitations SET revoked = ?2, expires = min(expires, ?2) WHERE id = ?1`, id, millis(tx.now))
	})
	return v, err
}

// AcceptInvitation uses an invitation up: its address's account, made or proved
// by that, has the role, and a new one has agreed to the standards. One that is used, revoked or too old says so.
func (s *Store) AcceptInvitation(ctx context.Context, token []byte, fresh auth.Account, agreed auth.Acceptance, now time.Time) (acc auth.Account, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		v, err := scanInvitation(tx.w.queryRow(`SELECT `+invitationColumns+` WHERE i.token = ?1`, token))
		if err != nil {
			return err
		}
		if err := v.Open(now); err != nil {
			return err
		}
		if acc, err = tx.accountOf(v, fresh); err != nil {
			return err
		}
		if err := tx.accepted(acc.ID, v.Site.ID, agreed); err != nil {
			return err
		}
		person, err := tx.member(v.Site.ID, acc.ID, acc.Name)
		if err != nil {
			return err
		}
		if !covers(person.Role, v.Role) {
			if err := discuss.CheckRole(tx, person, v.Role); err != nil {
				return err
			}
			if err := tx.setRole(person.ID, v.Role); err != nil {
				return err
			}
			if err := tx.audit(discuss.Entry{Site: v.Site.ID, Actor: person, Action: "join", Kind: "person", Target: person.ID, Before: string(person.Role), After: string(v.Role)}); err != nil {
				return err
			}
		}
		tx.hints = append(tx.hints, discuss.Hint{Site: v.Site.ID, Type: discuss.HintPerson, Subject: person.ID, Action: "role", Name: person.Name, Actor: person.ID})
		return tx.exec(`UPDATE invitations SET used = ?2, expires = min(expires, ?2) WHERE id = ?1`, v.ID, millis(tx.now))
	})
	return acc, err
}

// accountOf is the account of an invitation's address. One that nobody has
// proved is whoever's who reads the mailbox: they are, and what somebody else
// has prepared for it goes.
func (t *Tx) accountOf(v auth.Invitation, fresh auth.Account) (auth.Account, error) {
	acc, err := scanAccount(t.w.queryRow(`SELECT `+accountColumns+` FROM accounts WHERE email = ?1`, v.Email))
	switch {
	case err == nil && acc.Verified:
		var disabled bool
		if err := t.get(`SELECT disabled IS NOT NULL FROM accounts WHERE id = ?1`, []any{acc.ID}, &disabled); err != nil {
			return acc, err
		}
		if disabled {
			return acc, auth.ErrDisabled
		}
		return acc, nil
	case err == nil:
		if err := t.exec(`UPDATE accounts SET password = ?2, verified = ?3 WHERE id = ?1`, acc.ID, fresh.Password, millis(t.now)); err != nil {
			return acc, err
		}
		if err := t.rename(acc.ID, fresh.Name, t.w.s.opt.Skeleton(fresh.Name)); err != nil {
			return acc, err
		}
		acc.Name, acc.Verified = fresh.Name, true
		return acc, errors.Join(t.dropTickets(acc.ID), t.banReturned(acc.ID))
	case !errors.Is(err, discuss.ErrNotFound):
		return acc, err
	}
	if fresh.Name == "" { // the account was there when it was asked, and is gone
		return acc, discuss.Bad("name", "must be given")
	}
	if taken, err := t.NameTaken(v.Site.ID, t.w.s.opt.Skeleton(fresh.Name)); err != nil || taken {
		return acc, errors.Join(err, discuss.Bad("name", "is taken, or looks like one that is"))
	}
	acc = auth.Account{ID: t.NextID(), Email: v.Email, Name: fresh.Name, Password: fresh.Password, Verified: true}
	return acc, t.exec(`INSERT INTO accounts (id, email, name, password, verified, created) VALUES (?1, ?2, ?3, ?4, ?5, ?5)`, acc.ID, acc.Email, acc.Name, acc.Password, millis(t.now))
}

// SetDisabled switches an account off and ends its sessions, or on again. Whom a
// site or the server needs stays: auth.ErrNeeded.
func (s *Store) SetDisabled(ctx context.Context, account discuss.ID, off bool) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if !off {
			return tx.execOne(`UPDATE accounts SET disabled = NULL WHERE id = ?1`, account)
		}
		if err := tx.needed(account); err != nil {
			return err
		}
		if err := tx.execOne(`UPDATE accounts SET disabled = coalesce(disabled, ?2) WHERE id = ?1`, account, millis(tx.now)); err != nil {
			return err
		}
		if err := tx.dropTickets(account); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1`, account)
	})
}
