//go:build !explore && !perturb && !simulate

// Package prim is the one door through which idle managers, parkers and the
// shared parts of the host scheduler reach mutexes, condition variables,
// atomics, channels, futexes and threads.
//
// In an ordinary build the names are aliases of sync, sync/atomic and chan, so
// that the code that is benchmarked is the code that would have been written
// without the door; TestOneDoorCostsNothing compares the instructions. With the
// build tag explore the same names stand for operations of a controlled
// scheduler, and the very same source can be run through every interleaving.
// With the tag simulate they are operations on a simulated machine, and the same
// source runs on cores that need not exist. With the tag perturb they are those of
// the ordinary build with a pause before each, now and then, which brings about
// interleavings on real threads that are rare otherwise.
//
// Only what has to be explored or simulated uses it: idle managers, parkers, the
// host and the workloads. Metrics and the command line are outside: no schedule
// depends on them.
package prim

import (
	"sync"
	"sync/atomic"
)

type (
	// Mutex is sync.Mutex.
	Mutex = sync.Mutex
	// Cond is sync.Cond; make one with NewCond.
	Cond = sync.Cond
	// Bool is atomic.Bool.
	Bool = atomic.Bool
	// Int32 is atomic.Int32.
	Int32 = atomic.Int32
	// Int64 is atomic.Int64.
	Int64 = atomic.Int64
	// Uint32 is atomic.Uint32.
	Uint32 = atomic.Uint32
	// Uint64 is atomic.Uint64.
	Uint64 = atomic.Uint64
	// Pointer is atomic.Pointer.
	Pointer[T any] = atomic.Pointer[T]
)

// NewCond returns a condition variable on m.
func NewCond(m *Mutex) *Cond { return sync.NewCond(m) }

// Go starts f on a goroutine of its own.
func Go(f func()) { go f() }

// Simulated reports whether operations are those of a simulated machine.
const Simulated = false

// HasFutex reports whether the system has futexes.
const HasFutex = hasFutex

// FutexWait blocks while *word is val, until FutexWake; it may also return for
// no reason (a signal, or *word had changed already), so callers loop. It panics
// on a system without futexes.
func FutexWait(word *Uint32, val uint32) { futexWait(word, val) }

// FutexWake wakes at most n of the threads that wait on word. It panics on a
// system without futexes.
func FutexWake(word *Uint32, n int) { futexWake(word, n) }

// Peek calls f, which may read atomics to check assertions. In an exploration
// these reads are no steps of the program.
func Peek(f func()) { f() }
