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

// A wakeProbe measures one kind of wake-up. Measure makes wake-ups for some time and returns
// its batches: what a wake-up costs the waker, and how long it takes until the sleeper runs.
type wakeProbe struct {
	gap     time.Duration // that the sleeper has slept
	length  time.Duration // of all its slices together
	measure func(ctx context.Context, length time.Duration) (wakers, sleepers []float64, err error)
	done    func(Wake)
}

// turns is how often each probe of wake-ups gets a slice of its time. Idle governors and
// hypervisors learn from the wake-ups before: after a second of one kind they are faster than
// where kinds alternate, as they do in a scheduler, and as slices of launches do.
const turns = 10

// sliced carries out probes in turns, and hands each its figures.
func sliced(ctx context.Context, probes []wakeProbe) error {
	wakers, sleepers := make([][]float64, len(probes)), make([][]float64, len(probes))
	for turn := range turns {
		for i, p := range probes {
			w, s, err := p.measure(ctx, p.length/turns)
			if err != nil {
				return err
			}
			if turn == 0 { // the caches are cold
				w, s = w[min(1, len(w)-1):], s[min(1, len(s)-1):]
			}
			wakers[i], sleepers[i] = append(wakers[i], w...), append(sleepers[i], s...)
			if ctx.Err() != nil {
				return nil
			}
		}
	}
	for i, p := range probes {
		p.done(Wake{Gap: p.gap, Waker: typical(wakers[i]), Sleeper: typical(sleepers[i])})
	}
	return nil
}

// batches makes batches of wake-ups for some time, at least one, and returns their medians.
// Those after a long sleep are small, or one would be longer than a slice.
func batches(ctx context.Context, gap, length time.Duration, wake func() (waker, sleeper float64, ok bool)) (wakers, sleepers []float64) {
	n := 8
	if gap >= time.Millisecond {
		n = 2
	}
	w, s := make([]float64, n), make([]float64, n)
	for end := latency.Now() + int64(length); ; {
		for i := range n {
			var ok bool
			if w[i], s[i], ok = wake(); !ok {
				return wakers, sleepers
			}
		}
		wakers, sleepers = append(wakers, medianOf(w)), append(sleepers, medianOf(s))
		if ctx.Err() != nil || latency.Now() >= end {
			return wakers, sleepers
		}
	}
}

// wakes measures wake-ups of a thread on CPU b by one on CPU a, when it has slept for
// some time.
func wakes(ctx context.Context, a, b int, gap, length time.Duration, s sleep) (wakers, sleepers []float64, err error) {
	r := new(rendezvous)
	err = together([]int{a, b}, func() {
		wakers, sleepers = r.wakeOften(ctx, gap, length, s.wake, func() {})
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
	return wakers, sleepers, err
}

// mutexWakes is wakes for a mutex: the sleeper sleeps because the waker has it locked.
func mutexWakes(ctx context.Context, a, b int, gap, length time.Duration) (wakers, sleepers []float64, err error) {
	r := new(rendezvous)
	var mutex sync.Mutex
	mutex.Lock()
	err = together([]int{a, b}, func() {
		wakers, sleepers = r.wakeOften(ctx, gap, length, mutex.Unlock, mutex.Lock)
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
	return wakers, sleepers, err
}

// handoffs measures wake-ups of a thread on CPU b through a channel by an ordinary
// goroutine that then blocks: its thread runs next what it has readied. The waker's times
// are those of the sleeper.
func handoffs(ctx context.Context, b int, gap, length time.Duration) (wakers, sleepers []float64, err error) {
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
	round := int64(0)
	wakers, sleepers = batches(ctx, gap, length, func() (waker, sleeper float64, ok bool) {
		for round++; asleep.Load() != round; {
			select {
			case <-ended: // it could not be pinned
				return 0, 0, false
			default:
			}
		}
		spinFor(gap)
		before := latency.Now()
		call <- true
		sleeper = float64(<-answer - before)
		return sleeper, sleeper, true
	})
	close(call)
	<-ended
	return wakers, sleepers, err
}

// wakeOften is the waker's side. Again is called after each wake-up, before the sleeper
// may sleep again.
func (r *rendezvous) wakeOften(ctx context.Context, gap, length time.Duration, wake, again func()) (wakers, sleepers []float64) {
	round := int64(0)
	return batches(ctx, gap, length, func() (waker, sleeper float64, ok bool) {
		round++
		for r.round.Load() < round {
		}
		spinFor(gap)
		before := latency.Now()
		wake()
		after := latency.Now()
		for r.woken.Load() == 0 {
		}
		waker, sleeper = float64(after-before), float64(r.woken.Load()-before)
		again()
		r.woken.Store(0)
		return waker, sleeper, true
	})
}
