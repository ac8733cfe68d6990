package socket

import (
	"sync"
	"time"

	"parley/internal/discuss"
)

const (
	socketIdle      = 75 * time.Second // the widget pings every 30 s
	socketWrite     = 10 * time.Second
	socketRead      = 4 << 10
	socketBuffer    = 64 << 10 // of the kernel: a stalled listener otherwise holds 4 MB
	socketsPerIP    = 20
	socketsPerSite  = 2_000
	socketsInAll    = 12_000
	socketMessage   = 10 * time.Second // for the rest of a message that has begun
	messagesPer10s  = 10
	controlsPer10s  = 20 // pings and pongs
	socketRetry     = 10 // seconds, in Retry-After
	goodbyePatience = time.Second
)

// counter counts the sockets open, for the caps.
type counter struct {
	mu     sync.Mutex
	all    int
	byIP   map[string]int
	bySite map[discuss.ID]int
	wg     sync.WaitGroup
}

func (k *counter) enter(ip string, site discuss.ID, capped bool) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	if capped && (k.all >= socketsInAll || k.byIP[ip] >= socketsPerIP || k.bySite[site] >= socketsPerSite) {
		return false
	}
	if k.byIP == nil {
		k.byIP, k.bySite = map[string]int{}, map[discuss.ID]int{}
	}
	k.all++
	k.byIP[ip]++
	k.bySite[site]++
	k.wg.Add(1)
	return true
}

func (k *counter) leave(ip string, site discuss.ID) {
	k.mu.Lock()
	k.all--
	if k.byIP[ip]--; k.byIP[ip] == 0 {
		delete(k.byIP, ip)
	}
	if k.bySite[site]--; k.bySite[site] == 0 {
		delete(k.bySite, site)
	}
	k.mu.Unlock()
	k.wg.Done()
}

func (k *counter) open() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.all
}

// tooMany refuses a socket for now.
func tooMany() error {
	return &discuss.Error{Kind: discuss.Unavailable, Code: "sockets", Detail: "Too many live connections.", RetryAfter: socketRetry}
}
