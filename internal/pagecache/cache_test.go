package pagecache

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	brotli "github.com/molecule-man/go-brrr"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var control = []byte("public")

func (c *Cache) fill(t *testing.T, target string, thread int64, body string) *Page {
	t.Helper()
	p, err := c.Fill(target, c.Mark(thread), control, func() ([]byte, time.Time, error) { return []byte(body), time.Time{}, nil })
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestAPageThatEndsByItself(t *testing.T) {
	c, now := New(1<<20), time.Unix(1000, 0)
	c.Now = func() time.Time { return now }
	end := now.Add(time.Minute)
	if _, err := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) { return []byte("open"), end, nil }); err != nil {
		t.Fatal(err)
	}
	if now = end.Add(-time.Millisecond); c.Get([]byte("/a")) == nil {
		t.Error("it was thrown away before its time")
	}
	if now = end; c.Get([]byte("/a")) != nil {
		t.Error("it was given out after its time")
	}
}

func TestAPageIsGoodUntilItsThreadChanges(t *testing.T) {
	c := New(1 << 20)
	c.fill(t, "/a", 1, "one")
	c.fill(t, "/b", 2, "two")
	if p := c.Get([]byte("/a")); p == nil || string(p.Raw) != "one" {
		t.Fatalf("got %v", p)
	}
	c.Version(1).Bump()
	if c.Get([]byte("/a")) != nil {
		t.Error("a stale page was given out")
	}
	if c.Get([]byte("/b")) == nil {
		t.Error("another thread's page is gone")
	}
	first := c.fill(t, "/a", 1, "one more").ETag
	if second := c.fill(t, "/a", 1, "one more").ETag; !bytes.Equal(first, second) {
		t.Error("the same page has two ETags")
	}
	c.Clear()
	if c.Get([]byte("/b")) != nil {
		t.Error("Clear left a page")
	}
}

// TestAChangeDuringTheBuildIsNotMissed: the version is read before the data.
func TestAChangeDuringTheBuildIsNotMissed(t *testing.T) {
	c := New(1 << 20)
	v := c.Version(1)
	if _, err := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) {
		v.Bump() // a commit, after the query and before the page is kept
		return []byte("old"), time.Time{}, nil
	}); err != nil {
		t.Fatal(err)
	}
	if c.Get([]byte("/a")) != nil {
		t.Error("a page that missed a change counts as good")
	}
}

func TestManyWhoAskAtOnceBuildOnce(t *testing.T) {
	c := New(1 << 20)
	var built atomic.Int32
	hold := make(chan struct{})
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			p, err := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) {
				built.Add(1)
				<-hold
				return []byte("page"), time.Time{}, nil
			})
			if err != nil || string(p.Raw) != "page" {
				t.Errorf("%v %v", p, err)
			}
		})
	}
	for built.Load() == 0 {
		runtime.Gosched()
	}
	close(hold)
	wg.Wait()
	if n := built.Load(); n != 1 {
		t.Errorf("built %d times", n)
	}
}

func TestAFailedBuildIsToldAndForgotten(t *testing.T) {
	c := New(1 << 20)
	sorry := errors.New("no")
	if _, err := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) { return nil, time.Time{}, sorry }); !errors.Is(err, sorry) {
		t.Errorf("got %v", err)
	}
	func() {
		defer func() { _ = recover() }()
		_, _ = c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) { panic("a bug") })
	}()
	c.fill(t, "/a", 1, "works again")
}

func TestTheCacheIsBoundedByBytes(t *testing.T) {
	const most = 1 << 20
	c := New(most)
	page := string(bytes.Repeat([]byte("0123456789abcdef"), 512)) // 8 kB
	for i := range 5000 {
		c.fill(t, fmt.Sprint("/", i), int64(i%100), page)
		sum := 0
		for _, m := range []map[string]*Page{c.young, c.old} {
			for k, p := range m {
				sum += len(k) + len(p.Raw) + len(p.quick)
			}
		}
		if sum > most {
			t.Fatalf("after %d pages it holds %d bytes of %d", i+1, sum, most)
		}
	}
	if c.Get([]byte("/4999")) == nil {
		t.Error("the newest page is gone")
	}
}

