package store

import (
	"context"

	"parley/internal/discuss"
	"parley/internal/notify"
)

// Limits of what one address can be asked, whoever asks in its name.
const (
	askedADay   = 3  // confirmations of follows on one site
	mostFollows = 50 // of one address on one site
)

// followAsGuest notes that an address wants to hear of a thread, and has its owner
// asked: not if they have said yes already, nor if they were asked often of late.
func (t *Tx) followAsGuest(f discuss.GuestFollow) error {
	var all, asked int
	if err := t.get(`SELECT count(*), count(*) FILTER (WHERE confirmed = 0 AND created > ?3) FROM guest_follows WHERE email = ?1 AND site_id = ?2`,
		[]any{f.Email, f.Site, t.now.AddDate(0, 0, -1).UnixMilli()}, &all, &asked); err != nil || all >= mostFollows || asked >= askedADay {
		return err
	}
	res, err := t.w.stmt(`INSERT INTO guest_follows (id, site_id, thread_id, comment_id, email, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING`).
		Exec(f.ID, f.Site, f.Thread, f.Comment, f.Email, millis(t.now))
	if err != nil {
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // they were asked before, or have said yes
	}
	return t.addJob(discuss.Job{ID: t.NextID(), Site: f.Site, Task: discuss.ConfirmFollow{Follow: f.ID}})
}

// FollowToConfirm is what the owner of an address is asked; ErrNotFound where there
// is nothing to ask.
func (s *Store) FollowToConfirm(ctx context.Context, follow discuss.ID) (email string, th discuss.Thread, st discuss.Site, err error) {
	var thread discuss.ID
	if err := s.queryRow(ctx, `SELECT email, thread_id FROM guest_follows WHERE id = ?1 AND confirmed = 0`, []any{follow}, &email, &thread); err != nil {
		return "", th, st, err
	}
	if th, err = s.ThreadByID(ctx, thread); err == nil {
		st, err = s.SiteByID(ctx, th.SiteID)
	}
	return email, th, st, err
}

// ConfirmFollow is the owner's yes.
func (s *Store) ConfirmFollow(ctx context.Context, follow discuss.ID, email string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.execOne(`UPDATE guest_follows SET confirmed = 1 WHERE id = ?1 AND email = ?2`, follow, email)
	})
}

// EndFollow forgets it. One that is gone is no error: a link may be pressed twice.
func (s *Store) EndFollow(ctx context.Context, follow discuss.ID, email string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`DELETE FROM guest_follows WHERE id = ?1 AND email = ?2`, follow, email)
	})
}

const (
	// Nobody is told of what they wrote, as a guest or with an account.
	guestsWhoFollow = `SELECT g.id, g.email FROM guest_follows g WHERE g.thread_id = ?1 AND g.comment_id = ?2 AND g.confirmed = 1
		AND NOT EXISTS (SELECT 1 FROM guest_mail m WHERE m.comment_id = ?4 AND lower(m.email) = g.email)
		AND NOT EXISTS (SELECT 1 FROM authors a JOIN accounts ac ON ac.id = a.account_id WHERE a.id = ?5 AND lower(ac.email) = g.email) ORDER BY g.id LIMIT ?3`
	forgetAsked = `DELETE FROM guest_follows WHERE confirmed = 0 AND created < ?1`
)

// guestFollowers adds the addresses that follow a thread, or replies to a comment.
func (s *Store) guestFollowers(ctx context.Context, out *notify.Delivery, why string, comment discuss.ID, seen map[string]bool) error {
	return s.rows(ctx, guestsWhoFollow, []any{out.Comment.ThreadID, comment, mostFollowers, out.Comment.ID, out.Comment.Author.ID}, func(r scanner) error {
		to := notify.Recipient{Why: why, Choice: "now"}
		err := r.Scan(&to.Follow, &to.Email)
		if err == nil && !seen[to.Email] {
			seen[to.Email] = true
			out.Recipients = append(out.Recipients, to)
		}
		return err
	})
}

// moveGuestFollows has the addresses that follow the source of a merge follow the
// target. One that does so already stays where it is, and tells nothing there.
func (t *Tx) moveGuestFollows(m discuss.Merge) error {
	ids, err := t.ids(`SELECT id FROM guest_follows g WHERE thread_id = ?1 AND NOT EXISTS (SELECT 1 FROM guest_follows o WHERE o.thread_id = ?2 AND o.comment_id = g.comment_id AND o.email = g.email)`, m.Source, m.Target)
	if err != nil || len(ids) == 0 {
		return err
	}
	if err := t.keepPart(m, "guests", ids); err != nil {
		return err
	}
	for _, id := range ids {
		if err := t.exec(`UPDATE guest_follows SET thread_id = ?2 WHERE id = ?1`, id, m.Target); err != nil {
			return err
		}
	}
	return nil
}
