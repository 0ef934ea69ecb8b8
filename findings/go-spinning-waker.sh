#!/bin/sh
# Go 1.26.8 on Linux: a goroutine that is readied by a goroutine that goes on spinning
# runs far later than one that is readied by a goroutine that blocks next.
#
# Good guess: the same. In both cases there is an idle P, and ready() wakes a thread
# for it at once.
# Behaviour: the woken goroutine is the next of the waker's P. If the waker blocks, its
# own thread goes on with it. If it spins, the other thread has to steal it, and before
# it takes the next goroutine of a running P it sleeps for 3 µs, which the default timer
# slack of 50 µs makes some 55 (runqgrab in runtime/proc.go).
# Who meets it: whoever benchmarks wake-ups with a loop that waits by looking; programs
# with a poll-mode thread in front of a pool.
# Output seen (2 vCPUs, AMD EPYC, KVM, Linux 6.18): spin 70 to 97 µs, block 11 to 16 µs.
# It fails if a spinning waker is less than twice as slow as a blocking one.
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

func median(spin bool) time.Duration {
	tasks, ran := make(chan time.Time), make(chan time.Duration, 1)
	defer close(tasks)
	go func() {
		for sent := range tasks {
			ran <- time.Since(sent)
		}
	}()
	var all []time.Duration
	for range 2000 {
		for end := time.Now().Add(200 * time.Microsecond); time.Now().Before(end); {
		}
		tasks <- time.Now()
		for spin && len(ran) == 0 {
		}
		all = append(all, <-ran)
	}
	slices.Sort(all)
	return all[len(all)/2]
}

func main() {
	if runtime.NumCPU() < 2 {
		fmt.Println("needs two CPUs: not checked")
		return
	}
	runtime.GOMAXPROCS(2)
	spin, block := median(true), median(false)
	fmt.Printf("%s: median wake, waker spins %v, waker blocks %v\n", runtime.Version(), spin, block)
	if spin < 2*block {
		fmt.Println("changed: a spinning waker is no longer much slower")
		os.Exit(1)
	}
}
GO
go run .
