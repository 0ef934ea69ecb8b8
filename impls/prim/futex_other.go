//go:build !linux && !explore && !simulate

package prim

import "sync/atomic"

const hasFutex = false

func futexWait(word *atomic.Uint32, val uint32) { panic("prim: no futex on this system") }

func futexWake(word *atomic.Uint32, n int) { panic("prim: no futex on this system") }
