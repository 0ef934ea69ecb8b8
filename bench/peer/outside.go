package peer

import (
	"slices"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A thread is a thread of a peer, as the kernel sees it.
type thread struct {
	id                     int
	affinity               cpu.Set
	cpu                    time.Duration
	voluntary, involuntary int64 // switches
}

// A look is what was seen of a peer at one moment.
type look struct {
	at      time.Time
	cpu     time.Duration // of the process, with threads that have ended
	threads []thread
}

// Outside is what was seen of a peer from outside while it ran.
type Outside struct {
	Passed                 time.Duration // from the request to the answer
	CPU                    time.Duration
	Over                   time.Duration // which the CPU time is of
	Voluntary, Involuntary int64         // switches of the threads that live

	threads []thread // with what each used
}

// since returns what a peer used since an earlier look.
func (l look) since(before look, passed time.Duration) Outside {
	o := Outside{Passed: passed, CPU: l.cpu - before.cpu, Over: l.at.Sub(before.at)}
	for _, t := range l.threads {
		if i := slices.IndexFunc(before.threads, func(b thread) bool { return b.id == t.id }); i >= 0 {
			b := before.threads[i]
			t.cpu -= b.cpu
			t.voluntary -= b.voluntary
			t.involuntary -= b.involuntary
		}
		o.Voluntary += t.voluntary
		o.Involuntary += t.involuntary
		o.threads = append(o.threads, t)
	}
	return o
}

// on returns the CPU time of the threads that may only run on some CPUs, and how often they
// slept.
func (o Outside) on(cpus cpu.Set) (sum time.Duration, sleeps int64) {
	for _, t := range o.threads {
		if len(t.affinity.Without(cpus)) == 0 {
			sum += t.cpu
			sleeps += t.voluntary
		}
	}
	return sum, sleeps
}

// apart reports whether the workers' threads can be told from others by their CPUs.
func (c Cell) apart() bool { return !cpu.SetOf(c.CPUs...).Intersects(cpu.SetOf(c.Generators...)) }

// all returns the CPUs of the cell.
func (c Cell) all() cpu.Set { return cpu.SetOf(slices.Concat(c.CPUs, c.Generators)...) }

// misplaced says which of a peer's threads is not where it has to be.
func misplaced(threads []thread, c Cell, held bool) *Fault {
	workers, submitters := cpu.SetOf(c.CPUs...), cpu.SetOf(c.Generators...)
	on := make(map[int]int) // by CPU, how many threads have only that
	for _, t := range threads {
		switch {
		case len(t.affinity.Without(c.all())) > 0:
			return faultf(Affinity, "thread %d may run on CPUs %v; the cell has %v", t.id, t.affinity, c.all())
		case held && c.apart() && t.affinity.Intersects(workers) && t.affinity.Intersects(submitters):
			return faultf(Affinity, "thread %d may run on CPUs %v, which are those of workers (%v) and of submitters (%v)", t.id, t.affinity, workers, submitters)
		case len(t.affinity) == 1:
			on[t.affinity[0]]++
		}
	}
	if !held {
		return nil
	}
	need := make(map[int]int)
	for _, n := range c.CPUs {
		need[n]++
	}
	for _, n := range c.all() {
		if on[n] < need[n] {
			return faultf(Affinity, "%d threads are pinned to CPU %d; it has %d workers", on[n], n, need[n])
		}
	}
	return nil
}

// judge holds what a peer says that it did to what it was asked for, and to what was seen.
func (p *Process) judge(r Ran, out Outside, length time.Duration, arrivals []workload.Arrival) *Fault {
	want := work{tasks: r.Ops * p.work.tasks, units: r.Ops * p.work.units, samples: r.Ops * p.work.samples}
	var service time.Duration
	if p.open {
		if n := int64(len(arrivals)); r.Ops != n {
			return faultf(Work, "it ran %d operations, and %d tasks arrived", r.Ops, n)
		}
		want = work{tasks: r.Ops, samples: r.Ops}
		for _, a := range arrivals {
			service += time.Duration(a.Service)
			want.units += max(1, a.Service)
		}
	}
	switch gap := p.gap(); {
	case r.Ops < 1 || r.Ops > maxCount:
		return faultf(Work, "it did %d operations", r.Ops)
	case r.Tasks != want.tasks:
		return faultf(Work, "it ran %d tasks; %d operations have %d", r.Tasks, r.Ops, want.tasks)
	case r.Units != want.units:
		return faultf(Work, "it did %d units of work; %d operations have %d", r.Units, r.Ops, want.units)
	case r.latency.total != want.samples:
		return faultf(Samples, "it has %d samples; %d operations have %d", r.latency.total, r.Ops, want.samples)
	case r.Time < length && !p.open:
		return faultf(Time, "it ran for %v; it was asked for %v", r.Time, length)
	case p.open && int64(r.Time) < arrivals[len(arrivals)-1].At:
		return faultf(Time, "it ran for %v; the last task arrived after %v", r.Time, time.Duration(arrivals[len(arrivals)-1].At))
	case r.Time > out.Passed:
		return faultf(Time, "it says that it ran for %v; %v passed", r.Time, out.Passed)
	case out.Passed-r.Time > r.Time/4+unaccounted:
		return faultf(Time, "it says that it ran for %v; %v passed", r.Time, out.Passed)
	case r.Busy > r.Time || r.Time > 0 && gap > 0 && r.Busy+time.Duration(r.Ops)*gap > r.Time:
		return faultf(Time, "%d operations of %v together and gaps of %v do not fit into %v", r.Ops, r.Busy, gap, r.Time)
	case r.Busy == 0 && !p.open && want.tasks > 0:
		return faultf(Time, "the operations took no time (busy)")
	case gap > 0 && r.latency.sum > 1.02*float64(r.Busy):
		return faultf(Time, "its samples are %v together; its operations took %v", time.Duration(r.latency.sum), r.Busy)
	}
	return p.judgeTimes(r, out, service)
}

// unaccounted is how long an answer may take beyond what the peer says, and beyond a
// quarter of that: a machine with other work delays it.
const unaccounted = 300 * time.Millisecond

// trickle is the open loop whose tasks have no service time, and whose samples begin when
// they are submitted.
const trickle = "trickle"

// gap is the pause before each operation, 0 if there is none.
func (p *Process) gap() time.Duration {
	if p.cell.Workload.Name != "wake" {
		return 0
	}
	values, _ := p.cell.Workload.Values(p.cell.Params) // Begin has read them
	return values.Duration("gap")
}

// judgeTimes holds lag and CPU time to what was seen.
func (p *Process) judgeTimes(r Ran, out Outside, service time.Duration) *Fault {
	if p.open || p.gap() > 0 {
		if r.lag.total < 1 || r.lag.total > r.Ops {
			return faultf(Samples, "%d submissions have a lag; there were %d operations", r.lag.total, r.Ops)
		}
	}
	if p.open && p.cell.Workload.Name != trickle && r.lag.total == r.Ops && r.latency.mean() < 0.97*r.lag.mean() {
		return faultf(OpenLoop, "tasks were submitted %v after they were due, in the mean, and ran after %v: samples do not begin when tasks are due",
			time.Duration(r.lag.mean()), time.Duration(r.latency.mean()))
	}
	if out.CPU < time.Duration(r.Tasks) {
		return faultf(CPUTime, "it used %v of CPU time for %d tasks", out.CPU, r.Tasks)
	}
	waiting := out.CPU
	if p.Hello.Held && p.cell.apart() {
		waiting, _ = out.on(cpu.SetOf(p.cell.Generators...))
	}
	if r.Waited > waiting+waiting/20+time.Millisecond {
		return faultf(CPUTime, "its submitters waited for %v of CPU time; they used %v", r.Waited, waiting)
	}
	if used := out.CPU - r.Waited; used < service/2 {
		return faultf(CPUTime, "its tasks keep workers busy for %v together; without waiting it used %v of CPU time", service, used)
	}
	return nil
}

// Plan returns where a cell's threads go: the CPUs of the workers, and those of the threads
// that submit.
func Plan(use cpu.Set, w workload.Workload, v workload.Values, workers int) (cpus, generators []int, err error) {
	topology, err := cpu.SystemTopology(use)
	if err != nil {
		return nil, nil, err
	}
	beside := 0
	if w.Threads != nil {
		beside = w.Threads(v, workers)
	}
	plan, err := cpu.NewPlan(use, topology, workers, beside)
	if err != nil {
		return nil, nil, err
	}
	generators = []int{plan.Generator}
	for i := range beside {
		generators = append(generators, append(slices.Clip(plan.Beside), plan.Generator)[i%max(1, len(plan.Beside))])
	}
	return plan.Workers, generators, nil
}
