//go:build simulate

package workload

import (
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A simulated thread is no thread of the system's. What it costs is known without
// asking the kernel.

func lockThread()       {}
func unlockThread()     {}
func threadTime() int64 { return 0 }
func threadID() int64   { return 0 }
func yield()            { cpu.Yield() }

// A pollTimer blocks a thread for a given time.
type pollTimer struct{}

func newPollTimer() *pollTimer { return new(pollTimer) }

func (*pollTimer) wait(ns int64) { cpu.Sleep(time.Duration(ns)) }
