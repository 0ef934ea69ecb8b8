package workload

import (
	"cmp"
	"fmt"
	"math/bits"
	"slices"
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
	"github.com/idlebench/idlebench/loadgen/recording"
)

// RecordedName is the name of the workload that replays a recording.
const RecordedName = "recorded"

// DigestParam is its parameter that says which recording that is.
const DigestParam = "digest"

// Recorded returns the workload that replays a recording. It is in no list, since it takes
// a file. Its parameter digest has one value, that of the recording: cells with different
// loads have different names.
//
// # Windows
//
// A run replays a window of the recording: what arrives from some moment on, for as long as
// the run lasts. Seek chooses the moment from the seed and the number of the part, so that
// launches that are compared replay the same windows. Each moment is equally likely, however
// much arrives then; to choose among arrivals would prefer bursts. The moments of a launch
// are spread by the golden ratio, so that few of them cover the recording evenly. Where the
// recording ends its beginning follows, so a recording that is shorter than a run is
// repeated.
//
// A window may be empty: nothing is sent then, because waiting for the next arrival would
// make quiet times look busier than they are.
//
// A tree whose first task is due within the window is replayed to its end, and no part of
// another.
func Recorded(r *recording.Recording) Workload {
	return Workload{
		Name:  RecordedName,
		About: fmt.Sprintf("a recorded load: %d tasks in %v, which keep %.3g workers busy", len(r.Tasks), r.Duration, r.Busy()),
		Doc: "Your load: an open loop that replays a recording (bench run -load), each task at its recorded " +
			"time, whether or not earlier ones have run, and for its recorded service time. A task that " +
			"another one spawned is spawned by it again, when that has run for as long as it had then. A " +
			"sample is the time from a task's scheduled arrival, or from its spawn, to its first " +
			"instruction. Each slice replays another window of the recording, chosen by the seed; it is " +
			"the same for all that are compared. It is bounded by the floor of wake from below, and by the queue: " +
			"check that it was sustained (saturated), and lag, late and unsent, as with poisson.",
		Submits: poisson.Submits,
		Sample:  "task",
		Primary: "p50-ns/task",
		Params: []Param{
			{
				Name:    DigestParam,
				About:   "identifies the recording",
				Default: r.Digest(),
				Parse: func(s string) (int64, error) {
					if s != r.Digest() {
						return 0, fmt.Errorf("the recording that was given (-load) is %s", r.Digest())
					}
					return 0, nil
				},
			},
			submitterParam(Block, Spin, Poll),
		},
		MinWorkers: 1,
		Draws:      true,
		New:        func(Values) Load { return newReplay(r) },
	}
}

// A replay is a load that replays a recording. Its trees, and the tasks of each, are next
// to each other: then the tasks of a tree are a stretch of a ring, and reused together.
type replay struct {
	duration int64
	trees    []tree
	nodes    []node

	ring []replayTask
	slot int // where the next tree goes in ring, unless it does not fit there

	moment   int64 // of the recording, at which the next run begins
	nextStep int64 // when the next step is due
	lag      *latency.Recorder
}

// A tree is an arrival with the tasks that are spawned from it.
type tree struct {
	at    int64
	first int32 // its root, in nodes; the others follow
	size  int32
}

// A node is a task of the recording. Its children are next to each other, in the order in
// which they are spawned.
type node struct {
	service, after  int64
	child, children int32 // the first, counted from the root of the tree; and how many
}

func newReplay(r *recording.Recording) *replay {
	l := &replay{duration: int64(r.Duration), lag: latency.NewRecorder(), nodes: make([]node, 0, len(r.Tasks))}
	children := childrenOf(r.Tasks)
	largest := int32(1)
	var queue []int32 // of tasks, by levels of the tree
	for i, t := range r.Tasks {
		if t.Parent != recording.None {
			continue
		}
		root := int32(len(l.nodes))
		queue = append(queue[:0], int32(i))
		for n := 0; n < len(queue); n++ {
			own := children(queue[n])
			slices.SortStableFunc(own, func(a, b int32) int { return cmp.Compare(r.Tasks[a].After, r.Tasks[b].After) })
			task := r.Tasks[queue[n]]
			l.nodes = append(l.nodes, node{task.Service, task.After, int32(len(queue)), int32(len(own))})
			queue = append(queue, own...)
		}
		l.trees = append(l.trees, tree{t.At, root, int32(len(queue))})
		largest = max(largest, int32(len(queue)))
	}
	l.ring = make([]replayTask, max(openTasks, 4*int(largest)))
	return l
}

// childrenOf returns what lists the tasks that a task spawns, in their order. It needs no
// memory for tasks without any.
func childrenOf(tasks []recording.Task) func(parent int32) []int32 {
	ends := make([]int32, len(tasks)+1) // of each task's list, which begins where that before ends
	for _, t := range tasks {
		if t.Parent != recording.None {
			ends[t.Parent+1]++
		}
	}
	for i := range tasks {
		ends[i+1] += ends[i]
	}
	all := make([]int32, ends[len(tasks)])
	free := slices.Clone(ends)
	for i, t := range tasks {
		if t.Parent != recording.None {
			all[free[t.Parent]] = int32(i)
			free[t.Parent]++
		}
	}
	return func(parent int32) []int32 { return all[ends[parent]:ends[parent+1]] }
}

