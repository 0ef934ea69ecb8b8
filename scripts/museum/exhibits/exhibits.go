// Package exhibits lists the museum's exhibits: pairs of versions of a runtime between which
// users saw a difference. It is data: nothing here measures.
//
// What would count as seeing the difference was fixed before anything was measured: the
// loads, the units and the direction, from what was reported.
package exhibits

import (
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/scripts/pairs"
)

// A Version is a runtime at a version, built as a peer.
type Version struct {
	Peer         string // its name: tokio_1_50_0
	Source       string // its main file, below peers; empty for Go
	Dependencies string // of its manifest
	Rustflags    string
	Toolchain    string // of Go, for a peer in Go
}

func tokio(name, version string) Version {
	return Version{
		Peer: name, Source: "tokio/src/main.rs",
		Dependencies: `tokio = { version = "=` + version + `", features = ["net", "rt-multi-thread", "sync", "time"] }`,
	}
}

// rayon's version decides the API, and the lock file which rayon-core it has.
func rayon(name, version string) Version {
	return Version{Peer: name, Source: "rayon/src/main.rs", Dependencies: `rayon = "=` + version + `"`}
}

func affinitypool(name, version string) Version {
	return Version{
		Peer: name, Source: "museum/affinitypool/main.rs",
		Dependencies: `affinitypool = "=` + version + `"` + "\n" + `libc = "0.2"`,
	}
}

func golang(name, version string) Version { return Version{Peer: name, Toolchain: "go" + version} }

// The versions.
var (
	tokio1_15_0 = tokio("tokio_1_15_0", "1.15.0")
	tokio1_16_1 = tokio("tokio_1_16_1", "1.16.1")
	tokio1_44_2 = tokio("tokio_1_44_2", "1.44.2")
	tokio1_45_0 = tokio("tokio_1_45_0", "1.45.0")
	tokio1_50_0 = tokio("tokio_1_50_0", "1.50.0")
	tokio1_51_0 = tokio("tokio_1_51_0", "1.51.0")
	tokio1_52_1 = tokio("tokio_1_52_1", "1.52.1")
	tokio1_52_2 = tokio("tokio_1_52_2", "1.52.2")
	tokioAlt    = func() Version {
		v := tokio("tokio_1_44_2_alt", "1.44.2")
		v.Rustflags = "--cfg tokio_unstable"
		return v
	}()
	rayon1_3_1  = rayon("rayon_1_3_1", "1.3.1") // rayon-core 1.7.1
	rayon1_4_0  = rayon("rayon_1_4_0", "1.4.0") // rayon-core 1.8.0
	affinity0_7 = affinitypool("affinitypool_0_7_0", "0.7.0")
	affinity0_8 = affinitypool("affinitypool_0_8_0", "0.8.0")
	go1_21      = golang("go_1_21_13", "1.21.13")
	go1_22      = golang("go_1_22_12", "1.22.12")
)

// A Direction is what users reported of the newer version.
type Direction string

const (
	Worse  Direction = "worse"
	Better Direction = "better"
)

// An Exhibit is a pair of versions.
type Exhibit struct {
	ID       string
	Title    string
	Old, New Version
	Said     string // what users reported, with figures
	By, Link string
	Reported Direction // of the newer version

	// Looks are where the difference would show.
	Looks []Look

	// Few says why two CPUs may be too few to see it; empty if nothing speaks against it.
	Few string

	Simulation *Simulation // nil if no design and no option of the host differ as the two do
}

// A Look is a load and a unit in which a difference would show.
type Look struct {
	Cell pairs.Cell // without a subject
	Unit string
}

// A Simulation is what differs, in this suite: two cells, each with a design and a host. The
// ratio is of the workload's primary unit.
type Simulation struct {
	What     string
	CPUs     []int
	Old, New pairs.Cell
}

func load(workload string, workers int, params ...string) pairs.Cell {
	c := pairs.Cell{Workload: workload, Workers: workers, Params: map[string]string{}}
	for i := 0; i < len(params); i += 2 {
		c.Params[params[i]] = params[i+1]
	}
	return c
}

