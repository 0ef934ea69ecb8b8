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
	plan, err := cpu.NewPlan(use, topology, spec.Workers)
	if err != nil {
		return nil, err
	}
	if spec.Harness.Mirrored {
		plan = plan.Mirrored()
	}
	p := &placement{
		Plan:      plan,
		whole:     spec.Subject.WholeMask,
		onWorkers: spec.Harness.RuntimeOnWorkers,
		free:      spec.Values.How().Goroutine(),
		threads:   make(map[int]int),
	}
	if threads := spec.Workload.Threads; threads != nil {
		p.beside = threads(spec.Values, spec.Workers)
	}
	return p, nil
}

// besideCPUs returns the CPUs to which the threads beside the generator are dealt
// in turn: those that nobody has, and the generator's own if they are too few. It
// is nil if the plan is oversubscribed; then these threads are not pinned.
func (p *placement) besideCPUs() []int {
	if p.Oversubscribed || p.beside == 0 {
		return nil
	}
	spare := p.Housekeeping.Without(cpu.Set{p.Generator})
	if len(spare) >= p.beside {
		return spare[:p.beside]
	}
	return append(slices.Clip(spare), p.Generator)
}

// generatorsShare reports whether the threads that submit have to share CPUs.
func (p *placement) generatorsShare() bool {
	return p.beside > 0 && (p.Oversubscribed || slices.Contains(p.besideCPUs(), p.Generator))
}

// confine moves all threads of the process to the house.
func (p *placement) confine() (release func() error, err error) { return cpu.Confine(p.house()) }

// house is where the threads are that are not pinned: out of the workers' way, or
// on the workers' CPUs for a subject that has no threads of its own.
func (p *placement) house() cpu.Set {
	switch {
	case p.whole && p.free:
		return cpu.SetOf(append(slices.Clip(p.Workers), p.Generator)...)
	case p.whole, p.onWorkers:
		return cpu.SetOf(p.Workers...)
	}
	return p.Housekeeping
}

// cpus returns the CPUs of the pinned threads.
func (p *placement) cpus() cpu.Set {
	return cpu.SetOf(slices.Concat(p.Workers, []int{p.Generator}, p.besideCPUs())...)
}

// planned returns the affinity that a thread should have.
func (p *placement) planned(id int) cpu.Set {
	p.mu.Lock()
	defer p.mu.Unlock()
	if at, ok := p.threads[id]; ok {
		return cpu.Set{at}
	}
	return p.house()
}

// pinWorker pins the calling goroutine to the CPU of a worker. The goroutine
// must end on its thread.
func (p *placement) pinWorker(worker int) error { return p.pin(p.Workers[worker%len(p.Workers)]) }

func (p *placement) pinGenerator() error { return p.pin(p.Generator) }

// pinBeside pins the calling goroutine to the CPU of the i-th thread that submits,
// from 1 on; the generator is the one before. The goroutine must end on its thread.
func (p *placement) pinBeside(i int) error {
	cpus := p.besideCPUs()
	if cpus == nil {
		return nil
	}
	return p.pin(cpus[(i-1)%len(cpus)])
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
		{"shared-cores", yes(p.SharedCores || p.GeneratorShares)},
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
