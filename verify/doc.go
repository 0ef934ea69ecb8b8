// Package verify explores the idle managers of the suite: the very source that
// is benchmarked, built with the tag explore.
//
//	go test -tags explore ./verify                       every schedule with 2 preemptions
//	go test -tags explore ./verify -bound 3 -big         with 3, big scenarios too
//	go test -tags explore ./verify -strategy reduced     all, where that ends
//	go test -tags explore ./verify -run '/bitmap/cond/fork' -schedule 0x3.1x2
//
// A scenario is a small scheduler with one or a few tasks, chosen so that a
// lost wake-up is a deadlock: the main thread waits for tasks that only another
// worker can run. In the end it shuts the manager down and waits for all workers,
// so that a worker or a core which is lost in the shutdown is found too.
package verify
