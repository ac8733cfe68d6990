package store

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

const ringChunk = 100 // people who are told of one comment in one write: whoever posts meanwhile waits for no more than that

// shownHere keeps what a bell does not show any more, of a notification (n) about
// a comment (c): what is gone, and what comes from people whom its owner muted.
const shownHere = `CASE n.kind WHEN 'removed' THEN ` + byModerators + ` WHEN 'refused' THEN ` + byModerators + `
	WHEN 'picked' THEN c.status = 'published' AND c.featured = 1 ELSE c.status = 'published' END
	AND NOT EXISTS (SELECT 1 FROM mutes WHERE author_id = n.author_id AND muted_id = c.author_id)`

const (
	bellOwners  = `SELECT id FROM authors WHERE account_id = ?1 AND (?2 = 0 OR site_id = ?2)`
	bellPage    = `SELECT n.id FROM notifications n JOIN comments c ON c.id = n.comment_id WHERE n.author_id = ?1 AND (?2 = 0 OR n.id < ?2) AND ` + shownHere + ` ORDER BY n.id DESC LIMIT ?3`
	bellUnread  = `SELECT count(*) FROM (SELECT 1 FROM notifications n JOIN comments c ON c.id = n.comment_id WHERE n.author_id = ?1 AND n.id > coalesce((SELECT read_id FROM bells WHERE author_id = ?1), 0) AND ` + shownHere + ` LIMIT ?2)`
	bellColumns = commentColumns + `, c.reason, t.id, t.key, t.url, t.title, s.key, s.name,
		n.id, n.kind, n.count, n.at, n.id <= coalesce((SELECT read_id FROM bells WHERE author_id = n.author_id), 0)`
	bellRow = `SELECT ` + bellColumns + ` FROM notifications n JOIN comments c ON c.id = n.comment_id` + commentJoins + ` JOIN threads t ON t.id = c.thread_id JOIN sites s ON s.id = c.site_id WHERE n.id = ?1`
)

// Notifications returns a page of an account's bell, newest first.
func (s *Store) Notifications(ctx context.Context, q discuss.NotificationQuery) ([]discuss.Notification, error) {
	owners, err := scanIDs(s.query(ctx, bellOwners, q.Account, q.Site))
	if err != nil {
		return nil, err
	}
	var ids []discuss.ID
	for _, o := range owners { // each in the order of its index; they are few
		of, err := scanIDs(s.query(ctx, bellPage, o, q.Before, q.Limit))
		if err != nil {
			return nil, err
		}
		ids = append(ids, of...)
	}
	slices.SortFunc(ids, func(a, b discuss.ID) int { return cmp.Compare(b, a) })
	out := make([]discuss.Notification, 0, min(len(ids), q.Limit))
	for _, id := range ids[:min(len(ids), q.Limit)] {
		n, err := scanNotification(s.first(ctx, bellRow, id))
		if discuss.KindOf(err) == discuss.NotFound {
			continue // it has more to say since: it is on the page before
		}
		if err != nil {
			return nil, err
		}
		out = append(out, n)
	}
	return out, nil
}

func scanNotification(row scanner) (n discuss.Notification, err error) {
	var at int64
	n.Comment, err = scanComment(row, &n.Reason, &n.Thread.ID, &n.Thread.Key, &n.Thread.URL, &n.Thread.Title, &n.Site, &n.On, &n.ID, (*string)(&n.Kind), &n.Count, &at, &n.Read)
	n.At = fromMillis(at)
	return n, err
}

// Unread counts what an account has not read, no further than MaxUnread.
func (s *Store) Unread(ctx context.Context, account, site discuss.ID) (sum int, err error) {
	owners, err := scanIDs(s.query(ctx, bellOwners, account, site))
	for _, o := range owners {
		var n int
		if err := s.queryRow(ctx, bellUnread, []any{o, discuss.MaxUnread}, &n); err != nil {
			return 0, err
		}
		sum += n
	}
	return min(sum, discuss.MaxUnread), err
}

