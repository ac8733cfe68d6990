package store

import (
	"context"
	"time"

	"parley/internal/discuss"
	"parley/internal/notify"
)

const (
	newsMost    = 30        // comments in one message about new ones
	newsCounted = 1_000     // of the rest; beyond that the message says "more than"
	newsBack    = time.Hour // how old a comment may be that somebody new on the staff is told of
)

// newsReaders are members of staff with a proved address who want to hear of
// new comments and whose site wants that too.
const newsReaders = `SELECT a.id, a.site_id, ac.email, a.name, ac.lang, coalesce(n.choice, 'hourly'), coalesce(n.upto, max(a.id, ?1)), coalesce(n.sent, 0), a.role
	FROM authors a JOIN accounts ac ON ac.id = a.account_id AND ac.verified IS NOT NULL AND ac.disabled IS NULL AND instr(ac.email, '@') > 1
	LEFT JOIN staff_news n ON n.author_id = a.id
	WHERE a.role <> 'member' AND a.role IN ('staff', 'moderator', 'admin') AND coalesce(n.choice, 'hourly') <> 'never'` + notBanned

// notBanned leaves out members of staff (a) whom the site or the instance keeps out at ?2.
const notBanned = ` AND NOT EXISTS (SELECT 1 FROM bans b WHERE b.lifted IS NULL AND (b.site_id IS NULL OR b.site_id = a.site_id) AND (b.until IS NULL OR b.until > ?2)
		AND b.id IN (SELECT id FROM bans WHERE author_id = a.id AND lifted IS NULL UNION ALL SELECT id FROM bans WHERE account_id = a.account_id AND lifted IS NULL))`

// newsList are a site's published comments behind one, of other people; what
// was imported is not new.
const newsList = `SELECT id FROM comments WHERE site_id = ?1 AND id > ?2 AND status = 'published' AND author_id <> ?3 AND source IS NULL ORDER BY id LIMIT ?4`

// StaffNews returns what each member of staff has not been told of, where
// there is anything and due says that they may hear of it now.
func (s *Store) StaffNews(ctx context.Context, due func(choice string, sent time.Time) bool) (out []notify.News, err error) {
	type reader struct {
		notify.News
		site discuss.ID
		upto discuss.ID
	}
	var readers []reader
	since := discuss.IDAt(s.opt.Now().Add(-newsBack))
	if err := s.rows(ctx, newsReaders, []any{since, millis(s.opt.Now())}, func(r scanner) error {
		var v reader
		var sent int64
		if err := r.Scan(&v.Person.Author, &v.site, &v.Person.Email, &v.Person.Name, &v.Person.Lang, &v.Person.Choice, &v.upto, &sent, (*string)(&v.Person.Role)); err != nil {
			return err
		}
		if due(v.Person.Choice, fromMillis(sent)) {
			readers = append(readers, v)
		}
		return nil
	}); err != nil {
		return nil, err
	}
	sites := map[discuss.ID]discuss.Site{}
	for _, v := range readers {
		site, ok := sites[v.site]
		if !ok {
			if site, err = s.SiteByID(ctx, v.site); err != nil {
				return nil, err
			}
			sites[v.site] = site
		}
		if !site.Settings.Moderation.MailNew {
			continue
		}
		v.Site = site
		if err := s.news(ctx, &v.News, v.upto); err != nil {
			return nil, err
		}
		if v.Upto != 0 {
			out = append(out, v.News)
		}
	}
	return out, nil
}

// news fills in what there is behind a comment.
func (s *Store) news(ctx context.Context, n *notify.News, upto discuss.ID) error {
	var ids []discuss.ID
	if err := s.rows(ctx, newsList, []any{n.Site.ID, upto, n.Person.Author, newsMost + newsCounted + 1}, func(r scanner) error {
		var id discuss.ID
		err := r.Scan(&id)
		ids = append(ids, id)
		return err
	}); err != nil || len(ids) == 0 {
		return err
	}
	n.Upto = ids[len(ids)-1]
	if len(ids) > newsMost {
		n.More, ids = len(ids)-newsMost, ids[:newsMost]
	}
	for _, id := range ids {
		told, err := s.bareDelivery(ctx, id)
		if discuss.KindOf(err) == discuss.NotFound {
			continue
		}
		if err != nil {
			return err
		}
		n.Items = append(n.Items, told)
	}
	return nil
}

// MarkStaffTold notes that a member of staff was told of comments up to one.
func (s *Store) MarkStaffTold(ctx context.Context, author, upto discuss.ID) error {
	return s.update(ctx, s.w.bulk, func(tx *Tx) error {
		return tx.exec(`INSERT INTO staff_news (author_id, upto, sent) VALUES (?1, ?2, ?3) ON CONFLICT (author_id) DO UPDATE SET upto = max(upto, excluded.upto), sent = excluded.sent`,
			author, upto, millis(tx.now))
	})
}

// NewsChoice is how often a member of staff hears of new comments.
func (s *Store) NewsChoice(ctx context.Context, author discuss.ID) (choice string, err error) {
	err = s.queryRow(ctx, `SELECT choice FROM staff_news WHERE author_id = ?1`, []any{author}, &choice)
	if discuss.KindOf(err) == discuss.NotFound {
		return notify.NewsHourly, nil
	}
	return choice, err
}

// ChooseNews sets it. What came while nothing was wanted is not told later.
func (s *Store) ChooseNews(ctx context.Context, author discuss.ID, choice string) error {
	return s.update(ctx, s.w.ch, func(tx *Tx) error {
		return tx.exec(`INSERT INTO staff_news (author_id, choice, upto) VALUES (?1, ?2, ?3)
			ON CONFLICT (author_id) DO UPDATE SET upto = iif(choice = 'never', excluded.upto, upto), choice = excluded.choice`,
			author, choice, tx.NextID())
	})
}