func TestEveryEncodingIsTheSamePage(t *testing.T) {
	c := New(1 << 20)
	want := bytes.Repeat([]byte("boats will call at Eastgate "), 200)
	p := c.fill(t, "/a", 1, string(want))
	for range worthHits + 1 {
		r, err := gzip.NewReader(bytes.NewReader(c.Gzip(p)))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := io.ReadAll(r); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("gzip: %d bytes, %v", len(got), err)
		}
	}
	c.Wait()
	b := c.Brotli(p)
	if b == nil {
		t.Fatal("a page that is asked for often has no Brotli")
	}
	if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(b))); err != nil || !bytes.Equal(got, want) {
		t.Fatalf("brotli: %d bytes, %v", len(got), err)
	}
	if len(c.Gzip(p)) > len(p.quick) {
		t.Error("the second compression is no better than the first")
	}
}

// A page that is wanted much is compressed once more, as well as it goes; all
// its encodings together are within what the cache has counted for them.
func TestAPageThatIsWantedMuchIsSmaller(t *testing.T) {
	c := New(1 << 20)
	var text strings.Builder
	for i := range 400 {
		fmt.Fprintf(&text, "the boat of %d:%02d will call at quay %d, %s; ", i%24, i*7%60, i*i%97, []string{"late", "empty", "in the rain"}[i*i%3])
	}
	p := c.fill(t, "/a", 1, text.String())
	for range worthHits {
		c.Gzip(p)
	}
	c.Wait()
	first := len(c.Brotli(p))
	for range slowHits {
		c.Brotli(p)
	}
	c.Wait()
	b := c.Brotli(p)
	if len(b) >= first {
		t.Errorf("%d bytes, and %d before", len(b), first)
	}
	if got, err := io.ReadAll(brotli.NewReader(bytes.NewReader(b))); err != nil || string(got) != text.String() {
		t.Fatalf("%d bytes, %v", len(got), err)
	}
	if all := len(p.quick) + len(c.Gzip(p)) + len(b); all > 3*len(p.quick) {
		t.Errorf("%d bytes in all encodings: more than is counted", all)
	}
}

func BenchmarkGet(b *testing.B) {
	c := New(1 << 20)
	if _, err := c.Fill("/api/v1/sites/news/comments?thread=a", c.Mark(1), control, func() ([]byte, time.Time, error) { return []byte("page"), time.Time{}, nil }); err != nil {
		b.Fatal(err)
	}
	key := []byte("/api/v1/sites/news/comments?thread=a")
	for b.Loop() {
		if c.Get(key) == nil {
			b.Fatal("gone")
		}
	}
}

// What a front page asks, fifty threads by their addresses, is kept like any other.
func TestALongTargetIsKept(t *testing.T) {
	c := New(1 << 20)
	long := strings.Repeat("thread=https%3A%2F%2Fnews.example%2Fa%2F&", 100)
	c.fill(t, "/counts?"+long+"1", 1, "one")
	c.fill(t, "/counts?"+long+"2", 1, "two")
	for end, want := range map[string]string{"1": "one", "2": "two"} {
		if p := c.Get([]byte("/counts?" + long + end)); p == nil || string(p.Raw) != want {
			t.Errorf("%s: got %v", end, p)
		}
	}
	if c.Get([]byte("/counts?"+long+"3")) != nil {
		t.Error("another target has an answer")
	}
}

// A build that is under way answers nobody who asks after a change: what it read
// may be older.
func TestABuildOfBeforeAChangeAnswersNobodyAfterIt(t *testing.T) {
	c := New(1 << 20)
	begun, carryOn, done := make(chan struct{}), make(chan struct{}), make(chan string)
	go func() {
		p, _ := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) {
			close(begun)
			<-carryOn
			return []byte("before"), time.Time{}, nil
		})
		done <- string(p.Raw)
	}()
	<-begun
	c.Clear()
	p, err := c.Fill("/a", c.Mark(1), control, func() ([]byte, time.Time, error) { return []byte("after"), time.Time{}, nil })
	if err != nil || string(p.Raw) != "after" {
		t.Errorf("who asks after a change gets %q (%v)", p.Raw, err)
	}
	close(carryOn)
	if got := <-done; got != "before" {
		t.Errorf("the first gets %q", got)
	}
	if p := c.Get([]byte("/a")); p != nil && string(p.Raw) != "after" {
		t.Errorf("%q is kept", p.Raw)
	}
}

// One page that changes all the time takes the room of one.
func TestAPageMadeAnewTakesTheRoomOfOne(t *testing.T) {
	c := New(64 << 10)
	c.fill(t, "/other", 2, "stays")
	for range 10_000 {
		c.Version(1).Bump()
		c.fill(t, "/a", 1, strings.Repeat("x", 1000))
	}
	if c.Get([]byte("/other")) == nil {
		t.Error("another page has made room for it")
	}
}
