package explore

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/idlebench/idlebench/impls/invariants"
)

// randomBlocking is a random program of operations that wait for other
// threads; most such programs deadlock under some schedule.
func randomBlocking(seed uint64, yields bool) func() {
	rng := rand.New(rand.NewPCG(seed, 77))
	threads := 2 + rng.IntN(2)
	plan := make([][]int, threads)
	for i := range plan {
		for range 1 + rng.IntN(6-2*(threads-1)) {
			plan[i] = append(plan[i], rng.IntN(1000))
		}
	}
	return func() {
		var x, y Int32
		var m Mutex
		c := MakeChan[int](1)
		word := new(Uint32)
		cond := NewCond(&m)
		for i, ops := range plan {
			Go(func() {
				for k, o := range ops {
					v := &x
					if o/10%2 == 1 {
						v = &y
					}
					switch o % 10 {
					case 0:
						v.Load()
					case 1:
						v.Store(int32(10*i + k))
					case 2:
						v.Add(1)
					case 3:
						m.Lock()
						if v.Load() == 0 {
							cond.Wait()
						}
						m.Unlock()
					case 4:
						m.Lock()
						v.Store(1)
						m.Unlock()
						cond.Signal()
					case 5:
						m.Lock()
						cond.Broadcast()
						m.Unlock()
					case 6:
						Send(c, i)
					case 7:
						Recv(c)
					case 8:
						FutexWait(word, 0)
					case 9:
						word.Store(1)
						FutexWake(word, 1)
					}
					if yields && o%7 == 0 {
						Yield()
					}
				}
			})
		}
	}
}

// Remembering states and reduction against brute force, for what managers are made
// of: threads that block, yield and deadlock, with each bound. The classes of
// executions, those that deadlock too, are the same.
func TestBlockingAgreesWithBruteForce(t *testing.T) {
	programs := uint64(150)
	if testing.Short() || invariants.Enabled {
		programs = 30
	}
	for _, test := range []struct {
		yields bool
		bound  int
	}{
		{false, 0}, {false, 1}, {false, 2}, {false, 3}, {false, -1},
		{true, 0}, {true, 1}, {true, 2}, {true, 3}, {true, -1},
	} {
		skipped, deadlocks, executions := 0, 0, 0
		for seed := range programs {
			program := randomBlocking(seed, test.yields)
			strategies := []Strategy{brute(test.bound), Bounded(test.bound)}
			if test.bound < 0 && !test.yields {
				strategies = append(strategies, Reduced())
			}
			var want map[string]bool
			for i, s := range strategies {
				c := &classes{s, make(map[string]bool)}
				r := Run(program, c, Limits{Executions: 1000, Known: isDeadlock})
				switch {
				case r.Failure != nil:
					t.Fatalf("program %d: %v", seed, r.Failure)
				case i == 0 && !r.Complete:
					skipped++
				case i == 0:
					want = c.seen
					deadlocks += r.Known
					executions += r.Executions
				case want == nil: // brute force is not feasible
				case !r.Complete:
					t.Errorf("program %d, yields %v, bound %d: %T needs more executions than brute force", seed, test.yields, test.bound, s)
				case !maps.Equal(c.seen, want):
					t.Errorf("program %d, yields %v, bound %d: %T has %d classes, brute force %d", seed, test.yields, test.bound, s, len(c.seen), len(want))
				}
			}
		}
		t.Logf("yields %v, bound %d: %d of %d programs are too large for brute force; %d executions, %d deadlocks",
			test.yields, test.bound, skipped, programs, executions, deadlocks)
		if skipped > int(programs)/3 || deadlocks == 0 {
			t.Errorf("%d of %d programs were left out, and there were %d deadlocks", skipped, programs, deadlocks)
		}
	}
}
