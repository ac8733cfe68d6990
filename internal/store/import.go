package store

import (
	"context"
	"errors"
	"slices"
	"time"

	"parley/internal/discuss"
)

// importChunk is how many comments enter in one write: people who post
// meanwhile wait for no more than that.
const importChunk = 200

// Import adds what an archive holds and the site does not have yet. Rows are
// known by (source, foreign id), so a second run adds nothing and one that was
// cut short is finished by the next. Imported people have no account.
func (s *Store) Import(ctx context.Context, site discuss.Site, a *discuss.Archive, looked func(comments int)) (discuss.Moved, error) {
	_, moved, err := s.RunImport(ctx, site, a, discuss.ImportRun{}, looked)
	return moved, err
}

// RunImport is Import for a file that is known: it says the import's number, by
// which it can be undone. One that was cut short goes on under its number.
func (s *Store) RunImport(ctx context.Context, site discuss.Site, a *discuss.Archive, run discuss.ImportRun, looked func(comments int)) (number int64, moved discuss.Moved, err error) {
	lease, err := s.beginImport(ctx, site.ID, a.Source, run)
	if err != nil {
		return 0, moved, err
	}
	defer func() { err = s.endImport(lease, err) }()
	moved, err = s.runImport(ctx, site, a, lease, looked)
	return lease.id, moved, err
}

func (s *Store) runImport(ctx context.Context, site discuss.Site, a *discuss.Archive, lease *importLease, looked func(comments int)) (discuss.Moved, error) {
	im := &importer{site: site, a: a, lease: lease, threads: map[string]discuss.ID{}, people: map[string]discuss.ID{}, placed: map[string]place{}, beside: s.servedElsewhere()}
	for chunk := range slices.Chunk(a.Threads, importChunk) {
		if err := im.write(ctx, s, func(tx *Tx) error { return im.addThreads(tx, chunk) }); err != nil {
			return im.moved, err
		}
	}
	for chunk := range slices.Chunk(a.People, importChunk) {
		if err := im.write(ctx, s, func(tx *Tx) error { return im.addPeople(tx, chunk) }); err != nil {
			return im.moved, err
		}
	}
	n := 0
	for chunk := range slices.Chunk(a.Comments, importChunk) {
		if err := im.write(ctx, s, func(tx *Tx) error { return im.addComments(tx, chunk) }); err != nil {
			return im.moved, err
		}
		if n += len(chunk); looked != nil {
			looked(n)
		}
	}
	return im.moved, nil
}

// A site's own export names its rows by their ids. Such a row is there already
// if it is the same one: two instances may have given the same id.
const (
	ownPerson  = `SELECT id FROM authors WHERE site_id = ?1 AND id = ?2 AND name = ?3`
	ownComment = `SELECT id, root_id, depth FROM comments WHERE site_id = ?1 AND id = ?2 AND created = ?3 AND (body = ?4 OR ?4 = '')` // of a deleted one no export holds the text

	knownThread = `SELECT id FROM threads WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3 LIMIT 1`
)

// ownSource is the format whose foreign ids may be our own.
const ownSource = "parley"

func (im *importer) own(foreign string) discuss.ID {
	if im.a.Source != ownSource {
		return 0
	}
	id, err := discuss.ParseID(foreign)
	if err != nil {
		return 0
	}
	return id
}

// write makes one chunk durable. Beside a server it then stands back for as
// long: the server's writes only look for their turn every so often.
func (im *importer) write(ctx context.Context, s *Store, fn func(tx *Tx) error) error {
	before := im.moved
	return s.standBack(ctx, im.beside, func() error {
		return s.updateBulk(ctx, func(tx *Tx) error {
			im.moved = before // of a chunk that is run again nothing was kept
			return im.lease.record(tx, fn, func() discuss.Moved { return im.moved.Less(before) })
		})
	})
}

// standBack does a piece of work, and beside a server then waits for as long.
func (s *Store) standBack(ctx context.Context, beside bool, work func() error) error {
	began := time.Now()
	err := work()
	if err == nil && beside {
		select {
		case <-time.After(time.Since(began)):
		case <-ctx.Done():
		}
	}
	return err
}

