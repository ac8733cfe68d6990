package store

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"strings"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// AccountByID reads an account.
func (s *Store) AccountByID(ctx context.Context, id discuss.ID) (auth.Account, error) {
	st, err := s.stmt(`SELECT ` + accountColumns + ` FROM accounts WHERE id = ?1`)
	if err != nil {
		return auth.Account{}, err
	}
	return scanAccount(st.QueryRowContext(ctx, id))
}

// rows calls take for each row of a query.
func (s *Store) rows(ctx context.Context, query string, args []any, take func(scanner) error) error {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := take(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Overview reads what an account's own page shows.
func (s *Store) Overview(ctx context.Context, account discuss.ID, now time.Time) (auth.Overview, error) {
	var o auth.Overview
	var err error
	if o.Account, err = s.AccountByID(ctx, account); err != nil {
		return o, err
	}
	if err := s.queryRow(ctx, `SELECT CASE min(CASE coalesce(m.replies, 'now') WHEN 'now' THEN 0 WHEN 'hourly' THEN 1 WHEN 'daily' THEN 2 ELSE 3 END)
		WHEN 1 THEN 'hourly' WHEN 2 THEN 'daily' WHEN 3 THEN 'off' ELSE 'now' END
		FROM authors a LEFT JOIN mail_choices m ON m.author_id = a.id WHERE a.account_id = ?1`, []any{account}, &o.MailReplies); err != nil {
		return o, err
	}
	o.Password = o.Account.Password != ""
	o.Account.Password = ""
	if err := s.queryRow(ctx, `SELECT totp IS NOT NULL FROM accounts WHERE id = ?1`, []any{account}, &o.Second); err != nil {
		return o, err
	}
	if o.Passkeys, err = s.Passkeys(ctx, account); err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT site_id, provider, name, created, used FROM identities WHERE account_id = ?1 ORDER BY created, provider`, []any{account}, func(r scanner) error {
		var i auth.Identity
		var created, used int64
		err := r.Scan(&i.Scope, &i.Provider, &i.Name, &created, &used)
		i.Created, i.Used = fromMillis(created), fromMillis(used)
		o.Identities = append(o.Identities, i)
		return err
	})
	if err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT v.token, v.kind, coalesce(s.key, ''), iif(v.kind = 'program', v.name, ''), v.agent, v.scopes, v.created, coalesce(v.seen, v.created), v.expires
		FROM sessions v LEFT JOIN sites s ON s.id = v.site_id WHERE v.account_id = ?1 AND v.expires > ?2 AND v.kind <> 'bearer' ORDER BY v.created DESC`, []any{account, millis(now)}, func(r scanner) error {
		var l auth.Listed
		var token []byte
		var scopes string
		var created, seen, expires int64
		err := r.Scan(&token, (*string)(&l.Kind), &l.Site, &l.Name, &l.Agent, &scopes, &created, &seen, &expires)
		l.ID, l.Scopes, l.Created, l.Seen, l.Expires = sessionID(token), strings.Fields(scopes), fromMillis(created), fromMillis(seen), fromMillis(expires)
		o.Sessions = append(o.Sessions, l)
		return err
	})
	if err != nil {
		return o, err
	}
	err = s.rows(ctx, `SELECT s.key, s.name, a.role, a.published, a.id, a.unread FROM authors a JOIN sites s ON s.id = a.site_id WHERE a.account_id = ?1 ORDER BY s.key`, []any{account}, func(r scanner) error {
		var m auth.Membership
		err := r.Scan(&m.Site, &m.Name, (*string)(&m.Role), &m.Comments, &m.Author.ID, &m.Author.Unread)
		m.Author.Role = m.Role
		o.Memberships = append(o.Memberships, m)
		return err
	})
	return o, err
}

// sessionID is how a session is called in a list: the beginning of its hash,
// from which nobody finds the token.
func sessionID(token []byte) string { return hex.EncodeToString(token[:12]) }

// Rename changes an account's name on every site.
func (s *Store) Rename(ctx context.Context, account discuss.ID, name, skeleton string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.rename(account, name, skeleton) })
}

