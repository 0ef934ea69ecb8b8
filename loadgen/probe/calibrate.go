package probe

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// gaps are the times that a thread sleeps before it is woken.
var gaps = []time.Duration{
	5 * time.Microsecond, 20 * time.Microsecond, 50 * time.Microsecond, 100 * time.Microsecond, goGap, 500 * time.Microsecond,
	2 * time.Millisecond, 10 * time.Millisecond, 50 * time.Millisecond,
}

const (
	goGap     = 200 * time.Microsecond // before a wake-up through Go's scheduler
	onePair   = 200 * time.Millisecond // for the line between two CPUs
	allPairs  = 40 * time.Second       // for all of them, if they are many
	chainSize = 4 << 20                // lines: 256 MB, more than most caches
)

// A step is a part of the calibration.
type step struct {
	what   string
	length time.Duration
	run    func(ctx context.Context, length time.Duration) error
	idle   []int // CPUs that have to be idle between what is measured
}

// do carries out the step.
func (s step) do(ctx context.Context, length time.Duration) error {
	release, err := reserve(cpu.SetOf(s.idle...))
	if err != nil {
		return err
	}
	return errors.Join(s.run(ctx, length), release())
}

// A Progress is called when a step is done, with how long it was to take, how long all take, and
// what it was.
type Progress func(length, total time.Duration, what string)

// Measure measures all figures of the given CPUs, at least two. It takes about as long
// as [Length] says. It is an error if threads cannot be pinned.
func Measure(ctx context.Context, cpus cpu.Set, progress Progress) (*Results, error) {
	if err := Check(cpus); err != nil {
		return nil, err
	}
	// No collection, and a P for every thread that spins and for those of the runtime.
	percent, procs := debug.SetGCPercent(-1), runtime.GOMAXPROCS(max(4, runtime.GOMAXPROCS(0)))
	defer func() {
		debug.SetGCPercent(percent)
		runtime.GOMAXPROCS(procs)
	}()
	r := new(Results)
	steps := r.steps(cpus, neighbour(cpus), chainSize)
	total := sum(steps)
	for _, s := range steps {
		if err := s.do(ctx, s.length); err != nil {
			return nil, fmt.Errorf("probe: %s: %w", s.what, err)
		}
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		progress(s.length, total, s.what)
	}
	return r, nil
}

// Check returns why the CPUs cannot be measured.
func Check(cpus cpu.Set) error {
	if !cpu.CanPin {
		return fmt.Errorf("probe: threads cannot be pinned to CPUs on %s, without which nothing can be said about a CPU; use Linux", runtime.GOOS)
	}
	if len(cpus) < 2 {
		return fmt.Errorf("probe: needs 2 CPUs, to measure what moves between them; may use CPU %v only", cpus)
	}
	if len(cpus) > maxCPUs {
		return fmt.Errorf("probe: %d CPUs have too many pairs; name at most %d of them", len(cpus), maxCPUs)
	}
	return nil
}

// Length returns how long [Measure] takes at least.
func Length(cpus cpu.Set) time.Duration {
	return sum(new(Results).steps(cpus, neighbour(cpus), chainSize))
}

// maxCPUs is how many CPUs a file lists the pairs of.
const maxCPUs = 512

func sum(steps []step) (total time.Duration) {
	for _, s := range steps {
		total += s.length
	}
	return total
}

// neighbour returns the CPU that is woken by the first one: one with a core of its own
// and the same cache, if there is one.
func neighbour(cpus cpu.Set) int {
	if len(cpus) < 2 {
		return -1
	}
	topology, err := cpu.SystemTopology(cpus)
	if err != nil {
		return cpus[1]
	}
	first := topology[cpus[0]]
	best, bestRank := cpus[1], 3
	for _, c := range cpus[1:] {
		rank := 2
		switch p := topology[c]; {
		case p.Siblings.Contains(cpus[0]):
		case p.L3 == first.L3:
			rank = 0
		default:
			rank = 1
		}
		if rank < bestRank {
			best, bestRank = c, rank
		}
	}
	return best
}

