package store

import (
	"context"
	"database/sql"
	"errors"

	"parley/internal/discuss"
)

// importTask is a comment on its way from the spool, with where it stands there.
type importTask struct {
	thread   *importThread
	at       int32 // its place in the thread
	person   int64
	foreign  string
	body     string
	html     string
	status   discuss.Status
	created  int64
	edited   sql.NullInt64
	up, down int
	featured bool
	pinned   bool

	reactions string
}

// importThread is a thread whose comments are being added.
type importThread struct {
	id    discuss.ID
	tree  *spooledTree
	root  []int32
	turn  []int32      // when each comes; nil: as they stand
	ids   []discuss.ID // of its comments, as they get them
	depth []int32
}

// comesAt is when a comment of the thread comes.
func (th *importThread) comesAt(at int32) int32 {
	if th.turn == nil {
		return at
	}
	return th.turn[at]
}

// importAhead is how many chunks are read while one is written; importBytes is
// how much text makes one full.
const (
	importAhead = 1
	importBytes = 2 << 20
)

// comments adds thread after thread, so that a chunk touches few of them.
func (im *importer) comments(ctx context.Context, looked func(int)) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	chunks, failed := make(chan []importTask, importAhead), make(chan error, 1)
	go func() {
		defer close(chunks)
		failed <- im.read(ctx, chunks)
	}()
	n := 0
	for chunk := range chunks {
		add := im.addKnown
		if im.fresh {
			add = im.addFresh
		}
		for len(chunk) > 0 {
			now := chunk[:min(im.chunk, len(chunk))]
			chunk = chunk[len(now):]
			if err := im.write(ctx, len(now), func(tx *Tx) (added discuss.Moved, err error) { added.Comments, err = add(tx, now); return added, err }); err != nil {
				stop()
				for range chunks { // until the reader has seen it
				}
				return err
			}
			if n += len(now); looked != nil {
				looked(n)
			}
		}
	}
	return <-failed
}

// row is the comment as it enters, with the id that it gets.
func (im *importer) row(t *importTask, id discuss.ID, above place) discuss.Comment {
	c := discuss.Comment{
		ID: id, SiteID: im.site.ID, ThreadID: t.thread.id, Root: id, Author: discuss.Author{ID: im.personIDs[t.person]}, Body: t.body, HTML: t.html, Status: t.status,
		Created: fromMillis(t.created), Edited: spooledTime(t.edited), Up: t.up, Down: t.down, Featured: t.featured, Pinned: t.pinned, Reactions: discuss.Reactions(t.reactions),
		Rank: discuss.Best(t.up, t.down, 0), Heat: discuss.Controversial(t.up, t.down), Low: discuss.Low(t.up, t.down),
	}
	if above.id != 0 {
		c.Parent, c.Root, c.Depth = above.id, above.root, above.depth+1
	}
	return c
}

// settled is when it was decided on the other side: it waits for nobody here.
func settled(c discuss.Comment) any {
	if c.Status == discuss.Spam || c.Status == discuss.Rejected {
		return millis(c.Created)
	}
	return nil
}

// addFresh adds comments to a site that has none of their source, with the
// counters that their replies of the same chunk give them; replies to what came
// in an earlier chunk are counted there. So all is right whenever the run ends.
func (im *importer) addFresh(tx *Tx, chunk []importTask) (int, error) {
	sums := im.sums(chunk)
	seen := map[discuss.ID]*authorSeen{}
	touched := map[discuss.ID]bool{}
	for i := range chunk {
		t, sum := &chunk[i], &sums[i]
		th := t.thread
		id := tx.NextID()
		above := place{}
		if p := th.tree.parent[t.at]; p >= 0 {
			above = place{th.ids[p], th.ids[th.root[t.at]], int(th.depth[p])}
		}
		c := im.row(t, id, above)
		th.ids[t.at], th.depth[t.at] = id, int32(c.Depth) //nolint:gosec // fewer than 2^31, as all of a thread
		c.Kids, c.Replies = sum.kids, sum.replies
		branch := c.Rank
		if c.Parent == 0 {
			branch = discuss.Branch(c.Rank, sum.best)
		}
		if err := im.insert(tx, c, branch, t.foreign); err != nil {
			return 0, err
		}
		s := seen[c.Author.ID]
		if s == nil {
			s = &authorSeen{}
			seen[c.Author.ID] = s
		}
		s.last = max(s.last, t.created)
		if c.Status == discuss.Published {
			s.published++
			tx.countInThread(c.ThreadID, 1)
		}
		touched[c.ThreadID] = true
	}
	if err := im.countAbove(tx, chunk, sums); err != nil {
		return 0, err
	}
	for id, s := range seen {
		if err := tx.exec(`UPDATE authors SET seen = max(coalesce(seen, 0), ?2), published = published + ?3, brought = brought + CASE kind WHEN 'member' THEN ?3 ELSE 0 END WHERE id = ?1`, id, s.last, s.published); err != nil {
			return 0, err
		}
	}
	return len(chunk), im.tell(tx, touched)
}

