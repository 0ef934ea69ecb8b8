package loadgen

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A placement puts the threads of one measurement on their CPUs.
type placement struct {
	cpu.Plan
	whole    bool      // the subject's threads share the workers' CPUs
	anywhere bool      // the threads that are not pinned may use all of these CPUs
	free     bool      // the generator is a goroutine, with no thread of its own
	beside   int       // threads that submit besides the generator
	seat     *cpu.Seat // of the victim, which is in another process; nil if there is none

	mu      sync.Mutex
	threads map[int]cpu.Set // by id of a pinned thread, its CPUs: one, except for spare workers
}

// Seat returns where the victim of a measurement runs, and where the threads run that are
// not pinned. The error says what the machine lacks.
func Seat(spec Spec) (at cpu.Seat, rest cpu.Set, err error) {
	p, err := newPlacement(spec)
	if err != nil {
		return cpu.Seat{}, nil, err
	}
	if p.seat == nil {
		return cpu.Seat{}, nil, errors.New("loadgen: no victim was asked for")
	}
	return *p.seat, p.Runtime, nil
}

// newPlacement plans for the spec's CPUs, all of which the process must be allowed to
// use.
func newPlacement(spec Spec) (*placement, error) {
	allowed, err := cpu.Allowed()
	if err != nil {
		return nil, err
	}
	use := spec.CPUs
	if use == nil {
		use = allowed
	}
	if err := use.Within(allowed); err != nil {
		return nil, err
	}
	topology, err := cpu.SystemTopology(use)
	if err != nil {
		return nil, err
	}
	beside := 0
	if threads := spec.Workload.Threads; threads != nil {
		beside = threads(spec.Values, spec.Workers)
	}
	plan, err := cpu.NewPlan(use, topology, spec.Workers, beside)
	if err != nil {
		return nil, err
	}
	if spec.Harness.Mirrored {
		plan = plan.Mirrored(topology)
	}
	var seat *cpu.Seat
	if spec.HasVictim() {
		s, err := plan.Seat(spec.Victim, topology)
		if err != nil {
			return nil, err
		}
		plan, seat = plan.Around(s), &s
	}
	return &placement{
		Plan:     plan,
		whole:    spec.Subject.WholeMask,
		anywhere: spec.Harness.Unconfined,
		free:     spec.Workload.How(spec.Values).Goroutine(),
		beside:   beside,
		seat:     seat,
		threads:  make(map[int]cpu.Set),
	}, nil
}

// generatorsShare reports whether the threads that submit have to share CPUs.
func (p *placement) generatorsShare() bool {
	return p.beside > 0 && (p.Oversubscribed || slices.Contains(p.Beside, p.Generator))
}

// confine moves all threads of the process to the CPUs for threads that are not pinned.
func (p *placement) confine() (release func() error, err error) { return cpu.Confine(p.rest()) }

// rest is where the threads that are not pinned run: out of the way of all others; or
// on the workers' CPUs for a subject that has no threads of its own, whose tasks run on
// the same threads as the Go runtime. Submitters that are goroutines run on these
// threads too. They get the generator's CPU, and the runtime's only if that cannot
// disturb a worker.
func (p *placement) rest() cpu.Set {
	rest := slices.Clip([]int(p.Runtime))
	switch {
	case p.anywhere:
		rest = slices.Concat(rest, p.Workers, []int{p.Generator}, p.Beside)
	case p.whole:
		rest = slices.Clip(p.Workers)
	case p.free && p.RuntimeShares == cpu.ShareWorkers && !p.Oversubscribed:
		rest = nil
	}
	if p.free {
		rest = slices.Concat(rest, []int{p.Generator}, p.Beside)
	}
	return cpu.SetOf(rest...)
}

// restShares says what those threads share.
func (p *placement) restShares() cpu.Share {
	switch {
	case p.whole, p.anywhere:
		return cpu.ShareWorkers
	case p.free && p.RuntimeShares == cpu.ShareWorkers && !p.Oversubscribed:
		return cpu.ShareGenerator // see rest
	}
	return p.RuntimeShares
}

// cpus returns the CPUs in use: the measurement's own, and the victim's.
func (p *placement) cpus() cpu.Set {
	if p.seat != nil {
		return cpu.SetOf(append(slices.Clip([]int(p.own())), p.seat.CPU)...)
	}
	return p.own()
}

// own returns the CPUs of the pinned threads, and those on which a submitter that is
// not pinned runs.
func (p *placement) own() cpu.Set {
	pinned := slices.Concat(p.Workers, []int{p.Generator}, p.Beside)
	if p.free {
		pinned = append(pinned, p.rest()...)
	}
	return cpu.SetOf(pinned...)
}

