package workload

import (
	"errors"
	"fmt"
	"math"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/recording"
)

// made returns a recording.
func made(t testing.TB, duration time.Duration, tasks ...recording.Task) *recording.Recording {
	t.Helper()
	r, _, err := recording.Make("test", duration, tasks)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func arrival(at, service int64) recording.Task {
	return recording.Task{At: at, Service: service, Parent: recording.None}
}

func spawned(after, service int64, parent int32) recording.Task {
	return recording.Task{After: after, Service: service, Parent: parent}
}

// A submission is a task as the pool got it.
type submission struct{ due, service int64 }

// replays runs a load on an exact clock, from a moment of the recording, and returns what
// was submitted, by the time of the recording; a lap adds its duration.
func replays(t *testing.T, l *replay, moment int64, limit time.Duration) (got []submission, totals Totals, p *clockPool) {
	t.Helper()
	p = &clockPool{now: 1000}
	g := p.generator()
	l.moment = moment
	start := p.now + 1 // the run's first reading
	p.onSubmit = func(int) {
		root := &l.ring[l.slot-1]
		for len(root.tree) > 0 && root != &root.tree[0] {
			root = &root.tree[0]
		}
		got = append(got, submission{root.at - start + moment, root.node.service})
	}
	totals, err := l.Run(g, limit)
	if err != nil {
		t.Fatal(err)
	}
	return got, totals, p
}

// A window has what arrives in it, each at its time; where the recording ends it begins
// again; and a run that follows goes on where the last one stopped.
func TestWindows(t *testing.T) {
	r := made(t, 100_000, arrival(10_000, 100), arrival(10_000, 200), arrival(40_000, 300), arrival(99_999, 400))
	for _, test := range []struct {
		moment int64
		limit  time.Duration
		want   []submission
	}{
		{0, 100_000, []submission{{10_000, 100}, {10_000, 200}, {40_000, 300}, {99_999, 400}}},
		{10_000, 30_000, []submission{{10_000, 100}, {10_000, 200}}},
		{10_001, 30_000, []submission{{40_000, 300}}},
		{41_000, 20_000, nil},
		{99_999, 10_600, []submission{{99_999, 400}, {110_000, 100}, {110_000, 200}}},
		{50_000, 200_000, []submission{{99_999, 400}, {110_000, 100}, {110_000, 200}, {140_000, 300}, {199_999, 400}, {210_000, 100}, {210_000, 200}, {240_000, 300}}},
	} {
		l := newReplay(r)
		got, totals, _ := replays(t, l, test.moment, test.limit)
		if diff := cmp.Diff(test.want, got, cmp.AllowUnexported(submission{})); diff != "" {
			t.Errorf("%v from %d on (-want +got):\n%s", test.limit, test.moment, diff)
		}
		if n := int64(len(test.want)); totals.Ops != n || totals.Tasks != n {
			t.Errorf("%v from %d on: %+v", test.limit, test.moment, totals)
		}
		if want := (test.moment + int64(test.limit)) % 100_000; l.moment != want {
			t.Errorf("%v from %d on: the next run begins at %d, want %d", test.limit, test.moment, l.moment, want)
		}
	}
}

// An arrival that is due before the end and cannot be sent any more is not waited for.
func TestReplayEndsOnTime(t *testing.T) {
	l := newReplay(made(t, 100_000, arrival(10_000, 100), arrival(10_000, 200)))
	got, totals, _ := replays(t, l, 0, 10_001) // the first task takes until after the end
	if len(got) != 1 || totals.Ops != 1 || metric(t, totals, "unsent/arrival") != 0.5 {
		t.Errorf("%v, %+v", got, totals)
	}
}

// A task that was spawned is spawned again by its parent, when that has run for as long,
// and takes as long. Its sample counts from there.
func TestSpawnedTasks(t *testing.T) {
	r := made(t, 1_000_000,
		arrival(10_000, 900), spawned(700, 50, 0), spawned(200, 60, 0), spawned(60, 70, 2), // the last one at the end of its parent
		arrival(500_000, 80), spawned(0, 90, 4))
	l := newReplay(r)
	p := &clockPool{now: 1000}
	g := p.generator()
	type ran struct{ service, began, took int64 } // times since the root began
	var got []ran
	var began, rootBegan int64
	task := func(t host.Task) *replayTask { return t.(*replayTask) }
	p.onRun = func(t host.Task) { began = p.now + 1; rootBegan = began }
	p.after = func(t host.Task) { got = append(got, ran{task(t).node.service, began - rootBegan, p.now - began}) }
	if _, err := l.Run(g, time.Millisecond); err != nil {
		t.Fatal(err)
	}
	// Roots as the pool ran them. The children ran behind it, in the order of their spawns:
	// their times of spawn are in the ring.
	if diff := cmp.Diff([]ran{{900, 0, 900}, {80, 0, 80}}, got, cmp.AllowUnexported(ran{})); diff != "" {
		t.Errorf("roots (-want +got):\n%s", diff)
	}
	var services []int64
	for i := range 6 {
		services = append(services, l.ring[i].node.service)
		if l.ring[i].underWay.Load() {
			t.Errorf("task %d has not run", i)
		}
	}
	if diff := cmp.Diff([]int64{900, 60, 50, 70, 80, 90}, services); diff != "" {
		t.Errorf("the order of a tree (-want +got):\n%s", diff)
	}
	first := l.ring[0].at // scheduled; the task began later
	begin := l.ring[1].at - 200
	if begin < first || l.ring[2].at-begin != 700 || l.ring[3].at < begin+900+60 {
		t.Errorf("spawned at %d, %d and %d; the root began at %d", l.ring[1].at-begin, l.ring[2].at-begin, l.ring[3].at-begin, begin)
	}
	if n := samples(g); n != 6 {
		t.Errorf("%d samples of 6 tasks", n)
	}
}

// Every task runs once and gives one sample, and each that was offered was sent or not, on
// every host.
func TestReplayOnHosts(t *testing.T) {
	var tasks []recording.Task
	for i := range int64(50) {
		root := int32(len(tasks))
		tasks = append(tasks, arrival(i*10_000, 2_000), spawned(500, 1_000, root), spawned(2_000, 300, root), spawned(100, 100, root+1))
	}
	w := Recorded(made(t, 500_000, tasks...))
	onHosts(t, 2, func(t *testing.T, g *Generator) {
		l := load(t, w, nil).(*replay)
		sent := int64(0)
		for part := range 3 {
			l.Seek(part)
			totals := run(t, l, g, 2*time.Millisecond)
			sent += totals.Tasks
			offered := metric(t, totals, "offered-tasks/sec") * 2e-3
			unsent := metric(t, totals, "unsent/arrival") * offered
			if math.Abs(offered-unsent-float64(totals.Tasks)) > 1e-6*offered {
				t.Errorf("%v tasks were offered, %v unsent, %d sent", offered, unsent, totals.Tasks)
			}
		}
		if n := ran(t, g); n != sent {
			t.Errorf("%d tasks have run, %d were sent", n, sent)
		}
		if n := samples(g); n != sent {
			t.Errorf("%d samples of %d tasks", n, sent)
		}
	})
}

// A pool that runs nothing gets no task twice, and the rest are unsent.
func TestReplayUnsent(t *testing.T) {
	r := made(t, 1_000_000, arrival(0, 0), spawned(0, 0, 0), spawned(0, 0, 1), arrival(1, 0))
	pool := new(keeper)
	g := poolGenerator(pool, 1)
	const laps = openTasks // which is more than there is room for
	clock := int64(laps * 1_000_000)
	g.Now = func() int64 { clock++; return clock }
	l := newReplay(r)
	a, err := l.send(g, 0, clock+1_000_000, 0) // all are due at once
	if err != nil {
		t.Fatal(err)
	}
	if a.offered < 4*laps || a.sent+a.unsent != a.offered || a.sent > openTasks || a.sent < openTasks-4 {
		t.Errorf("%+v", a)
	}
	once := make(map[host.Task]bool)
	for _, task := range pool.tasks {
		if once[task] {
			t.Fatal("a task was submitted twice")
		}
		once[task] = true
	}
}

// A load that is to stop stops, though nothing is due for long.
func TestReplayStops(t *testing.T) {
	g := poolGenerator(new(keeper), 1)
	g.Stop.Store(true)
	l := newReplay(made(t, time.Hour, arrival(int64(time.Hour)-1, 1)))
	if _, err := l.Run(g, time.Hour); !errors.Is(err, ErrStopped) {
		t.Errorf("got %v", err)
	}
}

// Parts of the same number begin at the same moment for the same seed. Over seeds and parts
// each moment is as likely: a tenth of the windows begin in each tenth of the recording,
// within 4.5 standard deviations of independent ones, and those of one seed are spread more
// evenly than that.
func TestWindowStart(t *testing.T) {
	const duration, seeds, parts = int64(time.Hour), 500, 20
	var all [10]int
	for seed := range uint64(seeds) {
		var own [10]int
		for part := range parts {
			at := windowStart(seed, part, duration)
			if at < 0 || at >= duration || at != windowStart(seed, part, duration) {
				t.Fatalf("part %d of seed %d begins at %d", part, seed, at)
			}
			own[at*10/duration]++
			all[at*10/duration]++
		}
		for _, n := range own {
			if n < 1 || n > 3 {
				t.Errorf("seed %d: a tenth has %d of %d windows: %v", seed, n, parts, own)
			}
		}
	}
	for _, n := range all {
		if mean := float64(seeds * parts / 10); math.Abs(float64(n)-mean) > 4.5*math.Sqrt(mean*0.9) {
			t.Errorf("a tenth has %d of %d windows: %v", n, seeds*parts, all)
		}
	}
	if windowStart(1, 0, duration) == windowStart(2, 0, duration) {
		t.Error("two seeds begin at the same moment")
	}
}

// Seek decides, whatever was run before.
func TestReplaySeeks(t *testing.T) {
	l := newReplay(made(t, time.Second, arrival(0, 1)))
	l.Seek(3)
	want := l.start(9)
	l.moment = 12345
	l.Seek(3)
	if got := l.start(9); got != want || got != windowStart(9, 3, int64(time.Second)) {
		t.Errorf("%d, then %d", want, got)
	}
}

// A cell of another recording cannot be run with this one.
func TestRecordedDigest(t *testing.T) {
	r := made(t, time.Second, arrival(0, 1))
	w := Recorded(r)
	if v := defaults(w); w.How(v) != Block {
		t.Errorf("%v", v)
	}
	other := made(t, time.Second, arrival(0, 2))
	if other.Digest() == r.Digest() {
		t.Fatal("two recordings have the same digest")
	}
	if _, err := w.Values(map[string]string{DigestParam: other.Digest()}); err == nil {
		t.Error("another recording is taken for this one")
	}
}

// The largest recording is laid out in a moment.
func BenchmarkNewReplay(b *testing.B) {
	var tasks []recording.Task
	for i := range recording.MaxTasks {
		if i%4 == 0 {
			tasks = append(tasks, arrival(int64(i)*1000, 100))
			continue
		}
		tasks = append(tasks, spawned(0, 10, int32(i-1)))
	}
	r := made(b, time.Hour, tasks...)
	for b.Loop() {
		if l := newReplay(r); len(l.nodes) != len(tasks) {
			b.Fatal(fmt.Sprint(len(l.nodes)))
		}
	}
}

// On a machine that is so busy that a run begins when it should have ended, the first
// arrival is sent all the same.
func TestReplaySendsTheFirst(t *testing.T) {
	l := newReplay(made(t, 100_000, arrival(10_000, 100), arrival(10_000, 200)))
	p := &clockPool{now: 1_000_000}
	a, err := l.send(p.generator(), 0, 50_000, 0)
	if err != nil || a.offered != 2 || a.sent != 1 || a.unsent != 1 {
		t.Errorf("%+v, %v", a, err)
	}
}