// importSum is what the replies of the same chunk add to a comment.
type importSum struct {
	kids, replies int
	best          float64 // of a root: the best rank of a published reply
	earlier       bool    // what it answers came in an earlier chunk
	lifts         bool    // it may be the best of a branch whose root came in one
}

// sums counts a chunk from its end: replies stand after what they answer. The
// comments of one thread stand side by side in it.
func (im *importer) sums(chunk []importTask) []importSum {
	out := make([]importSum, len(chunk))
	first := make([]int, len(chunk)) // where the chunk's comments of a thread begin
	for i := range chunk {
		if first[i] = i; i > 0 && chunk[i].thread == chunk[i-1].thread {
			first[i] = first[i-1]
		}
	}
	for i := len(chunk) - 1; i >= 0; i-- {
		t, th := &chunk[i], chunk[i].thread
		p := th.tree.parent[t.at]
		if p < 0 {
			continue
		}
		begin := th.comesAt(chunk[first[i]].at)
		public := t.status == discuss.Published
		if rank := discuss.Best(t.up, t.down, 0); public && rank > 0 {
			if r := int(th.comesAt(th.root[t.at]) - begin); r >= 0 {
				out[first[i]+r].best = max(out[first[i]+r].best, rank)
			} else {
				out[i].lifts = true
			}
		}
		above := int(th.comesAt(p) - begin)
		if above < 0 {
			out[i].earlier = true
			continue
		}
		if public {
			out[first[i]+above].replies++
		}
		if public || out[i].kids > 0 {
			out[first[i]+above].kids++
		}
	}
	return out
}

// countAbove counts replies to comments of earlier chunks.
func (im *importer) countAbove(tx *Tx, chunk []importTask, sums []importSum) error {
	branches := map[discuss.ID]bool{}
	for i := range chunk {
		t, th := &chunk[i], chunk[i].thread
		public := t.status == discuss.Published
		if sums[i].earlier && (public || sums[i].kids > 0) {
			replies := 0
			if public {
				replies = 1
			}
			if err := tx.countInView(th.ids[th.tree.parent[t.at]], 1, replies); err != nil {
				return err
			}
		}
		if sums[i].lifts {
			branches[th.ids[th.root[t.at]]] = true
		}
	}
	for root := range branches {
		if err := tx.setBranch(root); err != nil {
			return err
		}
	}
	return nil
}

// authorSeen is what a chunk says of somebody who wrote.
type authorSeen struct {
	last      int64
	published int
}

// insert is insertComment for a row that is whole.
func (im *importer) insert(tx *Tx, c discuss.Comment, branch float64, foreign string) error {
	public := c.Status == discuss.Published
	return tx.exec(`INSERT INTO comments (id, site_id, thread_id, parent_id, root_id, depth, author_id, body, html, status,
		shown, created, edited, up, down, rank, branch, heat, source, foreign_id, kids, replies, low, featured, decided, pinned, reactions, waiting_since)
		VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, CASE ?10 WHEN 'published' THEN 0 ELSE ?12 END)`,
		c.ID, c.SiteID, c.ThreadID, nullID(c.Parent), c.Root, c.Depth, c.Author.ID, c.Body, c.HTML, string(c.Status),
		public || c.Kids > 0, millis(c.Created), nullTime(c.Edited), c.Up, c.Down, c.Rank, branch, c.Heat, im.source, foreign, c.Kids, c.Replies, c.Low, c.Featured, settled(c), pinnedAt(c), string(c.Reactions))
}

