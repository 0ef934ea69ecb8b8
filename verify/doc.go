// Package verify explores the idle managers of the suite: the very source that
// is benchmarked, built with the tag explore.
//
//	go test -tags explore ./verify                        every schedule with 2 preemptions
//	go test -tags explore ./verify -bound 3               with 3, which takes an hour
//	go test -tags explore ./verify -strategy reduced      every schedule of the smallest
//	go test -tags explore ./verify -strategy random       schedules drawn, of the largest
//	go test -tags explore ./verify -run '/bitmap/cond/fork$' -schedule 0x3.1x2
//
// A scenario is a small scheduler with one or a few tasks, chosen so that a
// lost wake-up is a deadlock: the main thread waits for tasks that only another
// worker can run. In the end it shuts the manager down and waits for all workers,
// so that a worker or a core which is lost in the shutdown is found too.
//
// Some scenarios have tasks that wait for each other. There lost parallelism is
// a deadlock as well (L3). For a manager that says it conserves work weakly the
// test logs the shortest such schedule and passes; for one that says strongly it
// fails.
//
// Where a core is and who holds it is checked at each of its moves (S1), and the
// managers check their own state at each change of it (S2 to S5); the deadlocks
// are L1 to L6, and after the shutdown every worker and every core must be
// accounted for (D1 to D6).
package verify