// readUntil notes how far somebody has read, never back.
func (t *Tx) readUntil(c discuss.ReadUntil) error {
	owners, err := t.ids(bellOwners, c.Account, c.Site)
	if err != nil {
		return err
	}
	for _, o := range owners {
		if err := t.exec(`INSERT INTO bells (author_id, read_id) VALUES (?1, ?2) ON CONFLICT (author_id) DO UPDATE SET read_id = max(read_id, excluded.read_id)`, o, c.Until); err != nil {
			return err
		}
		t.rings(0, o)
	}
	return nil
}

// rings has the open pages of somebody ask again.
func (t *Tx) rings(site, author discuss.ID) {
	t.hints = append(t.hints, discuss.Hint{Site: site, Type: discuss.HintBell, Author: author})
}

// ringsOf has the open pages of those ask again who were told of a comment: it
// comes or goes, and their numbers with it. Of very many the last ones.
func (t *Tx) ringsOf(comment discuss.ID) error {
	who, err := t.ids(`SELECT author_id FROM notifications WHERE comment_id = ?1 ORDER BY id DESC LIMIT ?2`, comment, ringsAtOnce)
	for _, author := range who {
		t.rings(0, author)
	}
	return err
}

// ringsAtOnce bounds whom one write tells that a comment is gone; the others see
// it when they look.
const ringsAtOnce = 500

// notified puts what there is of a comment into a bell: more than before is news.
func (t *Tx) notified(c discuss.Notified) error {
	if c.Count <= 0 {
		return t.exec(`DELETE FROM notifications WHERE comment_id = ?1 AND author_id = ?2 AND topic = ?3`, c.Comment, c.Author, c.Kind.Topic())
	}
	var was int
	var kind string
	err := t.get(`SELECT count, kind FROM notifications WHERE comment_id = ?1 AND author_id = ?2 AND topic = ?3`, []any{c.Comment, c.Author, c.Kind.Topic()}, &was, &kind)
	if err != nil && discuss.KindOf(err) != discuss.NotFound {
		return err
	}
	if err == nil && kind == string(c.Kind) && c.Count <= was {
		return t.exec(`UPDATE notifications SET count = ?4 WHERE comment_id = ?1 AND author_id = ?2 AND topic = ?3`, c.Comment, c.Author, c.Kind.Topic(), c.Count)
	}
	if err := t.exec(`DELETE FROM notifications WHERE comment_id = ?1 AND author_id = ?2 AND topic = ?3`, c.Comment, c.Author, c.Kind.Topic()); err != nil {
		return err
	}
	_, err = t.notify(c.Author, c.Comment, c.Kind, c.Count)
	return err
}

// notify adds a notification, unless there is one of its topic, and owes it to
// the devices of whoever is told.
func (t *Tx) notify(author, comment discuss.ID, kind discuss.NotificationKind, count int) (added bool, err error) {
	res, err := t.w.stmt(`INSERT INTO notifications (id, author_id, comment_id, topic, kind, count, at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING`).
		Exec(t.NextID(), author, comment, kind.Topic(), string(kind), count, millis(t.now))
	if err != nil {
		return false, err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return false, err
	}
	t.rings(0, author)
	if kind == discuss.NotifyReactions { // no reason to take a phone out
		return true, nil
	}
	return true, t.owePushes(author, comment, kind)
}

// heard keeps those who are told of what others write (a, by ?2 at ?3): who has
// an account that is not switched off, is not banned and has not muted the writer.
const heard = ` JOIN accounts ac ON ac.id = a.account_id AND ac.disabled IS NULL
	WHERE a.id <> ?2 AND NOT EXISTS (SELECT 1 FROM mutes WHERE author_id = a.id AND muted_id = ?2) AND NOT ` + keptOut

// keptOut is whom (a) a site or the instance keeps out at ?3.
const keptOut = `EXISTS (SELECT 1 FROM bans b WHERE b.lifted IS NULL AND (b.until IS NULL OR b.until > ?3) AND (b.site_id IS NULL OR b.site_id = a.site_id)
	AND (b.author_id = a.id OR b.account_id = a.account_id))`

