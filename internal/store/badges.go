package store

import (
	"context"
	"encoding/json"
	"errors"

	"parley/internal/discuss"
)

// badgesAlone are the bits of discuss.Badges of an author a, and badges those
// below whose article a comment c may stand. Nearly nobody has written one.
const (
	badgesAlone = `a.expert + 2 * (a.tier <> '') + 4 * (a.account_id IS NOT NULL AND a.role = 'member' AND a.published - a.brought <= 3)`
	badges      = badgesAlone + ` + 8 * EXISTS (SELECT 1 FROM article_authors w WHERE w.author_id = a.id AND w.key = (SELECT key FROM threads WHERE id = c.thread_id))`
)

// given are the badges that no count and no page gives.
func given(tier string, expert bool) (b discuss.Badges) {
	if expert {
		b |= discuss.BadgeExpert
	}
	if tier != "" {
		b |= discuss.BadgeSubscriber
	}
	return b
}

// BadgesOf are an author's below the page of a thread's key, once so many more of theirs are published.
func (t *Tx) BadgesOf(a discuss.Author, key string, more int) (b discuss.Badges, err error) {
	err = t.get(`SELECT a.expert + 2 * (a.tier <> '') + 4 * (a.account_id IS NOT NULL AND a.role = 'member' AND a.published - a.brought + ?3 <= 3)
		+ 8 * EXISTS (SELECT 1 FROM article_authors w WHERE w.author_id = a.id AND w.key = ?2) FROM authors a WHERE a.id = ?1`, []any{a.ID, key, more}, &b)
	if errors.Is(err, discuss.ErrNotFound) { // this write makes them
		b, err = 0, nil
		if a.Account != 0 && a.Role == discuss.Member {
			b = discuss.BadgeNewcomer
		}
	}
	return b, err
}

// setArticleAuthors says who wrote the page of a thread.
func (t *Tx) setArticleAuthors(c discuss.SetArticleAuthors) error {
	list := make([]int64, len(c.Authors))
	for i, id := range c.Authors {
		list[i] = int64(id)
	}
	b, err := json.Marshal(list)
	if err != nil {
		return err
	}
	if err := t.exec(`DELETE FROM article_authors WHERE site_id = ?1 AND key = ?2`, c.Site, c.Key); err != nil {
		return err
	}
	return t.exec(`INSERT INTO article_authors (author_id, key, site_id) SELECT value, ?2, ?1 FROM json_each(?3) WHERE true ON CONFLICT DO NOTHING`, c.Site, c.Key, string(b))
}

// Subscribed notes what a site's token says of its reader: the tier, and the key
// of a thread whose page they wrote ("" none). It reports whether that was known.
func (s *Store) Subscribed(ctx context.Context, site, account discuss.ID, name, tier, wrote string) (changed bool, err error) {
	var same bool
	err = s.queryRow(ctx, `SELECT a.tier = ?3 AND (?4 = '' OR EXISTS (SELECT 1 FROM article_authors w WHERE w.author_id = a.id AND w.key = ?4))
		FROM authors a WHERE a.site_id = ?1 AND a.account_id = ?2`, []any{site, account, tier, wrote}, &same)
	if orMissing(err) != nil || same || err != nil && tier == "" && wrote == "" {
		return false, orMissing(err)
	}
	return true, s.update(ctx, s.w.ch, func(tx *Tx) error {
		a, err := tx.member(site, account, name)
		if err != nil {
			return err
		}
		if err := tx.exec(`UPDATE authors SET tier = ?2 WHERE id = ?1`, a.ID, tier); err != nil || wrote == "" {
			return err
		}
		return tx.exec(`INSERT INTO article_authors (author_id, key, site_id) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING`, a.ID, wrote, site)
	})
}

// ArticleAuthors are who wrote the page of a thread, as its key says.
func (s *Store) ArticleAuthors(ctx context.Context, site discuss.ID, keys []string) (map[string][]discuss.Author, error) {
	list, err := json.Marshal(keys)
	if err != nil {
		return nil, err
	}
	out := map[string][]discuss.Author{}
	return out, s.rows(ctx, `SELECT w.key, a.id, a.name FROM json_each(?2) j CROSS JOIN article_authors w ON w.site_id = ?1 AND w.key = j.value JOIN authors a ON a.id = w.author_id ORDER BY w.key, a.name`, []any{site, string(list)}, func(r scanner) error {
		var key string
		var a discuss.Author
		err := r.Scan(&key, &a.ID, &a.Name)
		out[key] = append(out[key], a)
		return err
	})
}

// CardOf is a person as a name leads to.
func (s *Store) CardOf(ctx context.Context, id discuss.ID) (discuss.Card, error) {
	c := discuss.Card{Author: discuss.Author{ID: id}}
	var kind string
	var created int64
	err := s.queryRow(ctx, `SELECT a.site_id, coalesce(a.account_id, 0), a.name, a.role, a.kind, a.avatar, a.created,
		`+badgesAlone+`, a.published, (SELECT count(*) FROM comments c WHERE c.author_id = a.id AND c.featured = 1 AND c.status = 'published')
		FROM authors a WHERE a.id = ?1`, []any{id}, &c.SiteID, &c.Account, &c.Name, (*string)(&c.Role), &kind, &c.Avatar, &created, &c.Badges, &c.Comments, &c.Picks)
	c.Guest, c.Since = kind == "guest", fromMillis(created)
	return c, err
}

// PublishedBy are a person's newest public comments, with where they stand.
func (s *Store) PublishedBy(ctx context.Context, author discuss.ID, limit int) (out []discuss.RemovedComment, err error) {
	err = s.rows(ctx, `SELECT `+commentColumns+`, t.title, t.url, t.key FROM comments c`+commentJoins+` JOIN threads t ON t.id = c.thread_id
		WHERE c.author_id = ?1 AND c.status = 'published' ORDER BY c.created DESC, c.id DESC LIMIT ?2`, []any{author, limit}, func(r scanner) error {
		var one discuss.RemovedComment
		var err error
		one.Comment, err = scanComment(r, &one.Title, &one.URL, &one.Key)
		out = append(out, one)
		return err
	})
	return out, err
}
