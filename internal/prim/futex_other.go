//go:build !linux && !explore

package prim

// HasFutex reports whether the system has futexes.
const HasFutex = false

// FutexWait panics: see HasFutex.
func FutexWait(word *Uint32, val uint32) { panic("prim: no futex on this system") }

// FutexWake panics: see HasFutex.
func FutexWake(word *Uint32, n int) { panic("prim: no futex on this system") }
