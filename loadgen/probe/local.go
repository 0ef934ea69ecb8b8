package probe

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A batch takes some 10 to 100 µs: much longer than the reading of the clock, shorter
// than the time between two interrupts.
const (
	each = 4096
	many = 65536 // of the operations that take a nanosecond
)

// alone measures batches on one pinned thread.
func alone(ctx context.Context, c int, length time.Duration, into *Figure, batch func() float64, figure func([]float64) Figure) error {
	return together([]int{c}, func() { *into = repeat(ctx, length, batch, figure) })
}

// sink keeps loads from being removed.
var sink atomic.Uint64

func loads() float64 {
	var word atomic.Uint64
	var sum uint64
	t := timed(many, func() {
		for range many / 8 { // so that the loop itself hardly counts
			sum += word.Load() + word.Load() + word.Load() + word.Load()
			sum += word.Load() + word.Load() + word.Load() + word.Load()
		}
	})
	sink.Store(sum)
	return t
}

func stores() float64 {
	word := new(atomic.Uint64)
	return timed(many, func() {
		for i := range uint64(many) {
			word.Store(i)
		}
	})
}

func adds() float64 {
	word := new(atomic.Uint64)
	return timed(many, func() {
		for range many {
			word.Add(1)
		}
	})
}

func looks() float64 {
	var word atomic.Bool
	never := word.Load
	return timed(each, func() { prim.SpinTimes(each, never) })
}

func clocks() float64 {
	return timed(each, func() {
		for range each {
			latency.Now()
		}
	})
}

func syscalls() float64 {
	return timed(each, func() {
		for range each {
			nothing()
		}
	})
}

// lateSleep is the sleep whose end is observed.
const lateSleep = 200 * time.Microsecond

func late() float64 {
	const sleeps = 10
	times := make([]float64, sleeps)
	for i := range times {
		start := latency.Now()
		cpu.Sleep(lateSleep)
		times[i] = float64(latency.Now() - start - int64(lateSleep))
	}
	return medianOf(times)
}

// chain is memory larger than the caches, in which each line says which is next, in
// random order.
type chain []struct {
	next uint32
	_    [60]byte
}

// newChain links all lines into one cycle (Sattolo's algorithm), so that no short one is
// caught in a cache.
func newChain(lines int) chain {
	c := make(chain, lines)
	for i := range c {
		c[i].next = uint32(i)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for i := lines - 1; i > 0; i-- {
		j := random.IntN(i)
		c[i].next, c[j].next = c[j].next, c[i].next
	}
	return c
}

// follow follows the chain, and returns the time of a step.
func (c chain) follow(at *uint32) float64 {
	return timed(each, func() {
		i := *at
		for range each {
			i = c[i].next
		}
		*at = i
	})
}
