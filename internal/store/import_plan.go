package store

import (
	"context"

	"parley/internal/discuss"
)

// ImportPlan counts what Import would add, and writes nothing. joined is how many
// of the spool's threads are there already.
func (s *Store) ImportPlan(ctx context.Context, site discuss.Site, sp *Spool) (m discuss.Moved, joined int, err error) {
	source := sp.Source()
	fresh, err := s.nothingOf(ctx, site, source)
	if err != nil {
		return m, 0, err
	}
	if m.Threads, joined, err = s.planThreads(ctx, site, sp, source); err != nil {
		return m, joined, err
	}
	missing := func(query, foreign, native string, same ...any) (bool, error) {
		var one int
		err := s.queryRow(ctx, query, []any{site.ID, source, foreign}, &one)
		if own := ownID(source, foreign); own != 0 && discuss.KindOf(err) == discuss.NotFound {
			err = s.queryRow(ctx, native, append([]any{site.ID, own}, same...), &one)
		}
		if discuss.KindOf(err) == discuss.NotFound {
			return true, nil
		}
		return false, err
	}
	if m.People, err = s.planPeople(ctx, site, sp, source, missing); err != nil {
		return m, joined, err
	}
	if fresh {
		m.Comments, err = sp.count("tree")
		return m, joined, err
	}
	err = sp.each(`SELECT foreign_id, created, body FROM comments`, nil, func(scan func(...any) error) error {
		var foreign, body string
		var created int64
		if err := scan(&foreign, &created, &body); err != nil {
			return err
		}
		isNew, err := missing(`SELECT 1 FROM comments WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, foreign, `SELECT 1 FROM (`+ownComment+`)`, created, body)
		if isNew {
			m.Comments++
		}
		return err
	})
	return m, joined, err
}

// Joined is how many of a spool's threads are there already.
func (s *Store) Joined(ctx context.Context, site discuss.Site, sp *Spool) (int, error) {
	_, joined, err := s.planThreads(ctx, site, sp, sp.Source())
	return joined, err
}

func (s *Store) planThreads(ctx context.Context, site discuss.Site, sp *Spool, source string) (added, joined int, err error) {
	err = sp.each(`SELECT key, foreign_id FROM threads`, nil, func(scan func(...any) error) error {
		var key, foreign string
		if err := scan(&key, &foreign); err != nil {
			return err
		}
		_, err := s.ThreadByKey(ctx, site.ID, key)
		if discuss.KindOf(err) == discuss.NotFound {
			var id discuss.ID
			err = s.queryRow(ctx, knownThread, []any{site.ID, source, foreign}, &id)
		}
		switch {
		case discuss.KindOf(err) == discuss.NotFound:
			added++
			return nil
		case err != nil:
			return err
		}
		joined++
		return nil
	})
	return added, joined, err
}

func (s *Store) planPeople(ctx context.Context, site discuss.Site, sp *Spool, source string, missing func(query, foreign, native string, same ...any) (bool, error)) (added int, err error) {
	var some bool
	if err := s.queryRow(ctx, `SELECT EXISTS (SELECT 1 FROM authors WHERE site_id = ?1 AND (source = ?2 OR ?2 = 'parley'))`, []any{site.ID, source}, &some); err != nil {
		return 0, err
	}
	if !some {
		return sp.count("people")
	}
	err = sp.each(`SELECT foreign_id, name FROM people`, nil, func(scan func(...any) error) error {
		var foreign, name string
		if err := scan(&foreign, &name); err != nil {
			return err
		}
		isNew, err := missing(`SELECT 1 FROM authors WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, foreign, `SELECT 1 FROM (`+ownPerson+`)`, name)
		if isNew {
			added++
		}
		return err
	})
	return added, err
}
