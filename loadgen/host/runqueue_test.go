package host

import (
	"sync"
	"testing"

	"pgregory.net/rapid"
)

type number int

func (number) Run(Worker) {}

// One owner and several thieves take each task once, and each of them takes
// tasks in the order in which they were pushed.
func TestRunQueueConcurrently(t *testing.T) {
	const tasks, thieves = 20_000, 3
	var q runQueue
	taken := make([][]Task, thieves+1)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for thief := range thieves {
		wg.Go(func() {
			var own runQueue
			for {
				task, n := q.stealInto(&own)
				if n == 0 {
					select {
					case <-done:
						return
					default:
						continue
					}
				}
				for range n - 1 {
					taken[thief] = append(taken[thief], own.pop())
				}
				taken[thief] = append(taken[thief], task)
			}
		})
	}
	for i := 0; i < tasks; {
		if q.room() > 0 {
			q.push(number(i))
			i++
		} else if task := q.pop(); task != nil {
			taken[thieves] = append(taken[thieves], task)
		}
	}
	for task := q.pop(); task != nil; task = q.pop() {
		taken[thieves] = append(taken[thieves], task)
	}
	close(done)
	wg.Wait()

	seen := make([]bool, tasks)
	for who, list := range taken {
		last := number(-1)
		for _, task := range list {
			n := task.(number)
			if seen[n] {
				t.Fatalf("task %d was taken twice", n)
			}
			seen[n] = true
			if n <= last {
				t.Fatalf("%d took task %d after task %d", who, n, last)
			}
			last = n
		}
	}
	for n, ok := range seen {
		if !ok {
			t.Fatalf("task %d was lost", n)
		}
	}
}

// Without concurrency a run queue is a list, from which stealing takes the first
// half.
func TestRunQueueModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q runQueue
		start := rapid.Uint32().Draw(t, "start") // positions wrap
		q.head.Store(pack(start, start))
		q.tail.Store(start)
		var model []Task
		take := func(got Task) {
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
		pushed := 0
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				for range rapid.IntRange(1, 200).Draw(t, "n") {
					if q.room() == 0 {
						break
					}
					q.push(number(pushed))
					model = append(model, number(pushed))
					pushed++
				}
			},
			"pop": func(*rapid.T) { take(q.pop()) },
			"steal": func(*rapid.T) {
				var dst runQueue
				last, n := q.stealInto(&dst)
				if want := len(model) - len(model)/2; n != want {
					t.Fatalf("stole %d of %d, want %d", n, len(model), want)
				}
				for range n - 1 {
					take(dst.pop())
				}
				if n > 0 {
					take(last)
				}
			},
			"claimHalf": func(*rapid.T) {
				first, ok := q.claimHalf()
				if ok != (len(model) == runQueueCap) {
					t.Fatalf("claimed half: %v, of %d tasks", ok, len(model))
				}
				for i := range uint32(runQueueCap / 2) {
					if !ok {
						break
					}
					take(q.slot(first + i).Get())
				}
			},
			"": func(t *rapid.T) {
				if q.len() != len(model) || q.room() != runQueueCap-len(model) {
					t.Fatalf("len %d, room %d for %d tasks", q.len(), q.room(), len(model))
				}
			},
		})
	})
}

func TestInjectionModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		q := newInjection()
		run := new(runQueue)
		var model []Task
		pushed := 0
		next := func() Task {
			pushed++
			model = append(model, number(pushed))
			return number(pushed)
		}
		take := func(got Task) {
			if got != model[0] {
				t.Fatalf("popped %v, want %v", got, model[0])
			}
			model = model[1:]
		}
		t.Repeat(map[string]func(*rapid.T){
			"push": func(t *rapid.T) {
				for range rapid.IntRange(1, 3000).Draw(t, "n") {
					q.push(next())
				}
			},
			"push a batch": func(t *rapid.T) {
				batch := make([]Task, rapid.IntRange(0, 3000).Draw(t, "n"))
				for i := range batch {
					batch[i] = next()
				}
				q.push(batch...)
			},
			"overflow": func(t *rapid.T) {
				var full runQueue
				for range runQueueCap {
					full.push(number(0))
				}
				first, _ := full.claimHalf()
				n := rapid.IntRange(0, runQueueCap/2).Draw(t, "n")
				for i := range n {
					full.slot(first + uint32(i)).Set(next())
				}
				q.pushFrom(&full, first, n, next())
			},
			"pop": func(t *rapid.T) {
				for range rapid.IntRange(0, len(model)).Draw(t, "n") {
					take(q.pop(nil, 0))
				}
			},
			"pop a batch": func(t *rapid.T) {
				if len(model) == 0 {
					return
				}
				n := rapid.IntRange(0, min(len(model)-1, runQueueCap)).Draw(t, "n")
				take(q.pop(run, n))
				if run.len() != n {
					t.Fatalf("%d tasks moved, want %d", run.len(), n)
				}
				for task := run.pop(); task != nil; task = run.pop() {
					take(task)
				}
			},
			"": func(t *rapid.T) {
				if q.len() != len(model) {
					t.Fatalf("len %d, want %d", q.len(), len(model))
				}
			},
		})
	})
}
