package store

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// ExportAccount reads everything that is kept about an account.
func (s *Store) ExportAccount(ctx context.Context, account discuss.ID) (auth.Exported, error) {
	var e auth.Exported
	o, err := s.Overview(ctx, account, s.opt.Now())
	if err != nil {
		return e, err
	}
	e.Account = map[string]any{
		"id": account.String(), "name": o.Account.Name, "email": o.Account.Email, "language": o.Account.Lang, "mail_about_replies": o.MailReplies, "mail_about_audit_log": o.AuditMail != nil && *o.AuditMail,
		"password_set": o.Password, "second_factor": o.Second,
	}
	if e.Identities, err = s.table(ctx, `SELECT provider, subject, name, created, used FROM identities WHERE account_id = ?1 ORDER BY created`, account); err != nil {
		return e, err
	}
	if e.Sessions, err = s.table(ctx, `SELECT kind, name, agent, scopes, created, seen, expires FROM sessions WHERE account_id = ?1 ORDER BY created`, account); err != nil {
		return e, err
	}
	if e.Passkeys, err = s.table(ctx, `SELECT name, created, used FROM passkeys WHERE account_id = ?1 ORDER BY created`, account); err != nil {
		return e, err
	}
	if e.Sites, err = s.table(ctx, `SELECT s.key AS site, a.name, a.role, a.tier, a.expert, a.published AS comments, a.created,
		(SELECT group_concat(w.key, ' ') FROM article_authors w WHERE w.author_id = a.id) AS wrote FROM authors a JOIN sites s ON s.id = a.site_id WHERE a.account_id = ?1 ORDER BY s.key`, account); err != nil {
		return e, err
	}
	if e.Claims, err = s.table(ctx, `SELECT s.key AS site, a.name, k.state, k.created FROM claims k JOIN authors a ON a.id = k.author_id JOIN sites s ON s.id = k.site_id WHERE k.account_id = ?1 ORDER BY k.created`, account); err != nil {
		return e, err
	}
	if e.Accepted, err = s.table(ctx, `SELECT s.key AS site, c.version, c.url, c.at AS created FROM acceptances c JOIN sites s ON s.id = c.site_id WHERE c.account_id = ?1 ORDER BY c.at`, account); err != nil {
		return e, err
	}
	if e.Votes, err = s.table(ctx, `SELECT v.comment_id AS comment, v.value FROM authors a JOIN votes v ON v.author_id = a.id WHERE a.account_id = ?1 ORDER BY v.comment_id`, account); err != nil {
		return e, err
	}
	if e.Reactions, err = s.table(ctx, `SELECT r.comment_id AS comment, NULL AS thread, r.name FROM authors a JOIN reactions r ON r.author_id = a.id WHERE a.account_id = ?1
		UNION ALL SELECT NULL, t.key, r.name FROM authors a JOIN page_reactions r ON r.author_id = a.id JOIN threads t ON t.id = r.thread_id WHERE a.account_id = ?1`, account); err != nil {
		return e, err
	}
	if e.Reports, err = s.table(ctx, `SELECT r.comment_id AS comment, r.reason, r.note, r.created FROM authors a JOIN reports r ON r.author_id = a.id WHERE a.account_id = ?1 ORDER BY r.created`, account); err != nil {
		return e, err
	}
	if e.Follows, err = s.table(ctx, `SELECT t.key AS thread, nullif(f.comment_id, 0) AS comment, f.created FROM authors a JOIN follows f ON f.author_id = a.id JOIN threads t ON t.id = f.thread_id WHERE a.account_id = ?1 ORDER BY f.created`, account); err != nil {
		return e, err
	}
	if e.Told, err = s.table(ctx, `SELECT s.key AS site, n.kind, n.comment_id AS comment, n.count, n.at AS created FROM authors a JOIN notifications n ON n.author_id = a.id JOIN sites s ON s.id = a.site_id WHERE a.account_id = ?1 ORDER BY n.id`, account); err != nil {
		return e, err
	}
	if e.Devices, err = s.table(ctx, `SELECT name, created, used FROM push_devices WHERE account_id = ?1 ORDER BY id`, account); err != nil {
		return e, err
	}
	if e.PushChoices, err = s.table(ctx, `SELECT printf('%02d:%02d', quiet_from / 60, quiet_from % 60) AS quiet_from, printf('%02d:%02d', quiet_until / 60, quiet_until % 60) AS quiet_until, zone, text FROM push_choices WHERE account_id = ?1`, account); err != nil {
		return e, err
	}
	if e.Mutes, err = s.table(ctx, `SELECT o.name, m.created FROM authors a JOIN mutes m ON m.author_id = a.id JOIN authors o ON o.id = m.muted_id WHERE a.account_id = ?1 ORDER BY m.created`, account); err != nil {
		return e, err
	}
	if e.Warnings, err = s.table(ctx, `SELECT s.key AS site, n.text, n.created, n.seen FROM authors a JOIN notes n ON n.author_id = a.id JOIN sites s ON s.id = a.site_id
		WHERE a.account_id = ?1 AND n.kind = 'warning' ORDER BY n.id`, account); err != nil {
		return e, err
	}
	if e.Decisions, err = s.table(ctx, `SELECT l.target AS about, l.kind, l.action, t.reason, l.at AS created FROM audit_log l JOIN audit_texts t ON t.id = l.id
		WHERE l.kind = 'comment' AND l.target IN (SELECT c.id FROM authors a JOIN comments c ON c.author_id = a.id WHERE a.account_id = ?1)
		OR l.kind = 'person' AND l.action <> 'note' AND l.target IN (SELECT id FROM authors WHERE account_id = ?1) ORDER BY l.id`, account); err != nil {
		return e, err
	}
	if e.Sanctions, err = s.table(ctx, `SELECT coalesce((SELECT key FROM sites WHERE id = b.site_id), '') AS site, b.reason, b.until, b.lifted, b.created FROM bans b
		WHERE b.author_id IN (SELECT id FROM authors WHERE account_id = ?1) OR b.account_id = ?1 ORDER BY b.id`, account); err != nil {
		return e, err
	}
	e.Notices = []map[string]any{}
	if o.Account.Email != "" {
		if e.Notices, err = s.table(ctx, `SELECT comment_id AS comment, name, law, outcome, created, answered FROM notices WHERE email = ?1 ORDER BY id`, o.Account.Email); err != nil {
			return e, err
		}
	}
	if e.Networks, err = s.table(ctx, `SELECT s.key AS site, n.prefix AS network, n.seen FROM authors a JOIN networks n ON n.author_id = a.id JOIN sites s ON s.id = a.site_id
		WHERE a.account_id = ?1 AND n.prefix <> '' ORDER BY n.seen`, account); err != nil {
		return e, err
	}
	if err := s.exportComments(ctx, account, &e); err != nil {
		return e, err
	}
	if err := s.rows(ctx, `SELECT i.id, i.type, f.body FROM images i JOIN image_files f ON f.image_id = i.id WHERE i.account_id = ?1 AND i.state = '' ORDER BY i.created, i.id`, []any{account}, func(r scanner) error {
		var m discuss.Image
		var body []byte
		err := r.Scan(&m.ID, &m.Type, &body)
		e.Images = append(e.Images, auth.ExportedImage{Name: m.File(), Body: body})
		return err
	}); err != nil {
		return e, err
	}
	if o.Account.Avatar != "" {
		p, err := s.PictureByID(ctx, o.Account.Avatar)
		if err != nil {
			return e, err
		}
		e = e.WithPicture(p)
	}
	return e, nil
}

