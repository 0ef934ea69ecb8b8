#!/bin/sh
# Go 1.26.8 on Linux: while a thread sleeps in a system call, over and over, the runtime's monitor
# thread wakes thousands of times a second, and on any CPU: also on one that is idle.
#
# Good guess: a program that only sleeps leaves its CPUs idle. The monitor (sysmon) begins
# with sleeps of 20 us, doubles them after 50 in vain and stops at 10 ms, so one or two
# hundred wakes a second are left.
# Behaviour: a system call that lasts has its P taken away, and that counts as work done, so the
# monitor begins again at 20 us after each. A thread that sleeps for 1 ms at a time by
# RawSyscall, which the runtime does not notice, has just these.
# Who meets it: who measures what waking an idle CPU costs, from Go. Where the monitor ran on the
# CPU of the sleeper, it was never idle for as long as the sleep; on a virtual machine, wake-ups
# after 200 us took 28 us instead of 44, and 56 instead of 43 after 150 us, in step with the
# monitor. Keep the runtime's threads off that CPU, with an affinity.
# Output seen (2 vCPUs, Intel, KVM, Linux 6.18): 208 and 226 times a second, 2710 and 2700
# where the runtime notices.
# It fails if the ratio of the two rates is below 5. Needs go and a machine with 2 CPUs.
set -eu
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$tmp"
cat > go.mod << 'END'
module monitor

go 1.26.0
toolchain go1.26.8
END
cat > main.go << 'END'
package main

import (
	"fmt"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"
	"unsafe"
)

// sleeps returns how often each thread has given up a CPU, by its number.
func sleeps() map[string]int {
	all := map[string]int{}
	threads, err := os.ReadDir("/proc/self/task")
	if err != nil {
		panic(err)
	}
	for _, t := range threads {
		status, _ := os.ReadFile("/proc/self/task/" + t.Name() + "/status")
		for line := range strings.Lines(string(status)) {
			if n, ok := strings.CutPrefix(line, "voluntary_ctxt_switches:"); ok {
				all[t.Name()], _ = strconv.Atoi(strings.TrimSpace(n))
			}
		}
	}
	return all
}

// others returns how often a second threads slept besides the one that slept 1 ms at a time.
func others(call func(trap, a, b, c uintptr) (uintptr, uintptr, syscall.Errno)) float64 {
	time.Sleep(time.Second) // what the last test stirred up is over
	own := strconv.Itoa(syscall.Gettid())
	before, start := sleeps(), time.Now()
	for time.Since(start) < 2*time.Second {
		ms := syscall.NsecToTimespec(1e6)
		call(syscall.SYS_NANOSLEEP, uintptr(unsafe.Pointer(&ms)), 0, 0)
	}
	took, sum := time.Since(start).Seconds(), 0
	for id, n := range sleeps() {
		if id != own {
			sum += n - before[id]
		}
	}
	return float64(sum) / took
}

func main() {
	runtime.LockOSThread()
	raw, noticed := others(syscall.RawSyscall), others(syscall.Syscall)
	fmt.Printf("other threads sleep %.0f times a second; %.0f where the runtime notices the system calls\n", raw, noticed)
	if noticed < 5*raw {
		os.Exit(1)
	}
}
END
go run .
