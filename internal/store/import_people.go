package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"parley/internal/auth"
	"parley/internal/discuss"
)

const importedPerson = `SELECT id, coalesce(became, 0) FROM authors WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`

// addPerson finds or makes whoever wrote. Whoever turned out to be a member
// writes as that member, also what a later run brings.
func (im *importer) addPerson(tx *Tx, p discuss.ArchivePerson) (id discuss.ID, added bool, err error) {
	member, err := im.mappedMember(tx, p.Foreign)
	if err != nil {
		return 0, false, err
	}
	var became discuss.ID
	err = tx.get(importedPerson, []any{im.site.ID, im.source, p.Foreign}, &id, &became)
	if own := ownID(im.source, p.Foreign); own != 0 && errors.Is(err, discuss.ErrNotFound) {
		if err = tx.get(ownPerson, []any{im.site.ID, own, p.Name}, &id); err == nil {
			return id, false, nil
		}
	}
	switch {
	case errors.Is(err, discuss.ErrNotFound):
		id, added = tx.NextID(), true
		if err := tx.exec(`INSERT INTO authors (id, site_id, kind, name, skeleton, source, foreign_id, created) VALUES (?1, ?2, 'imported', ?3, ?4, ?5, ?6, ?7)`,
			id, im.site.ID, p.Name, tx.w.s.opt.Skeleton(p.Name), im.source, p.Foreign, millis(tx.now)); err != nil {
			return 0, false, err
		}
	case err != nil:
		return 0, false, err
	}
	if member != 0 && became == 0 {
		if err := tx.become(id, member); err != nil {
			return 0, false, err
		}
		became, im.moving = member, append(im.moving, id)
	}
	if became != 0 {
		return became, added, nil
	}
	return id, added, tx.addMarks(id, p.Marks)
}

// mappedMember is the member that a foreign id is said to be, or 0.
func (im *importer) mappedMember(tx *Tx, foreign string) (discuss.ID, error) {
	account := im.mapped[foreign]
	if account == 0 {
		return 0, nil
	}
	a, err := tx.account(account)
	if err != nil {
		return 0, err
	}
	m, err := tx.member(im.site.ID, account, a.Name)
	return m.ID, err
}

// moveMapped gives those who are said to be a member what an earlier run brought of them.
func (im *importer) moveMapped(ctx context.Context) error {
	for _, person := range im.moving {
		for more := true; more; {
			if err := im.write(ctx, claimChunk, func(tx *Tx) (discuss.Moved, error) {
				n, err := tx.moveAuthored(person)
				more = n == claimChunk
				return discuss.Moved{}, err
			}); err != nil {
				return err
			}
		}
	}
	return nil
}

// Writer is somebody in a spool, and how much they wrote.
type Writer struct {
	ID       string // foreign
	Name     string
	Comments int
}

// Writers are those in an arranged spool who wrote the most.
func (sp *Spool) Writers(limit int) (out []Writer, err error) {
	err = sp.each(`SELECT p.foreign_id, p.name, count(*) FROM tree t CROSS JOIN comments c ON c.n = t.n JOIN people p ON p.n = c.person GROUP BY p.n ORDER BY count(*) DESC, p.n LIMIT ?1`, []any{limit}, func(scan func(...any) error) error {
		var w Writer
		err := scan(&w.ID, &w.Name, &w.Comments)
		out = append(out, w)
		return err
	})
	return out, err
}

// personNamed finds one person of a spool by foreign id, or else by a name that
// nobody else there has.
func (sp *Spool) personNamed(old string) (foreign string, err error) {
	var ids []string
	if err := sp.each(`SELECT foreign_id FROM people WHERE foreign_id = ?1`, []any{old}, func(scan func(...any) error) error { return scan(&foreign) }); err != nil || foreign != "" {
		return foreign, err
	}
	err = sp.each(`SELECT foreign_id FROM people WHERE name = ?1 ORDER BY n LIMIT 10`, []any{old}, func(scan func(...any) error) error {
		var id string
		err := scan(&id)
		ids = append(ids, id)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case len(ids) == 0:
		return "", fmt.Errorf("%q: nobody in the file has that id or name", old)
	case len(ids) > 1:
		return "", fmt.Errorf("%q: more than one in the file has that name; say which by the id: %s", old, strings.Join(ids, ", "))
	}
	return ids[0], nil
}

// MapAuthors finds for people of a spool, named by foreign id or by name, the
// accounts that they are said to be, named by address. It writes nothing.
func (s *Store) MapAuthors(ctx context.Context, site discuss.ID, sp *Spool, said map[string]string) (map[string]discuss.ID, error) {
	out := map[string]discuss.ID{}
	for old, email := range said {
		foreign, err := sp.personNamed(old)
		if err != nil {
			return nil, err
		}
		address, err := auth.Email(email)
		if err != nil {
			return nil, fmt.Errorf("%q: %s is no mail address", old, email)
		}
		a, err := s.AccountByEmail(ctx, address)
		if errors.Is(err, discuss.ErrNotFound) {
			return nil, fmt.Errorf("%q: no account here has the address %s", old, email)
		}
		if err != nil {
			return nil, err
		}
		if !a.Verified {
			return nil, fmt.Errorf("%q: the account of %s has not confirmed its address", old, email)
		}
		var is discuss.ID
		err = s.queryRow(ctx, `SELECT coalesce(m.account_id, 0) FROM authors a JOIN authors m ON m.id = a.became WHERE a.site_id = ?1 AND a.source = ?2 AND a.foreign_id = ?3`, []any{site, sp.Source(), foreign}, &is)
		if err != nil && !errors.Is(err, discuss.ErrNotFound) {
			return nil, err
		}
		if err == nil && is != a.ID {
			return nil, fmt.Errorf("%q: is another account's already", old)
		}
		out[foreign] = a.ID
	}
	return out, nil
}
