package store

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

const (
	// waitingDelay gathers what comes to wait into one message.
	waitingDelay = 10 * time.Minute
	// waitingMost is how many comments a message shows.
	waitingMost = 10
	// waitingBack is how far back messages are looked for: the cap of an address may have delayed one by a day.
	waitingBack = 48 * time.Hour
)

// waitingOwed finds a message that is owed and not being sent just now: one
// that is, may have counted already.
const waitingOwed = `SELECT 1 FROM jobs WHERE kind = 'waiting' AND failed IS NULL AND site_id = ?3 AND attempts = 0`

// mailWaiting owes the moderators of a site one message, unless one is owed already.
// Its text tells it apart from the site's other messages, in their order.
func (t *Tx) mailWaiting(site discuss.ID) error {
	b, err := json.Marshal(notify.Payload{Site: site, Text: fmt.Sprint(millis(t.now))})
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO jobs (id, kind, payload, run_at, created) SELECT ?1, 'waiting', ?2, ?4, ?5 WHERE NOT EXISTS (`+waitingOwed+`)`,
		t.NextID(), string(b), site, millis(t.now.Add(waitingDelay)), millis(t.now))
}

// Moderators returns those who decide on a site and want to hear that something
// waits, how much does, and when a message before this one left.
func (s *Store) Moderators(ctx context.Context, site discuss.ID, text string) (w notify.Watch, err error) {
	if w.Site, err = s.SiteByID(ctx, site); err != nil {
		return w, err
	}
	n, err := s.QueueCounts(ctx, site)
	if err != nil {
		return w, err
	}
	w.Waiting, w.Hidden = n[discuss.QueueAll], n[discuss.QueueAll]-n[discuss.QueueReported]
	var ids []discuss.ID
	if err := s.rows(ctx, `SELECT id FROM comments WHERE site_id = ?1 AND status = 'pending' ORDER BY created DESC, id DESC LIMIT ?2`, []any{site, waitingMost}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil {
		return w, err
	}
	for _, id := range ids {
		told, err := s.bareDelivery(ctx, id)
		if err != nil {
			return w, err
		}
		w.Items = append(w.Items, told)
	}
	var last int64
	if err := s.queryRow(ctx, `SELECT coalesce(max(at), 0) FROM mail_sent WHERE key >= ?1 AND key < ?2`,
		[]any{notify.WaitingKey(site, fmt.Sprint(millis(s.opt.Now().Add(-waitingBack)))), notify.WaitingKey(site, text)}, &last); err != nil {
		return w, err
	}
	if last > 0 {
		w.Last = fromMillis(last)
	}
	err = s.rows(ctx, `SELECT a.id, ac.email, a.name, ac.lang, a.role FROM authors a JOIN accounts ac ON ac.id = a.account_id AND ac.verified IS NOT NULL AND ac.disabled IS NULL AND instr(ac.email, '@') > 1
		LEFT JOIN mail_choices m ON m.author_id = a.id
		WHERE a.site_id = ?1 AND a.role <> 'member' AND a.role IN ('moderator', 'admin') AND coalesce(m.waiting, 'now') = 'now'`+notBanned+` LIMIT 200`, []any{site, millis(s.opt.Now())}, func(r scanner) error {
		var p notify.Person
		err := r.Scan(&p.Author, &p.Email, &p.Name, &p.Lang, (*string)(&p.Role))
		w.People = append(w.People, p)
		return err
	})
	return w, err
}
