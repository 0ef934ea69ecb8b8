package peer

import (
	"github.com/idlebench/idlebench/loadgen/workload"
)

// work is how much an operation of a workload does.
type work struct{ tasks, units, samples int64 }

// sampleEvery is how many tasks of a batch share one sample.
const sampleEvery = 8

// workOf returns what an operation of a workload does; tasks, units and samples of an open
// loop are those of its arrivals instead. It is not ok for workloads that peers do not have.
func workOf(name string, v workload.Values) (w work, ok bool) {
	sampled := func(n int64) int64 { return (n + sampleEvery - 1) / sampleEvery }
	same := func(n, samples int64) (work, bool) { return work{n, n, samples}, true }
	switch name {
	case "wake":
		return same(1, 1)
	case "poisson", "burst", "trickle", "idle":
		return work{}, true
	case "spawn_many_local", "spawn_many_remote_idle", "spawn_many_remote_busy1", "spawn_many_remote_busy2", "remote_spawn":
		return same(v["tasks"], sampled(v["tasks"]))
	case "ping_pong":
		return same(1+2*v["pings"], sampled(v["pings"]))
	case "yield_many":
		return same(v["tasks"]*(v["yields"]+1), 0)
	case "chained_spawn":
		return same(v["depth"]+1, 0)
	case "fork_join":
		return work{tasks: calls(v["n"], v["cutoff"]), units: fib(v["n"])}, true
	case "skynet":
		leaves := int64(1)
		nodes := int64(1)
		for range v["depth"] {
			leaves *= 10
			nodes += leaves
		}
		return work{tasks: nodes, units: leaves * (leaves - 1) / 2}, true
	}
	return work{}, false
}

// calls returns how many calls of fib(n) are tasks.
func calls(n, cutoff int64) int64 {
	if n < cutoff || n < 2 {
		return 1
	}
	return 1 + calls(n-1, cutoff) + calls(n-2, cutoff)
}

func fib(n int64) int64 {
	a, b := int64(0), int64(1)
	for range n {
		a, b = b, a+b
	}
	return a
}
