package main

import (
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/pairs"
)

// A span of the bridge: a runtime, and the design of this suite that was ported from it, in a
// host that is set as that runtime is.
type span struct {
	peer         string
	design, park string
	host         string
	why          string // the host has these options
	rows         []row
}

// A row is a load under which both are measured.
type row struct {
	name string // on the page, unique in a span
	cell pairs.Cell
}

// In the runtimes a spawn allocates. Where tasks are the work, our side does so too. Where a
// runtime allocates less than we then do, the row is there a second time, with tasks of ours
// that nothing is allocated for: rayon's join has its job on the stack, and the closures of
// Eigen's chain fit into a std::function.
var (
	wake20us  = row{"wake, gap 20 µs", wake("20us", 1)}
	wake200us = row{"wake, gap 200 µs", wake("200us", 1)}
	wake1ms   = row{"wake, gap 1 ms", wake("1ms", 1)}
	wake1ms2  = row{"wake, gap 1 ms, 2 workers", wake("1ms", 2)}
	poisson   = row{"poisson", pairs.Cell{Workload: "poisson", Workers: 1}}
	spawnMany = row{"spawn_many_local", pairs.Cell{Workload: "spawn_many_local", Workers: 1, Allocates: true}}
	chained   = row{"chained_spawn", pairs.Cell{Workload: "chained_spawn", Workers: 1, Allocates: true}}
	pingPong  = row{"ping_pong, 2 workers", pairs.Cell{Workload: "ping_pong", Workers: 2, Allocates: true}}
	yieldMany = row{"yield_many", pairs.Cell{Workload: "yield_many", Workers: 1}}
	forkJoin  = row{"fork_join, 2 workers", pairs.Cell{Workload: "fork_join", Workers: 2, Allocates: true}}

	chainedPlain  = row{"chained_spawn, ours preallocated", pairs.Cell{Workload: "chained_spawn", Workers: 1}}
	forkJoinPlain = row{"fork_join, 2 workers, ours preallocated", pairs.Cell{Workload: "fork_join", Workers: 2}}
)

func wake(gap string, workers int) pairs.Cell {
	return pairs.Cell{Workload: "wake", Workers: workers, Params: map[string]string{"gap": gap}}
}

// A worker of Tokio's multi-threaded scheduler looks once, without a pause, before it
// sleeps, and there are no more workers than cores.
const multiThreadHost = "tokio+pause.none+spare.0"

func spans() []span {
	tokio := []row{wake20us, wake200us, wake1ms, wake1ms2, poisson, spawnMany, chained, pingPong, yieldMany, forkJoin}
	pool := []row{wake20us, wake200us, wake1ms, wake1ms2, poisson, spawnMany, chained, chainedPlain, forkJoin, forkJoinPlain}
	tasks := []row{spawnMany, chained, pingPong, yieldMany, forkJoin}
	return []span{
		{"tokio-alt", "bitmap", "futex", "tokio+spare.0", "Tokio has one more worker than cores only if it has a driver, and this peer has none", tokio},
		{"tokio-alt-mimalloc", "bitmap", "futex", "tokio+spare.0", "as above; the runtime's tasks are allocated by mimalloc, not by the C library", tasks},
		{"tokio", "multithread", "futex", multiThreadHost, "a worker of `multi_thread` does not nap while it searches, and there are no more workers than cores", tokio},
		{"tokio-mimalloc", "multithread", "futex", multiThreadHost, "likewise; the runtime's tasks are allocated by mimalloc, not by the C library", tasks},
		{"tokio-io", "multithread", "epoll", multiThreadHost, "likewise; the worker sleeps in epoll", []row{wake20us, wake200us, wake1ms, wake1ms2, poisson, spawnMany}},
		{"rayon", "jec", "futex", "pause.none", "rayon's pauses between searches are yields, which are in `jec`", pool},
		{"eigen", "eventcount", "futex", "pause.none", "Eigen's are in `eventcount`", pool},
		{"forkjoin", "ctlstack", "futex", "pause.none", "those of ForkJoinPool are in `ctlstack`", []row{wake200us, wake1ms, spawnMany, forkJoin, forkJoinPlain}},
	}
}

// theirs and ours are the two sides of a row.
func (s span) theirs(r row) pairs.Cell {
	park := record.PeerPark
	if strings.HasSuffix(s.peer, "-mimalloc") {
		park = record.TunedPeerPark
	}
	c := r.cell.On(s.peer, park)
	c.Allocates = false
	return c
}

func (s span) ours(r row) pairs.Cell {
	c := r.cell.On(s.design, s.park)
	c.Host = s.host
	return c
}

func (s span) id(r row) string { return s.peer + ": " + r.name }

// groups returns the cells that live at the same time: the two sides of each row.
func groups() (all [][]pairs.Cell) {
	for _, s := range spans() {
		for _, r := range s.rows {
			all = append(all, []pairs.Cell{s.theirs(r), s.ours(r)})
		}
	}
	return all
}

// contests returns the comparisons of the page: each row in its workload's primary unit. The
// ratio is the runtime's to ours.
func contests() (all []pairs.Contest) {
	for _, s := range spans() {
		for _, r := range s.rows {
			all = append(all, pairs.Contest{ID: s.id(r), Old: s.ours(r), New: s.theirs(r), Unit: r.cell.Primary()})
		}
	}
	return all
}

// counted is how often a worker slept for each lone task, one in each millisecond, when the
// runtime was traced (the notes of this issue: 500 tasks, futex calls and switches counted).
// It is by row, for what was counted.
var counted = map[string]string{
	"tokio: " + wake1ms.name:      "1.00",
	"tokio: " + wake1ms2.name:     "2",
	"tokio-io: " + wake1ms.name:   "1",
	"tokio-io: " + wake1ms2.name:  "2",
	"tokio-alt: " + wake1ms.name:  "3.97",
	"tokio-alt: " + wake1ms2.name: "4.96",
	"rayon: " + wake1ms.name:      "1.00",
	"rayon: " + wake1ms2.name:     "2.56",
	"eigen: " + wake1ms.name:      "1",
	"eigen: " + wake1ms2.name:     "1",
	"forkjoin: " + wake1ms.name:   "1",
}