type place struct {
	id, root discuss.ID
	depth    int
}

type importer struct {
	lease   *importLease
	site    discuss.Site
	a       *discuss.Archive
	threads map[string]discuss.ID
	people  map[string]discuss.ID
	placed  map[string]place
	moved   discuss.Moved
	beside  bool // another process serves this database
}

func (im *importer) addThreads(tx *Tx, list []discuss.ArchiveThread) error {
	for _, t := range list {
		th, err := tx.ThreadByKey(im.site.ID, t.Key)
		if errors.Is(err, discuss.ErrNotFound) { // brought before, under an address that has moved since
			if err = tx.get(knownThread, []any{im.site.ID, im.a.Source, t.Foreign}, &th.ID); err == nil {
				err = tx.exec(`INSERT INTO aliases (site_id, key, thread_id, import_id) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING`, im.site.ID, t.Key, th.ID, im.lease.id)
			}
		}
		switch {
		case errors.Is(err, discuss.ErrNotFound):
			th = discuss.Thread{ID: tx.NextID(), SiteID: im.site.ID, Key: t.Key, State: t.State, Created: t.Created}
			if th.Created.IsZero() {
				th.Created = tx.Now()
			}
			if err := tx.insertThread(th); err != nil {
				return err
			}
			if err := tx.nameThread(th.ID, 0, discuss.PageName{URL: t.URL, Title: t.Title}); err != nil {
				return err
			}
			if err := tx.exec(`UPDATE threads SET source = ?2, foreign_id = ?3 WHERE id = ?1`, th.ID, im.a.Source, t.Foreign); err != nil {
				return err
			}
			im.moved.Threads++
		case err != nil:
			return err
		}
		im.threads[t.Foreign] = th.ID
		for _, alias := range t.Aliases {
			if err := tx.exec(`INSERT INTO aliases (site_id, key, thread_id, import_id) SELECT ?1, ?2, ?3, ?4
				WHERE NOT EXISTS (SELECT 1 FROM threads WHERE site_id = ?1 AND key = ?2) ON CONFLICT DO NOTHING`, im.site.ID, alias, th.ID, im.lease.id); err != nil {
				return err
			}
		}
	}
	return nil
}

