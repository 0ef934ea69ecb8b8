package loadgen

import (
	"time"

	"golang.org/x/sys/unix"
)

// sleep blocks the calling thread in the kernel. Go's own timers would be
// another thread's work, which would count as the pool's.
func sleep(d time.Duration) {
	left := unix.NsecToTimespec(int64(d))
	for unix.Nanosleep(&left, &left) == unix.EINTR {
	}
}