func (t *Tx) rename(account discuss.ID, name, skeleton string) error {
	var one int
	err := t.get(`SELECT 1 FROM authors mine JOIN authors other ON other.site_id = mine.site_id AND other.skeleton = ?2 AND other.kind = 'member' AND other.id <> mine.id
		WHERE mine.account_id = ?1 LIMIT 1`, []any{account, skeleton}, &one)
	if err == nil {
		return discuss.Bad("name", "is taken, or looks like one that is")
	}
	if !errors.Is(err, discuss.ErrNotFound) {
		return err
	}
	if err := t.execOne(`UPDATE accounts SET name = ?2 WHERE id = ?1`, account, name); err != nil {
		return err
	}
	return t.exec(`UPDATE authors SET name = ?2, skeleton = ?3 WHERE account_id = ?1`, account, name, skeleton)
}

// SetChoices changes an account's language, and what it hears by mail on all
// of its sites; nil stays.
func (s *Store) SetChoices(ctx context.Context, account discuss.ID, lang, mailReplies *string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if lang != nil {
			if err := tx.execOne(`UPDATE accounts SET lang = ?2 WHERE id = ?1`, account, *lang); err != nil {
				return err
			}
		}
		if mailReplies == nil {
			return nil
		}
		if err := tx.exec(`INSERT INTO mail_choices (author_id, replies) SELECT id, ?2 FROM authors WHERE account_id = ?1
			ON CONFLICT (author_id) DO UPDATE SET replies = excluded.replies`, account, *mailReplies); err != nil || *mailReplies != "off" {
			return err
		}
		return tx.exec(`DELETE FROM digests WHERE author_id IN (SELECT id FROM authors WHERE account_id = ?1)`, account)
	})
}

// ChangePassword sets a password and ends every session but one.
func (s *Store) ChangePassword(ctx context.Context, account discuss.ID, hash string, keep []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.execOne(`UPDATE accounts SET password = ?2 WHERE id = ?1`, account, hash); err != nil {
			return err
		}
		if err := tx.dropTickets(account); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sessions WHERE account_id = ?1 AND token <> ?2`, account, keep)
	})
}

// TakeEmail ends a change of address.
func (s *Store) TakeEmail(ctx context.Context, ticket []byte, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		t, err := tx.takeTicket(ticket, "email", now)
		if err != nil {
			return err
		}
		if err := tx.dropUnverified(`email = ?1`, t.Data); err != nil {
			return err
		}
		err = tx.execOne(`UPDATE accounts SET email = ?2 WHERE id = ?1`, t.Account, t.Data)
		if isUnique(err) {
			return discuss.Bad("email", "belongs to another account")
		}
		if err != nil {
			return err
		}
		return tx.dropTickets(t.Account) // links in the old mailbox end with it
	})
}

// ProveAddress marks an account verified. Whatever stood in one that was not
// may have been put there by somebody else: it goes.
func (s *Store) ProveAddress(ctx context.Context, account discuss.ID, now time.Time) (a auth.Account, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		if err := tx.exec(`UPDATE accounts SET password = '' WHERE id = ?1 AND verified IS NULL`, account); err != nil {
			return err
		}
		if err := tx.exec(`DELETE FROM tickets WHERE account_id = ?1 AND kind = 'verify'`, account); err != nil {
			return err
		}
		a, err = scanAccount(tx.w.queryRow(`UPDATE accounts SET verified = coalesce(verified, ?2) WHERE id = ?1 RETURNING `+accountColumns, account, millis(now)))
		return err
	})
	return a, err
}

// TryTicket counts one try and reads the ticket.
func (s *Store) TryTicket(ctx context.Context, token []byte, kind string, now time.Time) (t auth.Ticket, tries int, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		var expires int64
		err := tx.get(`UPDATE tickets SET tries = tries + 1 WHERE token = ?1 AND kind = ?2 AND expires > ?3 RETURNING `+ticketColumns+`, tries`,
			[]any{token, kind, millis(now)}, &t.Kind, &t.Account, &t.Site, &t.Data, &expires, &tries)
		t.Expires = fromMillis(expires)
		return err
	})
	return t, tries, err
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

// TouchSession notes that a session is used.
func (s *Store) TouchSession(ctx context.Context, token []byte, now time.Time) error {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE sessions SET seen = ?2 WHERE token = ?1`, token, millis(now))
	})
	if err == nil {
		s.known.seen(token, now)
	}
	return err
}

