// Package rates counts how often something is done: by a network, an account or
// a mailbox, each purpose with a budget of its own.
package rates

import (
	"math"
	"strings"
	"sync"
	"time"

	"parley/internal/discuss"
)

// Bucket is a budget: so many at once, refilled evenly over the time.
type Bucket struct {
	Size float64
	Over time.Duration
}

// Buckets are the budgets by purpose.
var Buckets = map[string]Bucket{
	"login":    {5, 15 * time.Minute},  // wrong guesses, by account
	"logins":   {20, 15 * time.Minute}, // the same, by address: many people may share one
	"signin":   {600, time.Minute},     // all else about signing in and out
	"register": {10, time.Hour},
	"mail":     {20, time.Hour},    // by who asks; each mailbox has a budget of its own in the auth room
	"form":     {600, time.Minute}, // of the stand-alone page: a post counts as such too
	"mailed":   {600, time.Minute}, // links in mails: mail programs press them for many
	"provider": {30, 15 * time.Minute},
	"own":      {240, time.Minute}, // what people change of their own accounts
	"account":  {30, time.Hour},    // name and picture, by account
	"export":   {10, time.Hour},
	"passkey":  {60, 15 * time.Minute},
	"code":     {20, 15 * time.Minute}, // wrong mailed codes, by account and by address
	"sso":      {120, time.Minute},
	"begin":    {60, time.Minute},
	"claim":    {60, time.Minute},
	"post":     {30, time.Minute},
	"image":    {30, 10 * time.Minute}, // by network
	"images":   {40, time.Hour},        // the same, by account
	"guest":    {5, 5 * time.Minute},   // comments by guests, by address: beyond that, one a minute
	"document": {300, time.Minute},     // threads as HTML and feeds that have to be made anew
	"search":   {120, time.Minute},     // while somebody types
	"vote":     {120, time.Minute},
	"report":   {20, time.Minute},
	"keep":     {60, time.Minute}, // follow, mute
	"preview":  {60, time.Minute},
	"refusal":  {30, time.Minute},   // pages that are not on a list
	"check":    {60, time.Minute},   // what pages say that are checked
	"desk":     {600, time.Minute},  // decisions and everything else that a dashboard changes
	"upload":   {1200, time.Minute}, // parts of files that admins send
	"trial":    {30, time.Minute},   // of words and rules, by person
}

const limiterMax = 100_000 // keys held; past it the buckets that are full again are dropped

type level struct {
	left float64
	at   time.Time
}

// Limiter is token buckets by purpose and key.
type Limiter struct {
	on  bool
	now func() time.Time
	mu  sync.Mutex
	m   map[string]level
	// sweep is how many keys are held when the full buckets are looked for
	// next: twice what the last time left, so that it costs each key little.
	sweep int

	secret []byte // with which the keys of kept buckets are hashed; nil: nothing is kept
	moved  bool   // a kept bucket changed since Each was called last
}

// New makes a limiter; one that is not on lets everything pass.
func New(on bool, now func() time.Time) *Limiter {
	return &Limiter{on: on, now: now, m: map[string]level{}, sweep: limiterMax}
}

// Take takes one token or says when there will be one.
func (l *Limiter) Take(purpose, key string) error {
	if !l.on {
		return nil
	}
	b := Buckets[purpose]
	rate := b.Size / b.Over.Seconds()
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.now()
	if len(l.m) >= l.sweep {
		l.drop(now)
	}
	k := l.name(purpose, key)
	v, ok := l.m[k]
	if !ok {
		v = level{b.Size, now}
	}
	v.left = math.Min(b.Size, v.left+math.Max(0, now.Sub(v.at).Seconds())*rate)
	v.at = now
	if v.left < 1 {
		l.m[k] = v
		return discuss.Slow("rate", int(math.Ceil((1-v.left)/rate)))
	}
	v.left--
	l.m[k] = v
	l.moved = l.moved || kept[purpose]
	return nil
}

// drop takes the buckets away that are full again, which is as if they had
// never been; one in use stays, however many there are. Every bucket is full
// again after the longest time of all, so their number stays bounded.
func (l *Limiter) drop(now time.Time) {
	for k, v := range l.m {
		purpose, _, _ := strings.Cut(k, "\x00")
		b := Buckets[purpose]
		if v.left+now.Sub(v.at).Seconds()*b.Size/b.Over.Seconds() >= b.Size {
			delete(l.m, k)
		}
	}
	l.sweep = max(limiterMax, 2*len(l.m))
}

// Try is one bucket that a guess is counted in.
type Try struct{ Purpose, Key string }

// Attempt counts a guess in buckets, the account's last, and makes it. Only a
// wrong one costs: the tokens of any other are given back, and a right one
// fills the last bucket. They are taken first, so that guesses made at the
// same time count too.
func (l *Limiter) Attempt(tries []Try, guess func() error, wrong func(error) bool) error {
	for i, t := range tries {
		if err := l.Take(t.Purpose, t.Key); err != nil {
			l.giveBack(tries[:i])
			return err
		}
	}
	err := guess()
	switch {
	case err == nil:
		last := len(tries) - 1
		l.giveBack(tries[:last])
		l.Forget(tries[last].Purpose, tries[last].Key)
	case !wrong(err):
		l.giveBack(tries)
	}
	return err
}

func (l *Limiter) giveBack(tries []Try) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, t := range tries {
		k := l.name(t.Purpose, t.Key)
		if v, ok := l.m[k]; ok {
			v.left = math.Min(Buckets[t.Purpose].Size, v.left+1)
			l.m[k] = v
		}
	}
}

// GiveBack gives a token back that bought nothing.
func (l *Limiter) GiveBack(purpose, key string) { l.giveBack([]Try{{purpose, key}}) }

// Forget fills a bucket.
func (l *Limiter) Forget(purpose, key string) {
	l.mu.Lock()
	delete(l.m, l.name(purpose, key))
	l.moved = l.moved || kept[purpose]
	l.mu.Unlock()
}
