//go:build explore

package host

import (
	"fmt"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/prim"
)

// The slot that thieves may take, under every schedule: each task is taken exactly
// once, and the owner never waits for a thief.
func TestExploreSlot(t *testing.T) {
	for _, test := range []struct {
		name     string
		strategy explore.Strategy
		thieves  int
	}{{"one thief", explore.Reduced(), 1}, {"two thieves", explore.Bounded(3), 2}} {
		t.Run(test.name, func(t *testing.T) {
			r := explore.Run(func() {
				b := new(book)
				var s slot
				take := func() {
					if task := s.take(); task != nil {
						b.took(task)
					}
				}
				for range test.thieves {
					explore.Go(func() { take(); take() })
				}
				for range 3 { // as Spawn does
					task := b.task()
					take()
					if !s.put(task) {
						b.took(task)
					}
				}
				explore.Wait()
				explore.Peek(take)
				b.check()
			}, test.strategy, explore.Limits{})
			t.Log(r)
			if r.Failure != nil || !r.Complete {
				t.Errorf("%v\n%v", r, r.Failure)
			}
		})
	}
}

// exploredTask is a task of an exploration.
type exploredTask func(Worker)

func (f exploredTask) Run(w Worker) { f(w) }

// exploredHost returns a scheduler, with a manager that conserves work, whose workers are threads of the exploration.
func exploredHost(o Options) *Scheduler {
	s := newScheduler(Config{
		Cores:     2,
		Workers:   2 + o.Spare,
		Idle:      mutexonly.Implementation,
		NewParker: func() impls.Parker { return park.NewFutex() },
		Options:   o,
	})
	for _, w := range s.workers {
		prim.Go(func() { // as work does, but a panic is the exploration's to catch
			w.park()
			for w.core != nil {
				w.step()
			}
		})
	}
	return s
}

// The whole scheduler with the options on: a task from outside spawns others, all of
// them run once, and every worker ends. With a stealable slot the first task waits
// for the one in its slot, which another worker has to run.
func TestExploreOptions(t *testing.T) {
	tokio := Tokio()
	tokio.Pause = PauseNone // time does not pass in an exploration
	tokio.Spare = 0
	spare := tokio
	spare.Spare = 1
	stealable := Options{Pause: PauseNone, Slot: SlotStealable}
	futex := Options{Pause: PauseNone, Lock: impls.FutexMutex}
	for _, o := range []Options{futex, tokio, spare, stealable} {
		t.Run(o.String(), func(t *testing.T) {
			waits := o.Slot == SlotStealable
			program := func() {
				s := exploredHost(o)
				done := prim.MakeChan[int](4)
				child := make([]prim.Bool, 2)
				s.Submit(exploredTask(func(w Worker) {
					for i := range child {
						w.Spawn(exploredTask(func(Worker) {
							child[i].Store(true)
							prim.Send(done, 1)
						}))
					}
					if waits {
						prim.Spin(-1, child[1].Load) // in the slot
					}
					prim.Send(done, 1)
				}))
				for range 3 {
					prim.Recv(done)
				}
				for _, core := range s.idle.Shutdown() {
					s.shutDown(core)
				}
				explore.Wait()
				explore.Peek(func() {
					for i := range s.cores {
						if n := s.cores[i].shutDown.Load(); n != 1 {
							panic(fmt.Sprintf("core %d was shut down %d times", i, n))
						}
					}
				})
			}
			for _, run := range []struct {
				strategy explore.Strategy
				limits   explore.Limits
			}{
				{explore.Bounded(1), explore.Limits{Executions: 5_000}},
				{explore.Random(1), explore.Limits{Executions: 2_000}},
				{explore.PCT(3, 1), explore.Limits{Executions: 2_000}},
			} {
				r := explore.Run(program, run.strategy, run.limits)
				t.Log(r)
				if r.Failure != nil {
					t.Errorf("%v\n%v", r, r.Failure)
				}
			}
		})
	}
}

// While another thread holds the lock, a worker with tasks of its own goes on past a
// maintenance, unless maintenance takes the lock.
func TestExploreMaintenance(t *testing.T) {
	for maintenance, stuck := range map[Maintenance]bool{MaintenanceUnlocked: false, MaintenanceLocked: true} {
		r := explore.Run(func() {
			s := newScheduler(Config{
				Cores: 1, Workers: 1, Idle: mutexonly.Implementation,
				NewParker: func() impls.Parker { return park.NewFutex() },
				Options:   Options{Maintenance: maintenance},
			})
			w := s.workers[0]
			w.core = &impls.Core{}
			explore.Peek(func() {
				for i := range maintenanceInterval {
					s.cores[0].queue.push(number(i))
				}
			})
			s.lock.Lock()
			explore.Go(func() {
				for range maintenanceInterval {
					w.nextTask()
				}
			})
			explore.Wait()
			s.lock.Unlock()
		}, explore.Bounded(0), explore.Limits{})
		if (r.Failure != nil) != stuck {
			t.Errorf("maintenance %d: %v\n%v", maintenance, r, r.Failure)
		}
	}
}
