//go:build perturb && !explore && !simulate

// Package prim, built with the tag perturb, is the ordinary build with a pause
// before each operation, now and then. See the ordinary build for what it is,
// and pause.go for the pauses.
package prim

import (
	"sync"
	"sync/atomic"
)

type (
	Mutex  struct{ m sync.Mutex }
	Cond   struct{ c *sync.Cond }
	Bool   struct{ v atomic.Bool }
	Int32  struct{ v atomic.Int32 }
	Int64  struct{ v atomic.Int64 }
	Uint32 struct{ v atomic.Uint32 }
	Uint64 struct{ v atomic.Uint64 }

	Pointer[T any] struct{ v atomic.Pointer[T] }

	Chan[T any] = chan T
	Var[T any]  struct{ v T }
)

func (m *Mutex) Lock()         { pause(); m.m.Lock() }
func (m *Mutex) TryLock() bool { pause(); return m.m.TryLock() }
func (m *Mutex) Unlock()       { pause(); m.m.Unlock() }

// NewCond returns a condition variable that locks and unlocks m with pauses.
func NewCond(m *Mutex) *Cond { return &Cond{sync.NewCond(m)} }
func (c *Cond) Wait()        { pause(); c.c.Wait() }
func (c *Cond) Signal()      { pause(); c.c.Signal() }
func (c *Cond) Broadcast()   { pause(); c.c.Broadcast() }

func (x *Bool) Load() bool                      { pause(); return x.v.Load() }
func (x *Bool) Store(v bool)                    { pause(); x.v.Store(v) }
func (x *Bool) Swap(v bool) bool                { pause(); return x.v.Swap(v) }
func (x *Bool) CompareAndSwap(old, v bool) bool { pause(); return x.v.CompareAndSwap(old, v) }

func (x *Int32) Load() int32                      { pause(); return x.v.Load() }
func (x *Int32) Store(v int32)                    { pause(); x.v.Store(v) }
func (x *Int32) Add(d int32) int32                { pause(); return x.v.Add(d) }
func (x *Int32) Swap(v int32) int32               { pause(); return x.v.Swap(v) }
func (x *Int32) CompareAndSwap(old, v int32) bool { pause(); return x.v.CompareAndSwap(old, v) }

func (x *Int64) Load() int64                      { pause(); return x.v.Load() }
func (x *Int64) Store(v int64)                    { pause(); x.v.Store(v) }
func (x *Int64) Add(d int64) int64                { pause(); return x.v.Add(d) }
func (x *Int64) Swap(v int64) int64               { pause(); return x.v.Swap(v) }
func (x *Int64) CompareAndSwap(old, v int64) bool { pause(); return x.v.CompareAndSwap(old, v) }

func (x *Uint32) Load() uint32                      { pause(); return x.v.Load() }
func (x *Uint32) Store(v uint32)                    { pause(); x.v.Store(v) }
func (x *Uint32) Add(d uint32) uint32               { pause(); return x.v.Add(d) }
func (x *Uint32) Swap(v uint32) uint32              { pause(); return x.v.Swap(v) }
func (x *Uint32) CompareAndSwap(old, v uint32) bool { pause(); return x.v.CompareAndSwap(old, v) }

func (x *Uint64) Load() uint64                      { pause(); return x.v.Load() }
func (x *Uint64) Store(v uint64)                    { pause(); x.v.Store(v) }
func (x *Uint64) Add(d uint64) uint64               { pause(); return x.v.Add(d) }
func (x *Uint64) Swap(v uint64) uint64              { pause(); return x.v.Swap(v) }
func (x *Uint64) CompareAndSwap(old, v uint64) bool { pause(); return x.v.CompareAndSwap(old, v) }
func (x *Uint64) And(mask uint64) uint64            { pause(); return x.v.And(mask) }
func (x *Uint64) Or(mask uint64) uint64             { pause(); return x.v.Or(mask) }

func (x *Pointer[T]) Load() *T                      { pause(); return x.v.Load() }
func (x *Pointer[T]) Store(v *T)                    { pause(); x.v.Store(v) }
func (x *Pointer[T]) Swap(v *T) *T                  { pause(); return x.v.Swap(v) }
func (x *Pointer[T]) CompareAndSwap(old, v *T) bool { pause(); return x.v.CompareAndSwap(old, v) }

func (v *Var[T]) Get() T   { pause(); return v.v }
func (v *Var[T]) Set(to T) { pause(); v.v = to }

func MakeChan[T any](n int) Chan[T] { return make(chan T, n) }
func Send[T any](c Chan[T], v T)    { pause(); c <- v }
func Recv[T any](c Chan[T]) T       { pause(); return <-c }
func Len[T any](c Chan[T]) int      { pause(); return len(c) }

func TrySend[T any](c Chan[T], v T) bool {
	pause()
	select {
	case c <- v:
		return true
	default:
		return false
	}
}

func TryRecv[T any](c Chan[T]) (v T, ok bool) {
	pause()
	select {
	case v, ok = <-c:
		return v, ok
	default:
		return v, false
	}
}

const (
	HasFutex  = hasFutex
	Simulated = false
)

func FutexWait(word *Uint32, val uint32) { pause(); futexWait(&word.v, val) }
func FutexWake(word *Uint32, n int)      { pause(); futexWake(&word.v, n) }

func Go(f func()) { pause(); go f() }
