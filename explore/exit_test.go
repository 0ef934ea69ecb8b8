package explore

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// A runtime.Goexit of a thread, as by testing.T.FailNow, ends the goroutine that
// called Run, and leaves nothing behind.
func TestGoexit(t *testing.T) {
	for name, program := range map[string]func(){
		"at once":      runtime.Goexit,
		"after a step": func() { new(Int32).Load(); runtime.Goexit() },
		"of a thread that has taken no step": func() {
			Go(runtime.Goexit)
		},
		"of a thread among others": func() {
			var m Mutex
			for i := range 3 {
				Go(func() {
					m.Lock()
					defer m.Unlock()
					if i == 1 {
						runtime.Goexit()
					}
					m.TryLock()
				})
			}
			Wait()
		},
		"of an invariant": func() {
			var n Int32
			Always(func() error {
				if n.Load() == 2 {
					runtime.Goexit()
				}
				return nil
			})
			Go(func() { n.Add(1) })
			Go(func() { n.Add(1) })
			Wait()
		},
		"when it is unwound": func() {
			var m Mutex
			Go(func() {
				defer runtime.Goexit()
				m.Lock()
				m.Lock()
			})
			m.Lock()
			m.Lock()
		},
	} {
		before := runtime.NumGoroutine()
		returned := false
		done := make(chan struct{})
		go func() {
			defer close(done)
			Run(program, Bounded(-1), Limits{})
			returned = true
		}()
		<-done
		if returned {
			t.Errorf("%s: Run returned", name)
		}
		for range 1000 {
			if runtime.NumGoroutine() <= before {
				break
			}
			runtime.Gosched()
		}
		if after := runtime.NumGoroutine(); after > before {
			t.Errorf("%s: %d goroutines before, %d after", name, before, after)
		}
		if r := Run(func() { Go(func() {}) }, Bounded(0), Limits{}); !r.Complete {
			t.Errorf("%s: the next exploration: %v", name, r)
		}
	}
}

// A panic in an invariant is a failure of the execution.
func TestPanicInInvariant(t *testing.T) {
	r := Run(func() {
		var n Int32
		Always(func() error {
			if n.Load() == 1 {
				panic(errors.New("one"))
			}
			return nil
		})
		defer func() { recover() }() // the program cannot hide it
		n.Add(1)
		n.Add(1)
	}, Bounded(0), Limits{})
	if r.Failure == nil || r.Failure.Kind != Panic || !strings.HasPrefix(r.Failure.Message, "in an invariant: one") || len(r.Failure.Steps) != 1 {
		t.Errorf("got %v", r.Failure)
	}
}

// State that outlives an execution does not confuse the next: a mutex that was
// held at its end is held at the beginning, and the threads that waited are gone.
func TestMutexOutlivesExecution(t *testing.T) {
	var m Mutex
	execution := 0
	r := Run(func() {
		execution++
		if execution == 1 {
			Go(m.Lock)
			m.Lock()
			return // T1 waits for ever: a deadlock
		}
		if m.TryLock() {
			panic("it was free")
		}
		m.Unlock()
		Go(m.Lock) // and ends with it held
		Wait()
		if m.TryLock() {
			panic("it was free at the end")
		}
	}, Bounded(0), Limits{Known: isDeadlock, Executions: 2})
	if r.Failure != nil || r.Known == 0 {
		t.Errorf("got %v %v", r, r.Failure)
	}
}
