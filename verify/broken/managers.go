package broken

import "github.com/idlebench/idlebench/impls"

// A Manager is an implementation that is wrong.
type Manager struct {
	impls.Implementation

	// Like is the defect of a real scheduler.
	Like string

	// Breaks are the invariants that a check may report. Which is first depends on
	// the schedule.
	Breaks []string

	// Scenario is one in which the explorer finds the defect.
	Scenario string
}

// A defect is what is wrong with a manager.
type defect int

const (
	sound defect = iota
	signalsOncePerPark
	cachesSnapshot
	staysSleeper
	dropsEveryFourth
	looksBeforeLeaving
	takesNoteLate
	wakesTwice
	leaksCore
	wakesOneOfMany
	relaysNothing
	ignoresVersion
	cancelsBlindly
)

// Sound returns the managers without a defect.
func Sound() []impls.Implementation {
	return []impls.Implementation{
		named("sound-base", sound, newBase),
		named("sound-stack", sound, newStack),
		named("sound-hand-off", sound, newHandOff),
	}
}

// Managers returns the broken ones.
func Managers() []Manager {
	dropping := named("drops-every-fourth", dropsEveryFourth, newBase)
	dropping.Races = []impls.Race{{Name: "rare", In: impls.Situations()}}
	lost := []string{"L1", "L3", "L4", "L5", "L6"}
	return []Manager{
		{
			named("stack-without-version", ignoresVersion, newStack),
			"a stack of idle workers whose head has no version (ABA), which is why ForkJoinPool's ctl has one",
			append([]string{"S1", "S3", "S6", "D2", "D3"}, lost...), "two_producers",
		},
		{
			named("signals-once-per-park", signalsOncePerPark, newBase),
			"dotnet/runtime#121887: a request for a worker that is outstanding keeps later ones from being made",
			lost, "fork_two",
		},
		{
			named("caches-snapshot", cachesSnapshot, newBase),
			"a cache whose key, a number of idle cores, comes back with other cores behind it",
			[]string{"S2", "L3"}, "fork_when_busy",
		},
		{
			named("stays-sleeper", staysSleeper, newBase),
			"a worker that is woken by something else, finds work and goes on, and is still among the sleepers",
			append([]string{"S1", "S2", "S3", "S6", "D2", "D3"}, lost...), "fork_woken",
		},
		{
			dropping,
			"a wake-up dropped now and then, called a benign race",
			lost, "fork_one_after_the_other",
		},
		{
			named("looks-before-leaving", looksBeforeLeaving, newBase),
			"tokio-rs/tokio#5907: the last searcher looked at the queues before it left the count; golang/go#45867 is its like",
			lost, "fork",
		},
		{
			named("takes-note-late", takesNoteLate, newBase),
			"dotnet/coreclr#14015: a request was marked as satisfied after the look at the queue",
			lost, "fork",
		},
		{
			named("wakes-twice", wakesTwice, newBase),
			"a sleeper that leaves the stack when it wakes, not when it is chosen, so that two notifiers choose it",
			append([]string{"S1", "S3", "S6", "D2", "D3"}, lost...), "two_producers",
		},
		{
			named("leaks-core", leaksCore, newBase),
			"tokio-rs/tokio#5911: cores that were returned during the shutdown were not shut down",
			[]string{"D3"}, "shutdown",
		},
		{
			named("wakes-one-of-many", wakesOneOfMany, newBase),
			"one wake-up for a batch, without a relay",
			lost, "batch",
		},
		{
			named("cancels-blindly", cancelsBlindly, newHandOff),
			"a spinner that withdraws by a store wipes out the hand-off that came before it",
			lost, "fork",
		},
		{
			named("relays-nothing", relaysNothing, newBase),
			"a woken worker that finds work and wakes no other, though publishers relied on it",
			lost, "fork_two",
		},
	}
}

func named(name string, d defect, make func(impls.Config, defect) impls.Idle) impls.Implementation {
	return impls.Implementation{
		Name:  name,
		About: "for tests: wrong on purpose, unless it is called sound",
		New:   func(c impls.Config) impls.Idle { return make(c, d) },
	}
}
