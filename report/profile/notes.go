package profile

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// Explain says in a few sentences what a profile of the kind shows, and what it
// does not.
func Explain(k Kind) string {
	switch k {
	case CPU:
		return "Where the process spent CPU time, estimated from interrupts after every 10 ms of it. " +
			"Time in the kernel belongs to the function that made the system call; waiting takes no CPU time and is not seen. " +
			"The load generator spins between arrivals, so its share says nothing."
	case Wall:
		return "Where threads spent time by the wall clock, whether they ran or waited. Whether waiting threads are included depends on the profiler."
	case Mutex:
		return "How long others waited for a lock, by who held it and then unlocked it: the unlockers. " +
			"Every such unlock is counted. The waits themselves are in the block profile, by who waited."
	case Block:
		return "How long goroutines waited, by who waited: the waiters. " +
			"Every wait that ended in time is counted. A worker that sleeps because it has nothing to do waits too (idle): that is no contention."
	}
	return ""
}

// Notes returns what is to be known of this profile in particular before its
// numbers are believed, a sentence each.
func (p *Profile) Notes() (notes []string) {
	note := func(format string, args ...any) { notes = append(notes, fmt.Sprintf(format, args...)) }
	switch {
	case !p.Kind.Waits() && p.Events == 0 && p.Time > 0:
		note("The number of samples is not recorded, so it is not known how precise the shares are.")
	case p.Kind == CPU && p.Events == 0:
		note("There are no samples: the process used next to no CPU time.")
	case p.Kind == Wall && p.Events == 0:
		note("There are no samples.")
	case !p.Kind.Waits():
		// Two standard errors of a share of one half.
		note("There are %d samples: a share is known to within %.0f percentage points, the smaller ones better.", p.Events, math.Ceil(100/math.Sqrt(float64(p.Events))))
	case p.Events == 0:
		note("There are no waits that Go records.")
	}
	if p.Cell != nil && p.Kind.Waits() {
		switch park := p.Cell.Park; {
		case park == "futex" || strings.HasPrefix(park, "spin-futex"):
			note("The parker %s sleeps in a system call, past Go's scheduler: its waits are in no profile of Go's.", park)
		case park == "spin":
			note("The parker spin never blocks: its waits are in the CPU profile.")
		}
	}
	if slices.ContainsFunc(p.stacks, func(s stack) bool { return s.frames[0].Function == "runtime._LostContendedRuntimeLock" }) {
		note("Some waits for locks inside Go's runtime could not be attributed (runtime._LostContendedRuntimeLock).")
	}
	if p.Duration == 0 {
		note("Its duration is not recorded, so it cannot be compared per second.")
	}
	return append(notes, p.notes...)
}
