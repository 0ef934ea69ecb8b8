package host

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

// Options are the steps of the host that differ between schedulers and that can decide
// which idle manager is better. The zero value is the default set; [Tokio] returns the
// other named set. docs/decisions/028-hosts.md argues for the defaults, and
// docs/hosts.md shows which comparisons depend on them.
type Options struct {
	// Pause is what a searching worker does before each search round except the first.
	Pause Pause

	// Ticks says which tasks count for the two intervals, that of maintenance and that
	// after which the injection queue comes first.
	Ticks Ticks

	// Maintenance says whether it takes the lock.
	Maintenance Maintenance

	// Interval says after how many tasks the injection queue comes first.
	Interval Interval

	// Submission is how several tasks reach the injection queue.
	Submission Submission

	// Slot says whether thieves may take the task in a core's slot.
	Slot Slot

	// Lock is the kind of the lock that guards the injection queue and that idle
	// managers may use.
	Lock impls.MutexKind

	// Spare is the number of workers started in excess of [Config].Workers, from 0 to
	// MaxSpare.
	Spare int
}

// MaxSpare is the largest number of spare workers.
const MaxSpare = 64

// A Pause is what a searching worker does between two rounds.
type Pause uint8

const (
	// PauseSpin: it keeps its CPU busy for 1, 2 and 3 µs. The default: a worker
	// that sleeps while it counts as searching adds the kernel's timer slack, some
	// 55 µs, to the latency of each wake that relies on it.
	PauseSpin Pause = iota
	// PauseSleep: it sleeps in the kernel for 1, 2 and 3 µs plus the timer slack, as in
	// Tokio.
	PauseSleep
	// PauseNone: the next round follows at once, as in Go and rayon.
	PauseNone
)

// Ticks says which tasks count for the intervals.
type Ticks uint8

const (
	// TicksAll: every task counts. The default: it bounds how many tasks run
	// before one from outside does.
	TicksAll Ticks = iota
	// TicksQueue: a task from the slot counts as part of the one that published
	// it, as in Tokio, so that an interval can be four times as long.
	TicksQueue
)

// Interval says after how many tasks a worker looks into the injection queue before it
// looks into its own.
type Interval uint8

const (
	// IntervalFixed: after 61, as in Go. The default: it does not depend on a clock.
	IntervalFixed Interval = iota
	// IntervalTuned: after 2 to 127, so many that 200 µs pass, as in Tokio.
	IntervalTuned
)

// Maintenance says what a worker does at each 61st tick.
type Maintenance uint8

const (
	// MaintenanceUnlocked: it takes no lock. The default: there is nothing to
	// read under it.
	MaintenanceUnlocked Maintenance = iota
	// MaintenanceLocked: it takes the lock, if the idle manager keeps one, to read
	// whether the scheduler was closed, as in Tokio.
	MaintenanceLocked
)

// Submission says how several tasks reach the injection queue.
type Submission uint8

const (
	// SubmitBatch: SubmitAll is one critical section and one NotifyMult. Tasks that
	// yielded stay on their core. The default: it shows what a manager does with the
	// number of tasks.
	SubmitBatch Submission = iota
	// SubmitEach: SubmitAll is a Submit for each task, since Tokio has no batch from
	// outside. There a worker calls NotifyMult when only tasks that yielded are left:
	// for as many as there are idle cores, at most two.
	SubmitEach
)

// Slot says whether the most recently published task can be stolen.
type Slot uint8

const (
	// SlotPrivate: only the core's holder takes it. The default, as in Tokio's
	// alternative scheduler.
	SlotPrivate Slot = iota
	// SlotStealable: a thief takes it where the run queue is empty, and a worker that
	// fills the slot notifies the idle manager, as in Tokio 1.51 (tokio-rs/tokio#7431;
	// reverted by #8100).
	SlotStealable
)

// Tokio returns the options of Tokio's alternative scheduler with a driver: one more
// worker than cores, and the mutex of Rust's standard library, which is built on a
// futex on Linux.
func Tokio() Options {
	o := Options{
		Pause:       PauseSleep,
		Ticks:       TicksQueue,
		Interval:    IntervalTuned,
		Maintenance: MaintenanceLocked,
		Submission:  SubmitEach,
		Spare:       1,
	}
	if prim.HasFutex {
		o.Lock = impls.FutexMutex
	}
	return o
}

// DefaultSet and TokioSet are the names of the two sets.
const (
	DefaultSet = "default"
	TokioSet   = "tokio"
)

// A setting is an option as text: its name, and the names of its values in the
// order of the constants.
type setting struct {
	name   string
	about  string
	values []string
	get    func(*Options) int
	set    func(*Options, int)
}

