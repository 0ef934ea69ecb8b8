package loadgen

import (
	"errors"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"strings"
	"sync"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// A placement puts the threads of one measurement where they belong.
type placement struct {
	cpu.Plan
	whole     bool // the subject's threads share the workers' CPUs
	onWorkers bool // the threads that are not pinned share the workers' CPUs
	free      bool // the generator is a goroutine, with no thread of its own
	beside    int  // threads that submit beside the generator

	mu      sync.Mutex
	threads map[int]int // by id of a pinned thread, its CPU
}

// newPlacement plans for the spec's CPUs, which must be among those that the
// process may use.
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
		plan = plan.Mirrored()
	}
	return &placement{
		Plan:      plan,
		whole:     spec.Subject.WholeMask,
		onWorkers: spec.Harness.RuntimeOnWorkers,
		free:      spec.Workload.How(spec.Values).Goroutine(),
		beside:    beside,
		threads:   make(map[int]int),
	}, nil
}

// generatorsShare reports whether the threads that submit have to share CPUs.
func (p *placement) generatorsShare() bool {
	return p.beside > 0 && (p.Oversubscribed || slices.Contains(p.Beside, p.Generator))
}

// confine moves all threads of the process to where those are that are not pinned.
func (p *placement) confine() (release func() error, err error) { return cpu.Confine(p.rest()) }

// rest is where the threads are that are not pinned: out of the way of all others,
// or on the workers' CPUs for a subject that has no threads of its own, whose tasks
// run on the same threads as the Go runtime. Submitters that are goroutines run on
// these threads too, so their CPUs are added.
func (p *placement) rest() cpu.Set {
	var rest []int
	if p.whole || p.onWorkers {
		rest = slices.Clip(p.Workers)
	} else {
		rest = slices.Clip(p.Runtime)
	}
	if p.free {
		rest = slices.Concat(rest, []int{p.Generator}, p.Beside)
	}
	return cpu.SetOf(rest...)
}

// restShares says what those threads share.
func (p *placement) restShares() cpu.Share {
	switch {
	case p.whole, p.onWorkers:
		return cpu.ShareWorkers
	case p.free && p.RuntimeShares == cpu.ShareNone:
		return cpu.ShareGenerator
	}
	return p.RuntimeShares
}

// cpus returns the CPUs of the pinned threads.
func (p *placement) cpus() cpu.Set {
	return cpu.SetOf(slices.Concat(p.Workers, []int{p.Generator}, p.Beside)...)
}

// planned returns the affinity that a thread should have.
func (p *placement) planned(id int) cpu.Set {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.threads[id]; ok {
		return cpu.Set{at}
	}
	return p.rest()
}

// pinWorker pins the calling goroutine to the CPU of a worker. The goroutine
// must end on its thread.
func (p *placement) pinWorker(worker int) error { return p.pin(p.Workers[worker%len(p.Workers)]) }

func (p *placement) pinGenerator() error { return p.pin(p.Generator) }

// pinBeside pins the calling goroutine to the CPU of the i-th thread that submits,
// from 1 on; the generator is the one before. The goroutine must end on its thread.
func (p *placement) pinBeside(i int) error {
	if p.Beside == nil {
		return nil
	}
	return p.pin(p.Beside[(i-1)%len(p.Beside)])
}

func (p *placement) pin(to int) error {
	runtime.LockOSThread() // for good
	if !p.Pinned {
		return nil
	}
	if err := cpu.PinThread(to); err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.threads[cpu.ThreadID()] = to
	return nil
}

// verify reports threads that may run on a worker's CPU and are not it.
func (p *placement) verify() error {
	if p.whole || p.onWorkers {
		return nil
	}
	strays, err := cpu.Strays(p.Reserved(), p.pinned()...)
	if err != nil {
		return err
	}
	var errs []error
	for _, t := range strays {
		errs = append(errs, fmt.Errorf("loadgen: thread %d of this process may run on CPUs %v, of which some are the workers'", t.ID, t.Affinity))
	}
	return errors.Join(errs...)
}

// pinned returns the ids of the threads that have been pinned so far.
func (p *placement) pinned() []int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Sorted(maps.Keys(p.threads))
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
		// An oversubscribed generator shares more than a core, which is said above.
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