const (
	ringParent  = `SELECT a.id FROM comments p JOIN authors a ON a.id = p.author_id` + heard + ` AND p.id = ?1`
	ringReplies = `SELECT a.id FROM follows f JOIN authors a ON a.id = f.author_id` + heard + ` AND f.thread_id = ?4 AND f.comment_id = ?1 AND a.id > ?5 ORDER BY a.id LIMIT ?6`
	ringNamed   = `SELECT a.id FROM mentions m JOIN authors a ON a.id = m.author_id` + heard + ` AND m.comment_id = ?1`
	ringThread  = `SELECT a.id FROM follows f JOIN authors a ON a.id = f.author_id` + heard + ` AND f.thread_id = ?1 AND f.comment_id = 0 AND a.id > ?4 ORDER BY a.id LIMIT ?5`
)

// Ring tells those whom a comment concerns in their bells, each for the nearest
// reason, and all of them once, however often it is called. With named it tells
// only those whom it names.
func (s *Store) Ring(ctx context.Context, id discuss.ID, named bool) error {
	c, err := s.CommentByID(ctx, id)
	if err != nil || c.Status != discuss.Published {
		return err
	}
	now := millis(s.opt.Now())
	few := func(kind discuss.NotificationKind, query string, args ...any) error {
		who, err := scanIDs(s.query(ctx, query, args...))
		if err != nil {
			return err
		}
		return s.ring(ctx, c.ID, kind, who)
	}
	many := func(kind discuss.NotificationKind, query string, args ...any) error {
		for after := discuss.ID(0); ; {
			who, err := scanIDs(s.query(ctx, query, append(args, after, ringChunk)...))
			if err != nil {
				return err
			}
			began := time.Now()
			if err := s.ring(ctx, c.ID, kind, who); err != nil || len(who) < ringChunk {
				return err
			}
			after = who[len(who)-1]
			select { // whoever posts has the writer for as long again
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(time.Since(began)):
			}
		}
	}
	if c.Parent != 0 && !named {
		if err := few(discuss.NotifyReply, ringParent, c.Parent, c.Author.ID, now); err != nil {
			return err
		}
		if err := many(discuss.NotifyReply, ringReplies, c.Parent, c.Author.ID, now, c.ThreadID); err != nil {
			return err
		}
	}
	if err := few(discuss.NotifyMention, ringNamed, c.ID, c.Author.ID, now); err != nil || named {
		return err
	}
	return many(discuss.NotifyThread, ringThread, c.ThreadID, c.Author.ID, now)
}

// ring tells some people of a comment, in a write that lets those who post go first.
func (s *Store) ring(ctx context.Context, comment discuss.ID, kind discuss.NotificationKind, who []discuss.ID) error {
	if len(who) == 0 {
		return nil
	}
	return s.updateBulk(ctx, func(tx *Tx) error {
		type told struct {
			ID     int64 `json:"i"`
			Author int64 `json:"a"`
		}
		rows := make([]told, len(who))
		for i, a := range who {
			rows[i] = told{int64(tx.NextID()), int64(a)}
		}
		list, err := json.Marshal(rows)
		if err != nil {
			return err
		}
		added, err := tx.ids(`INSERT INTO notifications (id, author_id, comment_id, topic, kind, at) SELECT value ->> 'i', value ->> 'a', ?2, ?3, ?4, ?5 FROM json_each(?1) WHERE TRUE
			ON CONFLICT DO NOTHING RETURNING author_id`, string(list), comment, kind.Topic(), string(kind), millis(tx.now))
		for _, a := range added {
			if err == nil {
				tx.rings(0, a)
				err = tx.owePushes(a, comment, kind)
			}
		}
		return err
	})
}

// RingAuthor tells the author of a comment what was decided about it; the later
// decision takes the place of the earlier.
func (s *Store) RingAuthor(ctx context.Context, comment discuss.ID, kind discuss.NotificationKind) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		var author discuss.ID
		var same bool
		if err := tx.get(`SELECT c.author_id, EXISTS (SELECT 1 FROM notifications n WHERE n.comment_id = c.id AND n.author_id = c.author_id AND n.topic = ?2 AND n.kind = ?3)
			FROM comments c WHERE c.id = ?1`, []any{comment, kind.Topic(), string(kind)}, &author, &same); err != nil || same {
			return err
		}
		return tx.notified(discuss.Notified{Author: author, Comment: comment, Kind: kind, Count: 1})
	})
}

