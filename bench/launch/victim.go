package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"time"

	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/noise"
	"github.com/idlebench/idlebench/loadgen/victim"
	"github.com/idlebench/idlebench/record"
)

// Times of a pair of segments.
const (
	// segment is long against the kernel's time slices, and short against the noise of a
	// host, which drifts over seconds.
	segment = 50 * time.Millisecond

	// A child begins with a lead, and waits until Go's runtime rests. How long it takes
	// until it measures is known from the slices before; at first, and at most, it is this.
	victimLead  = 20 * time.Millisecond
	firstDelay  = victimLead + 40*time.Millisecond
	largestWait = 500 * time.Millisecond

	// margin is by how much later the victim's segment begins than the child has so far, and
	// how much sooner it ends.
	margin = 10 * time.Millisecond

	// stopTime is how long a child takes to stop, at most.
	stopTime = 5 * time.Millisecond

	// pairTime is how long a pair takes.
	pairTime = stopTime + workUp + segment + firstDelay + segment + 2*margin

	// workUp is how long the victim has been at work when a segment begins.
	workUp = 2 * time.Millisecond

	leastPairs = 4
)

// pairs returns how many pairs a launch of a length has.
func pairs(length time.Duration) int { return max(leastPairs, int(length/pairTime)) }

// VictimTime returns about how long a launch with a victim measures, if no pair is dropped.
func VictimTime(length time.Duration) time.Duration { return time.Duration(pairs(length)) * pairTime }

// measureBeside carries out the request in this process and a child: the child has the
// pool, and measures in slices; this process has the victim. See package victim.
func (r Request) measureBeside(ctx context.Context, spec loadgen.Spec) (record.Launch, error) {
	if r.Profile != "" || r.Gaps != "" {
		return record.Launch{}, fmt.Errorf("%s: a launch with a victim has neither a profile nor idle gaps: its pool is in another process", r.Cell.Name())
	}
	seat, rest, err := loadgen.Seat(spec)
	if err != nil {
		return record.Launch{}, err
	}
	// The child inherits affinities, so it begins before any is changed.
	child, err := r.Begin(ctx)
	if err != nil {
		return record.Launch{}, err
	}
	defer child.Kill()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.GOMAXPROCS(2) // the victim's, and one for everything else; see package cpu
	release, err := cpu.Confine(rest)
	if err != nil {
		return record.Launch{}, err
	}
	v, err := seatVictim(seat, rest, r.Throttled)
	if err != nil {
		return record.Launch{}, errors.Join(err, release())
	}
	result, exceeded, err := v.pairs(ctx, child, pairs(r.Time), time.Now().Add(r.Time+10*time.Second))
	v.leave()
	if err := errors.Join(err, release()); err != nil {
		return record.Launch{}, err
	}
	l, err := child.End(ctx)
	if err != nil {
		return record.Launch{}, err
	}
	for _, m := range result.Metrics() {
		l.Metrics = append(l.Metrics, record.Metric(m))
	}
	for _, f := range result.Facts() {
		l.Conditions = append(l.Conditions, record.Pair(f))
	}
	if result.Pairs == 0 {
		for _, name := range exceeded {
			if !slices.Contains(l.Invalid, name) {
				l.Invalid = append(l.Invalid, name)
			}
		}
	}
	return l, nil
}

// A seated victim works on its own thread when it is asked to.
type seated struct {
	asked    chan [2]int64 // from when until when; closed at the end
	answered chan victim.Segment
	watch    noise.Watch
	meters   victim.Meters

	soonest, latest time.Duration // after which the child measured, so far
}

// seatVictim starts the victim's thread on its CPU.
func seatVictim(seat cpu.Seat, rest cpu.Set, throttled bool) (*seated, error) {
	v := &seated{asked: make(chan [2]int64), answered: make(chan victim.Segment), soonest: firstDelay, latest: firstDelay}
	ready := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine
		if err := cpu.PinThread(seat.CPU); err != nil {
			ready <- err
			return
		}
		id := cpu.ThreadID()
		v.watch = noise.Watch{
			Workers: []int{id},
			CPUs:    cpu.SetOf(seat.CPU),
			Planned: func(thread int) cpu.Set {
				if thread == id {
					return cpu.SetOf(seat.CPU)
				}
				return rest
			},
			Throttled: throttled,
		}
		v.meters = victim.OpenMeters(os.DirFS("/"))
		w := victim.NewWorker(v.meters)
		ready <- nil
		for times := range v.asked {
			// Work in the meantime could keep the pool from getting under way: a worker that
			// yields its CPU while it spins waits for as long as others want the CPU, and Go's
			// runtime waits for the worker when it stops the world.
			cpu.Sleep(max(0, time.Duration(times[0]-latency.Now())-workUp))
			v.answered <- w.Run(times[0], times[1])
		}
		w.Close()
		close(v.answered)
	}()
	if err := <-ready; err != nil {
		return nil, err
	}
	return v, nil
}

// leave ends the victim's thread.
func (v *seated) leave() {
	close(v.asked)
	<-v.answered
}

// pairs measures until n pairs are kept, or as many were dropped, or it is too late. If
// none was kept, the result is that of the last pair, and exceeded has the limits of noise
// that it exceeded.
func (v *seated) pairs(ctx context.Context, child *Child, n int, late time.Time) (r victim.Result, exceeded []string, err error) {
	var last [2]victim.Segment
	for i := 0; r.Pairs < n && r.Dropped < n && (r.Pairs+r.Dropped < leastPairs || time.Now().Before(late)); i++ {
		var alone, beside victim.Segment
		var by []string
		for k := range 2 {
			var limits []string
			if (i+k)%2 == 0 {
				alone, limits = v.alone()
			} else if beside, limits, err = v.beside(ctx, child); err != nil {
				return r, nil, err
			}
			by = append(by, limits...)
		}
		if len(by) > 0 {
			r.Dropped++
			last, exceeded = [2]victim.Segment{alone, beside}, by
			continue
		}
		r.Add(alone, beside)
	}
	r.Meters = v.meters
	if r.Pairs == 0 {
		r.Alone, r.Beside = last[0], last[1]
	}
	return r, exceeded, nil
}

// alone has the victim work while the child is stopped.
func (v *seated) alone() (s victim.Segment, exceeded []string) {
	time.Sleep(stopTime)
	before := v.watch.Read()
	from := latency.Now() + int64(workUp)
	v.asked <- [2]int64{from, from + int64(segment)}
	s = <-v.answered
	return s, v.watch.Report(before, v.watch.Read()).Violations()
}

// notUnderWay is what a pair exceeded whose segment beside the pool was not within what
// the child measured.
const notUnderWay = "not-under-way"

// beside has the victim work while the child measures.
func (v *seated) beside(ctx context.Context, child *Child) (s victim.Segment, exceeded []string, err error) {
	now := latency.Now()
	from := now + int64(v.latest+margin)
	to := from + int64(segment)
	v.asked <- [2]int64{from, to}
	r, err := child.slice(ctx, victimLead, v.latest-v.soonest+segment+2*margin)
	s = <-v.answered
	ahead := monotonic() - latency.Now()
	began, ended := r.Began-ahead, r.Ended-ahead
	if from < began || to > ended {
		r.Exceeded = append(r.Exceeded, notUnderWay)
	}
	v.learn(time.Duration(began - now))
	return s, r.Exceeded, err
}

// learn notes after which time a child measured.
func (v *seated) learn(delay time.Duration) {
	delay = min(max(delay, 0), largestWait)
	v.soonest, v.latest = min(v.soonest, delay), max(v.latest, delay)
}
