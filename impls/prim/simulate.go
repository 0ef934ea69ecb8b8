//go:build simulate && !explore

// Package prim, built with the tag simulate, passes everything on to package
// simulate. See the ordinary build for what it is.
package prim

import (
	"time"

	"github.com/idlebench/idlebench/simulate"
)

type (
	Mutex  = simulate.Mutex
	Cond   = simulate.Cond
	Bool   = simulate.Bool
	Int32  = simulate.Int32
	Int64  = simulate.Int64
	Uint32 = simulate.Uint32
	Uint64 = simulate.Uint64

	Pointer[T any] = simulate.Pointer[T]

	Chan[T any] = *simulate.Chan[T]
	Var[T any]  = simulate.Var[T]
)

const (
	HasFutex  = simulate.HasFutex
	Simulated = true
)

func NewCond(m *Mutex) *Cond { return simulate.NewCond(m) }
func Go(f func())            { simulate.Go(f) }
func Peek(f func())          { simulate.Peek(f) }

func MakeChan[T any](n int) Chan[T]           { return simulate.MakeChan[T](n) }
func Send[T any](c Chan[T], v T)              { simulate.Send(c, v) }
func TrySend[T any](c Chan[T], v T) bool      { return simulate.TrySend(c, v) }
func Recv[T any](c Chan[T]) T                 { return simulate.Recv(c) }
func TryRecv[T any](c Chan[T]) (v T, ok bool) { return simulate.TryRecv(c) }
func Len[T any](c Chan[T]) int                { return simulate.Len(c) }

func Spin(d time.Duration, done func() bool) bool {
	if d < 0 {
		return simulate.Spin(-1, done)
	}
	return simulate.Spin(simulate.FromDuration(d), done)
}

func SpinTimes(n int, done func() bool) bool { return simulate.SpinTimes(n, done) }

func YieldTimes(n int, done func() bool) bool { return simulate.YieldTimes(n, done) }

func Now() time.Duration { return simulate.Now().Duration() }

func FutexWait(word *Uint32, val uint32) { simulate.FutexWait(word, val) }
func FutexWake(word *Uint32, n int)      { simulate.FutexWake(word, n) }
