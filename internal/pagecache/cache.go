// Package pagecache keeps encoded public pages. A page is good while its
// thread's version stands still; the writer moves that after each commit.
package pagecache

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"math/bits"
	"sync"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	brotli "github.com/molecule-man/go-brrr"
)

const (
	firstLevel  = 1 // for a page that may never be asked for again
	gzipLevel   = 5
	brotliLevel = 5
	brotliBest  = 11
	slowLevel   = 10 // of Brotli: an eighth smaller, for ten times the work
	worthHits   = 4  // pages asked for this often are worth compressing well
	stays       = 50 * time.Millisecond
	slowHits    = 64   // and these as well as it goes
	leastWindow = 16   // of Brotli, in bits: what a page does not fill is memory for nothing
	longKey     = 1024 // targets beyond are known by their digest
	maxVersions = 1 << 18

	brotliWindow = 22 // bits, the largest that every reader has room for
	etagBytes    = 12
)

// Version moves when what it stands for has changed.
type Version struct{ n atomic.Int64 }

// Bump makes every page built before it stale.
func (v *Version) Bump() { v.n.Add(1) }

// Page is one answer in its encodings.
type Page struct {
	ETag    []byte
	Control []byte // its Cache-Control
	Raw     []byte
	quick   []byte                 // gzip, made when the page was
	gzip    atomic.Pointer[[]byte] // gzip, made in the background
	brotli  atomic.Pointer[[]byte]
	hits    atomic.Int32
	version *Version
	at      int64
	epoch   int64
	until   int64 // milliseconds since 1970; 0 for as long as nothing moves
}

// Cache is bounded by bytes and drops its older half when full.
type Cache struct {
	Now      func() time.Time // the clock of pages that end by themselves
	max      int
	mu       sync.RWMutex
	young    map[string]*Page
	old      map[string]*Page
	bytes    int // in young
	versions map[int64]*Version
	epoch    atomic.Int64
	flight   sync.Map
	wg       sync.WaitGroup
	slow     sync.Mutex // held while a page is compressed as well as it goes
}

// New returns a cache of at most about max bytes.
func New(max int) *Cache {
	return &Cache{Now: time.Now, max: max, young: map[string]*Page{}, old: map[string]*Page{}, versions: map[int64]*Version{}}
}

