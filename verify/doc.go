// Package verify explores an idle manager: it runs the very source that is
// benchmarked, built with the tag explore, under many schedules, and reports the
// first one under which the manager breaks an invariant of package impls.
//
//	var options = verify.Flags(flag.CommandLine)
//
//	func TestSchedules(t *testing.T) { verify.Explore(t, mine.Implementation, options) }
//
// The manager takes its mutexes, atomics and channels from impls/prim. It may be in
// a module of its own; testdata/outside is one. Its test then has these flags, as
// this package's own test of the built-in managers has:
//
//	go test -tags explore                      every schedule with 2 preemptions
//	go test -tags explore -bound 3             with 3, which takes long
//	go test -tags explore -strategy reduced    every schedule of the smallest scenarios
//	go test -tags explore -strategy random     random schedules
//	go test -tags explore -v -run '^TestSchedules$/^cond$/^fork$' -schedule 0x3.1x2
//
// The last one repeats a schedule and prints its steps; a failure says which.
// Without the tag the test is skipped. Package impls/idletest is the other half of
// the checks: it runs the manager on real threads.
//
// A scenario is a small scheduler with one or a few tasks. It is chosen so that a
// lost wake-up is a deadlock: the main thread waits for tasks that only another
// worker can run. In the end it shuts the manager down and waits for all workers.
// So a worker or a core that is lost in the shutdown is found, too.
//
// In some scenarios tasks wait for each other. There lost parallelism is a
// deadlock as well (L3). A manager that names races ([impls.Race]) may have such
// deadlocks in the situations that they name: they are counted, and the
// exploration goes on. It fails in every other deadlock. For the built-in managers
// the list known is stricter: it has the scenarios, each with the smallest bound
// that shows the deadlock, and the exploration also fails if one no longer shows.
//
// S1 is checked in two ways. At each of its moves a core must come from where it
// was last; the entry is a variable that is watched for data races, so a handover
// that nothing orders is found in whatever order it happens. And after each step no
// two workers may have the same core. S2 is checked of the snapshot: whenever no
// call is in progress it must be exactly the set of cores that the manager has, and
// a snapshot must never have a core that was held while it was taken. What is
// checked between steps is not checked under -strategy reduced, which cannot. The
// managers check their own state at each change of it (S2 to S5). The deadlocks are
// L1 to L6. After the shutdown every worker and
// every core must be accounted for (D1 to D6).
//
// # What is covered
//
// All managers of package builtin are explored. Chance (random, pct) plays those that
// are measured by default with all parkers, and the others with one. What is complete
// (bounded, reduced) is explored with one parker, and only the cheapest manager,
// mutexonly, with all of them (the flag -shared). The comment of TestScenarios says
// why that is enough.
//
//   - bounded: complete. The bound is lower by one for a few scenarios with two and
//     three workers, and by two for the other ones with three and four. Parkers that
//     spin have a bound that is lower by one more, except in the smallest scenarios,
//     and are left out of the largest: switches between threads that spin are no
//     preemptions, so there are many more schedules with each. spin-futex looks once
//     or twice before it sleeps. Managers that spin are treated in the same way.
//   - reduced: complete, for the smallest scenarios, unless -limit cuts it. Parkers
//     that spin are left out: reduction is not complete for them.
//   - random, pct: all scenarios. Those with a lower bound get ten times as many
//     executions.
//
// "make test" runs less of it, all with -shared: bound 2, and bound 1 for the scenarios
// that would take half of the time; reduced with a limit; 2,000 random schedules, a tenth
// of that for the smaller scenarios; no pct. So what only "make verify" explores are all
// schedules with three preemptions, those rare enough to need 10⁵ executions, and bitmap
// with parkers other than chan.
//
// "make verify" runs bound 3, reduced, and random and pct with 10⁵ executions. It keeps
// each result in bin/verify under what it depends on (package journal): the explorer,
// this package without the other scenarios, the manager's own package with what it
// imports, the manager's known deadlocks, and the options. So a change in one manager
// costs the explorations of that manager, and a new scenario costs its own. It continues
// where it was interrupted. "make verify PART=1/4" does a quarter, and the page is written
// when all parts are done.
package verify