// ProveSession notes that a session's person has proved who he is again.
func (s *Store) ProveSession(ctx context.Context, token []byte, second bool, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE sessions SET proved = ?2, second = max(second, ?3) WHERE token = ?1`, token, millis(now), second)
	})
}

// DropSessions ends one session of an account by its listed id, or with "" all
// but the one to keep.
func (s *Store) DropSessions(ctx context.Context, account discuss.ID, id string, keep []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if id == "" {
			if keep == nil {
				keep = []byte{}
			}
			// What those sessions had begun, a change of address first of all, ends too.
			if err := tx.dropTickets(account); err != nil {
				return err
			}
			return tx.exec(`DELETE FROM sessions WHERE account_id = ?1 AND token <> ?2 AND (kind <> 'program' OR name = 'login')`, account, keep)
		}
		return tx.execOne(`DELETE FROM sessions WHERE account_id = ?1 AND lower(hex(substr(token, 1, 12))) = ?2`, account, id)
	})
}

// SSOKeys reads a site's signing keys, newest first.
func (s *Store) SSOKeys(ctx context.Context, site discuss.ID) (out []auth.SSOKey, err error) {
	err = s.rows(ctx, `SELECT id, secret, created FROM sso_keys WHERE site_id = ?1 ORDER BY id DESC`, []any{site}, func(r scanner) error {
		var k auth.SSOKey
		var created int64
		err := r.Scan(&k.ID, &k.Sealed, &created)
		k.Created = fromMillis(created)
		out = append(out, k)
		return err
	})
	return out, err
}

// PutSSOKey adds a key and drops all but the newest.
func (s *Store) PutSSOKey(ctx context.Context, site discuss.ID, sealed []byte, keep int, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`INSERT INTO sso_keys (id, site_id, secret, created) VALUES (?1, ?2, ?3, ?4)`, tx.NextID(), site, sealed, millis(now)); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM sso_keys WHERE site_id = ?1 AND id NOT IN (SELECT id FROM sso_keys WHERE site_id = ?1 ORDER BY id DESC LIMIT ?2)`, site, keep)
	})
}

// DropSSOKey removes one of a site's keys.
func (s *Store) DropSSOKey(ctx context.Context, site, id discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM sso_keys WHERE id = ?1 AND site_id = ?2`, id, site)
	})
}

// UseJTI remembers a token's number; a second use is ErrSSO.
func (s *Store) UseJTI(ctx context.Context, site discuss.ID, jti []byte, until, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.exec(`DELETE FROM sso_seen WHERE expires < ?1`, millis(now)); err != nil {
			return err
		}
		err := tx.exec(`INSERT INTO sso_seen (site_id, jti, expires) VALUES (?1, ?2, ?3)`, site, jti, millis(until))
		if isUnique(err) {
			return auth.ErrSSO
		}
		return err
	})
}

// RaiseRole gives a role to a plain member.
func (s *Store) RaiseRole(ctx context.Context, site, account discuss.ID, name string, role discuss.Role) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		a, err := tx.Author(site, account, name)
		if err != nil || a.Role != discuss.Member {
			return err
		}
		return tx.exec(`UPDATE authors SET role = ?2 WHERE id = ?1`, a.ID, string(role))
	})
}

// PutSiteWay keeps a site's own keys, sealed.
func (s *Store) PutSiteWay(ctx context.Context, site discuss.ID, k auth.SealedKeys, extra string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO site_ways (site_id, provider, client, secret, issuer, label, extra) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
			ON CONFLICT DO UPDATE SET client = excluded.client, secret = excluded.secret, issuer = excluded.issuer, label = excluded.label, extra = excluded.extra`,
			site, k.Provider, k.Client, k.Sealed, k.Issuer, k.Label, extra)
	})
}