func (s *Store) exportComments(ctx context.Context, account discuss.ID, e *auth.Exported) error {
	e.Comments = []auth.ExportedComment{}
	at := map[discuss.ID]int{}
	err := s.rows(ctx, `SELECT c.id, s.key, t.key, t.title, t.url, c.status, c.created, c.body
		FROM authors a JOIN comments c ON c.author_id = a.id JOIN threads t ON t.id = c.thread_id JOIN sites s ON s.id = c.site_id
		WHERE a.account_id = ?1 ORDER BY c.created, c.id`, []any{account}, func(r scanner) error {
		c := auth.ExportedComment{Revisions: []string{}}
		var id discuss.ID
		var created int64
		err := r.Scan(&id, &c.Site, &c.Thread, &c.Title, &c.URL, &c.Status, &created, &c.Body)
		c.ID, c.Created = id.String(), fromMillis(created)
		at[id] = len(e.Comments)
		e.Comments = append(e.Comments, c)
		return err
	})
	if err != nil {
		return err
	}
	return s.rows(ctx, `SELECT r.comment_id, r.body FROM authors a JOIN comments c ON c.author_id = a.id JOIN revisions r ON r.comment_id = c.id
		WHERE a.account_id = ?1 ORDER BY r.comment_id, r.n`, []any{account}, func(r scanner) error {
		var id discuss.ID
		var body string
		if err := r.Scan(&id, &body); err != nil {
			return err
		}
		c := &e.Comments[at[id]]
		c.Revisions = append(c.Revisions, body)
		return nil
	})
}

// table reads rows as they are, for an export; times become times and ids
// opaque strings.
func (s *Store) table(ctx context.Context, query string, args ...any) ([]map[string]any, error) {
	rows, err := s.query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := rows.Columns()
	out := []map[string]any{}
	for rows.Next() {
		cells := make([]any, len(names))
		for i := range cells {
			cells[i] = new(any)
		}
		if err := rows.Scan(cells...); err != nil {
			return nil, err
		}
		row := map[string]any{}
		for i, n := range names {
			row[n] = exported(n, *cells[i].(*any))
		}
		out = append(out, row)
	}
	return out, rows.Err()
}

func exported(name string, v any) any {
	n, ok := v.(int64)
	if !ok {
		if b, isBytes := v.([]byte); isBytes {
			return string(b)
		}
		return v
	}
	switch name {
	case "created", "used", "seen", "expires", "until", "lifted", "answered":
		return fromMillis(n).Format(time.RFC3339)
	case "comment", "about":
		return discuss.ID(n).String()
	}
	return n
}
