package workload

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// All returns the workloads of the suite.
func All() []Workload {
	return []Workload{
		wake,
		spawnManyRemoteIdle,
		spawnManyLocal,
		spawnManyRemoteBusy1,
		spawnManyRemoteBusy2,
		pingPong,
		yieldMany,
		chainedSpawn,
		remoteSpawn,
		poisson,
		burst,
		forkJoin,
		skynet,
		trickle,
		idle,
		rampUp,
		rampDown,
		mixed,
		wakestorm,
		shutdown,
		stormShutdown,
		debt,
	}
}

// A Workload is a pattern of load that can be chosen by name.
type Workload struct {
	// Name is in snake case; benchmark names have it in camel case.
	Name string

	// About says in one line what the pattern is.
	About string

	// Doc says, in a few sentences, what the workload models and where it comes from,
	// what a latency sample is, and what bounds a good value.
	Doc string

	// Submits says what submits and why: an ordinary goroutine or a thread, and what it
	// does before and after.
	Submits string

	// Sample says what a latency sample measures: "wake" or "task"; empty if there are
	// none.
	Sample string

	// Primary is the unit by which runs are compared; the others explain it. It is
	// empty if the workload is reported only, because none of its units can be judged.
	Primary string

	// Params are its parameters, in the order of benchmark names.
	Params []Param

	// Workers is the number of workers if the user gives none; 0 means as many as can
	// have a CPU of their own, after the load generator's.
	Workers int

	// MinWorkers is the number of workers below which the workload is measured but
	// says little; 0 if any number will do.
	MinWorkers int

	// OneTask says that there is at most one task at any time, so that the machine's
	// floor can be measured with the workload.
	OneTask bool

	// Staged says that the load can record the stages of its wakes. It requires that at
	// most one task is pending at any time, and that one thread submits it.
	Staged bool

	// Hosted says that the load needs the internals of the host scheduler, or starts
	// one of its own. Such a load cannot run on references.
	Hosted bool

	// OwnSchedulers says that the load runs on schedulers that it starts with
	// Generator.StartScheduler, one at a time. The subject is closed first.
	OwnSchedulers bool

	// MostlyIdle says that almost nothing happens, so that most of the CPU time would
	// be what Go's runtime uses for a while after it was busy.
	MostlyIdle bool

	// Draws says that the load samples from Generator.Seed.
	Draws bool

	// Whole says why a launch has to measure in one go; empty if it may measure in
	// slices, between which the pool is at rest while other launches measure.
	Whole string

	// Threads returns how many threads the load keeps busy besides the generator's; nil
	// for none.
	Threads func(v Values, workers int) int

	// Full says that the workload is in the full matrix only.
	Full bool

	// New makes the load for the given values, which are valid.
	New func(v Values) Load
}

// A Load drives a pool for a while. It may be run several times in sequence; the first
// run is a warm-up.
type Load interface {
	// Run runs operations until the limit has passed, at least one, and returns when
	// all their tasks have run. A recorded load has no operation if none was recorded. The error is one of the pool's, or says that the work
	// was not done.
	Run(g *Generator, limit time.Duration) (Totals, error)
}

// A Scheduled load has a schedule of what arrives, sampled from Generator.Seed.
type Scheduled interface {
	Load

	// Seek moves to the part of the schedule with this number, from 0. The next run
	// begins there, and the one after it where that stopped. Parts of the same number
	// begin with the same arrivals in all launches with the same seed, whatever was run
	// before and however long that took.
	Seek(part int)
}

// Totals is what a load did.
type Totals struct {
	Ops     int64         // operations
	Time    time.Duration // of the operations, without the gaps between them; 0 if that is meaningless
	Tasks   int64         // tasks, from the user's point of view: it does not depend on the pool
	Figures []Figure      // of this workload only

	// Lag holds, for each submission, how far a thread was behind its schedule; nil if
	// there is no schedule.
	Lag []*latency.Recorder
}

// A Metric is a value with its unit, as in Go's benchmark format.
type Metric struct {
	Value float64
	Unit  string
}

// A Pool runs tasks.
type Pool interface {
	// Submit adds a task from outside; SubmitAll adds several at once.
	Submit(t host.Task) error
	SubmitAll(tasks []host.Task) error
}

// A Param is a parameter of a workload.
type Param struct {
	Name    string
	About   string
	Default string

	// Sweep lists the values in the default matrix, Full those in the full
	// one; nil for the default value alone.
	Sweep, Full []string

	// Parse reads a value: nanoseconds for a time, or a number.
	Parse func(string) (int64, error)
}

// Values holds a value for each parameter.
type Values map[string]int64

// Duration returns the value of a parameter that is a time.
func (v Values) Duration(name string) time.Duration { return time.Duration(v[name]) }

// Int returns the value of a parameter that is a number.
func (v Values) Int(name string) int { return int(v[name]) }

// Values reads the values that the user gave, and fills in the defaults.
func (w Workload) Values(given map[string]string) (Values, error) {
	v := make(Values)
	for _, p := range w.Params {
		text, ok := given[p.Name]
		if !ok {
			text = p.Default
		}
		n, err := p.Parse(text)
		if err != nil {
			return nil, fmt.Errorf("workload %s: parameter %s=%s: %w", w.Name, p.Name, text, err)
		}
		v[p.Name] = n
	}
	for _, name := range slices.Sorted(maps.Keys(given)) {
		if _, ok := v[name]; !ok {
			return nil, fmt.Errorf("workload %s has no parameter %s; it has %s", w.Name, name, w.paramNames())
		}
	}
	return v, nil
}

func (w Workload) paramNames() string {
	if len(w.Params) == 0 {
		return "none"
	}
	names := make([]string, len(w.Params))
	for i, p := range w.Params {
		names[i] = p.Name
	}
	return strings.Join(names, ", ")
}

// Find returns the workload with the given name.
func Find(all []Workload, name string) (Workload, bool) {
	i := slices.IndexFunc(all, func(w Workload) bool { return w.Name == name })
	if i < 0 {
		return Workload{}, false
	}
	return all[i], true
}

// duration returns a parser for times from low to high.
func duration(low, high time.Duration) func(string) (int64, error) {
	return func(s string) (int64, error) {
		d, err := time.ParseDuration(s)
		if err != nil {
			return 0, fmt.Errorf("want a time such as 100us or 2ms")
		}
		if d < low || d > high {
			return 0, fmt.Errorf("want a time from %v to %v", low, high)
		}
		return int64(d), nil
	}
}

// count returns a parser for whole numbers from low to high.
func count(low, high int64) func(string) (int64, error) {
	return func(s string) (int64, error) {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil || n < low || n > high {
			return 0, fmt.Errorf("want a whole number from %d to %d", low, high)
		}
		return n, nil
	}
}