// DropSiteWay takes a site's own keys away.
func (s *Store) DropSiteWay(ctx context.Context, site discuss.ID, provider string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM site_ways WHERE site_id = ?1 AND provider = ?2`, site, provider)
	})
}

// SecondOf reads an account's second factor; nil where it is off.
func (s *Store) SecondOf(ctx context.Context, account discuss.ID) (sealed []byte, step int64, recovery []string, err error) {
	var left string
	if err = s.queryRow(ctx, `SELECT totp, totp_step, recovery FROM accounts WHERE id = ?1`, []any{account}, &sealed, &step, &left); err != nil {
		return nil, 0, nil, err
	}
	return sealed, step, recovery, json.Unmarshal([]byte(left), &recovery)
}

// SetSecond switches the second factor on, or off with a nil secret.
func (s *Store) SetSecond(ctx context.Context, account discuss.ID, sealed []byte, step int64, recovery []string) error {
	if recovery == nil {
		recovery = []string{}
	}
	left, err := json.Marshal(recovery)
	if err != nil {
		return err
	}
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE accounts SET totp = ?2, totp_step = ?3, recovery = ?4 WHERE id = ?1`, account, sealed, step, string(left))
	})
}

// UseStep marks a time step used; once.
func (s *Store) UseStep(ctx context.Context, account discuss.ID, step int64) error {
	return s.once(ctx, `UPDATE accounts SET totp_step = ?2 WHERE id = ?1 AND totp_step < ?2`, account, step)
}

// UseRecovery strikes a recovery code off; once.
func (s *Store) UseRecovery(ctx context.Context, account discuss.ID, hash string) error {
	return s.once(ctx, `UPDATE accounts SET recovery = (SELECT json_group_array(value) FROM json_each(accounts.recovery) WHERE value <> ?2)
		WHERE id = ?1 AND EXISTS (SELECT 1 FROM json_each(accounts.recovery) WHERE value = ?2)`, account, hash)
}

func (s *Store) once(ctx context.Context, query string, args ...any) error {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.execOne(query, args...) })
	if errors.Is(err, discuss.ErrNotFound) {
		return auth.ErrSecondCode
	}
	return err
}

// Passkeys lists an account's passkeys, oldest first.
func (s *Store) Passkeys(ctx context.Context, account discuss.ID) (out []auth.Passkey, err error) {
	err = s.rows(ctx, `SELECT id, name, credential, created, coalesce(used, 0) FROM passkeys WHERE account_id = ?1 ORDER BY created`, []any{account}, func(r scanner) error {
		var id []byte
		var name, credential string
		var created, used int64
		if err := r.Scan(&id, &name, &credential, &created, &used); err != nil {
			return err
		}
		last := time.Time{}
		if used != 0 {
			last = fromMillis(used)
		}
		out = append(out, auth.NewPasskey(id, name, credential, fromMillis(created), last))
		return nil
	})
	return out, err
}

// PutPasskey keeps a new passkey.
func (s *Store) PutPasskey(ctx context.Context, account discuss.ID, p auth.Passkey, credential string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		err := tx.exec(`INSERT INTO passkeys (id, account_id, name, credential, created) VALUES (?1, ?2, ?3, ?4, ?5)`, p.ID, account, p.Name, credential, millis(p.Created))
		if isUnique(err) {
			return auth.ErrPasskey
		}
		return err
	})
}

