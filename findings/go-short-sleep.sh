#!/bin/sh
# Go 1.26.8 on Linux: time.Sleep(200 µs) lasts more than a millisecond when nothing else
# runs in the program, and keeps to its time when something does.
#
# Good guess: some 60 µs too long, the kernel's timer slack.
# Behaviour: a thread without work waits for the next timer in epoll_wait, whose time is
# in whole milliseconds, and a shorter one is rounded up. While another thread of the
# process spins or looks for work, it sees the timer sooner.
# Who meets it: load generators that pace themselves with time.Sleep or a ticker; pools
# that poll at short intervals when idle.
# Output seen (2 vCPUs, AMD EPYC, KVM, Linux 6.18): alone 1.10 ms.
# It fails if the median is less than 900 µs.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod <<'MOD'
module finding
go 1.26.0
toolchain go1.26.8
MOD
cat > main.go <<'GO'
package main

import (
	"fmt"
	"os"
	"runtime"
	"slices"
	"time"
)

func main() {
	var all []time.Duration
	for range 500 {
		start := time.Now()
		time.Sleep(200 * time.Microsecond)
		all = append(all, time.Since(start))
	}
	slices.Sort(all)
	median := all[len(all)/2]
	fmt.Printf("%s on %s: time.Sleep(200 µs) lasts %v in the median\n", runtime.Version(), runtime.GOOS, median)
	if runtime.GOOS == "linux" && median < 900*time.Microsecond {
		fmt.Println("changed: short sleeps are no longer rounded up to a millisecond")
		os.Exit(1)
	}
}
GO
go run .