var settings = []setting{
	{"pause", "what a searching worker does between two rounds", []string{"spin", "sleep", "none"},
		func(o *Options) int { return int(o.Pause) }, func(o *Options, v int) { o.Pause = Pause(v) }},
	{"ticks", "the tasks that count for the intervals of maintenance and of the injection queue", []string{"all", "queue"},
		func(o *Options) int { return int(o.Ticks) }, func(o *Options, v int) { o.Ticks = Ticks(v) }},
	{"interval", "after how many tasks a worker looks into the injection queue first: 61, or as many as take 200 µs", []string{"fixed", "tuned"},
		func(o *Options) int { return int(o.Interval) }, func(o *Options, v int) { o.Interval = Interval(v) }},
	{"maintenance", "whether it takes the lock", []string{"unlocked", "locked"},
		func(o *Options) int { return int(o.Maintenance) }, func(o *Options, v int) { o.Maintenance = Maintenance(v) }},
	{"submit", "how tasks that are submitted all at once reach the injection queue", []string{"batch", "each"},
		func(o *Options) int { return int(o.Submission) }, func(o *Options, v int) { o.Submission = Submission(v) }},
	{"slot", "who may take the task that a core published last", []string{"private", "stealable"},
		func(o *Options) int { return int(o.Slot) }, func(o *Options, v int) { o.Slot = Slot(v) }},
	{"lock", "the kind of the scheduler's lock", []string{"go", "futex"},
		func(o *Options) int { return int(o.Lock) }, func(o *Options, v int) { o.Lock = impls.MutexKind(v) }},
	{"spare", "workers in excess of cores", numbers(MaxSpare),
		func(o *Options) int { return o.Spare }, func(o *Options, v int) { o.Spare = v }},
}

func numbers(to int) (names []string) {
	for n := range to + 1 {
		names = append(names, strconv.Itoa(n))
	}
	return names
}

// ParseOptions reads options as [Options.String] writes them: settings such as
// pause.sleep, joined by '+', that change the default set or one that is named first,
// as in tokio+lock.go.
func ParseOptions(text string) (o Options, err error) {
	parts := strings.Split(text, "+")
	switch parts[0] {
	case DefaultSet:
		parts = parts[1:]
	case TokioSet:
		o, parts = Tokio(), parts[1:]
	}
	for _, part := range parts {
		if err := o.parse(part); err != nil {
			return Options{}, err
		}
	}
	return o, o.validate()
}

func (o *Options) parse(part string) error {
	name, value, _ := strings.Cut(part, ".")
	i := slices.IndexFunc(settings, func(s setting) bool { return s.name == name })
	if i < 0 {
		var names []string
		for _, s := range settings {
			names = append(names, s.name)
		}
		return fmt.Errorf("host option %q: want %s, %s, or <name>.<value> with a name of %s", part, DefaultSet, TokioSet, strings.Join(names, ", "))
	}
	v := slices.Index(settings[i].values, value)
	if v < 0 {
		return fmt.Errorf("host option %q: %s is one of %s", part, name, settings[i].choices())
	}
	settings[i].set(o, v)
	return nil
}

// choices lists the values.
func (s setting) choices() string {
	if n := len(s.values); n > 8 { // numbers
		return s.values[0] + " to " + s.values[n-1]
	}
	return strings.Join(s.values, ", ")
}

// validate reports what this system or this package cannot do.
func (o Options) validate() error {
	switch {
	case o.Lock == impls.FutexMutex && !prim.HasFutex:
		return fmt.Errorf("host option lock.futex: this system has no futexes")
	case o.Spare < 0 || o.Spare > MaxSpare:
		return fmt.Errorf("host: %d spare workers: want 0 to %d", o.Spare, MaxSpare)
	}
	return nil
}

// String returns the name of the set, or else the settings that differ from the
// default: "pause.sleep+spare.1". It is the same for equal options, and can be a value
// in a benchmark name.
func (o Options) String() string {
	switch o {
	case Options{}:
		return DefaultSet
	case Tokio():
		return TokioSet
	}
	var parts []string
	for _, s := range settings {
		if v := s.get(&o); v != 0 {
			parts = append(parts, s.name+"."+s.values[v])
		}
	}
	return strings.Join(parts, "+")
}

// OptionTexts describes each option in one line, for listings: its name and values, and
// its meaning. The first value is the default, and one after "tokio:" is the value in
// the set of that name, if it differs.
func OptionTexts() (lines [][2]string) {
	tokio := Tokio()
	for _, s := range settings {
		text := s.about
		if v := s.get(&tokio); v != 0 {
			text += "; tokio: " + s.values[v]
		}
		lines = append(lines, [2]string{s.name + ": " + s.choices(), text})
	}
	return lines
}
