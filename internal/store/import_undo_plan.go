package store

import (
	"context"

	"parley/internal/discuss"
)

// UndoPlan says what UndoImport would remove, and writes nothing. It needs no lease:
// of an import that is at work, or was cut short a moment ago, it tells what is there.
func (s *Store) UndoPlan(ctx context.Context, site discuss.ID, number int64) (discuss.Undone, error) {
	im, err := s.ImportByID(ctx, site, number)
	if err == nil && im.State != discuss.ImportApplying {
		err = undoable(im)
	}
	if err != nil {
		return discuss.Undone{}, err
	}
	u := &undo{im: im, of: im, chunk: undoChunkQuick, kids: map[discuss.ID]int{}, inThread: map[discuss.ID]int{}, byAuthor: map[discuss.ID]int{}}
	u.rows = func(query string, args []any, take func(scanner) error) error { return s.rows(ctx, query, args, take) }
	if u.left, err = leftImports(s.reading(ctx), im); err != nil {
		return discuss.Undone{}, err
	}
	each := func(part func(before discuss.ID) (next discuss.ID, err error)) error {
		for before := u.of.Last + 1; before != 0; {
			if before, err = part(before); err != nil {
				return err
			}
		}
		return nil
	}
	if err := each(func(before discuss.ID) (discuss.ID, error) { _, next, err := u.comments(before); return next, err }); err != nil {
		return discuss.Undone{}, err
	}
	for _, part := range []func(before discuss.ID) (next discuss.ID, err error){
		func(before discuss.ID) (discuss.ID, error) { _, next, err := u.threads(before); return next, err },
		func(before discuss.ID) (discuss.ID, error) { _, next, err := u.people(before); return next, err },
	} {
		if err := u.withLeft(func() error { return each(part) }); err != nil {
			return discuss.Undone{}, err
		}
	}
	_, err = u.aliases()
	return u.out, err
}

// leftImports are those of the site that were undone and left threads or people:
// what only this one's comments have kept goes with them.
func leftImports(read reading, of discuss.Import) (out []discuss.Import, err error) {
	err = read(importsLeft, []any{of.Site, of.ID}, func(row scanner) error {
		im, err := scanImport(row)
		out = append(out, im)
		return err
	})
	return out, err
}

// withLeft looks at the rows of the import, and then at those that imports which
// were undone before it have left.
func (u *undo) withLeft(look func() error) error {
	defer func() { u.of = u.im }()
	for _, u.of = range append([]discuss.Import{u.im}, u.left...) {
		if err := look(); err != nil {
			return err
		}
	}
	return nil
}
