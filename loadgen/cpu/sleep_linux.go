//go:build !simulate

package cpu

import (
	"time"

	"golang.org/x/sys/unix"
)

// Sleep blocks the calling thread in the kernel for at least d. One of Go's own timers
// would need another thread, whose work would count as the pool's.
func Sleep(d time.Duration) {
	left := unix.NsecToTimespec(int64(d))
	for unix.Nanosleep(&left, &left) == unix.EINTR {
	}
}
