//go:build linux && !explore

package prim

import (
	"math"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// HasFutex reports whether the system has futexes.
const HasFutex = true

const (
	futexWaitPrivate = 0 | 128 // FUTEX_WAIT | FUTEX_PRIVATE_FLAG
	futexWakePrivate = 1 | 128 // FUTEX_WAKE | FUTEX_PRIVATE_FLAG
)

// FutexWait blocks while *word is val, until FutexWake; it may also return for
// no reason (a signal, or *word had changed already), so callers loop.
//
// The call is Syscall6, which tells the runtime that the thread blocks. With
// RawSyscall6 the runtime would wait for this thread at the next stop of the
// world, and the garbage collector would hang until the worker is woken.
func FutexWait(word *Uint32, val uint32) {
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

// FutexWake wakes at most n of the threads that wait on word.
func FutexWake(word *Uint32, n int) {
	_, _, errno := unix.Syscall6(unix.SYS_FUTEX, uintptr(unsafe.Pointer(word)),
		futexWakePrivate, uintptr(min(n, math.MaxInt32)), 0, 0, 0)
	if errno != 0 {
		panic("prim: futex wake: " + errno.Error())
	}
	runtime.KeepAlive(word)
}
