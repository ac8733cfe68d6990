package store

import (
	"context"
	"encoding/json"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/notify"
)

// PutTicket keeps a ticket (nil token: none) and queues a mail (nil: none), both or neither.
func (s *Store) PutTicket(ctx context.Context, token []byte, t auth.Ticket, m *auth.Mail) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		if token != nil {
			if err := tx.exec(`INSERT INTO tickets (token, kind, account_id, site_id, data, created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)`,
				token, t.Kind, nullID(t.Account), nullID(t.Site), t.Data, millis(tx.now), millis(t.Expires)); err != nil {
				return err
			}
		}
		if m == nil {
			return nil
		}
		_, err := tx.oweAccountMail(m)
		return err
	})
}

// What begins the keys in mail_sent of mails that an account's verbs owe. ';'
// follows ':', so that the two bound them.
const (
	accountMail = "account"
	warningMail = "warning"
)

// oweAccountMail queues a mail that anybody can have sent, unless its address
// has had its share of them: full. An account that is switched off hears
// nothing, and nobody learns from the answer that it is.
func (t *Tx) oweAccountMail(m *auth.Mail) (full bool, err error) {
	var off bool
	if err := t.get(`SELECT EXISTS (SELECT 1 FROM accounts WHERE email = ?1 AND disabled IS NOT NULL)`, []any{m.To}, &off); err != nil || off {
		return false, err
	}
	who := notify.AddressDigest(m.To)
	of, perHour, perDay := accountMail, auth.AccountMailsPerHour, auth.AccountMailsPerDay
	if m.Warning {
		of, perHour, perDay = warningMail, auth.WarningMailsPerHour, auth.WarningMailsPerDay
	}
	if m.Limited {
		var hour, day int
		if err := t.get(`SELECT count(*) FILTER (WHERE at > ?2), count(*) FROM mail_sent WHERE who = ?1 AND at > ?3 AND key > ?4 AND key < ?5`,
			[]any{who, millis(t.now.Add(-time.Hour)), millis(t.now.Add(-24 * time.Hour)), of + ":", of + ";"}, &hour, &day); err != nil {
			return false, err
		}
		if hour >= perHour || day >= perDay {
			return true, nil
		}
	}
	if err := t.exec(`INSERT INTO mail_sent (key, who, at) VALUES (?1, ?2, ?3)`, of+":"+t.NextID().String(), who, millis(t.now)); err != nil {
		return false, err
	}
	payload, err := json.Marshal(m)
	if err != nil {
		return false, err
	}
	return false, t.enqueue(notify.KindMail, string(payload))
}

const ticketColumns = `kind, coalesce(account_id, 0), coalesce(site_id, 0), data, expires`

func scanTicket(row scanner) (auth.Ticket, error) {
	var t auth.Ticket
	var expires int64
	err := row.Scan(&t.Kind, &t.Account, &t.Site, &t.Data, &expires)
	t.Expires = fromMillis(expires)
	return t, found(err)
}

// PeekTicket reads a ticket that is still good.
func (s *Store) PeekTicket(ctx context.Context, token []byte, now time.Time) (auth.Ticket, error) {
	return scanTicket(s.first(ctx, `SELECT `+ticketColumns+` FROM tickets WHERE token = ?1 AND expires > ?2`, token, millis(now)))
}

// SetTicketAccount says who a popup ticket is for; once.
func (s *Store) SetTicketAccount(ctx context.Context, token []byte, account discuss.ID, second bool, from string, now time.Time) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE tickets SET account_id = ?2, data = json_set(CASE WHEN ?4 THEN json_set(data, '$.second', json('true')) ELSE data END, '$.from', ?5)
			WHERE token = ?1 AND kind = 'popup' AND account_id IS NULL AND expires > ?3`, token, account, millis(now), second, from)
	})
}

// TakeTicket ends a ticket and returns it; the second caller gets ErrNotFound.
func (s *Store) TakeTicket(ctx context.Context, token []byte, now time.Time) (t auth.Ticket, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) (err error) {
		t, err = tx.takeTicket(token, "", now)
		return err
	})
	return t, err
}

func (t *Tx) takeTicket(token []byte, kind string, now time.Time) (auth.Ticket, error) {
	return scanTicket(t.w.queryRow(`DELETE FROM tickets WHERE token = ?1 AND (?2 = '' OR kind = ?2) AND expires > ?3 RETURNING `+ticketColumns,
		token, kind, millis(now)))
}
