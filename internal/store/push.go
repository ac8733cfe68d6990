package store

import (
	"context"
	"encoding/json"

	"parley/internal/auth"
	"parley/internal/discuss"
	"parley/internal/notify"
	"parley/internal/push"
)

var _ notify.Pushes = (*Store)(nil)

// pushKeys is the name in the table keys of what this server signs its messages
// to devices with, sealed.
const pushKeys = "push sealed"

// PushKeys returns what messages to devices are signed with, sealed; fresh makes it
// the first time. New ones would be known to no device: they are made for none.
func (s *Store) PushKeys(ctx context.Context, fresh func() ([]byte, error)) ([]byte, error) {
	sealed, err := s.KnownKey(ctx, pushKeys)
	if discuss.KindOf(err) != discuss.NotFound {
		return sealed, err
	}
	made, err := fresh()
	if err != nil {
		return nil, err
	}
	return s.Key(ctx, pushKeys, func() []byte { return made })
}

const (
	devicesOf = `SELECT id, endpoint, key, auth, name, created, coalesce(used, 0) FROM push_devices WHERE account_id = ?1 ORDER BY id DESC`
	pushTo    = `SELECT d.id, a.site_id FROM authors a JOIN push_devices d ON d.account_id = a.account_id WHERE a.id = ?1`
	pushWhat  = `SELECT n.id, a.account_id FROM push_devices d JOIN accounts ac ON ac.id = d.account_id AND ac.disabled IS NULL JOIN authors a ON a.account_id = ac.id
		JOIN notifications n ON n.author_id = a.id AND n.comment_id = ?2 AND n.topic = ?3 JOIN comments c ON c.id = n.comment_id
		WHERE d.id = ?1 AND n.id > coalesce((SELECT read_id FROM bells WHERE author_id = a.id), 0) AND ` + shownHere
)

// PushDevices are the browsers that take messages for an account, newest first.
func (s *Store) PushDevices(ctx context.Context, account discuss.ID) (out []auth.PushDevice, err error) {
	err = s.rows(ctx, devicesOf, []any{account}, func(r scanner) error {
		var d auth.PushDevice
		var created, used int64
		err := r.Scan(&d.ID, &d.Endpoint, &d.Key, &d.Auth, &d.Name, &created, &used)
		d.Created, d.Used = fromMillis(created), fromMillis(used)
		out = append(out, d)
		return err
	})
	return out, err
}

// PutPushDevice has a browser take messages for an account, and for no other that
// used the same browser before.
func (s *Store) PutPushDevice(ctx context.Context, account discuss.ID, d auth.PushDevice) (id discuss.ID, err error) {
	err = s.update(ctx, s.w.ch, func(tx *Tx) error {
		if err := tx.get(`INSERT INTO push_devices (id, account_id, endpoint, key, auth, name, created, session) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
			ON CONFLICT (endpoint) DO UPDATE SET account_id = excluded.account_id, key = excluded.key, auth = excluded.auth, name = excluded.name, session = excluded.session RETURNING id`,
			[]any{tx.NextID(), account, d.Endpoint, d.Key, d.Auth, d.Name, millis(tx.now), d.Session}, &id); err != nil {
			return err
		}
		return tx.exec(`DELETE FROM push_devices WHERE id IN (SELECT id FROM push_devices WHERE account_id = ?1 AND id <> ?2 ORDER BY coalesce(used, created) DESC LIMIT -1 OFFSET ?3)`,
			account, id, auth.MaxDevices-1)
	})
	return id, err
}

// DropPushDevice ends it for one of an account's browsers; ErrNotFound for what is not its.
func (s *Store) DropPushDevice(ctx context.Context, account, id discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`DELETE FROM push_devices WHERE account_id = ?1 AND id = ?2`, account, id)
	})
}

// DropGoneDevice forgets a browser that takes no messages any more.
func (s *Store) DropGoneDevice(ctx context.Context, id discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error { return tx.exec(`DELETE FROM push_devices WHERE id = ?1`, id) })
}

// PushChoices is what an account wants of messages to its devices.
func (s *Store) PushChoices(ctx context.Context, account discuss.ID) (c auth.PushChoices, err error) {
	err = s.queryRow(ctx, `SELECT quiet_from, quiet_until, zone, text FROM push_choices WHERE account_id = ?1`, []any{account}, &c.QuietFrom, &c.QuietUntil, &c.Zone, &c.Text)
	if discuss.KindOf(err) == discuss.NotFound {
		return auth.PushChoices{}, nil
	}
	return c, err
}

// SetPushChoices changes it.
func (s *Store) SetPushChoices(ctx context.Context, account discuss.ID, c auth.PushChoices) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO push_choices (account_id, quiet_from, quiet_until, zone, text) VALUES (?1, ?2, ?3, ?4, ?5)
			ON CONFLICT (account_id) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until, zone = excluded.zone, text = excluded.text`,
			account, c.QuietFrom, c.QuietUntil, c.Zone, c.Text)
	})
}

// owePushes queues a notification for each device of whoever is told.
func (t *Tx) owePushes(author, comment discuss.ID, kind discuss.NotificationKind) error {
	var some bool
	if err := t.recall(`SELECT EXISTS (SELECT 1 FROM push_devices)`, nil, nil).Scan(&some); err != nil || !some {
		return err
	}
	type device struct{ id, site discuss.ID }
	var to []device
	if err := t.rows(pushTo, []any{author}, func(r scanner) error {
		var d device
		err := r.Scan(&d.id, &d.site)
		to = append(to, d)
		return err
	}); err != nil {
		return err
	}
	for _, d := range to {
		b, err := json.Marshal(notify.Payload{Key: comment, Site: d.site, Text: d.id.String(), Action: string(kind)})
		if err != nil {
			return err
		}
		if err := t.enqueue(notify.KindPush, string(b)); err != nil {
			return err
		}
	}
	return nil
}

// Push is what a device is to be told of a comment, if that is still news: neither
// read nor gone. Else it is ErrNotFound.
func (s *Store) Push(ctx context.Context, device, comment discuss.ID, kind discuss.NotificationKind) (out notify.Pushed, err error) {
	var id, account discuss.ID
	if err := s.queryRow(ctx, pushWhat, []any{device, comment, kind.Topic()}, &id, &account); err != nil {
		return out, err
	}
	if out.Told, err = scanNotification(s.first(ctx, bellRow, id)); err != nil {
		return out, err
	}
	var d push.Device
	if err := s.queryRow(ctx, `SELECT d.endpoint, d.key, d.auth, coalesce(ac.lang, '') FROM push_devices d JOIN accounts ac ON ac.id = d.account_id WHERE d.id = ?1`, []any{device}, &d.Endpoint, &d.Key, &d.Auth, &out.Lang); err != nil {
		return out, err
	}
	out.Device = d
	out.Choices, err = s.PushChoices(ctx, account)
	return out, err
}

// MarkPushed notes that a device was handed a message.
func (s *Store) MarkPushed(ctx context.Context, device discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE push_devices SET used = ?2 WHERE id = ?1`, device, millis(tx.now))
	})
}