func (im *importer) addPeople(tx *Tx, list []discuss.ArchivePerson) error {
	for _, p := range list {
		var id discuss.ID
		err := tx.get(`SELECT id FROM authors WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, []any{im.site.ID, im.a.Source, p.Foreign}, &id)
		if own := im.own(p.Foreign); own != 0 && errors.Is(err, discuss.ErrNotFound) {
			err = tx.get(ownPerson, []any{im.site.ID, own, p.Name}, &id)
		}
		if errors.Is(err, discuss.ErrNotFound) {
			id = tx.NextID()
			im.moved.People++
			err = tx.exec(`INSERT INTO authors (id, site_id, kind, name, skeleton, source, foreign_id, created) VALUES (?1, ?2, 'imported', ?3, ?4, ?5, ?6, ?7)`,
				id, im.site.ID, p.Name, tx.w.s.opt.Skeleton(p.Name), im.a.Source, p.Foreign, millis(tx.now))
		}
		if err != nil {
			return err
		}
		im.people[p.Foreign] = id
	}
	return nil
}

func (im *importer) addComments(tx *Tx, list []discuss.ArchiveComment) error {
	touched := map[discuss.ID]bool{}
	for _, c := range list {
		var at place
		err := tx.get(`SELECT id, root_id, depth FROM comments WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`,
			[]any{im.site.ID, im.a.Source, c.Foreign}, &at.id, &at.root, &at.depth)
		if own := im.own(c.Foreign); own != 0 && errors.Is(err, discuss.ErrNotFound) {
			err = tx.get(ownComment, []any{im.site.ID, own, millis(c.Created), c.Body}, &at.id, &at.root, &at.depth)
		}
		if err == nil {
			im.placed[c.Foreign] = at
			continue
		}
		if !errors.Is(err, discuss.ErrNotFound) {
			return err
		}
		if at, err = im.addComment(tx, c); err != nil {
			return err
		}
		im.placed[c.Foreign] = at
		im.moved.Comments++
		touched[im.threads[c.Thread]] = true
	}
	for th := range touched {
		if err := tx.addEvent(discuss.Event{ThreadID: th, Type: discuss.ThreadUpdated, At: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) addComment(tx *Tx, c discuss.ArchiveComment) (place, error) {
	at := place{id: tx.NextID()}
	at.root = at.id
	var parent place
	if c.Parent != "" {
		parent = im.placed[c.Parent]
		at.root, at.depth = parent.root, parent.depth+1
	}
	row := discuss.Comment{
		ID: at.id, SiteID: im.site.ID, ThreadID: im.threads[c.Thread], Parent: parent.id, Root: at.root, Depth: at.depth,
		Author: discuss.Author{ID: im.people[c.Person]}, Body: c.Body, HTML: c.HTML, Status: c.Status, Created: c.Created, Edited: c.Edited,
		Up: c.Up, Down: c.Down, Rank: discuss.Best(c.Up, c.Down, 0), Heat: discuss.Controversial(c.Up, c.Down), Featured: c.Featured, Low: discuss.Low(c.Up, c.Down),
	}
	if err := tx.insertComment(row, im.a.Source, c.Foreign); err != nil {
		return at, err
	}
	if c.Status == discuss.Spam || c.Status == discuss.Rejected { // decided on the other side: it waits for nobody here
		if err := tx.exec(`UPDATE comments SET decided = ?2 WHERE id = ?1`, at.id, millis(c.Created)); err != nil {
			return at, err
		}
	}
	if row.Low {
		if err := tx.exec(`UPDATE comments SET low = 1 WHERE id = ?1`, at.id); err != nil {
			return at, err
		}
	}
	if c.Featured {
		if err := tx.exec(`UPDATE comments SET featured = 1 WHERE id = ?1`, at.id); err != nil {
			return at, err
		}
	}
	if parent.id != 0 && row.Rank > 0 {
		return at, tx.setBranch(at.root)
	}
	return at, nil
}

// ImportPlan counts what Import would add, and writes nothing.
func (s *Store) ImportPlan(ctx context.Context, site discuss.Site, a *discuss.Archive) (discuss.Moved, error) {
	var m discuss.Moved
	for _, t := range a.Threads {
		_, err := s.ThreadByKey(ctx, site.ID, t.Key)
		if discuss.KindOf(err) == discuss.NotFound {
			var id discuss.ID
			err = s.queryRow(ctx, knownThread, []any{site.ID, a.Source, t.Foreign}, &id)
		}
		switch {
		case discuss.KindOf(err) == discuss.NotFound:
			m.Threads++
		case err != nil:
			return m, err
		}
	}
	im := importer{a: a}
	missing := func(query, foreign string, n *int, native string, same ...any) error {
		var one int
		err := s.queryRow(ctx, query, []any{site.ID, a.Source, foreign}, &one)
		if own := im.own(foreign); own != 0 && discuss.KindOf(err) == discuss.NotFound {
			err = s.queryRow(ctx, native, append([]any{site.ID, own}, same...), &one)
		}
		if discuss.KindOf(err) == discuss.NotFound {
			*n++
			return nil
		}
		return err
	}
	for _, p := range a.People {
		if err := missing(`SELECT 1 FROM authors WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, p.Foreign, &m.People, `SELECT 1 FROM (`+ownPerson+`)`, p.Name); err != nil {
			return m, err
		}
	}
	for _, c := range a.Comments {
		if err := missing(`SELECT 1 FROM comments WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`, c.Foreign, &m.Comments, `SELECT 1 FROM (`+ownComment+`)`, millis(c.Created), c.Body); err != nil {
			return m, err
		}
	}
	return m, nil
}