// steps returns what is to be measured, the quick ones first, with memory of a number of
// lines.
func (r *Results) steps(cpus cpu.Set, b, lines int) []step {
	a := -1
	if len(cpus) > 0 {
		a = cpus[0]
	}
	const short = 300 * time.Millisecond
	var steps []step
	local := func(what string, into *Figure, length time.Duration, batch func() float64, figure func([]float64) Figure) {
		steps = append(steps, step{what: what, length: length, run: func(ctx context.Context, length time.Duration) error {
			return alone(ctx, a, length, into, batch, figure)
		}})
	}
	local("atomic load", &r.Load, short, loads, undisturbed)
	local("atomic store", &r.Store, short, stores, undisturbed)
	local("atomic add", &r.Add, short, adds, undisturbed)
	local("pause", &r.Look, short, looks, undisturbed)
	local("clock", &r.Now, short, clocks, undisturbed)
	local("system call", &r.Syscall, short, syscalls, undisturbed)
	local("sleep", &r.Late, time.Second, late, typical)
	steps[len(steps)-1].idle = []int{a}
	steps = append(steps, step{what: "memory", length: 2 * time.Second, run: func(ctx context.Context, length time.Duration) error {
		start := time.Now()
		c, at := newChain(lines), uint32(0)
		length = max(length-time.Since(start), 100*time.Millisecond)
		return alone(ctx, a, length, &r.Memory, func() float64 { return c.follow(&at) }, undisturbed)
	}})
	steps = append(steps, step{what: "context switch", length: time.Second, run: func(ctx context.Context, length time.Duration) (err error) {
		r.Switch, err = switches(ctx, a, length)
		return err
	}})
	steps = append(steps, r.lines(cpus)...)
	steps = append(steps, step{what: "contended add", length: time.Second, run: func(ctx context.Context, length time.Duration) (err error) {
		r.Contended, err = contended(ctx, a, b, length)
		return err
	}})
	probes := r.wakes(a, b)
	var length time.Duration
	for _, p := range probes {
		length += p.length
	}
	steps = append(steps, step{what: "wake-ups", length: length, idle: []int{b}, run: func(ctx context.Context, all time.Duration) error {
		for i := range probes {
			probes[i].length = time.Duration(float64(all) * float64(probes[i].length) / float64(length))
		}
		return sliced(ctx, probes)
	}})
	return append(steps, r.linesAgain(cpus))
}

// wakes returns the probes of wake-ups.
func (r *Results) wakes(a, b int) (probes []wakeProbe) {
	r.Futex = make([]Wake, len(gaps))
	for i, gap := range gaps {
		probes = append(probes, wakeProbe{
			gap, max(time.Second, 60*gap),
			func(ctx context.Context, length time.Duration) ([]float64, []float64, error) {
				return wakes(ctx, a, b, gap, length, futexSleep())
			},
			func(w Wake) { r.Futex[i] = w },
		})
	}
	measured := func(length time.Duration, done func(Wake), measure func(context.Context, time.Duration) (wakers, sleepers []float64, err error)) {
		probes = append(probes, wakeProbe{goGap, length, measure, done})
	}
	measured(time.Second, func(w Wake) { r.Chan = w }, func(ctx context.Context, length time.Duration) ([]float64, []float64, error) {
		return wakes(ctx, a, b, goGap, length, chanSleep())
	})
	measured(time.Second, func(w Wake) { r.Cond = w }, func(ctx context.Context, length time.Duration) ([]float64, []float64, error) {
		return wakes(ctx, a, b, goGap, length, condSleep())
	})
	measured(time.Second, func(w Wake) { r.Mutex = w }, func(ctx context.Context, length time.Duration) ([]float64, []float64, error) {
		return mutexWakes(ctx, a, b, goGap, length)
	})
	measured(time.Second, func(w Wake) { r.Handoff = w.Sleeper }, func(ctx context.Context, length time.Duration) ([]float64, []float64, error) {
		return handoffs(ctx, b, goGap, length)
	})
	return probes
}

// lines returns the steps that measure the lines between all pairs of CPUs, one for each
// row of the matrix.
func (r *Results) lines(cpus cpu.Set) (steps []step) {
	n := len(cpus)
	pairs := n * (n - 1) / 2
	r.Lines = make([][]Figure, n)
	for i := range r.Lines {
		r.Lines[i] = make([]Figure, n)
		if i == 0 {
			continue
		}
		each := min(onePair, allPairs/time.Duration(pairs))
		steps = append(steps, step{what: fmt.Sprintf("lines to CPU %d", cpus[i]), length: each * time.Duration(i), run: func(ctx context.Context, _ time.Duration) error {
			for j := range i {
				f, err := roundTrip(ctx, cpus[i], cpus[j], each)
				if err != nil {
					return err
				}
				if ctx.Err() != nil {
					return nil
				}
				r.Lines[i][j], r.Lines[j][i] = f, f
			}
			return nil
		}})
	}
	return steps
}

// linesAgain measures some of the lines a second time, when all else was measured.
func (r *Results) linesAgain(cpus cpu.Set) step {
	n := min(len(cpus), 9) - 1
	r.Again = make([]Figure, max(0, n))
	return step{what: "lines again", length: onePair * time.Duration(n), run: func(ctx context.Context, _ time.Duration) (err error) {
		for i := range r.Again {
			if r.Again[i], err = roundTrip(ctx, cpus[0], cpus[i+1], onePair); err != nil || ctx.Err() != nil {
				return err
			}
		}
		return nil
	}}
}

// Moved returns the CPUs to which a line from the first one took a different time at the
// end of the measurement than before: by more than a third. CPUs do not move, but those
// of a virtual machine may, from one core to another.
func (r *Results) Moved(cpus cpu.Set) (moved cpu.Set) {
	for i, again := range r.Again {
		before := r.Lines[0][i+1].Value
		if max(before, again.Value) > 4.0/3*min(before, again.Value) {
			moved = append(moved, cpus[i+1])
		}
	}
	return moved
}
