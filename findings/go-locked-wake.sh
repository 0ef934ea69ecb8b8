#!/bin/sh
# Go 1.26.8: to wake a goroutine that is locked to its thread takes more context switches
# than to wake an ordinary one, since the wake goes through a third thread.
#
# Good guess: LockOSThread costs nothing at a wake, or is quicker, since the thread is there.
# Behaviour: the thread that finds the goroutine runnable cannot run it. It gives its P to
# the locked thread, wakes that, and goes to sleep itself. When the goroutine blocks, its
# thread has to give the P to another thread in turn.
# Who meets it: pools that pin their workers (LockOSThread and sched_setaffinity) and keep
# sync.Cond or channels for sleeping.
# Output seen (2 vCPUs, KVM, Linux 6.18): voluntary switches per wake, ordinary 1.7, locked 3.2.
# It fails if a locked worker takes less than half a switch per wake more.
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
	"syscall"
	"time"
)

func switches() int64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return int64(r.Nvcsw)
}

func perWake(locked bool) float64 {
	const wakes = 2000
	tasks, ran := make(chan bool), make(chan bool, 1)
	defer close(tasks)
	go func() {
		if locked {
			runtime.LockOSThread()
		}
		for range tasks {
			ran <- true
		}
	}()
	before := switches()
	for range wakes {
		for end := time.Now().Add(200 * time.Microsecond); time.Now().Before(end); {
		}
		tasks <- true
		<-ran
	}
	return float64(switches()-before) / wakes
}

func main() {
	if runtime.NumCPU() < 2 {
		fmt.Println("needs two CPUs: not checked")
		return
	}
	ordinary, locked := perWake(false), perWake(true)
	fmt.Printf("%s: voluntary switches per wake: ordinary %.1f, locked %.1f\n", runtime.Version(), ordinary, locked)
	if locked < ordinary+0.5 {
		fmt.Println("changed: a locked goroutine is no longer dearer to wake")
		os.Exit(1)
	}
}
GO
go run .
