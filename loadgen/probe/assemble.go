package probe

import (
	"fmt"
	"math"
	"math/bits"
	"strings"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/simulate"
	"github.com/idlebench/idlebench/simulate/machine"
)

// A Host is the machine that was measured.
type Host struct {
	Name, Title string
	CPUs        cpu.Set
	Topology    cpu.Topology
	Kernel      string            // its release, such as 6.17.0-5
	Facts       map[string]string // for those who read the file
}

// Assemble returns the file of the machine that the results are of. What was not
// measured is as in the presets. The file has been read back: it is valid.
func Assemble(r *Results, h Host) (*machine.File, error) {
	preset, err := machine.Load("epyc-milan")
	if err != nil {
		return nil, err
	}
	places := placesOf(h)
	a := assembly{preset: preset, f: &machine.File{
		Name:     h.Name,
		Title:    h.Title,
		Topology: machine.TopologyOf(places, "sysfs"),
		Costs:    make(map[string]machine.Constant),
		Sources:  make(map[string]machine.Source),
		Calibration: &machine.Calibration{
			Facts:   h.Facts,
			CPUs:    h.CPUs,
			Figures: make(map[string]machine.Constant),
		},
	}}
	a.measured("sysfs", "the kernel's description in /sys/devices/system/cpu. A hypervisor may show another one than the machine's")
	a.measured("batches", "by bench calibrate on pinned threads: the median of the least disturbed quarter of the batches. low and high are the 10th and the 90th percentile of all batches")
	a.measured("wake-ups", "by bench calibrate on pinned threads: the median of all batches, since how long a CPU takes to come back is the hypervisor's and the idle governor's choice, and no disturbance. low and high are the 10th and the 90th percentile")
	a.local(r)
	a.lines(r, places)
	a.wakes(r)
	a.goWakes(r)
	a.kernel(h)
	for _, key := range []string{"serve", "overlap", "preempt", "jitter"} {
		a.fromPreset(key)
	}
	f, err := machine.Read(h.Name+".toml", a.f.Format())
	if err != nil {
		return nil, fmt.Errorf("probe: a figure is out of all proportion; is this machine busy? %w", err)
	}
	return f, nil
}

// placesOf returns where the CPUs are, by the kernel. Where it does not say, a CPU has a
// core of its own, and a socket has one cache.
func placesOf(h Host) []simulate.CPU {
	places := make([]simulate.CPU, len(h.CPUs))
	caches := make(map[[2]int]int) // numbers by socket and the kernel's number of the cache
	for i, c := range h.CPUs {
		place := h.Topology[c]
		core := c
		if len(place.Siblings) > 0 {
			core = place.Siblings[0]
		}
		key := [2]int{max(0, place.Package), place.L3}
		if _, known := caches[key]; !known {
			caches[key] = len(caches)
		}
		places[i] = simulate.CPU{Core: core, Cache: caches[key], Socket: key[0]}
	}
	return places
}

// An assembly is a file that is still incomplete.
type assembly struct {
	f      *machine.File
	preset *machine.File
}

func (a assembly) measured(name, how string) {
	a.f.Sources[name] = machine.Source{Kind: machine.Measured, Text: how}
}

// ps is a time in picoseconds, given in nanoseconds. It has four digits, which is more
// than a measurement is good for, and can be read.
func ps(ns float64) int64 {
	ps := ns * float64(simulate.Nanosecond)
	if ps < 1 {
		return 0
	}
	unit := math.Pow(10, max(0, math.Floor(math.Log10(ps))-3))
	return int64(math.Round(ps/unit) * unit)
}

// figure notes a figure as it was measured.
func (a assembly) figure(name string, f Figure, source string) {
	a.f.Calibration.Figures[name] = constant(f, source)
}

func constant(f Figure, source string) machine.Constant {
	return machine.Constant{Value: ps(f.Value), Low: ps(f.Low), High: ps(f.High), Source: source}
}

// direct makes a figure a constant as it is, but not less than that, in nanoseconds.
func (a assembly) direct(key string, f Figure, least float64) {
	f.Value = max(f.Value, least)
	a.f.Costs[key] = constant(f, "batches")
}

