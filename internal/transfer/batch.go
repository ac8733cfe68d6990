package transfer

import (
	"encoding/json"
	"runtime"
	"sync"

	"parley/internal/cleantext"
	"parley/internal/discuss"
)

// Texts are made safe in batches, beside the reading: that is most of what an
// import costs before anything is written.
const (
	batchRows  = 256
	batchBytes = 1 << 20
)

// batched is a row on its way to the spool: a comment, or what is said of one.
type batched struct {
	comment discuss.ArchiveComment
	skipped discuss.Skipped
	skip    bool
	page    batchedPage           // that comes with the comment
	person  discuss.ArchivePerson // as does whoever wrote it
}

// batchedPage is a thread that has no row of its own, and why it has a key of its own.
type batchedPage struct {
	discuss.ArchiveThread
	why string
}

func (b *builder) add(x batched) {
	b.batch = append(b.batch, x)
	b.bytes += len(x.comment.Body) + len(x.comment.HTML)
	if len(b.batch) >= batchRows || b.bytes >= batchBytes {
		b.full <- b.batch
		b.batch, b.bytes = make([]batched, 0, batchRows), 0
	}
}

// done ends a file: what it held is in the spool.
func (b *builder) done() error {
	b.close()
	return b.spool.Err()
}

// close ends the batches, also of a file that is refused.
func (b *builder) close() {
	if b.full == nil {
		return
	}
	b.full <- b.batch
	close(b.full)
	<-b.emptied
	b.full = nil
}

// empty puts batch after batch into the spool, in the order in which they came.
func (b *builder) empty() {
	defer close(b.emptied)
	for batch := range b.full {
		b.clean(batch)
		for i := range batch {
			b.put(&batch[i])
		}
	}
}

// clean makes the texts of a batch safe, on all processors.
func (b *builder) clean(batch []batched) {
	var all sync.WaitGroup
	share := (len(batch) + runtime.GOMAXPROCS(0) - 1) / runtime.GOMAXPROCS(0)
	for from := 0; from < len(batch); from += share {
		part := batch[from:min(from+share, len(batch))]
		all.Go(func() {
			for i := range part {
				c := &part[i].comment
				if c.Status == discuss.Deleted { // nobody can read it, and nothing shall keep it
					c.Body, c.HTML = "", ""
				} else if !part[i].skip {
					c.Body = cleantext.Block(c.Body)
					if c.HTML == "" {
						c.HTML = c.Body
					}
					c.HTML = b.o.Text.HTML(c.HTML)
				}
			}
		})
	}
	all.Wait()
}

func (b *builder) put(x *batched) {
	c := &x.comment
	switch {
	case x.skip:
		b.spool.Skip(x.skipped)
	case c.HTML == "" && c.Status == discuss.Published:
		b.spool.Skip(discuss.Skipped{ID: c.Foreign, Why: "it is empty"})
	case c.Thread == "":
		b.spool.Skip(discuss.Skipped{ID: c.Foreign, Why: "the file does not say which page it is of"})
	default:
		b.with(x)
		if !b.spool.AddComment(*c) {
			b.spool.Skip(discuss.Skipped{ID: c.Foreign, Why: "its thread is not in the file"})
		}
	}
}

// with adds the page and the writer of a comment that is taken.
func (b *builder) with(x *batched) {
	if p := &x.page; p.Foreign != "" && !b.spool.HasThread(p.Foreign) {
		if p.why != "" {
			b.spool.Skip(discuss.Skipped{ID: p.Foreign, Why: p.why})
		}
		b.spool.AddThread(p.ArchiveThread)
	}
	if x.person.Foreign != "" && b.spool.HasThread(x.comment.Thread) {
		b.spool.AddPerson(x.person)
	}
}

// later keeps what cannot be read before the rest of the file is known.
func (b *builder) later(kind string, v any) {
	raw, err := json.Marshal(v)
	if err != nil { // no value of ours is one that cannot be written
		panic(err)
	}
	b.spool.Later(kind, raw)
}

// eachLater gives back what was kept, in order.
func eachLater[T any](b *builder, kind string, take func(v *T)) {
	b.spool.EachLater(kind, func(raw []byte) {
		var v T
		if json.Unmarshal(raw, &v) == nil {
			take(&v)
		}
	})
}

// pageFact is what a file says of a page apart from its comments.
type pageFact struct {
	Link, Title string
	Closed      bool
}

func (b *builder) putPage(id string, p pageFact) {
	raw, err := json.Marshal(p)
	if err != nil {
		panic(err) // as in later
	}
	b.spool.Put("page", id, string(raw))
}

func (b *builder) pageOf(id string) (p pageFact, ok bool) {
	raw, ok := b.spool.Get("page", id)
	return p, ok && json.Unmarshal([]byte(raw), &p) == nil
}
