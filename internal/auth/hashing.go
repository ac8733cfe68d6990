package auth

import (
	"runtime"
	"sync"

	"github.com/alexedwards/argon2id"
)

// HashMemory is the most that passwords being hashed take, and those that just
// were and are not collected yet.
const HashMemory = 60 << 20

// arena bounds it. Each hash needs a block of memory that only the collector
// gives back, in its own time: a block counts until it has.
type arena struct {
	mu    sync.Mutex
	freed *sync.Cond
	clean int // blocks that may be taken
	spent int // blocks that were used and are not collected
}

func newArena(block int) *arena {
	a := &arena{clean: max(1, HashMemory/block)}
	a.freed = sync.NewCond(&a.mu)
	return a
}

// with does one hash when there is a block for it.
func (a *arena) with(hash func()) {
	a.mu.Lock()
	for a.clean == 0 && a.spent == 0 {
		a.freed.Wait()
	}
	if a.clean == 0 { // under the lock: whoever else comes waits for the same blocks
		runtime.GC()
		a.clean, a.spent = a.spent, 0
	}
	a.clean--
	a.mu.Unlock()
	defer func() {
		a.mu.Lock()
		a.spent++
		a.mu.Unlock()
		a.freed.Signal()
	}()
	hash()
}

func (a *Service) hashOf(password string) (hash string, err error) {
	a.hashing.with(func() { hash, err = argon2id.CreateHash(password, a.Params) })
	return hash, err
}

func (a *Service) compare(password, hash string) (ok bool) {
	if len(password) > MaxPasswordBytes {
		password = ""
	}
	var err error
	a.hashing.with(func() { ok, err = argon2id.ComparePasswordAndHash(password, hash) })
	return err == nil && ok
}
