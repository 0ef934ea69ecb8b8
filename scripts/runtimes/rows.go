package main

import "github.com/idlebench/idlebench/scripts/pairs"

// The peers to beat, and our designs that may do it, fixed before anything was measured.
var (
	peers      = []string{"tokio", "tokio-alt", "goroutines", "ants"}
	candidates = []candidate{{"relay", "futex"}, {"jec", "futex"}}
)

type candidate struct{ design, park string }

func (c candidate) String() string { return c.design + ", " + c.park }

// A row is a load on which our designs are compared with the peers.
type row struct {
	name string // unique
	cell pairs.Cell
}

// wakes are the rows of wake: all gaps, all submitters, one worker.
func wakes() (all []row) {
	for _, gap := range []string{"20us", "200us", "2ms"} {
		for _, s := range []string{"block", "spin", "poll"} {
			all = append(all, row{"wake, gap " + gap + ", " + s, pairs.Cell{
				Workload: "wake", Workers: 1, Params: map[string]string{"gap": gap, "submitter": s},
			}})
		}
	}
	return all
}

// tokioSeven are Tokio's own benchmarks, with two workers. Their submitter blocks, as
// block_on does: the peers in Rust have no other for them.
func tokioSeven() (all []row) {
	for _, w := range []string{
		"spawn_many_local", "spawn_many_remote_idle", "spawn_many_remote_busy1", "spawn_many_remote_busy2", "ping_pong", "yield_many", "chained_spawn",
	} {
		all = append(all, row{w, pairs.Cell{Workload: w, Workers: 2}})
	}
	return all
}

// theirs, ours and preallocated are the sides of a row. Ours allocates for each spawn, as
// theirs do, where spawns are what is measured.
func (r row) theirs(peer string) pairs.Cell { return r.cell.On(peer, "") }

func (r row) ours(c candidate) pairs.Cell {
	cell := r.cell.On(c.design, c.park)
	cell.Allocates = r.spawns()
	return cell
}

func (r row) preallocated(c candidate) pairs.Cell { return r.cell.On(c.design, c.park) }

// floor is what no design can beat: a bare futex between two threads.
func (r row) floor() pairs.Cell { return r.cell.On("floor", "futex") }

// spawns reports whether spawns are what the row measures. Then it is also measured with
// tasks that the load has allocated, for comparison.
func (r row) spawns() bool { return r.cell.Workload != "wake" }

// groups returns the cells that live at the same time: all sides of a row.
func groups() (all [][]pairs.Cell) {
	for _, r := range append(wakes(), tokioSeven()...) {
		var group []pairs.Cell
		for _, p := range peers {
			group = append(group, r.theirs(p))
		}
		for _, c := range candidates {
			group = append(group, r.ours(c))
			if r.spawns() {
				group = append(group, r.preallocated(c))
			}
		}
		if !r.spawns() {
			group = append(group, r.floor())
		}
		all = append(all, group)
	}
	return all
}

// The units that are judged.
const (
	p50  = "p50-ns/wake"
	tail = "tail-ns/wake"
	pace = "ns/op"
	cost = "cost-ns/task"

	workerCost = "worker-cpu-ns/task"
)

func (r row) units() []string {
	if !r.spawns() {
		return []string{p50, tail}
	}
	return []string{pace}
}

func id(r row, c candidate, peer, unit string) string {
	return r.name + " | " + c.String() + " | " + peer + " | " + unit
}

// contests returns the comparisons, all of which are one family. The ratio is ours to theirs.
func contests() (all []pairs.Contest) {
	for _, r := range append(wakes(), tokioSeven()...) {
		for _, c := range candidates {
			for _, p := range peers {
				for _, u := range r.units() {
					all = append(all, pairs.Contest{ID: id(r, c, p, u), Old: r.theirs(p), New: r.ours(c), Unit: u})
				}
			}
		}
	}
	return all
}
