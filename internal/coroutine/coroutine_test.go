package coroutine_test

import (
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/internal/coroutine"
)

// Coroutines hand over at random, so that they sit in each other's seats, and are
// released wherever they are.
func TestHandOver(t *testing.T) {
	before := runtime.NumGoroutine()
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 0))
		var g coroutine.Group
		all := make([]coroutine.Coroutine, 1+r.IntN(8))
		left, unwound := r.IntN(100), 0
		turns := make([]int, len(all))
		running := -1
		next := func() *coroutine.Coroutine {
			if left--; left < 0 {
				return g.Main()
			}
			running = r.IntN(len(all))
			return &all[running]
		}
		for i := range all {
			g.Create(&all[i], func() *coroutine.Coroutine {
				defer func() { unwound++ }()
				for {
					if running != i {
						t.Errorf("seed %d: %d runs instead of %d", seed, i, running)
					}
					turns[i]++
					if to := next(); to != &all[i] {
						all[i].HandOver(to)
					}
				}
			})
		}
		if to := next(); to != g.Main() {
			g.Main().HandOver(to)
		}
		g.Release()
		started := len(all) - len(slices.DeleteFunc(turns, func(n int) bool { return n > 0 }))
		if unwound != started {
			t.Errorf("seed %d: %d coroutines started and %d were unwound", seed, started, unwound)
		}
	}
	if after := runtime.NumGoroutine(); after > before {
		t.Errorf("%d goroutines are left, from %d", after, before)
	}
}

// A coroutine that ends names the one that goes on.
func TestEnd(t *testing.T) {
	var g coroutine.Group
	var a, b coroutine.Coroutine
	var order []string
	g.Create(&a, func() *coroutine.Coroutine { order = append(order, "a"); return &b })
	g.Create(&b, func() *coroutine.Coroutine { order = append(order, "b"); return g.Main() })
	g.Main().HandOver(&a)
	g.Release()
	if !slices.Equal(order, []string{"a", "b"}) {
		t.Errorf("order is %q", order)
	}
}

func BenchmarkHandOver(b *testing.B) {
	var g coroutine.Group
	var c coroutine.Coroutine
	g.Create(&c, func() *coroutine.Coroutine {
		for {
			c.HandOver(g.Main())
		}
	})
	for b.Loop() {
		g.Main().HandOver(&c)
	}
	g.Release()
}
