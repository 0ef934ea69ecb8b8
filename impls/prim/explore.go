//go:build explore

// Package prim, built with the tag explore, passes everything on to package
// explore. See the ordinary build for what it is.
package prim

import (
	"time"

	"github.com/idlebench/idlebench/explore"
)

type (
	Mutex  = explore.Mutex
	Cond   = explore.Cond
	Bool   = explore.Bool
	Int32  = explore.Int32
	Int64  = explore.Int64
	Uint32 = explore.Uint32
	Uint64 = explore.Uint64

	Pointer[T any] = explore.Pointer[T]

	Chan[T any] = *explore.Chan[T]
	Var[T any]  = explore.Var[T]
)

const (
	HasFutex  = explore.HasFutex
	Simulated = false
)

func NewCond(m *Mutex) *Cond { return explore.NewCond(m) }
func Go(f func())            { explore.Go(f) }
func Peek(f func())          { explore.Peek(f) }

func MakeChan[T any](n int) Chan[T]           { return explore.MakeChan[T](n) }
func Send[T any](c Chan[T], v T)              { explore.Send(c, v) }
func TrySend[T any](c Chan[T], v T) bool      { return explore.TrySend(c, v) }
func Recv[T any](c Chan[T]) T                 { return explore.Recv(c) }
func TryRecv[T any](c Chan[T]) (v T, ok bool) { return explore.TryRecv(c) }
func Len[T any](c Chan[T]) int                { return explore.Len(c) }

// Spin looks until it is done if there is no limit; else once or twice, as the
// exploration chooses, since a third look shows nothing new. It yields between two
// looks only: to yield is to wait for another thread's step, and a thread whose time
// is over does not.
func Spin(d time.Duration, done func() bool) bool {
	if d >= 0 {
		return looks(2, done)
	}
	for !done() {
		explore.Yield()
	}
	return true
}

// looks looks once, or up to twice if n allows it.
func looks(n int, done func() bool) bool {
	again := n > 1 && explore.Choose(2) == 1
	if done() {
		return true
	}
	if !again {
		return false
	}
	explore.Yield()
	return done()
}

// SpinTimes looks once or twice, as the exploration chooses: how often it looks in
// an ordinary build is a matter of time.
func SpinTimes(n int, done func() bool) bool { return Spin(0, done) }

// YieldTimes looks once or, unless n is 1, up to twice.
func YieldTimes(n int, done func() bool) bool { return looks(n, done) }

func Now() time.Duration { return 0 }

func FutexWait(word *Uint32, val uint32) { explore.FutexWait(word, val) }
func FutexWake(word *Uint32, n int)      { explore.FutexWake(word, n) }
