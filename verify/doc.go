// Package verify explores the idle managers of the suite: the very source that
// is benchmarked, built with the tag explore.
//
//	go test -tags explore ./verify                      every schedule with 2 preemptions
//	go test -tags explore ./verify -bound 3             with 3, which takes long
//	go test -tags explore ./verify -strategy reduced    every schedule of the smallest
//	go test -tags explore ./verify -strategy random     schedules drawn at random
//	go test -tags explore ./verify -run '/bitmap/^cond$/^fork$' -v -schedule 0x3.1x2
//
// A scenario is a small scheduler with one or a few tasks. It is chosen so that a
// lost wake-up is a deadlock: the main thread waits for tasks that only another
// worker can run. In the end it shuts the manager down and waits for all workers.
// So a worker or a core that is lost in the shutdown is found, too.
//
// In some scenarios tasks wait for each other. There lost parallelism is a
// deadlock as well (L3). A manager that names races ([impls.Race]) has such
// deadlocks in the situations that they name. The list known has them, each with
// the smallest bound that shows it. They are counted, and the exploration goes on.
// It fails in every other deadlock, and if a known one no longer shows.
//
// S1 is checked in two ways. At each of its moves a core must come from where it
// was last; the entry is a variable that is watched for data races, so a handover
// that nothing orders is found in whatever order it happens. And after each step
// nobody may have another worker's core, but not under -strategy reduced, which
// cannot check between steps. The managers check their own state at each change
// of it (S2 to S5). The deadlocks are L1 to L6. After the shutdown every worker and
// every core must be accounted for (D1 to D6).
//
// # What is covered
//
// All managers of package builtin are explored, with all parkers.
//
//   - bounded: complete, for scenarios with one and two workers. Parkers that spin
//     have a bound that is lower by one, but in the smallest scenarios: switches
//     between threads that spin are no preemptions, so there are many more
//     schedules with each. spin-futex looks once or twice before it sleeps.
//   - reduced: complete, for the smallest scenarios, unless -limit cuts it. Parkers
//     that spin are left out: reduction is not complete for them.
//   - random, pct: all scenarios. Those with three and four workers have no other,
//     and get ten times as many executions.
//
// "make test" runs bound 2, reduced and a few random schedules; "make verify" runs
// bound 3, reduced, and random and pct with 10⁵ executions.
package verify