// UsePasskey keeps a passkey's counter and when it was used.
func (s *Store) UsePasskey(ctx context.Context, id []byte, credential string, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE passkeys SET credential = ?2, used = ?3 WHERE id = ?1`, id, credential, millis(now))
	})
}

// otherThanPasskey asks whether something but one passkey opens an account.
const otherThanPasskey = `SELECT a.email NOT LIKE '@%' OR EXISTS (SELECT 1 FROM passkeys WHERE account_id = ?1 AND id <> ?2)
	OR EXISTS (SELECT 1 FROM identities WHERE account_id = ?1) FROM accounts a WHERE a.id = ?1`

// DropPasskey removes one of an account's passkeys where something else opens
// the account.
func (s *Store) DropPasskey(ctx context.Context, account discuss.ID, id []byte) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var other bool
		if err := tx.get(otherThanPasskey, []any{account, id}, &other); err != nil {
			return err
		}
		if !other {
			return auth.ErrLastWay
		}
		return tx.execOne(`DELETE FROM passkeys WHERE account_id = ?1 AND id = ?2`, account, id)
	})
}

// WaysBy reads the sites' own keys at one provider.
func (s *Store) WaysBy(ctx context.Context, provider string) (map[discuss.ID]auth.SealedKeys, error) {
	out := map[discuss.ID]auth.SealedKeys{}
	err := s.rows(ctx, `SELECT site_id, provider, client, secret FROM site_ways WHERE provider = ?1`, []any{provider}, func(r scanner) error {
		var site discuss.ID
		var k auth.SealedKeys
		err := r.Scan(&site, &k.Provider, &k.Client, &k.Sealed)
		out[site] = k
		return err
	})
	return out, err
}

// IdentityAccount finds who an identity is.
func (s *Store) IdentityAccount(ctx context.Context, scope discuss.ID, provider, subject string) (discuss.ID, error) {
	var id discuss.ID
	err := s.queryRow(ctx, `SELECT account_id FROM identities WHERE site_id = ?1 AND provider = ?2 AND subject = ?3`, []any{scope, provider, subject}, &id)
	return id, err
}

// PutDeletion notes a provider's request. An account that nothing else opens is
// erased from at on; one that its person opens otherwise too loses what came
// by the provider, at once: its identity and picture. Without an account there
// is nothing to do.
func (s *Store) PutDeletion(ctx context.Context, code, provider string, account discuss.ID, now, at time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var done any
		own := false
		if account != 0 {
			if err := tx.get(otherWay, []any{account, provider}, &own); err != nil {
				return err
			}
		}
		if account == 0 {
			done = millis(now)
		} else if own {
			done = millis(now)
			for _, q := range []string{`DELETE FROM pictures WHERE account_id = ?1`, `UPDATE accounts SET avatar = '' WHERE id = ?1`, `UPDATE authors SET avatar = '' WHERE account_id = ?1`} {
				if err := tx.exec(q, account); err != nil {
					return err
				}
			}
			if err := tx.exec(`DELETE FROM identities WHERE account_id = ?1 AND provider = ?2`, account, provider); err != nil {
				return err
			}
		} else if err := tx.execOne(`UPDATE accounts SET erase_at = ?2, erase_text = 1 WHERE id = ?1`, account, millis(at)); err != nil {
			return err
		}
		if err := tx.exec(`INSERT INTO deletions (code, provider, asked, done) VALUES (?1, ?2, ?3, ?4)`, code, provider, millis(now), done); err != nil || done != nil {
			return err
		}
		return tx.exec(`INSERT INTO tickets (token, kind, account_id, data, created, expires) VALUES (?1, 'deletion', ?2, ?3, ?4, ?5)`,
			auth.HashToken("deletion "+code), account, code, millis(now), millis(at.Add(365*24*time.Hour)))
	})
}

// Deletion reads how a provider's request stands.
func (s *Store) Deletion(ctx context.Context, code string) (auth.Deletion, error) {
	var d auth.Deletion
	var asked, done int64
	err := s.queryRow(ctx, `SELECT provider, asked, coalesce(done, 0) FROM deletions WHERE code = ?1`, []any{code}, &d.Provider, &asked, &done)
	d.Asked = fromMillis(asked)
	if done != 0 {
		d.Done = fromMillis(done)
	}
	return d, err
}