// derived makes a constant of what is left of a figure, in nanoseconds; but not less than
// that, which a simulation needs.
func (a assembly) derived(key string, ns, least float64, how string) {
	a.measured(key, how)
	a.f.Costs[key] = machine.Constant{Value: ps(max(ns, least)), Source: key}
}

// cost returns a constant in nanoseconds.
func (a assembly) cost(key string) float64 {
	return float64(a.f.Costs[key].Value) / float64(simulate.Nanosecond)
}

func (a assembly) fromPreset(key string) {
	c := a.preset.Costs[key]
	a.f.Costs[key] = c
	a.f.Sources[c.Source] = a.preset.Sources[c.Source]
}

func (a assembly) local(r *Results) {
	for name, f := range map[string]Figure{"add": r.Add, "store": r.Store, "look": r.Look, "contended-add": r.Contended, "yield": r.Switch} {
		a.figure(name, f, "batches")
	}
	a.figure("late-200us", r.Late, "wake-ups")
	a.direct("hit", r.Load, 0.1)
	a.direct("now", r.Now, 0.1)
	a.direct("syscall", r.Syscall, 10)
	a.direct("memory", r.Memory, 1)
	a.fromPreset("code")
	a.derived("look", r.Look.Value-a.cost("hit")-a.cost("code"), 0.1, "figures.look, which is a look at a variable and a pause, less hit and code")
	a.derived("rmw", r.Add.Value-a.cost("hit"), 0, "figures.add less hit")
	a.derived("switch", r.Switch.Value-a.cost("syscall"), 10, "figures.yield, which is sched_yield to another thread of the same CPU, less syscall")
}

// lines makes the constants of the distances: each the median of the pairs at it.
func (a assembly) lines(r *Results, places []simulate.CPU) {
	n := len(places)
	a.f.Calibration.Lines = make([][]int64, n)
	at := make(map[string][]float64)
	for i, p := range places {
		a.f.Calibration.Lines[i] = make([]int64, n)
		for j, q := range places {
			if i == j {
				continue
			}
			a.f.Calibration.Lines[i][j] = ps(r.Lines[i][j].Value)
			at[distance(p, q)] = append(at[distance(p, q)], r.Lines[i][j].Value)
		}
	}
	operation := a.cost("hit") + a.cost("rmw")
	a.measured("lines", "half a round trip of a line that two CPUs compare-and-swap, the median of the pairs at that distance (calibration.lines), less hit and rmw. Two CPUs at a time")
	for key, all := range at {
		a.f.Costs[key] = machine.Constant{Value: ps(max(medianOf(all)-operation, 1)), Source: "lines"}
	}
	if at["same_core"] != nil {
		a.fromPreset("sibling")
	}
}

// distance returns the key of the cost of a line's way.
func distance(p, q simulate.CPU) string {
	switch {
	case p.Core == q.Core:
		return "same_core"
	case p.Cache == q.Cache:
		return "same_cache"
	case p.Socket == q.Socket:
		return "same_socket"
	}
	return "other_socket"
}

// wakes makes the cost of waking and the idle states. A wake-up takes, in the simulator,
// the waker's system call, bucket and wake, then the CPU's way out of its idle state and
// a switch. So what is left of the sleeper's latency is the idle state.
func (a assembly) wakes(r *Results) {
	a.fromPreset("bucket")
	var wakers []float64
	for _, w := range r.Futex {
		wakers = append(wakers, w.Waker.Value)
		a.f.Calibration.Wakes = append(a.f.Calibration.Wakes, machine.Wake{
			Gap:     ps(float64(w.Gap)),
			Waker:   constant(w.Waker, "wake-ups"),
			Sleeper: constant(w.Sleeper, "wake-ups"),
		})
	}
	a.derived("wake", medianOf(wakers)-a.cost("syscall")-a.cost("bucket"), 10, "the median waker of calibration.wakes, less syscall and bucket")
	a.measured("idle", "the sleepers of calibration.wakes, less syscall, bucket, wake and switch: what is left when a CPU has been idle for that long. States that differ by less than a fifth or 200 ns are one; one begins halfway between two gaps, on a scale of logarithms")
	before := a.cost("syscall") + a.cost("bucket") + a.cost("wake") + a.cost("switch")
	last := 0.0
	for i, w := range r.Futex {
		exit := max(0, w.Sleeper.Value-before)
		if exit <= last+max(200, last/5) {
			continue
		}
		last = exit
		after := 0.0 // less than the first gap was not measured
		if i > 0 {
			after = math.Sqrt(float64(w.Gap) * float64(r.Futex[i-1].Gap)) // somewhere between the two
		}
		a.f.Idle = append(a.f.Idle, machine.IdleState{
			Name:  strings.Replace(fmt.Sprintf("idle for %v", w.Gap), "µ", "u", 1),
			After: machine.Constant{Value: ps(after), Source: "idle"},
			Exit:  machine.Constant{Value: ps(exit), Source: "idle"},
		})
	}
	if len(a.f.Idle) == 0 {
		delete(a.f.Sources, "idle")
	}
}

