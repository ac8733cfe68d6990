package app

import (
	"context"
	"runtime/metrics"
	"time"
)

const (
	lookEvery = 10 * time.Second
	quietMost = 2 << 20 // bytes allocated between two looks; more is work, not quiet
	worthIt   = 4 << 20 // bytes to give back, and a quarter of what is alive
)

// usage is the Go heap at a moment.
type usage struct {
	allocated uint64 // ever
	objects   uint64 // the dead that were not collected yet among them
	alive     uint64 // at the last collection
	free      uint64 // kept for new objects
}

// giveBack reports whether the time since before was quiet, and a collection
// now gives the system enough back.
func giveBack(before, now usage) bool {
	dead := now.objects - min(now.objects, now.alive)
	return now.allocated-before.allocated <= quietMost && dead+now.free >= max(worthIt, now.alive/4)
}

// staySmall returns memory to the system when it has become quiet: Go itself
// keeps as much again as is alive, after thousands of sockets or a sign-in
// (argon2id takes 19 MiB) until it is needed, which may be never. It ends with ctx.
func staySmall(ctx context.Context, look func() usage, collect func()) {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for before := look(); ; {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
		now := look()
		if giveBack(before, now) {
			collect()
			now = look()
		}
		before = now
	}
}

// heapUsage reads the runtime's own counters, which stops nothing.
func heapUsage() usage {
	s := []metrics.Sample{
		{Name: "/gc/heap/allocs:bytes"},
		{Name: "/memory/classes/heap/objects:bytes"},
		{Name: "/gc/heap/live:bytes"},
		{Name: "/memory/classes/heap/free:bytes"},
	}
	metrics.Read(s)
	return usage{s[0].Value.Uint64(), s[1].Value.Uint64(), s[2].Value.Uint64(), s[3].Value.Uint64()}
}
