//go:build !simulate

package workload

import (
	"runtime"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

func lockThread()   { runtime.LockOSThread() }
func unlockThread() { runtime.UnlockOSThread() }

// yield lets other goroutines run.
func yield() { runtime.Gosched() }

// threadTime returns the CPU time of the calling thread in nanoseconds, 0 where it is
// unknown; then no cost is reported either.
func threadTime() int64 {
	u, _ := cpu.ThreadUsage()
	return int64(u.CPU)
}

// threadID tells threads apart.
func threadID() int64 { return int64(cpu.ThreadID()) }
