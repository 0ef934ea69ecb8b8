//go:build linux && !explore && !simulate

package prim

import (
	"math"
	"runtime"
	"sync/atomic"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

const hasFutex = true

const (
	futexWaitPrivate = 0 | 128 // FUTEX_WAIT | FUTEX_PRIVATE_FLAG
	futexWakePrivate = 1 | 128 // FUTEX_WAKE | FUTEX_PRIVATE_FLAG
)

// futexWait is FutexWait.
//
// The call is Syscall6, which tells the runtime that the thread blocks. With
// RawSyscall6 the runtime would wait for this thread at the next stop of the
// world, and the garbage collector would hang until the worker is woken.
func futexWait(word *atomic.Uint32, val uint32) {
	_, _, errno := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)),
		futexWaitPrivate, uintptr(val), 0, 0, 0)
	switch errno {
	case 0, syscall.EAGAIN, syscall.EINTR:
	default:
		// EFAULT, EINVAL, ENOSYS: none can happen to a live, aligned word
		// on a system that has futexes.
		panic("prim: futex wait: " + errno.Error())
	}
	runtime.KeepAlive(word)
}

// futexWake is FutexWake.
func futexWake(word *atomic.Uint32, n int) {
	_, _, errno := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)),
		futexWakePrivate, uintptr(min(n, math.MaxInt32)), 0, 0, 0)
	if errno != 0 {
		panic("prim: futex wake: " + errno.Error())
	}
	runtime.KeepAlive(word)
}
