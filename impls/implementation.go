package impls

import "slices"

// An Implementation is an idle manager that can be chosen by name.
type Implementation struct {
	// Name is lower case and short; it appears in benchmark names.
	Name string

	// About says in one line what the design is.
	About string

	// New returns a manager for one run.
	New func(Config) Idle

	// Parker is empty for a design that sleeps by whatever parker it is given.
	// Otherwise it names the way of sleeping that is part of the design.
	Parker string

	// Yields says of such a design that a sleeping worker gives its thread back to
	// Go's scheduler, so that workers may be ordinary goroutines.
	Yields bool

	// Spins says that a worker may poll in Park before it sleeps, whatever its parker.
	Spins bool

	// Lockless says that the design keeps no lock: Config.Lock is nil, and the
	// host's injection queue is lock-free.
	Lockless bool

	// Races lists the races in which the design may break L3 or L6. A design
	// without any is work-conserving in every interleaving.
	Races []Race
}

// A Race is a documented way in which a design may leave a core idle while a task
// waits. The publisher of such a task still runs it.
type Race struct {
	// Name is that under which the design's documentation explains the race.
	Name string

	// In lists the situations in which the race can leave tasks waiting. In all
	// other situations L3 and L6 hold.
	In []Situation

	// Unsearched says that the race is certain, and no matter of chance, if a worker
	// parks without having searched: L5 does not hold for it.
	Unsearched bool
}

// A Situation is a pattern of tasks that wait for each other, so that a missed
// wake-up shows as tasks that do not run. The scenarios of impls/idletest and of
// verify each belong to one.
type Situation string

// The situations.
const (
	Outside Situation = "outside"        // tasks submitted one by one wait for each other
	Batch   Situation = "batch"          // tasks submitted at once wait for each other
	Fork    Situation = "fork"           // a task waits for one it has spawned
	ForkTwo Situation = "fork two"       // a task waits for two it has spawned, which wait for each other
	Busy    Situation = "fork when busy" // a task waits for one it spawned while no core was available
)

// Situations returns all situations.
func Situations() []Situation { return []Situation{Outside, Batch, Fork, ForkTwo, Busy} }

// RacesIn returns the names of the races that can leave tasks waiting in a
// situation.
func (i Implementation) RacesIn(s Situation) (names []string) {
	for _, r := range i.Races {
		if slices.Contains(r.In, s) {
			names = append(names, r.Name)
		}
	}
	return names
}
