package store

import (
	"context"
	"time"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// Fresh reports whether nobody has an account yet.
func (s *Store) Fresh(ctx context.Context) (bool, error) {
	var n int
	err := s.queryRow(ctx, `SELECT count(*) FROM (SELECT 1 FROM accounts LIMIT 1)`, nil, &n)
	return n == 0, err
}

// Setup ends a setup ticket and makes the operator's account and the first
// site, where one is given, all or nothing. Once there is an account the ticket
// is worthless.
func (s *Store) Setup(ctx context.Context, ticket []byte, a auth.Account, site *discuss.Site, now time.Time) (auth.Account, error) {
	err := s.update(ctx, s.w.ch, func(tx *Tx) error {
		if _, err := tx.takeTicket(ticket, "setup", now); err != nil {
			return err
		}
		var one int
		if err := tx.get(`SELECT 1 FROM accounts LIMIT 1`, nil, &one); err == nil {
			return discuss.ErrNotFound
		} else if discuss.KindOf(err) != discuss.NotFound {
			return err
		}
		a.ID = tx.NextID()
		if err := tx.exec(`INSERT INTO accounts (id, email, name, password, verified, operator, created) VALUES (?1, ?2, ?3, ?4, ?5, 1, ?5)`,
			a.ID, a.Email, a.Name, a.Password, millis(tx.now)); err != nil {
			return err
		}
		if site == nil {
			return nil
		}
		return tx.firstSite(site, a)
	})
	return a, err
}

// firstSite makes a site with an admin.
func (t *Tx) firstSite(site *discuss.Site, a auth.Account) error {
	set, err := encodeSettings(site.Settings)
	if err != nil {
		return err
	}
	site.ID, site.Created = t.NextID(), t.Now()
	if err := t.exec(`INSERT INTO sites (id, key, name, settings, created) VALUES (?1, ?2, ?3, ?4, ?5)`,
		site.ID, site.Key, site.Name, set, millis(site.Created)); err != nil {
		if isUnique(err) {
			return discuss.Bad("site.key", "is taken")
		}
		return err
	}
	for _, o := range site.Origins {
		if err := t.exec(`INSERT INTO origins (site_id, origin) VALUES (?1, ?2)`, site.ID, o); err != nil {
			return err
		}
	}
	author, err := t.member(site.ID, a.ID, a.Name)
	if err != nil {
		return err
	}
	return t.exec(`UPDATE authors SET role = 'admin' WHERE id = ?1`, author.ID)
}
