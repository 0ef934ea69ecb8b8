package loadgen

import (
	"fmt"
	"slices"
	"strings"
)

// A Harness is one variation of the measuring setup: something that users may have
// configured differently and that should not decide a result. Its zero value is the
// standard setup. Package audit measures the effect of each. (Variations of the
// scheduler itself are in host.Options.)
type Harness struct {
	// Name is the variation's name, "" for none.
	Name string

	// About says in one line what is different.
	About string

	// TimerSlack gives every thread of the process the minimum timer slack, 1 ns, instead
	// of Linux's 50 µs: the value of kernel.Settings that an audit varies.
	TimerSlack bool

	// Procs is added to GOMAXPROCS.
	Procs int

	// Spare is the number of workers in excess of cores. They run on any of the
	// workers' CPUs.
	Spare int

	// Unconfined lets the threads that are not workers, those of Go's runtime and of
	// submitters that are goroutines, run on all CPUs of the measurement.
	Unconfined bool

	// Mirrored swaps the CPUs of the generator and one worker.
	Mirrored bool

	// Whole measures in one go where launches usually measure in slices.
	Whole bool

	// ClockCall reads the clock by a system call, as on a machine whose clock source
	// the kernel cannot share with programs.
	ClockCall bool
}

// Harnesses returns the variations.
func Harnesses() []Harness {
	return []Harness{
		{Name: "slack-1ns", About: "timer slack of 1 ns instead of 50 µs", TimerSlack: true},
		{Name: "spare-proc", About: "GOMAXPROCS one larger", Procs: 1},
		{Name: "spare-worker", About: "one more worker than cores", Spare: 1},
		{Name: "unconfined", About: "threads that are not workers may use all CPUs, including the workers'", Unconfined: true},
		{Name: "mirrored", About: "the generator and a worker swap CPUs", Mirrored: true},
		{Name: "whole", About: "measured in one go instead of in slices", Whole: true},
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
		return Harness{}, fmt.Errorf("there is no harness %q; available: %s", name, strings.Join(names, ", "))
	}
	return all[i], nil
}

// Unfit says why a variation has no effect on a subject.
func (h Harness) Unfit(s Subject) error {
	switch {
	case s.External != nil && h.Name != "":
		return fmt.Errorf("%s is a program of its own, with its own harness", s.Impl)
	case h.Spare > 0 && !s.Hosted:
		return fmt.Errorf("%s has no cores, so it cannot have fewer cores than workers", s.Impl)
	case h.Unconfined && s.WholeMask:
		return fmt.Errorf("the threads of %s are on the workers' CPUs anyway", s.Impl)
	}
	return nil
}