// procs returns GOMAXPROCS: a P for every worker and every thread that submits, and a
// spare one for whatever the runtime does. Where workers are goroutines there is no
// spare one, since they would run on it, and no more than there are CPUs for them, as
// in a program that leaves GOMAXPROCS alone.
func (p *placement) procs(spec Spec) int {
	n := len(p.Workers) + 1 + p.beside
	if p.whole {
		n = min(n, len(p.own()))
	} else {
		n += 1 + spec.spare()
	}
	return n + spec.Harness.Procs
}

// planned returns the affinity that a thread should have.
func (p *placement) planned(id int) cpu.Set {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.threads[id]; ok {
		return at
	}
	return p.rest()
}

// pinWorker pins the calling goroutine to the CPU of a worker. The goroutine must end
// on its thread. A worker in excess of the cores has no CPU of its own: it may use all
// of the workers'.
func (p *placement) pinWorker(worker int) error {
	if worker < len(p.Workers) {
		return p.pin(p.Workers[worker])
	}
	return p.pin(p.Workers...)
}

func (p *placement) pinGenerator() error { return p.pin(p.Generator) }

// pinBeside pins the calling goroutine to the CPU of the i-th thread that submits, from
// 1 on; 0 is the generator. The goroutine must end on its thread.
func (p *placement) pinBeside(i int) error {
	if p.Beside == nil {
		return nil
	}
	return p.pin(p.Beside[(i-1)%len(p.Beside)])
}

func (p *placement) pin(to ...int) error {
	runtime.LockOSThread() // never unlocked
	if !p.Pinned {
		return nil
	}
	id := cpu.ThreadID()
	if len(to) > 1 {
		if err := cpu.ConfineThread(id, cpu.SetOf(to...)); err != nil {
			return err
		}
	} else if err := cpu.PinThread(to[0]); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.threads[id] = cpu.SetOf(to...)
	return nil
}

// confineAttempts is how often verify checks. A thread that is created while another
// one is confined can be missed once, and so can those that it creates.
const confineAttempts = 10

// verify moves every thread that is not pinned to its CPUs, and reports those that are
// still elsewhere.
func (p *placement) verify() error {
	if !p.Pinned {
		return nil
	}
	var strays []cpu.Thread
	for range confineAttempts {
		all, err := cpu.Threads()
		if err != nil {
			return err
		}
		strays = slices.DeleteFunc(all, func(t cpu.Thread) bool { return slices.Equal(t.Affinity, p.planned(t.ID)) })
		if len(strays) == 0 {
			return nil
		}
		for _, t := range strays {
			if err := cpu.ConfineThread(t.ID, p.planned(t.ID)); err != nil {
				return err
			}
		}
	}
	var errs []error
	for _, t := range strays {
		errs = append(errs, fmt.Errorf("loadgen: thread %d of this process may run on CPUs %v instead of %v: something resets its "+
			"affinity", t.ID, t.Affinity, p.planned(t.ID)))
	}
	return errors.Join(errs...)
}

// pinned returns the ids of the threads that have been pinned to one CPU so far.
func (p *placement) pinned() (ids []int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for id, at := range p.threads {
		if len(at) == 1 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

func (p *placement) facts() []Fact {
	workers := strings.Trim(strings.ReplaceAll(fmt.Sprint(p.Workers), " ", ","), "[]")
	if p.whole {
		workers = cpu.SetOf(p.Workers...).String()
	}
	facts := []Fact{
		{"pinned", yes(p.Pinned)},
		{"oversubscribed", yes(p.Oversubscribed)},
		{"worker-cpus", workers},
		{"generator-cpu", fmt.Sprint(p.Generator)},
		{"runtime-cpus", p.rest().String()},
		{"runtime-shares", string(p.restShares())},
		{"shared-cores", yes(p.SharedCores)},
		// An oversubscribed generator shares more than a core, which is reported above.
		{"generator-sibling", yes(p.GeneratorShares && !p.Oversubscribed)},
	}
	for _, f := range []struct {
		key string
		n   int
	}{{"nodes", p.Nodes}, {"l3s", p.L3s}, {"core-kinds", p.Kinds}} {
		if f.n > 0 { // known
			facts = append(facts, Fact{f.key, fmt.Sprint(f.n)})
		}
	}
	if p.seat != nil {
		facts = append(facts, Fact{"victim-cpu", fmt.Sprint(p.seat.CPU)}, Fact{"victim-shares", p.seat.Shares})
	}
	if p.beside > 0 {
		facts = append(facts, Fact{"generators-share", yes(p.generatorsShare())})
	}
	return facts
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}
