package main

import (
	"bufio"
	"os"
	"runtime/debug"
	"strconv"
	"strings"
	"syscall"
)

// giveBack returns what only the start needed: the heap's free pages, and the
// pages of the program's own file that setting up touched (a third of them are
// never looked at again). They are clean copies of the file and come back by
// themselves when they are wanted.
func giveBack() {
	debug.FreeOSMemory()
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		return
	}
	maps, err := os.Open("/proc/self/maps")
	if err != nil {
		return
	}
	defer maps.Close()
	for lines := bufio.NewScanner(maps); lines.Scan(); {
		f := strings.Fields(lines.Text())
		// Code only: a mapping that is writable, or was while the program was
		// linked (the tables of addresses, read-only since), holds what stands nowhere else.
		if len(f) < 6 || f[5] != exe || f[1] != "r-xp" {
			continue
		}
		from, to, _ := strings.Cut(f[0], "-")
		a, err1 := strconv.ParseUint(from, 16, 64)
		z, err2 := strconv.ParseUint(to, 16, 64)
		if err1 != nil || err2 != nil || z <= a {
			continue
		}
		_, _, _ = syscall.Syscall(syscall.SYS_MADVISE, uintptr(a), uintptr(z-a), syscall.MADV_DONTNEED)
	}
}