// exit returns how long a CPU takes to come back that was idle for some time, in
// nanoseconds.
func (a assembly) exit(idle time.Duration) (ns float64) {
	for _, s := range a.f.Idle {
		if s.After.Value <= ps(float64(idle)) {
			ns = float64(s.Exit.Value) / float64(simulate.Nanosecond)
		}
	}
	return ns
}

// goWakes makes the costs of waking through Go's scheduler.
func (a assembly) goWakes(r *Results) {
	for name, w := range map[string]Wake{"chan": r.Chan, "cond": r.Cond, "mutex": r.Mutex} {
		a.figure(name+"-waker", w.Waker, "wake-ups")
		a.figure(name+"-sleeper", w.Sleeper, "wake-ups")
	}
	a.figure("handoff", r.Handoff, "wake-ups")
	a.derived("go_ready", medianOf([]float64{r.Chan.Waker.Value, r.Cond.Waker.Value, r.Mutex.Waker.Value}), 0,
		"the median of figures.chan-waker, cond-waker and mutex-waker")
	kernel := a.cost("go_ready") + a.exit(goGap) + a.cost("switch")
	a.derived("go_wake", (r.Chan.Sleeper.Value+r.Cond.Sleeper.Value)/2-kernel, 0,
		"the mean of figures.chan-sleeper and cond-sleeper, less go_ready, the exit from the idle state after 200 us and switch. The goroutines are locked to threads, as workers are")
	a.derived("go_handoff", r.Handoff.Value-kernel, 0,
		"figures.handoff, the sleeper on a channel whose waker is an ordinary goroutine that blocks next, less the same as go_wake")
	a.derived("mutex_wake", r.Mutex.Sleeper.Value-kernel, 0, "figures.mutex-sleeper, less the same as go_wake")
	a.derived("slack", r.Late.Value-a.cost("syscall")-a.exit(lateSleep)-a.cost("switch"), 0,
		"figures.late-200us, by which a sleep of 200 us ends late, less syscall, the exit from the idle state after 200 us and switch")
}

// kernel makes what follows from the kernel's source.
func (a assembly) kernel(h Host) {
	n := len(h.CPUs)
	each, which := 4, "Linux since 6.16, kernel/futex/core.c, futex_hash_allocate_default: four for each thread of the process but for no more threads than CPUs, rounded up to a power of two"
	var major, minor int
	if _, err := fmt.Sscanf(h.Kernel, "%d.%d", &major, &minor); err == nil && (major < 6 || major == 6 && minor < 16) {
		each, which = 256, "Linux before 6.16, kernel/futex/core.c, futex_init: 256 for each CPU, rounded up to a power of two, for all processes"
	}
	a.f.Sources["futex"] = machine.Source{Kind: machine.Cited, Text: fmt.Sprintf("%s; here for %d CPUs", which, n)}
	a.f.Costs["buckets"] = machine.Constant{Value: int64(1) << bits.Len(uint(max(16, each*n)-1)), Source: "futex"}

	a.fromPreset("slice") // for its source
	factor := bits.Len(uint(min(n, 8)))
	a.f.Costs["slice"] = machine.Constant{Value: int64(factor) * ps(700_000), Source: a.preset.Costs["slice"].Source}
}