func looks(c pairs.Cell, units ...string) (all []Look) {
	for _, u := range units {
		all = append(all, Look{c, u})
	}
	return all
}

func join(all ...[]Look) (joined []Look) {
	for _, l := range all {
		joined = append(joined, l...)
	}
	return joined
}

// multiThread is Tokio's multi-threaded scheduler in our host.
func multiThread(workload, more string) pairs.Cell {
	return pairs.Cell{Workload: workload, Impl: "multithread", Park: "futex", Host: host.TokioSet + "+pause.none+spare.0" + more}
}

// slotLooks are loads whose tasks publish one task at a time, which is all that the slot
// decides: time, and CPU time.
func slotLooks() []Look {
	return join(
		looks(load("chained_spawn", 2), "ns/op", "cost-ns/task"),
		looks(load("ping_pong", 2), "ns/op", "cost-ns/task"),
	)
}

// slot is the simulation of a slot from which thieves may steal, or may not any more.
func slot(what, from, to string) *Simulation {
	return &Simulation{What: what, CPUs: []int{3, 9, 33}, Old: multiThread("ping_pong", from), New: multiThread("ping_pong", to)}
}

const stealable = "+slot.stealable"

// All returns the exhibits.
func All() []Exhibit {
	return []Exhibit{
		{
			ID: "tokio-1.51", Title: "Tokio 1.51 lets thieves take the task in the LIFO slot",
			Old: tokio1_50_0, New: tokio1_51_0, Reported: Worse,
			Said: "5.17 → 3.69 million packets per second; +8.5 % CPU time of a service with microsecond handlers",
			By:   "agntcy/slim#1603 and tokio-rs/tokio#8065, 2026-04", Link: "https://github.com/tokio-rs/tokio/issues/8065",
			Looks:      slotLooks(),
			Simulation: slot("`multithread` with a slot that can be stolen from, to a private one", "", stealable),
		},
		{
			ID: "tokio-1.52.1", Title: "Tokio 1.52.1 still does",
			Old: tokio1_51_0, New: tokio1_52_1, Reported: Worse,
			Said: "3.69 → 3.50 million packets per second",
			By:   "agntcy/slim#1603, 2026-04", Link: "https://github.com/agntcy/slim/issues/1603",
			Looks: slotLooks(),
			Few:   "5 % of an application's throughput, of which the scheduler is a part, may be less than the rounds here can find",
		},
		{
			ID: "tokio-1.52.2", Title: "Tokio 1.52.2 takes it back",
			Old: tokio1_52_1, New: tokio1_52_2, Reported: Better,
			Said: "3.50 → 5 million packets per second",
			By:   "agntcy/slim#1603; reverted by tokio-rs/tokio#8100, 2026-05", Link: "https://github.com/tokio-rs/tokio/pull/8100",
			Looks:      slotLooks(),
			Simulation: slot("`multithread` with a private slot, to one that can be stolen from", stealable, ""),
		},
		{
			ID: "tokio-alt", Title: "Tokio's alternative scheduler in place of the multi-threaded one",
			Old: tokio1_44_2, New: tokioAlt, Reported: Better,
			Said: "most benchmarks about 10 % faster with fewer than 16 threads",
			By:   "tokio-rs/tokio#5823, 2023-06; removed in 1.45", Link: "https://github.com/tokio-rs/tokio/pull/5823",
			Looks: join(
				looks(load("spawn_many_local", 2), "ns/op"),
				looks(load("yield_many", 2), "ns/op"),
				looks(load("ping_pong", 2), "ns/op"),
				looks(load("wake", 1, "gap", "200us"), "p50-ns/wake"),
			),
			Simulation: &Simulation{
				What: "`bitmap` to `multithread`, each in its own host", CPUs: []int{3, 9, 33},
				Old: multiThread("ping_pong", ""),
				New: pairs.Cell{Workload: "ping_pong", Impl: "bitmap", Park: "futex", Host: host.TokioSet + "+spare.0"},
			},
		},
		{
			ID: "tokio-1.16", Title: "Tokio 1.16 avoids wake-ups that find nothing",
			Old: tokio1_15_0, New: tokio1_16_1, Reported: Worse,
			Said: "longer response times at the same traffic, and 92 → 68 % CPU, from 1.13.1 to 1.16.1; as before without #4383",
			By:   "tokio-rs/tokio#4873, 2022-07", Link: "https://github.com/tokio-rs/tokio/issues/4873",
			Looks: join(
				looks(load("poisson", 2, "load", "0.5"), "p50-ns/task"),
				looks(load("ping_pong", 2), "ns/op"),
			),
			Few: "#4383 counts a worker that was woken as a searcher, which keeps others from being woken; with two workers there is one other",
		},
		{
			ID: "tokio-1.45", Title: "Tokio 1.45",
			Old: tokio1_44_2, New: tokio1_45_0, Reported: Worse,
			Said: "a load generator with 60 threads lost throughput; 1.43 and 1.44 are fine",
			By:   "tokio-rs/tokio#7744, 2025-11", Link: "https://github.com/tokio-rs/tokio/issues/7744",
			Looks: join(
				looks(load("spawn_many_remote_idle", 2), "ns/op"),
				looks(load("ping_pong", 2), "ns/op"),
			),
			Few: "it was seen with 60 threads and sockets, and its cause is not known",
		},
		{
			ID: "rayon-1.4", Title: "rayon's new sleep",
			Old: rayon1_3_1, New: rayon1_4_0, Reported: Better,
			Said: "a demo that is mostly idle: 15.6 → 5.4 % CPU with 4 threads on 2 cores, 2811 → 10.2 % with 56 threads",
			By:   "rayon-rs/rayon#746, 2020-08", Link: "https://github.com/rayon-rs/rayon/pull/746",
			Looks: join(
				looks(load("trickle", 1), "cost-ns/sec"),
				looks(load("wake", 1, "gap", "1ms"), "cost-ns/task"),
			),
		},
		{
			ID: "affinitypool-0.8", Title: "affinitypool's idle workers no longer thrash the queues",
			Old: affinity0_7, New: affinity0_8, Reported: Better,
			Said: "stealing with 2 workers 9.3 → 2.5 ms; a task at a time 5.4 → 1.2 µs",
			By:   "surrealdb/affinitypool#46, 2026-08", Link: "https://github.com/surrealdb/affinitypool/pull/46",
			Looks: join(
				looks(load("spawn_many_local", 2), "ns/op"),
				looks(load("wake", 1, "gap", "20us"), "p50-ns/wake"),
			),
		},
		{
			ID: "go-1.22", Title: "Go 1.22 wakes a P for a goroutine that yields",
			Old: go1_21, New: go1_22, Reported: Worse,
			Said: "an emulator that calls runtime.Gosched runs slower and unevenly; without CL 501976, which has Gosched wake a P, as before",
			By:   "golang/go#65647, 2024-02", Link: "https://github.com/golang/go/issues/65647",
			Looks: join(
				looks(load("yield_many", 1), "ns/op", "cost-ns/task"),
				looks(load("yield_many", 1, "tasks", "1"), "ns/op", "cost-ns/task"),
			),
		},
	}
}

// Versions returns each version once.
func Versions() (all []Version) {
	seen := map[string]bool{}
	for _, e := range All() {
		for _, v := range []Version{e.Old, e.New} {
			if !seen[v.Peer] {
				seen[v.Peer] = true
				all = append(all, v)
			}
		}
	}
	return all
}

// A Simulated is the outcome of an exhibit's simulation with one seed.
type Simulated struct {
	Exhibit string  `json:"exhibit"` // its ID
	CPUs    int     `json:"cpus"`
	Seed    uint64  `json:"seed"`
	Ratio   float64 `json:"ratio"` // new to old
}

// Machine is the preset of package simulate/machine on which exhibits are simulated.
const Machine = "epyc-rome"
