package store

import (
	"context"
	"database/sql"
	"errors"
	"os"
	"path/filepath"

	"parley/internal/discuss"
)

// SpoolOf puts an archive that is in memory into a new spool under dir, arranged.
func SpoolOf(ctx context.Context, dir string, a *discuss.Archive) (*Spool, error) {
	f, err := os.CreateTemp(dir, "spool-*.db")
	if err != nil {
		return nil, err
	}
	if err := f.Close(); err != nil {
		return nil, err
	}
	sp, err := NewSpool(ctx, f.Name())
	if err != nil {
		return nil, errors.Join(err, os.Remove(f.Name()))
	}
	sp.SetSource(a.Source)
	for _, t := range a.Threads {
		sp.AddThread(t)
	}
	for _, p := range a.People {
		sp.AddPerson(p)
	}
	for i := range a.Comments {
		if !sp.AddComment(a.Comments[i]) {
			sp.Skip(discuss.Skipped{ID: a.Comments[i].Foreign, Why: "its thread is not in the file"})
		}
	}
	if err := sp.Arrange(); err != nil {
		return nil, errors.Join(err, sp.Remove())
	}
	return sp, nil
}

// ImportArchive is Import of an archive that is in memory: a small one.
func (s *Store) ImportArchive(ctx context.Context, site discuss.Site, a *discuss.Archive) (discuss.Moved, error) {
	sp, err := SpoolOf(ctx, filepath.Dir(s.path), a)
	if err != nil {
		return discuss.Moved{}, err
	}
	moved, err := s.Import(ctx, site, sp, nil)
	return moved, errors.Join(err, sp.Remove())
}

// Archive is what an arranged spool holds, in memory: for a small one. Parents
// stand before their replies.
func (sp *Spool) Archive() (*discuss.Archive, error) {
	a := &discuss.Archive{Source: sp.Source()}
	names := map[int64]string{}
	n, err := sp.last("threads")
	if err != nil {
		return nil, err
	}
	threads, err := sp.threadsFrom(1, int(n))
	if err != nil {
		return nil, err
	}
	for _, t := range threads {
		a.Threads = append(a.Threads, t.ArchiveThread)
	}
	if n, err = sp.last("people"); err != nil {
		return nil, err
	}
	people, err := sp.peopleFrom(1, int(n))
	if err != nil {
		return nil, err
	}
	for _, p := range people {
		a.People = append(a.People, p.ArchivePerson)
		names[p.n] = p.Foreign
	}
	for _, t := range threads {
		tree, err := sp.tree(t.n)
		if err != nil {
			return nil, err
		}
		foreign := make([]string, len(tree.n))
		for i, n := range tree.n {
			if err := sp.db.QueryRow(`SELECT foreign_id FROM comments WHERE n = ?1`, n).Scan(&foreign[i]); err != nil {
				return nil, err
			}
		}
		thread := &importThread{tree: tree}
		if err := sp.eachComment(t.n, thread, tree.order(), func(x importTask) error {
			c := discuss.ArchiveComment{
				Foreign: x.foreign, Thread: t.Foreign, Person: names[x.person], Body: x.body, HTML: x.html, Status: x.status,
				Created: spooledTime(sql.NullInt64{Int64: x.created, Valid: true}), Edited: spooledTime(x.edited), Up: x.up, Down: x.down, Featured: x.featured, Pinned: x.pinned, Reactions: discuss.Reactions(x.reactions),
			}
			if p := tree.parent[x.at]; p >= 0 {
				c.Parent = foreign[p]
			}
			a.Comments = append(a.Comments, c)
			return nil
		}); err != nil {
			return nil, err
		}
	}
	return a, sp.EachSkipped(func(s discuss.Skipped) error {
		a.Skipped = append(a.Skipped, s)
		return nil
	})
}