// Version returns the version of a thread.
func (c *Cache) Version(thread int64) *Version {
	c.mu.RLock()
	v := c.versions[thread]
	c.mu.RUnlock()
	if v != nil {
		return v
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if v = c.versions[thread]; v == nil {
		if len(c.versions) >= maxVersions { // start over rather than grow for ever
			c.versions, c.young, c.old, c.bytes = map[int64]*Version{}, map[string]*Page{}, map[string]*Page{}, 0
			c.epoch.Add(1)
		}
		v = &Version{}
		c.versions[thread] = v
	}
	return v
}

// Clear makes every page stale.
func (c *Cache) Clear() { c.epoch.Add(1) }

// Get returns a page that is still good, or nil: a map look-up and two loads.
func (c *Cache) Get(target []byte) *Page {
	var digest [sha256.Size]byte
	key := target
	if len(target) > longKey { // a front page asks for fifty threads by their addresses
		digest = sha256.Sum256(target)
		key = digest[:]
	}
	c.mu.RLock()
	p := c.young[string(key)]
	if p == nil {
		p = c.old[string(key)]
	}
	c.mu.RUnlock()
	if p != nil && p.at == p.version.n.Load() && p.epoch == c.epoch.Load() && (p.until == 0 || c.Now().UnixMilli() < p.until) {
		return p
	}
	return nil
}

// Mark is a version and the cache's own as they stood at one moment. A page is
// good if nothing has moved since the mark that was taken before anything of it
// was looked at.
type Mark struct {
	v         *Version
	at, epoch int64
}

// Mark notes how a thread's version stands.
func (c *Cache) Mark(thread int64) Mark {
	epoch := c.epoch.Load()
	v := c.Version(thread)
	return Mark{v, v.n.Load(), epoch}
}

// Since is m with the cache's own version as it stood at an earlier mark, for
// a page that was begun before its thread was known.
func (m Mark) Since(earlier Mark) Mark {
	m.epoch = earlier.epoch
	return m
}

type call struct {
	done chan struct{}
	p    *Page
	err  error
}

// Fill builds the page of target once however many ask at the same time. m was
// taken before anybody looked at the data, so that a change since makes the
// page stale and never fresh. control is sent as Cache-Control. A page may stop
// being right though nothing moves: build says when; the zero time is never.
func (c *Cache) Fill(target string, m Mark, control []byte, build func() ([]byte, time.Time, error)) (*Page, error) {
	mine := &call{done: make(chan struct{})}
	key := struct { // whoever has seen more has marks of their own, and waits for no page of before
		target string
		m      Mark
	}{target, m}
	if other, loaded := c.flight.LoadOrStore(key, mine); loaded {
		o := other.(*call)
		<-o.done
		return o.p, o.err
	}
	defer close(mine.done)
	defer c.flight.Delete(key)
	if p := c.Get([]byte(target)); p != nil { // the flight ended between our look and our taking off
		mine.p = p
		return p, nil
	}
	mine.err = fmt.Errorf("build %s: it panicked", target)
	raw, until, err := build()
	mine.err = err
	if err != nil {
		return nil, err
	}
	p := &Page{Raw: raw, quick: deflate(quickGzips, raw), ETag: etag(raw), Control: control, version: m.v, at: m.at, epoch: m.epoch}
	if !until.IsZero() {
		p.until = until.UnixMilli()
	}
	mine.p = p
	c.put(target, p)
	return p, nil
}

func (c *Cache) put(target string, p *Page) {
	if len(target) > longKey {
		digest := sha256.Sum256([]byte(target))
		target = string(digest[:])
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if was := c.young[target]; was != nil { // a page that is made anew again and again takes the room of one
		c.bytes -= was.size(target)
	}
	size := p.size(target)
	if c.bytes+size > c.max/2 {
		c.old, c.young, c.bytes = c.young, map[string]*Page{}, 0
	}
	c.young[target] = p
	c.bytes += size
}

// size is what a page is counted with: two more encodings may follow.
func (p *Page) size(target string) int { return len(target) + len(p.Raw) + 3*len(p.quick) }

// Brotli returns the page in Brotli once it has been asked for often enough
// and the background has made it; else nil.
func (c *Cache) Brotli(p *Page) []byte {
	b := p.brotli.Load()
	if b == nil {
		return nil
	}
	c.hit(p)
	return *b
}

// Gzip returns the page in gzip.
func (c *Cache) Gzip(p *Page) []byte {
	c.hit(p)
	if b := p.gzip.Load(); b != nil {
		return *b
	}
	return p.quick
}

// hit counts a request and has a page that is wanted compressed well, and one
// that is wanted much compressed better.
func (c *Cache) hit(p *Page) {
	if p.hits.Load() >= slowHits {
		return
	}
	switch p.hits.Add(1) {
	case worthHits:
		c.later(p, func() {
			small := Gzip(p.Raw)
			p.gzip.Store(&small)
			b := pack(p.Raw, brotliLevel)
			p.brotli.CompareAndSwap(nil, &b)
		})
	case slowHits:
		c.later(p, func() {
			c.slow.Lock() // one at a time: nobody waits for it
			defer c.slow.Unlock()
			b := pack(p.Raw, slowLevel)
			p.brotli.Store(&b)
		})
	}
}

// later does what is worth it for a page that stays for a while: where people
// write faster than that, every page is read often and soon gone.
func (c *Cache) later(p *Page, do func()) {
	c.wg.Go(func() {
		time.Sleep(stays)
		if p.at == p.version.n.Load() && p.epoch == c.epoch.Load() {
			do()
		}
	})
}

// pack compresses a page by Brotli, with a window no larger than it.
func pack(raw []byte, level int) []byte {
	var out bytes.Buffer
	w, err := brotli.NewWriterOptions(&out, level, brotli.WriterOptions{LGWin: min(max(leastWindow, bits.Len(uint(len(raw)))), brotliWindow), SizeHint: uint(len(raw))})
	if err != nil {
		panic(err) // the levels and windows are ours
	}
	_, _ = w.Write(raw)
	_ = w.Close()
	return out.Bytes()
}

// Wait returns when nothing runs in the background.
func (c *Cache) Wait() { c.wg.Wait() }

var gzips, quickGzips = writers(gzipLevel), writers(firstLevel)

func writers(level int) *sync.Pool {
	return &sync.Pool{New: func() any {
		w, _ := gzip.NewWriterLevel(nil, level) // the level is valid
		return w
	}}
}

// Gzip compresses at the level that pages use.
func Gzip(raw []byte) []byte { return deflate(gzips, raw) }

func deflate(pool *sync.Pool, raw []byte) []byte {
	var out bytes.Buffer
	out.Grow(len(raw)/4 + 64)
	w := pool.Get().(*gzip.Writer)
	defer pool.Put(w)
	w.Reset(&out)
	_, _ = w.Write(raw)
	_ = w.Close()
	return out.Bytes()
}

// GzipBest is Gzip for what is compressed once and sent often.
func GzipBest(raw []byte) []byte {
	var out bytes.Buffer
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression) // the level is valid
	_, _ = w.Write(raw)
	_ = w.Close()
	return out.Bytes()
}

func etag(raw []byte) []byte {
	h := sha256.Sum256(raw) // the processor does it; an FNV took longer than packing the page
	return fmt.Appendf(nil, `W/"%x"`, h[:etagBytes])
}

// BrotliBest compresses what is made once and sent often.
func BrotliBest(b []byte) []byte {
	out, _ := brotli.Compress(b, brotliBest) // the level is valid
	return out
}
