package store

import (
	"context"

	"parley/internal/discuss"
)

// noteSettings notes who has changed which settings.
func (t *Tx) noteSettings(c discuss.NoteSettings) error {
	for _, name := range c.Names {
		if err := t.exec(`INSERT INTO setting_changes (site_id, name, author_id, at) VALUES (?1, ?2, ?3, ?4)
			ON CONFLICT (site_id, name) DO UPDATE SET author_id = excluded.author_id, at = excluded.at`, c.Site, name, nullID(c.By), millis(t.now)); err != nil {
			return err
		}
	}
	return nil
}

// SettingChanges says who changed which setting of a site last.
func (s *Store) SettingChanges(ctx context.Context, site discuss.ID) (out []discuss.SettingChange, err error) {
	err = s.rows(ctx, `SELECT c.name, coalesce(a.name, ''), c.at FROM setting_changes c LEFT JOIN authors a ON a.id = c.author_id WHERE c.site_id = ?1 ORDER BY c.name`, []any{site}, func(r scanner) error {
		var c discuss.SettingChange
		var at int64
		err := r.Scan(&c.Name, &c.By, &at)
		c.At = fromMillis(at)
		out = append(out, c)
		return err
	})
	return out, err
}
