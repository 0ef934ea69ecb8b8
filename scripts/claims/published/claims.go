package published

import (
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/scripts/claims/variants"
)

const futex = "futex"

// Benchmarks that several claims use: an atomic load in a function that is called.
var load = Operation{"bitmap", "AtomicLoad/called"}

// Claims returns the claims, in the order of the page.
func Claims() []Claim {
	return []Claim{
		{
			ID:      "rmw-read",
			Says:    "Reading the scheduler's state with fetch_add(0) costs more than a load when several threads notify at once.",
			By:      "tokio-rs/tokio#8201, 2026-06, closed without a merge",
			Link:    "https://github.com/tokio-rs/tokio/pull/8201",
			Said:    "avoidable coherence traffic to a hot atomic; not benchmarked there",
			Ratio:   "a notification of `multithread` that finds a searcher, which adds 0, to one of `bitmap`, which loads; 8 cores, on all CPUs at once; ns/op",
			Side:    Above,
			Limit:   1,
			MinCPUs: 2,
			Test: Operations{
				New: Operation{"multithread", "NotifySearcherExists/cores=8/threads=all"},
				Old: Operation{"bitmap", "NotifySearcherExists/cores=8/threads=all"},
			},
		},
		{
			ID:      "rmw-push",
			Says:    "An atomic increment for each published task is bad in the steady state, even if no worker sleeps.",
			By:      "rayon-rs/rfcs#5, the new sleep module, comment of 2019-09-12",
			Link:    "https://github.com/rayon-rs/rfcs/pull/5",
			Said:    "it is a reason to reject a counter of all injected jobs",
			Ratio:   "skynet on `eventcount` with an addition to one shared word in each publication, to the same with a load instead; ns/op",
			Side:    Above,
			Limit:   1,
			MinCPUs: 2,
			Test: Cells{"ns/op", []Pair{managers(
				Cell{Workload: "skynet", Park: futex, Workers: upTo(8), Params: map[string]string{"depth": "4"}},
				variants.SharedAdd, variants.SharedLoad)}},
			Simulation: &Simulation{[]int{9, 64}, managers(
				Cell{Workload: "skynet", Park: futex, Params: map[string]string{"depth": "3"}}, variants.SharedAdd, variants.SharedLoad)},
		},
		{
			ID:    "cheap-notify",
			Says:  "A notification is cheap if no worker waits.",
			By:    "Eigen, EventCount.h, and Taskflow's notifier, which is derived from it",
			Link:  "https://gitlab.com/libeigen/eigen/-/blob/391094c50743f28f9174f455661f650bf07e0177/unsupported/Eigen/CXX11/src/ThreadPool/EventCount.h",
			Said:  "no figure; the limit is that of this suite for a cheap notification, two calls of an atomic load",
			Ratio: "a notification of `eventcount` with 64 cores, all busy, to a call that does one atomic load; ns/op",
			Side:  Below,
			Limit: 2,
			Test:  Operations{New: Operation{"eventcount", "NotifyNobodyIdle/cores=64/threads=1"}, Old: load},
		},
		{
			ID:    "wake-all-oversubscribed",
			Says:  "If each spawned task wakes all workers, twice as many workers as CPUs make spawning more than 100 times slower.",
			By:    "JuliaLang/julia#61820, 2026-05, Julia on Windows with 8 and 16 threads",
			Link:  "https://github.com/JuliaLang/julia/issues/61820",
			Said:  "1,000 tasks in 0.3 ms and in 233 ms",
			Ratio: "wakestorm (tight) on a manager that wakes all, with two workers for each CPU, to the same with one; ns/op",
			Side:  Above,
			Limit: 100,
			Test: Cells{"ns/op", []Pair{{
				New: Cell{Workload: "wakestorm", Impl: variants.WakeAll, Park: futex, Workers: perCPU(2)},
				Old: Cell{Workload: "wakestorm", Impl: variants.WakeAll, Park: futex, Workers: perCPU(1)},
			}}},
		},
		{
			ID:    "wake-one",
			Says:  "Waking one worker for a task instead of all makes spawning faster when workers outnumber CPUs.",
			By:    "JuliaLang/julia#61826, 2026-06, merged",
			Link:  "https://github.com/JuliaLang/julia/pull/61826",
			Said:  "the wake-ups of all threads are avoided; before, 1,000 tasks took 1.3 s with 768 threads on 192 CPUs",
			Ratio: "wakestorm (tight) on `eventcount`, which wakes one, to the same manager waking all; two workers for each CPU; ns/op",
			Side:  Below,
			Limit: 1,
			Test: Cells{"ns/op", []Pair{managers(
				Cell{Workload: "wakestorm", Park: futex, Workers: perCPU(2)}, "eventcount", variants.WakeAll)}},
			Simulation: &Simulation{[]int{17, 64}, managers(
				Cell{Workload: "wakestorm", Park: futex, Params: map[string]string{"tasks": "400"}}, "eventcount", variants.WakeAll)},
		},
		{
			ID:      "wake-all-trickle",
			Says:    "A pool whose workers all wake for any task uses excessive CPU time when tasks are rare.",
			By:      "rayon-rs/rayon#642, 2019, and rayon-rs/rfcs#5",
			Link:    "https://github.com/rayon-rs/rayon/issues/642",
			Said:    "200 % of a CPU at one task a millisecond, against 4 % of a pool on a channel",
			Ratio:   "CPU time of trickle, one task a millisecond, on a manager that wakes all, to `eventcount`, which wakes one; a worker for each CPU; cost-ns/sec",
			Side:    Above,
			Limit:   1,
			MinCPUs: 2,
			Test: Cells{"cost-ns/sec", []Pair{managers(
				Cell{Workload: "trickle", Park: futex, Workers: perCPU(1)}, variants.WakeAll, "eventcount")}},
		},
		{
			ID:       "ramp-two",
			Says:     "Waking one worker at a time ramps up too slowly if much work is known; each should wake two.",
			By:       "smol-rs/async-executor#100, 2024-02, for Bevy (bevyengine/bevy#6941); the same for Julia in JuliaLang/julia#57649",
			Link:     "https://github.com/smol-rs/async-executor/issues/100",
			Said:     "90 µs between the first task's start and the last one's",
			Ratio:    "time until all workers are active (ramp_up) if each woken worker wakes two, `wakingtree`, to one, `wakingtoken`; all-ns/op",
			Side:     Below,
			Limit:    1,
			MinCPUs:  5,
			Untested: "one and two at a time differ from three sleepers on",
			Test: Cells{"all-ns/op", []Pair{managers(
				Cell{Workload: "ramp_up", Park: futex, Workers: func(cpus int) int { return cpus - 1 }}, "wakingtree", "wakingtoken")}},
			Simulation: &Simulation{[]int{5, 17, 64}, managers(
				Cell{Workload: "ramp_up", Park: futex}, "wakingtree", "wakingtoken")},
		},
		{
			ID:    "alt-scheduler",
			Says:  "Tokio's alternative scheduler improves most benchmarks by about 10 % with fewer than 16 threads.",
			By:    "tokio-rs/tokio#5823, 2023-06, merged; removed by #7275",
			Link:  "https://github.com/tokio-rs/tokio/pull/5823",
			Said:  "about 10 %",
			Ratio: "`bitmap` to `multithread`, both on the host with Tokio's options, mean of the workloads that come from Tokio's rt_multi_threaded.rs; ns/op",
			Side:  Below,
			Limit: 0.9,
			Test: Cells{"ns/op", []Pair{
				managers(tokio("spawn_many_remote_idle"), "bitmap", "multithread"),
				managers(tokio("spawn_many_local"), "bitmap", "multithread"),
				managers(tokio("ping_pong"), "bitmap", "multithread"),
				managers(tokio("yield_many"), "bitmap", "multithread"),
				managers(tokio("chained_spawn"), "bitmap", "multithread"),
			}},
			Simulation: &Simulation{[]int{5, 13}, managers(Cell{Workload: "ping_pong", Park: futex, Host: host.TokioSet}, "bitmap", "multithread")},
		},
		{
			ID:      "slot-stealing-cpu",
			Says:    "Letting thieves take the task in the LIFO slot, with a notification for it, costs CPU time where tasks take microseconds.",
			By:      "tokio-rs/tokio#8065, 2026-04, Tokio 1.51 against 1.50; reverted by #8100",
			Link:    "https://github.com/tokio-rs/tokio/issues/8065",
			Said:    "8.5 % more CPU time",
			Ratio:   "ping_pong on `multithread` with a slot that can be stolen from, to a private one; cost-ns/task",
			Side:    Above,
			Limit:   1,
			MinCPUs: 2,
			Test:    Cells{"cost-ns/task", []Pair{hosts(tokioMT("ping_pong"), host.TokioSet+"+slot.stealable", host.TokioSet)}},
		},
		{
			ID:    "slot-stealing-speed",
			Says:  "The same slot stealing makes spawning from outside faster.",
			By:    "tokio-rs/tokio#8120, comment of 2026-05-08, 24 cores",
			Link:  "https://github.com/tokio-rs/tokio/pull/8120",
			Said:  "spawn_many_local 17 % and spawn_many_remote_idle 9 % faster",
			Ratio: "mean of spawn_many_local and spawn_many_remote_idle on `multithread` with a slot that can be stolen from, to a private one; ns/op",
			Side:  Below,
			Limit: 1,
			Test: Cells{"ns/op", []Pair{
				hosts(tokioMT("spawn_many_local"), host.TokioSet+"+slot.stealable", host.TokioSet),
				hosts(tokioMT("spawn_many_remote_idle"), host.TokioSet+"+slot.stealable", host.TokioSet),
			}},
		},
		{
			ID:    "locked-threads",
			Says:  "Talking over a channel to a goroutine that is locked to its thread takes more than 15 times as long.",
			By:    "golang/go#18023, 2016-11",
			Link:  "https://github.com/golang/go/issues/18023",
			Said:  "7,887 ns against 500 ns",
			Ratio: "wakestorm (sync: each task is awaited before the next) with one worker that is a locked thread, to one that is a goroutine, both sleeping on a channel; ns/op",
			Side:  Above,
			Limit: 15,
			Test: Cells{"ns/op", []Pair{parkers(
				Cell{Workload: "wakestorm", Impl: "mutexonly", Workers: exactly(1), Params: map[string]string{"shape": "sync", "tasks": "400"}}, "chan", "go-chan")}},
		},
		{
			ID:      "spin-bursts",
			Says:    "Spinning before sleeping helps throughput when work comes in bursts.",
			By:      "dotnet/coreclr#13921 and #5928, 2017, the thread pool's LIFO semaphore",
			Link:    "https://github.com/dotnet/coreclr/pull/13921",
			Said:    "no figure",
			Ratio:   "wakestorm (bursty: 40 batches, 20 µs apart) on `mutexonly` whose workers spin for 50 µs before they sleep, to ones that sleep at once; ns/op",
			Side:    Below,
			Limit:   1,
			MinCPUs: 2,
			Test: Cells{"ns/op", []Pair{parkers(
				Cell{Workload: "wakestorm", Impl: "mutexonly", Workers: exactly(1), Params: map[string]string{"shape": "bursty"}}, "spin-futex-50us", futex)}},
		},
		{
			ID:      "short-spin",
			Says:    "Shrinking the spin of an idle worker from 1 ms to some 15 µs makes a lone client's next task wait for a wake-up.",
			By:      "memgraph/memgraph#4663, 2026-08",
			Link:    "https://github.com/memgraph/memgraph/pull/4663",
			Said:    "24 % less throughput with one client",
			Ratio:   "wake, a task 200 µs after the last, on `mutexonly` whose worker spins for 15 µs, to 1 ms; p50-ns/wake",
			Side:    Above,
			Limit:   1,
			MinCPUs: 2,
			Test: Cells{"p50-ns/wake", []Pair{parkers(
				Cell{Workload: "wake", Impl: "mutexonly", Workers: exactly(1)}, "spin-futex-15us", "spin-futex-1ms")}},
		},
		{
			ID:    "spinners-starve",
			Says:  "Idle workers that spin on all CPUs for 200 µs starve the thread that submits.",
			By:    "tracel-ai/cubecl#1545, 2026-08, merged",
			Link:  "https://github.com/tracel-ai/cubecl/pull/1545",
			Said:  "a launch went from 33 µs to 150–250 µs",
			Ratio: "spawn_many_local with a worker on each CPU that spins for 200 µs before it sleeps, to one that sleeps at once, on `mutexonly`; ns/op",
			Side:  Above,
			Limit: 1,
			Test: Cells{"ns/op", []Pair{parkers(
				Cell{Workload: "spawn_many_local", Impl: "mutexonly", Workers: perCPU(1), Params: map[string]string{"tasks": "1000"}}, "spin-futex-200us", futex)}},
		},
		{
			ID:      "futex-lock",
			Says:    "Threads that contend for a lock get it sooner if they wait on a futex than if the runtime hands it to a waiter.",
			By:      "lalinsky/zio#573, 2026-07, merged",
			Link:    "https://github.com/lalinsky/zio/pull/573",
			Said:    "a contended counter of OS threads: 3,562 ms and 13 ms",
			Ratio:   "remote_spawn, two threads that submit, on `mutexonly` with the host's lock on a futex, to Go's sync.Mutex, whose waiters go through Go's scheduler; ns/op",
			Side:    Below,
			Limit:   1,
			MinCPUs: 2,
			Test: Cells{"ns/op", []Pair{hosts(
				Cell{Workload: "remote_spawn", Impl: "mutexonly", Park: futex, Workers: exactly(1), Params: map[string]string{"producers": "2"}}, "lock.futex", "")}},
		},
		{
			ID:       "half-search",
			Says:     "Letting at most half of the busy cores' number search keeps idle CPUs from burning time when little can run in parallel.",
			By:       "golang/go, runtime/proc.go, and its author in golang/go#16476, 2016-07",
			Link:     "https://github.com/golang/go/issues/16476",
			Said:     "the threshold was chosen by intuition, on 16 hardware threads",
			MinCPUs:  5,
			Untested: "with two workers the limit is one searcher, which is also all that can be idle; and no two designs of the suite differ in the limit only",
		},
		{
			ID:       "lifo",
			Says:     "Waking the worker that went to sleep last is faster than waking the one that slept longest.",
			By:       "folly, LifoSem.h; dotnet/coreclr#13921",
			Link:     "https://github.com/facebook/folly/blob/main/folly/synchronization/LifoSem.h",
			Said:     "maximizes performance rather than fairness; no figure",
			MinCPUs:  3,
			Untested: "no two designs of the suite differ in this order only; `channels` wakes in the other order, but also sleeps in another way",
		},
	}
}

// tokio is a workload of Tokio's as Tokio runs it, on fewer than 16 threads.
func tokio(workload string) Cell {
	return Cell{Workload: workload, Park: futex, Workers: upTo(15), Host: host.TokioSet}
}

// tokioMT is the same on Tokio's multi-threaded scheduler.
func tokioMT(workload string) Cell {
	c := tokio(workload)
	c.Impl = "multithread"
	return c
}
