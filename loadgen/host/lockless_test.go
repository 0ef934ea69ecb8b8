package host

import (
	"sync"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"
)

func TestLocklessModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newLockless(rapid.IntRange(1, 20).Draw(t, "size"))
		var model []Task
		pushed := 0
		t.Repeat(map[string]func(*rapid.T){
			"publish": func(t *rapid.T) {
				batch := make([]Task, rapid.IntRange(1, 100).Draw(t, "n"))
				for i := range batch {
					batch[i] = number(pushed)
					pushed++
				}
				if !q.publish(batch...) {
					t.Fatal("an open queue refuses tasks")
				}
				model = append(model, batch...)
			},
			"take": func(t *rapid.T) {
				for range rapid.IntRange(1, 100).Draw(t, "n") {
					got := q.take()
					if len(model) == 0 {
						if got != nil {
							t.Fatalf("took %v from an empty queue", got)
						}
						return
					}
					if got != model[0] {
						t.Fatalf("took %v, want %v", got, model[0])
					}
					model = model[1:]
				}
			},
			"": func(t *rapid.T) {
				if q.len() != len(model) {
					t.Fatalf("len %d, want %d", q.len(), len(model))
				}
			},
		})
		q.close()
		if q.publish(number(0)) || q.len() != len(model) || !q.quiet() {
			t.Fatal("a closed queue takes a task, or is not quiet")
		}
	})
}

// Publishers and takers on real threads: each task is taken once.
func TestLocklessStress(t *testing.T) {
	const publishers, takers, each = 4, 4, 20_000
	q := newLockless(7)
	var taken [publishers * each]atomic.Int32
	var left atomic.Int64
	left.Store(publishers * each)
	var wg sync.WaitGroup
	for p := range publishers {
		wg.Go(func() {
			for i := 0; i < each; {
				n := min(1+i%5, each-i)
				batch := make([]Task, n)
				for k := range batch {
					batch[k] = number(p*each + i + k)
				}
				q.publish(batch...)
				i += n
			}
		})
	}
	for range takers {
		wg.Go(func() {
			for left.Load() > 0 {
				if task := q.take(); task != nil {
					taken[task.(number)].Add(1)
					left.Add(-1)
				}
			}
		})
	}
	wg.Wait()
	for i := range taken {
		if n := taken[i].Load(); n != 1 {
			t.Fatalf("task %d was taken %d times", i, n)
		}
	}
	if q.len() != 0 {
		t.Errorf("%d tasks are counted in an empty queue", q.len())
	}
}
