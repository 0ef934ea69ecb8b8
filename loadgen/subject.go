package loadgen

import (
	"context"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/stages"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A Subject is what a workload runs on.
type Subject struct {
	// Impl and Park name it in benchmark names.
	Impl, Park string

	// About says in one line what it is.
	About string

	// OneTask says that it can hold at most one task, and so is for workloads with
	// OneTask only.
	OneTask bool

	// WholeMask says that its workers are goroutines, which run on any thread, so that
	// they cannot be pinned one by one: the threads of the process share the workers'
	// CPUs, and the generator's if that is a goroutine too.
	WholeMask bool

	// Spins says that a worker keeps its CPU busy while it waits. Between slices such a
	// subject disturbs others, unless its process is stopped.
	Spins bool

	// Hosted says that it is the host scheduler, whose internals can be inspected:
	// Start returns a *host.Scheduler.
	Hosted bool

	// Aside says that its parker is measured with it only if parkers are named, or in the
	// full matrix.
	Aside bool

	// Other says that its implementation is measured only if it is named, or if all are.
	Other bool

	// Platform says that it is the machine itself: the workloads of package calibrate
	// run on it and on nothing else, and no others run on it.
	Platform bool

	// External lists the workloads of a subject that is a program of its own, which is not
	// started here; nil for all others.
	External []string

	// Start starts it.
	Start func(Setting) (Running, error)
}

// A Setting says how a subject is to be started.
type Setting struct {
	Workers int
	Spare   int                    // workers in excess of cores, for a subject that is Hosted
	Host    host.Options           // for a subject that is Hosted
	OnStart func(worker int) error // called on each worker's goroutine, unless nil
	Seed    uint64

	// Stages records the stages of wakes at the idle manager, unless nil. A subject
	// without an idle manager ignores it.
	Stages *stages.Recorder
}

// A Running subject is a pool whose internals can be inspected.
type Running interface {
	workload.Pool

	// Settle waits until all accepted tasks have run and everything is at rest.
	Settle(ctx context.Context) error

	// Counters returns what the workers did so far. A subject that does not count
	// returns zeros.
	Counters() host.Counters

	// Close ends it.
	Close(ctx context.Context) error

	// State describes it for the report of a hang.
	State() string
}

// Scheduled is the host scheduler with an idle manager. Each worker is a thread pinned
// to a CPU, as in a runtime of its own.
func Scheduled(impl impls.Implementation, kind park.Kind) Subject {
	return scheduled(impl, kind)
}

// GoPrefix begins the names of parkers whose workers are goroutines.
const GoPrefix = "go-"

// Goroutines is the host scheduler with an idle manager. Its workers are ordinary
// goroutines, as those of a pool in a Go program: none is locked to a thread, and all
// threads share the CPUs. It is for parkers that hand their worker back to Go's
// scheduler.
func Goroutines(impl impls.Implementation, kind park.Kind) Subject {
	s := scheduled(impl, kind)
	s.Park = GoPrefix + s.Park
	s.WholeMask = true
	return s
}

func scheduled(impl impls.Implementation, kind park.Kind) Subject {
	s := Subject{Impl: impl.Name, Park: kind.Name, About: impl.About, Hosted: true, Spins: kind.Spins}
	if impl.Parker != "" {
		s.Park = impl.Parker
	}
	s.Start = func(set Setting) (Running, error) {
		idle := impl
		if set.Stages != nil {
			idle = set.Stages.Watch(impl)
		}
		return host.Start(host.Config{
			Cores:     set.Workers,
			Workers:   set.Workers + set.Spare,
			Idle:      idle,
			NewParker: kind.New,
			OnStart:   set.OnStart,
			Seed:      set.Seed,
			Options:   set.Host,
		})
	}
	return s
}

// References returns the subjects without an idle manager that are available on this
// system.
func References() []Subject {
	all := []Subject{FloorSpin()}
	if futex, ok := park.Find(park.Kinds(), "futex"); ok && futex.Missing == "" {
		all = append(all, FloorFutex())
	}
	return append(all, Goroutine(), Platform())
}
