package store

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// noEmail stands in accounts.email for a person without an address.
func noEmail(id discuss.ID) string { return "@" + id.String() }

// UseIdentity finds the account of an identity and notes the use.
func (s *Store) UseIdentity(ctx context.Context, scope discuss.ID, provider, subject string, now time.Time) (a auth.Account, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		var id discuss.ID
		if err := tx.get(`UPDATE identities SET used = ?4 WHERE site_id = ?1 AND provider = ?2 AND subject = ?3 RETURNING account_id`,
			[]any{scope, provider, subject, millis(now)}, &id); err != nil {
			return err
		}
		a, err = tx.account(id)
		return err
	})
	return a, err
}

func (t *Tx) account(id discuss.ID) (auth.Account, error) {
	return scanAccount(t.w.queryRow(`SELECT `+accountColumns+` FROM accounts WHERE id = ?1`, id))
}

// AddIdentity gives an account one more identity.
func (s *Store) AddIdentity(ctx context.Context, account discuss.ID, who auth.Profile, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.addIdentity(account, who, now); err != nil {
			return err
		}
		return tx.banReturned(account)
	})
}

func (t *Tx) addIdentity(account discuss.ID, who auth.Profile, now time.Time) error {
	err := t.exec(`INSERT INTO identities (site_id, provider, subject, account_id, name, created, used) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?6)`,
		who.Scope, who.Provider, who.Subject, account, who.Name, millis(now))
	if isUnique(err) {
		return auth.ErrLinkTaken
	}
	return err
}

// NewPerson makes the account, the identity and the membership, or nothing.
func (s *Store) NewPerson(ctx context.Context, a auth.Account, who auth.Profile, in auth.Place, now time.Time) (auth.Account, error) {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		if taken, err := tx.NameTaken(in.Site, in.Skeleton); err != nil || taken {
			if err == nil {
				err = discuss.Bad("name", "is taken, or looks like one that is")
			}
			return err
		}
		a.ID = tx.NextID()
		email := noEmail(a.ID)
		if a.Email != "" && a.Site == 0 {
			// Whoever claimed the address without proving it has lost it, with
			// the password and links that he may have prepared for its owner.
			if err := tx.dropUnverified(`email = ?1`, a.Email); err != nil {
				return err
			}
			var one int
			err := tx.get(`SELECT 1 FROM accounts WHERE email = ?1`, []any{a.Email}, &one)
			switch {
			case err == nil:
				a.Email = ""
			case discuss.KindOf(err) == discuss.NotFound:
				email = a.Email
			default:
				return err
			}
		} else {
			a.Email = ""
		}
		if err := tx.exec(`INSERT INTO accounts (id, email, name, password, verified, operator, created, site_id) VALUES (?1, ?2, ?3, '', ?4, 0, ?4, ?5)`,
			a.ID, email, a.Name, millis(now), nullID(a.Site)); err != nil {
			return err
		}
		if err := tx.addIdentity(a.ID, who, now); err != nil {
			return err
		}
		if in.Site == 0 {
			return nil
		}
		if err := tx.accepted(a.ID, in.Site, in.Accepted); err != nil {
			return err
		}
		author, err := tx.member(in.Site, a.ID, a.Name)
		if err != nil || !in.Quiet {
			return err
		}
		return tx.exec(`INSERT INTO mail_choices (author_id, replies) VALUES (?1, 'off')`, author.ID)
	})
	return a, err
}

// dropUnverified removes accounts that were never verified, with the names
// that they took. Nothing else can hang on them: they could not sign in.
func (t *Tx) dropUnverified(which string, arg any) error {
	const stale = ` account_id IN (SELECT id FROM accounts WHERE verified IS NULL AND `
	if err := t.exec(`DELETE FROM authors WHERE published = 0 AND`+stale+which+`)`, arg); err != nil {
		return err
	}
	return t.exec(`DELETE FROM accounts WHERE verified IS NULL AND `+which, arg)
}

// SiteWays reads a site's own keys, sealed.
func (s *Store) SiteWays(ctx context.Context, site discuss.ID) ([]auth.SealedKeys, error) {
	rows, err := s.query(ctx, `SELECT provider, client, secret, issuer, label, extra FROM site_ways WHERE site_id = ?1 ORDER BY provider`, site)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []auth.SealedKeys
	for rows.Next() {
		var k auth.SealedKeys
		var extra string
		if err := rows.Scan(&k.Provider, &k.Client, &k.Sealed, &k.Issuer, &k.Label, &extra); err != nil {
			return nil, err
		}
		var more struct{ Team, KeyID string }
		if err := json.Unmarshal([]byte(extra), &more); err != nil {
			return nil, err
		}
		k.Team, k.KeyID = more.Team, more.KeyID
		out = append(out, k)
	}
	return out, rows.Err()
}

// PutPicture keeps a picture as the account's, beside each of its authors too,
// and drops the one before.
func (s *Store) PutPicture(ctx context.Context, account discuss.ID, p auth.Picture, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`DELETE FROM pictures WHERE account_id = ?1`, account); err != nil {
			return err
		}
		if p.ID != "" {
			if err := tx.exec(`INSERT INTO pictures (id, account_id, type, image, created) VALUES (?1, ?2, ?3, ?4, ?5)`, p.ID, account, p.Type, p.Image, millis(now)); err != nil {
				return err
			}
		}
		if err := tx.exec(`UPDATE accounts SET avatar = ?2 WHERE id = ?1`, account, p.ID); err != nil {
			return err
		}
		return tx.exec(`UPDATE authors SET avatar = ?2 WHERE account_id = ?1`, account, p.ID)
	})
}

// PictureByID reads a picture.
func (s *Store) PictureByID(ctx context.Context, id string) (auth.Picture, error) {
	p := auth.Picture{ID: id}
	err := s.queryRow(ctx, `SELECT type, image FROM pictures WHERE id = ?1`, []any{id}, &p.Type, &p.Image)
	return p, err
}

// otherWay asks whether something but a provider opens an account.
const otherWay = `SELECT a.email NOT LIKE '@%' OR EXISTS (SELECT 1 FROM passkeys WHERE account_id = ?1)
	OR EXISTS (SELECT 1 FROM identities WHERE account_id = ?1 AND provider <> ?2) FROM accounts a WHERE a.id = ?1`

// DropIdentity takes an identity away where something else opens the account:
// a password, a passkey, another identity, or an address to mail a link to.
func (s *Store) DropIdentity(ctx context.Context, account discuss.ID, provider string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var other bool
		if err := tx.get(otherWay, []any{account, provider}, &other); err != nil {
			return err
		}
		if !other {
			return auth.ErrLastWay
		}
		return tx.execOne(`DELETE FROM identities WHERE account_id = ?1 AND provider = ?2`, account, provider)
	})
}

// IdentityAccount finds who an identity is that was linked before a time; a zero
// time is any.
func (s *Store) IdentityAccount(ctx context.Context, scope discuss.ID, provider, subject string, before time.Time) (discuss.ID, error) {
	var id discuss.ID
	var at int64
	err := s.queryRow(ctx, `SELECT account_id, created FROM identities WHERE site_id = ?1 AND provider = ?2 AND subject = ?3`, []any{scope, provider, subject}, &id, &at)
	if err == nil && !before.IsZero() && fromMillis(at).After(before) {
		return 0, discuss.ErrNotFound
	}
	return id, err
}
