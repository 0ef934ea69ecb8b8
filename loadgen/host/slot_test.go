package host

import (
	"sync"
	"testing"
)

// One owner and several thieves take each task once.
func TestSlotConcurrently(t *testing.T) {
	const tasks, thieves = 20_000, 3
	var s slot
	taken := make([][]Task, thieves+1)
	var wg sync.WaitGroup
	done := make(chan struct{})
	for thief := range thieves {
		wg.Go(func() {
			for {
				if task := s.take(); task != nil {
					taken[thief] = append(taken[thief], task)
					continue
				}
				select {
				case <-done:
					return
				default:
				}
			}
		})
	}
	own := &taken[thieves]
	for i := range tasks {
		if task := s.take(); task != nil {
			*own = append(*own, task)
		}
		if !s.put(number(i)) {
			*own = append(*own, number(i))
		}
	}
	if task := s.take(); task != nil {
		*own = append(*own, task)
	}
	close(done)
	wg.Wait()
	seen := make([]bool, tasks)
	for _, list := range taken {
		for _, task := range list {
			if n := task.(number); seen[n] {
				t.Fatalf("task %d was taken twice", n)
			} else {
				seen[n] = true
			}
		}
	}
	for n, ok := range seen {
		if !ok {
			t.Fatalf("task %d was lost", n)
		}
	}
}