// pinnedAt is since when an imported comment is pinned; nobody has noted that.
func pinnedAt(c discuss.Comment) int64 {
	if c.Pinned {
		return max(1, millis(c.Created))
	}
	return 0
}

// tell has the open pages of the threads look again.
func (im *importer) tell(tx *Tx, touched map[discuss.ID]bool) error {
	for th := range touched {
		if err := tx.addEvent(discuss.Event{ThreadID: th, Type: discuss.ThreadUpdated, At: tx.Now()}); err != nil {
			return err
		}
	}
	return nil
}

// addKnown adds comments of which some may be there: one by one, each counted at
// those above it.
func (im *importer) addKnown(tx *Tx, chunk []importTask) (added int, err error) {
	touched := map[discuss.ID]bool{}
	for i := range chunk {
		t := &chunk[i]
		at, known, err := im.find(tx, t)
		if err != nil {
			return 0, err
		}
		if !known {
			if at, err = im.addOne(tx, t); err != nil {
				return 0, err
			}
			added++
			touched[t.thread.id] = true
		}
		th := t.thread
		th.ids[t.at], th.depth[t.at] = at.id, int32(at.depth) //nolint:gosec // fewer than 2^31
	}
	return added, im.tell(tx, touched)
}

// find looks for a comment that came before.
func (im *importer) find(tx *Tx, t *importTask) (at place, known bool, err error) {
	err = tx.get(`SELECT id, root_id, depth FROM comments WHERE site_id = ?1 AND source = ?2 AND foreign_id = ?3`,
		[]any{im.site.ID, im.source, t.foreign}, &at.id, &at.root, &at.depth)
	if own := ownID(im.source, t.foreign); own != 0 && errors.Is(err, discuss.ErrNotFound) {
		err = tx.get(ownComment, []any{im.site.ID, own, t.created, t.body}, &at.id, &at.root, &at.depth)
	}
	if errors.Is(err, discuss.ErrNotFound) {
		return place{}, false, nil
	}
	return at, err == nil, err
}

func (im *importer) addOne(tx *Tx, t *importTask) (place, error) {
	above := place{}
	if p := t.thread.tree.parent[t.at]; p >= 0 {
		above.id = t.thread.ids[p]
		if err := tx.get(`SELECT root_id, depth FROM comments WHERE id = ?1`, []any{above.id}, &above.root, &above.depth); err != nil {
			return place{}, err
		}
	}
	c := im.row(t, tx.NextID(), above)
	if above.id != 0 { // it may have come earlier into another thread, which has its replies too
		if err := tx.get(`SELECT thread_id FROM comments WHERE id = ?1`, []any{above.id}, &c.ThreadID); err != nil {
			return place{}, err
		}
	}
	if err := tx.insertComment(c, im.source, t.foreign); err != nil {
		return place{}, err
	}
	if c.Status == discuss.Published {
		if err := tx.exec(`UPDATE authors SET brought = brought + 1 WHERE id = ?1 AND kind = 'member'`, c.Author.ID); err != nil {
			return place{}, err
		}
	}
	if err := tx.exec(`UPDATE comments SET decided = ?2, low = ?3, featured = ?4, pinned = ?5, reactions = ?6 WHERE id = ?1 AND (?2 IS NOT NULL OR ?3 OR ?4 OR ?5 OR ?6 <> '')`, c.ID, settled(c), c.Low, c.Featured, pinnedAt(c), string(c.Reactions)); err != nil {
		return place{}, err
	}
	at := place{c.ID, c.Root, c.Depth}
	if above.id != 0 && c.Rank > 0 {
		return at, tx.setBranch(c.Root)
	}
	return at, nil
}
