package rates

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
	"time"
)

// kept are the purposes whose buckets outlive a restart: those that guard the
// ways in and what is posted. A restart would else be a fresh set of guesses.
var kept = map[string]bool{
	"login": true, "logins": true, "code": true, "passkey": true, "register": true, "mail": true, "sso": true,
	"post": true, "guest": true, "report": true, "account": true, "export": true,
}

// mostKept is how many buckets are kept.
const mostKept = 10_000

// Keep begins to name the buckets that outlive a restart by a keyed hash of
// whose they are, so that no address is written down. It is called before
// anything is taken.
func (l *Limiter) Keep(secret []byte) { l.secret = secret }

// name is the key of a bucket in m.
func (l *Limiter) name(purpose, key string) string {
	if l.secret != nil && kept[purpose] {
		m := hmac.New(sha256.New, l.secret)
		_, _ = m.Write([]byte(key))
		key = base64.RawURLEncoding.EncodeToString(m.Sum(nil)[:16])
	}
	return purpose + "\x00" + key
}

// Put fills a bucket as Each told of it. A purpose that is no more, or is kept
// no more, is left out.
func (l *Limiter) Put(bucket string, left float64, at time.Time) {
	purpose, key, ok := strings.Cut(bucket, " ")
	if !ok || !kept[purpose] || at.After(l.now()) {
		return
	}
	l.mu.Lock()
	l.m[purpose+"\x00"+key] = level{left, at}
	l.mu.Unlock()
}

// Each tells of every bucket that is to be kept and is not full again; moved
// false says that none has changed since the last time, and then it tells of none.
func (l *Limiter) Each(tell func(bucket string, left float64, at time.Time)) (moved bool) {
	if l.secret == nil || !l.on {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if moved, l.moved = l.moved, false; !moved {
		return false
	}
	now, n := l.now(), 0
	for k, v := range l.m {
		purpose, key, _ := strings.Cut(k, "\x00")
		b := Buckets[purpose]
		if !kept[purpose] || n == mostKept || v.left+now.Sub(v.at).Seconds()*b.Size/b.Over.Seconds() >= b.Size {
			continue
		}
		n++
		tell(purpose+" "+key, v.left, v.at)
	}
	return true
}
