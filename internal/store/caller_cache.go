package store

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mattn/go-sqlite3"

	"parley/internal/auth"
	"parley/internal/discuss"
)

// callerCacheMax is how many sessions, and how many memberships, are kept in memory.
const callerCacheMax = 20_000

// callerCache keeps who holds a token and what they are on a site, for as long as
// nothing that says so has changed. It is not told what changes it: SQLite
// says of each statement of the writer, when it is prepared, which tables and
// columns that will write (see changesPeople), so no query can forget to.
type callerCache struct {
	version  atomic.Int64 // moves after a commit that changed people, before anybody is told of it
	mu       sync.RWMutex
	sessions map[string]cachedSession
	members  map[membership]cachedMember
}

type cachedSession struct {
	v  auth.Session
	at int64
}

type membership struct{ site, account discuss.ID }

type cachedMember struct {
	a  discuss.Author
	at int64
}

// changesPeople reports whether writing this column can make what is known
// wrong. A new row cannot, but for a ban: what was not found is not kept.
func changesPeople(op int, table, column string) bool {
	switch table {
	case "bans":
		return op == sqlite3.SQLITE_INSERT || op == sqlite3.SQLITE_UPDATE || op == sqlite3.SQLITE_DELETE
	case "sessions", "accounts", "authors":
	default:
		return false
	}
	switch op {
	case sqlite3.SQLITE_DELETE:
		return true
	case sqlite3.SQLITE_UPDATE:
		return column != "published" && column != "seen" // these are not part of what is kept, or are brought up to date
	}
	return false
}

// watch has SQLite name what the writer's statements read and write.
func (w *writer) watch() {
	w.conn.RegisterAuthorizer(func(op int, table, column, _ string) int {
		if st := w.preparing; st != nil {
			st.people = st.people || changesPeople(op, table, column)
			st.touches(&w.known, op, table, column)
		}
		return sqlite3.SQLITE_OK
	})
}

func (k *callerCache) session(token []byte, now time.Time) (auth.Session, bool) {
	k.mu.RLock()
	e, ok := k.sessions[string(token)]
	k.mu.RUnlock()
	return e.v, ok && e.at == k.version.Load() && e.v.Expires.After(now)
}

func (k *callerCache) keepSession(token []byte, v auth.Session, at int64) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.sessions == nil || len(k.sessions) >= callerCacheMax {
		k.sessions = map[string]cachedSession{}
	}
	k.sessions[string(token)] = cachedSession{v, at}
}

// seen brings a kept session up to date with the one column that moves by itself.
func (k *callerCache) seen(token []byte, now time.Time) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if e, ok := k.sessions[string(token)]; ok {
		e.v.Seen = now
		k.sessions[string(token)] = e
	}
}

// MemberOf returns an account's membership of a site.
func (s *Store) MemberOf(ctx context.Context, site, account discuss.ID) (discuss.Author, error) {
	k, key := &s.callers, membership{site, account}
	k.mu.RLock()
	e, ok := k.members[key]
	k.mu.RUnlock()
	at := k.version.Load() // before looking: a change meanwhile makes it stale
	if ok && e.at == at {
		return e.a, nil
	}
	a, err := s.memberOf(ctx, site, account)
	if err != nil {
		return a, err
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.members == nil || len(k.members) >= callerCacheMax {
		k.members = map[membership]cachedMember{}
	}
	k.members[key] = cachedMember{a, at}
	return a, nil
}

// SessionByToken reads a session that is still good, with its account.
func (s *Store) SessionByToken(ctx context.Context, token []byte, now time.Time) (auth.Session, error) {
	if v, ok := s.callers.session(token, now); ok {
		return v, nil
	}
	at := s.callers.version.Load()
	v, err := s.sessionByToken(ctx, token, now)
	if err == nil {
		s.callers.keepSession(token, v, at)
	}
	return v, err
}