// Seek is that of Scheduled. The seed is known when the load runs, so the part is kept
// until then.
func (l *replay) Seek(part int) { l.moment = -1 - int64(part) }

// start returns the moment of the recording at which a run begins.
func (l *replay) start(seed uint64) int64 {
	if l.moment >= 0 {
		return l.moment
	}
	return windowStart(seed, int(-1-l.moment), l.duration)
}

// windowStart returns the moment at which a part of a recording begins.
func windowStart(seed uint64, part int, duration int64) int64 {
	// The bits of the seed are spread first: rounds have successive seeds. The finalizer
	// is that of SplitMix64.
	x := seed + golden
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	x ^= x >> 31
	moment, _ := bits.Mul64(x+uint64(part)*golden, uint64(duration))
	return int64(moment)
}

// golden is 2⁶⁴ divided by the golden ratio.
const golden = 0x9e3779b97f4a7c15

// Run replays a window. Each task is one operation.
func (l *replay) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.lag.Reset()
	start := g.Now()
	l.nextStep = start
	end := start + int64(limit)
	moment := l.start(g.Seed)
	a, err := l.send(g, start, end, moment)
	if err != nil {
		return Totals{}, err
	}
	took := max(limit, time.Duration(g.Now()-start))
	for i := range l.ring {
		if l.ring[i].underWay.Load() {
			a.unfinished++
		}
	}
	if err := l.drain(g); err != nil {
		return Totals{}, err
	}
	l.moment = (moment + int64(limit)) % l.duration
	return a.totals(took, limit, []*latency.Recorder{l.lag}), nil
}

// send submits what is due from start to end; the moment of the recording is that of start.
func (l *replay) send(g *Generator, start, end, moment int64) (a account, err error) {
	by := g.own()
	next, _ := slices.BinarySearchFunc(l.trees, moment, func(t tree, at int64) int { return cmp.Compare(t.at, at) })
	for lap := start - moment; ; {
		if next == len(l.trees) {
			next = 0
			lap += l.duration
		}
		due := lap + l.trees[next].at
		now, err := l.until(g, by, min(due, end))
		if err != nil || due >= end {
			return a, err
		}
		t := l.trees[next]
		next++
		a.offered += int64(t.size)
		var root *replayTask
		if now < end || a.sent == 0 { // what came first is sent, as late as it may be
			root = l.place(g, t)
		}
		if root == nil {
			a.unsent += int64(t.size)
			continue
		}
		l.lag.Record(now - due)
		if now-due > lateAfter {
			a.late += int64(t.size)
		}
		root.at = due
		if err := by.Submit(now, root); err != nil {
			return a, err
		}
		a.sent += int64(t.size)
		by.giveWay()
	}
}

// until waits until the given time, in steps, so that the driver sees that the load is
// alive.
func (l *replay) until(g *Generator, by *Submitter, at int64) (now int64, err error) {
	for now = g.Now(); ; now = by.Until(min(at, l.nextStep)) {
		if now >= l.nextStep {
			l.nextStep = now + stepEvery
			if err := g.Step(); err != nil {
				return now, err
			}
		}
		if now >= at {
			return now, nil
		}
	}
}

// place returns the first task of a tree in the ring, with the others behind it; nil if
// the ones that were there have not run.
func (l *replay) place(g *Generator, t tree) *replayTask {
	first := l.slot
	if first+int(t.size) > len(l.ring) {
		first = 0
	}
	tasks := l.ring[first:][:t.size]
	for i := range tasks {
		if tasks[i].underWay.Load() {
			return nil
		}
	}
	for i := range tasks {
		tasks[i].g, tasks[i].tree, tasks[i].node = g, tasks, &l.nodes[int(t.first)+i]
		tasks[i].underWay.Store(true)
	}
	l.slot = first + int(t.size)
	return &tasks[0]
}

// drain waits until every task has run.
func (l *replay) drain(g *Generator) error {
	for i := range l.ring {
		if err := g.ends(&l.ring[i].underWay); err != nil {
			return err
		}
	}
	return nil
}

// A replayTask keeps its worker busy for its service time, and spawns its children.
type replayTask struct {
	g        *Generator
	tree     []replayTask // all tasks of its tree
	node     *node
	at       int64 // scheduled arrival, or when it was spawned
	underWay prim.Bool

	_ [128 - 56]byte // the neighbouring task may be running on another CPU
}

// Run is the task.
func (t *replayTask) Run(w host.Worker) {
	begin := t.g.Now()
	t.g.Record(w, begin-t.at)
	for i := range t.node.children {
		child := &t.tree[t.node.child+i]
		child.at = t.spin(begin, child.node.after)
		w.Spawn(child)
	}
	t.spin(begin, t.node.service)
	t.underWay.Store(false)
}

// spin keeps the worker busy until the task has run that long, and returns a reading of the
// clock.
func (t *replayTask) spin(begin, ran int64) (now int64) {
	for now = t.g.Now(); now-begin < ran; now = t.g.Now() {
	}
	return now
}
