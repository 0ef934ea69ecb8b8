package loadgen

import (
	"fmt"
	"slices"
	"strings"
)

// A Harness is one way in which a measurement departs from the usual one: something
// that users may have set up differently and that should not decide a result. Its
// zero value is the usual one. Package audit measures the effect of each.
// (What the scheduler itself does differently is in host.Options.)
type Harness struct {
	// Name is that of the variation, "" for none.
	Name string

	// About says in one line what is different.
	About string

	// TimerSlack has every thread of the process begin with the least slack of
	// timers, 1 ns, where Linux gives 50 µs. It is set before the process begins.
	TimerSlack bool

	// Procs is added to GOMAXPROCS.
	Procs int

	// Spare is the number of workers above that of cores. They run on any of the
	// workers' CPUs.
	Spare int

	// Unconfined lets the threads that are not workers, those of Go's runtime and
	// of submitters that are goroutines, run on all CPUs of the measurement.
	Unconfined bool

	// Mirrored has the generator and one worker exchange their CPUs.
	Mirrored bool

	// ClockCall has the clock read by a system call, as on a machine whose clock
	// source the kernel cannot share.
	ClockCall bool
}

// Harnesses returns the variations.
func Harnesses() []Harness {
	return []Harness{
		{Name: "slack-1ns", About: "timer slack of 1 ns instead of 50 µs", TimerSlack: true},
		{Name: "spare-proc", About: "GOMAXPROCS one larger", Procs: 1},
		{Name: "spare-worker", About: "one worker more than cores", Spare: 1},
		{Name: "unconfined", About: "threads that are not workers may use all CPUs, the workers' too", Unconfined: true},
		{Name: "mirrored", About: "the generator and a worker with their CPUs exchanged", Mirrored: true},
		{Name: "clock-call", About: "the clock read by a system call", ClockCall: true},
	}
}

// FindHarness returns the variation with the given name.
func FindHarness(name string) (Harness, error) {
	all := Harnesses()
	i := slices.IndexFunc(all, func(h Harness) bool { return h.Name == name })
	if i < 0 {
		var names []string
		for _, h := range all {
			names = append(names, h.Name)
		}
		return Harness{}, fmt.Errorf("there is no harness %q; there are %s", name, strings.Join(names, ", "))
	}
	return all[i], nil
}

// Unfit says why a variation changes nothing for a subject.
func (h Harness) Unfit(s Subject) error {
	switch {
	case h.Spare > 0 && !s.Hosted:
		return fmt.Errorf("%s has no cores that could be fewer than its workers", s.Impl)
	case h.Unconfined && s.WholeMask:
		return fmt.Errorf("the threads of %s are on the workers' CPUs anyway", s.Impl)
	}
	return nil
}