// setMentions notes whom a comment names. Whoever was told of it stays told.
func (t *Tx) setMentions(c discuss.SetMentions) error {
	if err := t.exec(`UPDATE mentions SET told = told | 2 WHERE comment_id = ?1`, c.Comment); err != nil {
		return err
	}
	for _, p := range c.People {
		if err := t.exec(`INSERT INTO mentions (comment_id, author_id, name) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET told = told & 1`,
			c.Comment, p.ID, t.w.s.opt.Skeleton(p.Matched)); err != nil {
			return err
		}
	}
	return t.exec(`DELETE FROM mentions WHERE comment_id = ?1 AND told & 2`, c.Comment)
}

// MentionsOf are those whom a comment names, by the name that they were found for.
func (t *Tx) MentionsOf(comment discuss.ID) (map[string]discuss.ID, error) {
	out := map[string]discuss.ID{}
	err := t.rows(`SELECT name, author_id FROM mentions WHERE comment_id = ?1`, []any{comment}, func(r scanner) error {
		var name string
		var id discuss.ID
		err := r.Scan(&name, &id)
		out[name] = id
		return err
	})
	return out, err
}

// CalledOn is the member of a site whose name has this skeleton; of several the
// one who was there first.
func (t *Tx) CalledOn(site discuss.ID, skeleton string) (discuss.Author, error) {
	a := discuss.Author{SiteID: site}
	var account sql.NullInt64
	err := t.get(`SELECT id, account_id, name FROM authors WHERE site_id = ?1 AND skeleton = ?2 AND kind = 'member' AND skeleton <> '' ORDER BY account_id IS NULL, id LIMIT 1`, []any{site, skeleton}, &a.ID, &account, &a.Name)
	a.Account = discuss.ID(account.Int64)
	return a, err
}

// MarkMentioned notes that those whom a comment names have been told.
func (s *Store) MarkMentioned(ctx context.Context, comment discuss.ID) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`UPDATE mentions SET told = 1 WHERE comment_id = ?1`, comment)
	})
}

const (
	writersOf = `SELECT a.id, a.name, a.role, a.avatar, count(*) AS n FROM (SELECT author_id FROM comments INDEXED BY comments_flat_time WHERE thread_id = ?1 AND shown = 1 AND status = 'published' ORDER BY created DESC, id DESC LIMIT ?3) c
		JOIN authors a ON a.id = c.author_id AND a.kind = 'member' AND a.id <> ?2 JOIN accounts ac ON ac.id = a.account_id AND ac.disabled IS NULL
		WHERE NOT EXISTS (SELECT 1 FROM mutes WHERE author_id = ?2 AND muted_id = a.id) GROUP BY a.id ORDER BY n DESC, a.name LIMIT ?4`
	newestOf = `SELECT c.id FROM comments c JOIN authors a ON a.id = c.author_id AND a.account_id IS NOT NULL WHERE c.author_id = ?1 AND c.status = 'published' ORDER BY c.created DESC, c.id DESC LIMIT 1`
)

// Writers are the members of a thread whom somebody may name.
func (s *Store) Writers(ctx context.Context, thread, asker discuss.ID) (out []discuss.Writer, err error) {
	err = s.rows(ctx, writersOf, []any{thread, asker, discuss.MentionsAmong, discuss.MaxMentionables}, func(r scanner) error {
		var w discuss.Writer
		err := r.Scan(&w.ID, &w.Name, (*string)(&w.Role), &w.Avatar, &w.Comments)
		out = append(out, w)
		return err
	})
	return out, err
}

// NewestOf is a person's newest published comment; of an account that is gone there is none.
func (s *Store) NewestOf(ctx context.Context, person discuss.ID) (id discuss.ID, err error) {
	err = s.queryRow(ctx, newestOf, []any{person}, &id)
	return id, err
}

var _ notify.Bells = (*Store)(nil)
