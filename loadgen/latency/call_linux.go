//go:build !simulate

package latency

import (
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// ahead is how far Now is ahead of the kernel's clock, to within the time of a reading.
// It is the same for all threads, so it cancels in differences.
var ahead = Now() - call()

// NowCall is Now with the clock read by a system call, as it is on a machine whose
// clock source the kernel cannot share with programs. On systems other than Linux it
// is Now.
func NowCall() int64 { return call() + ahead }

func call() int64 {
	var ts unix.Timespec
	// It fails for no existing clock.
	syscall.RawSyscall(unix.SYS_CLOCK_GETTIME, unix.CLOCK_MONOTONIC, uintptr(unsafe.Pointer(&ts)), 0)
	return ts.Nano()
}
