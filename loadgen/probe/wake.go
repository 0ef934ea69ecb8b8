package probe

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A sleep is a way for one thread to sleep until another wakes it.
type sleep struct {
	block func() // returns after the next wake
	wake  func()
}

func futexSleep() sleep {
	p := park.NewFutex()
	return sleep{p.Park, p.Unpark}
}

func chanSleep() sleep {
	c := make(chan struct{}, 1)
	return sleep{func() { <-c }, func() { c <- struct{}{} }}
}

func condSleep() sleep {
	var mutex sync.Mutex
	cond := sync.NewCond(&mutex)
	token := false
	return sleep{
		func() {
			mutex.Lock()
			for !token {
				cond.Wait()
			}
			token = false
			mutex.Unlock()
		},
		func() {
			mutex.Lock()
			token = true
			mutex.Unlock()
			cond.Signal()
		},
	}
}

// A rendezvous is how the waker and the sleeper of a probe agree on when the sleeper
// sleeps: by lines that both poll.
type rendezvous struct {
	_     padding
	round atomic.Int64 // the sleeper is about to sleep for the nth time
	_     padding
	woken atomic.Int64 // when it woke; 0: it has not
	over  atomic.Bool
	_     padding
}

// wakes measures wake-ups of a thread on CPU b by one on CPU a, when it has slept for
// some time. A batch is some of them, and its number the median; so is the figure.
func wakes(ctx context.Context, a, b int, gap, length time.Duration, s sleep) (w Wake, err error) {
	r := new(rendezvous)
	err = together([]int{a, b}, func() {
		w = r.wakeOften(ctx, gap, length, s.wake, func() {})
		r.over.Store(true)
		s.wake()
	}, func() {
		for !r.over.Load() {
			r.round.Add(1)
			s.block()
			r.woken.Store(latency.Now())
			for r.woken.Load() != 0 && !r.over.Load() { // until the waker has seen it
			}
		}
	})
	return w, err
}

// mutexWakes is wakes for a mutex: the sleeper sleeps because the waker has it locked.
func mutexWakes(ctx context.Context, a, b int, gap, length time.Duration) (w Wake, err error) {
	r := new(rendezvous)
	var mutex sync.Mutex
	mutex.Lock()
	err = together([]int{a, b}, func() {
		w = r.wakeOften(ctx, gap, length, mutex.Unlock, mutex.Lock)
		r.over.Store(true)
		mutex.Unlock()
	}, func() {
		for !r.over.Load() {
			r.round.Add(1)
			mutex.Lock()
			r.woken.Store(latency.Now())
			mutex.Unlock()
			for r.woken.Load() != 0 && !r.over.Load() { // until the waker has it again
			}
		}
	})
	return w, err
}

// handoffs measures wake-ups of a thread on CPU b through a channel by an ordinary
// goroutine that then blocks: its thread runs next what it has readied.
func handoffs(ctx context.Context, b int, gap, length time.Duration) (sleeper Figure, err error) {
	const batch = 8
	call, answer, ended := make(chan bool, 1), make(chan int64, 1), make(chan struct{})
	var asleep atomic.Int64
	go func() {
		defer close(ended)
		err = together([]int{b}, func() {
			for round := int64(1); ; round++ {
				asleep.Store(round)
				if !<-call {
					return
				}
				answer <- latency.Now()
			}
		})
	}()
	all := make([]float64, batch)
	round := int64(0)
	sleeper = repeat(ctx, length, func() float64 {
		for i := range all {
			for round++; asleep.Load() != round; {
				select {
				case <-ended: // it could not be pinned
					return 0
				default:
				}
			}
			spinFor(gap)
			before := latency.Now()
			call <- true
			all[i] = float64(<-answer - before)
		}
		return medianOf(all)
	}, typical)
	close(call)
	<-ended
	return sleeper, err
}

// wakeOften is the waker's side. Again is called after each wake-up, before the sleeper
// may sleep again.
func (r *rendezvous) wakeOften(ctx context.Context, gap, length time.Duration, wake, again func()) Wake {
	const batch = 8
	wakers, sleepers := make([]float64, batch), make([]float64, batch)
	var calls []float64
	round := int64(0)
	sleeper := repeat(ctx, length, func() float64 {
		for i := range batch {
			round++
			for r.round.Load() < round {
			}
			spinFor(gap)
			before := latency.Now()
			wake()
			after := latency.Now()
			for r.woken.Load() == 0 {
			}
			wakers[i], sleepers[i] = float64(after-before), float64(r.woken.Load()-before)
			again()
			r.woken.Store(0)
		}
		calls = append(calls, medianOf(wakers))
		return medianOf(sleepers)
	}, typical)
	return Wake{Gap: gap, Waker: typical(calls[1:]), Sleeper: sleeper} // without the cold one
}
