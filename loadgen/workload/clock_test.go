package workload

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A clockPool is a pool of one worker, which runs each task as soon as it is
// submitted, on the generator's thread, and the clock by which the load goes: each
// reading takes 1 ns, and nothing else takes any time. So all times are exact.
type clockPool struct {
	now      int64
	onSubmit func(n int)       // unless nil, called before the n-th submission, from 0 on
	onRun    func(t host.Task) // unless nil, called before a task runs
	after    func(t host.Task) // unless nil, called when it has run
	times    []int64           // of the submissions: the last reading before
	slept    []time.Duration   // by calls of Sleep
	late     func(n int) int64 // unless nil, by how much the n-th Sleep is too long
	spawned  []host.Task
}

func (p *clockPool) Now() int64 {
	p.now++
	return p.now
}

func (p *clockPool) Sleep(d time.Duration) {
	p.now += int64(d)
	if p.late != nil {
		p.now += p.late(len(p.slept))
	}
	p.slept = append(p.slept, d)
}

func (p *clockPool) Submit(t host.Task) error {
	if p.onSubmit != nil {
		p.onSubmit(len(p.times))
	}
	p.times = append(p.times, p.now)
	if p.onRun != nil {
		p.onRun(t)
	}
	t.Run(p)
	if p.after != nil {
		p.after(t)
	}
	for len(p.spawned) > 0 {
		t := p.spawned[0]
		p.spawned = p.spawned[1:]
		t.Run(p)
	}
	return nil
}

func (p *clockPool) SubmitAll(tasks []host.Task) error {
	for _, t := range tasks {
		p.Submit(t)
	}
	return nil
}

func (p *clockPool) Spawn(t host.Task) { p.spawned = append(p.spawned, t) }
func (p *clockPool) Yield(t host.Task) { p.spawned = append(p.spawned, t) }
func (p *clockPool) ID() int           { return 0 }

func (p *clockPool) generator() *Generator {
	g := poolGenerator(p, 1)
	g.Now, g.Sleep, g.Pause = p.Now, p.Sleep, func() {}
	return g
}

// recorded returns a recorder's counts, by value.
func recorded(recorders ...*latency.Recorder) map[int64]int64 {
	counts := make(map[int64]int64)
	sum, _ := latency.Merge(recorders)
	for _, bar := range sum.Distribution() {
		if bar.Count > 0 {
			counts[bar.To] += bar.Count
		}
	}
	return counts
}

// record returns a recorder with these values.
func record(values ...int64) *latency.Recorder {
	r := latency.NewRecorder()
	for _, v := range values {
		r.Record(v)
	}
	return r
}

// An open loop submits each task at its time and no earlier, however late the ones
// before were, counts its latency from that time, and keeps its worker busy for its
// service time. It reports how late it was.
func TestOpenLoopKeepsItsSchedule(t *testing.T) {
	const stall = int64(100_000)
	for _, group := range []int{1, 3} {
		p := &clockPool{now: 1000}
		g := p.generator()
		l := newOpenLoop(1, group, false)
		s := schedule{services: []int64{700, 0, 50, 1300}}
		for i := range int64(100) {
			s.gaps = append(s.gaps, 5000+37*i)
		}
		l.draw = func(*Generator, int) schedule { return s }

		start := p.now + 1 // the run's first reading
		var due []int64
		at := start
		for _, gap := range s.gaps {
			at += gap
			for range group {
				due = append(due, at)
			}
		}
		var lags, latencies []int64
		late := int64(0)
		runs := 0
		p.onSubmit = func(n int) {
			if n == 30*group {
				p.now += stall // the pool holds up the generator
			}
		}
		var begin int64
		p.onRun = func(task host.Task) {
			o := task.(*openTask)
			if o.at != due[runs] {
				t.Fatalf("task %d should have come at %d, and thinks %d", runs, due[runs], o.at)
			}
			if o.service != s.services[runs%len(s.services)] {
				t.Errorf("task %d takes %d", runs, o.service)
			}
			begin = p.now + 1
			latencies = append(latencies, begin-o.at)
			runs++
		}
		p.after = func(task host.Task) {
			if took := p.now - begin; took < task.(*openTask).service || took > task.(*openTask).service+1 {
				t.Errorf("a task of %d ns took %d", task.(*openTask).service, took)
			}
		}
		totals, err := l.Run(g, time.Duration(due[len(due)-1]-start+1))
		if err != nil {
			t.Fatal(err)
		}
		if runs != len(due) {
			t.Fatalf("%d tasks ran, %d were due", runs, len(due))
		}
		// The reading before a group's first task is the one that the generator
		// looked at, but for the stall.
		for i := 0; i < len(due); i += group {
			lag := p.times[i] - due[i]
			if i == 30*group {
				lag -= stall
			}
			if lag < 0 {
				t.Errorf("task %d was submitted %d ns early", i, -lag)
			}
			lags = append(lags, lag)
			if lag > lateAfter {
				late += int64(group)
			}
		}
		if late < 10 || late > int64(len(due)/2) {
			t.Fatalf("%d of %d tasks were late, the script is wrong", late, len(due))
		}
		if diff := cmp.Diff(recorded(record(lags...)), recorded(totals.Lag...)); diff != "" {
			t.Errorf("lag (-want +got):\n%s", diff)
		}
		if diff := cmp.Diff(recorded(record(latencies...)), recorded(g.Recorders[0])); diff != "" {
			t.Errorf("latency (-want +got):\n%s", diff)
		}
		if got, want := metric(t, totals, "late/arrival"), float64(late)/float64(len(due)); got != want {
			t.Errorf("late/arrival is %v, want %v", got, want)
		}
	}
}

// Rates are over the time that the load was to last, or took if that is longer. What
// has not run by then was not achieved, nor what was not sent.
func TestOpenLoopRates(t *testing.T) {
	l := &openLoop{sources: []*source{
		{account: account{offered: 600, sent: 500, unsent: 100, late: 30, unfinished: 40}},
		{account: account{offered: 400, sent: 400, late: 20, unfinished: 10}},
	}}
	got := l.totals(2*time.Second, time.Second)
	got.Lag = nil // of no interest here
	want := []Metric{
		{1000, "offered-tasks/sec"},
		{425, "achieved-tasks/sec"},
		{0.05, "late/arrival"},
		{0.1, "unsent/arrival"},
	}
	if diff := cmp.Diff(want, got.Metrics()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got.Ops != 900 || got.Tasks != 900 || got.Time != 0 {
		t.Errorf("got %+v", got)
	}
}

// A load that keeps up achieves what is offered, though its last arrival comes
// before the end; one that does not is seen to fall behind.
func TestOpenLoopAchieves(t *testing.T) {
	p := new(clockPool)
	g := p.generator()
	g.Pause = func() { p.now += 1000 } // or it would look a hundred million times
	totals, err := load(t, burst, map[string]string{"period": "10ms", "tasks": "8", "service": "1us"}).Run(g, 99*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	offered, achieved := metric(t, totals, "offered-tasks/sec"), metric(t, totals, "achieved-tasks/sec")
	if totals.Tasks != 72 || offered != achieved {
		t.Errorf("%d tasks, %v offered, %v achieved", totals.Tasks, offered, achieved)
	}

	// Nothing runs until the generator waits for it.
	lazy := new(lazyPool)
	g = lazy.generator()
	g.Pool = lazy
	l := newOpenLoop(1, 1, false)
	l.draw = func(*Generator, int) schedule { return schedule{gaps: []int64{1e6}, services: []int64{0}} }
	g.Pause = func() {
		if lazy.now += 1000; lazy.now > 100e6 {
			lazy.runAll()
		}
	}
	totals, err = l.Run(g, 100*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if achieved := metric(t, totals, "achieved-tasks/sec"); totals.Tasks != 99 || achieved != 0 {
		t.Errorf("%d tasks, none of which ran in time: achieved %v", totals.Tasks, achieved)
	}
}

// A lazyPool runs tasks on demand.
type lazyPool struct {
	clockPool
	tasks []host.Task
}

func (p *lazyPool) Submit(t host.Task) error {
	p.tasks = append(p.tasks, t)
	return nil
}

func (p *lazyPool) runAll() {
	for _, t := range p.tasks {
		t.Run(p)
	}
	p.tasks = nil
}

// Each gap of wake counts from the end of the task before, and how late the
// generator was is no part of the latency.
func TestWakeWaits(t *testing.T) {
	p := new(clockPool)
	g := p.generator()
	g.Pause = func() { p.now += 700 } // so that it is late
	ends := []int64{0}
	p.after = func(host.Task) { ends = append(ends, p.now+1) } // the reading that times the submission
	totals, err := load(t, wake, map[string]string{"gap": "20us"}).Run(g, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(p.times); n < 45 || n > 50 {
		t.Fatalf("%d tasks in 1 ms", n)
	}
	var lags []int64
	for i, at := range p.times {
		lag := at - (ends[i] + 1) - 20_000 // the reading after the end counts
		if lag < 0 || lag > 1000 {
			t.Errorf("task %d came %d ns too late", i, lag)
		}
		lags = append(lags, lag)
	}
	if diff := cmp.Diff(map[int64]int64{1: int64(len(p.times))}, recorded(g.Recorders[0])); diff != "" {
		t.Errorf("latency (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(recorded(record(lags...)), recorded(totals.Lag...)); diff != "" {
		t.Errorf("lag (-want +got):\n%s", diff)
	}
}

// The periods of trickle count from its start, even if one sleep was too long: one
// arrival is late by that, and reported as late, and none after it.
func TestTrickleDoesNotDrift(t *testing.T) {
	const late = int64(300_000)
	p := new(clockPool)
	p.late = func(n int) int64 {
		if n == 5 {
			return late + trickleSpin
		}
		return 0
	}
	g := p.generator()
	totals, err := load(t, trickle, map[string]string{"period": "1ms"}).Run(g, 20*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.times) != 20 {
		t.Fatalf("%d tasks in 20 ms", len(p.times))
	}
	start := int64(1) // the first reading
	var lags []int64
	for i, at := range p.times {
		lag := at - (start + int64(i+1)*1e6)
		if want := map[bool]int64{true: late}[i == 5]; lag < want || lag > want+10 {
			t.Errorf("task %d came %d ns after its time, want %d", i, lag, want)
		}
		lags = append(lags, lag)
	}
	if diff := cmp.Diff(recorded(record(lags...)), recorded(totals.Lag...)); diff != "" {
		t.Errorf("lag (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(map[int64]int64{1: 20}, recorded(g.Recorders[0])); diff != "" {
		t.Errorf("latency (-want +got):\n%s", diff)
	}
}

// The batches of a bursty storm have their pauses, and the others none.
func TestStormPauses(t *testing.T) {
	for _, shape := range shapes {
		p := new(clockPool)
		g := p.generator()
		if _, err := load(t, wakestorm, map[string]string{"shape": shape, "tasks": "400"}).Run(g, 0); err != nil {
			t.Fatal(err)
		}
		var pauses []int
		for i := 1; i < len(p.times); i++ {
			if gap := p.times[i] - p.times[i-1]; gap >= int64(batchPause) {
				pauses = append(pauses, i)
			}
		}
		var want []int
		for i := 10; shape == "bursty" && i < 400; i += 10 {
			want = append(want, i)
		}
		if !slices.Equal(pauses, want) {
			t.Errorf("%s: pauses before tasks %v, want %v", shape, pauses, want)
		}
	}
}

// A background task of the busy loads stalls for as long as Tokio's.
func TestStall(t *testing.T) {
	p := new(clockPool)
	l := load(t, spawnManyRemoteBusy1, nil).(*busyLoad)
	l.g = p.generator()
	task := &stallTask{load: l}
	task.Run(p)
	if p.now < 10_000 || p.now > 10_010 {
		t.Errorf("stalled for %d ns, want 10,000", p.now)
	}
	if len(p.spawned) != 1 {
		t.Error("it did not go on")
	}
}

// The counts of Tokio's benchmarks are Tokio's, benches/rt_multi_threaded.rs and
// benches/remote_spawn.rs.
func TestTokioDefaults(t *testing.T) {
	for _, test := range []struct {
		w       Workload
		values  Values
		workers int
		tasks   int64 // of an operation
	}{
		{spawnManyRemoteIdle, Values{"tasks": 10_000, "submitter": int64(Block)}, 4, 10_000},
		{spawnManyLocal, Values{"tasks": 10_000, "submitter": int64(Block)}, 4, 10_000},
		{spawnManyRemoteBusy1, Values{"tasks": 10_000, "submitter": int64(Block)}, 4, 10_000},
		{spawnManyRemoteBusy2, Values{"tasks": 1000, "submitter": int64(Block)}, 4, 1000},
		{yieldMany, Values{"tasks": 200, "yields": 1000, "submitter": int64(Block)}, 4, 200 * 1001},
		{pingPong, Values{"pings": 1000, "submitter": int64(Block)}, 4, 2001},
		{chainedSpawn, Values{"depth": 1000, "submitter": int64(Block)}, 4, 1001},
		{remoteSpawn, Values{"producers": 1, "tasks": 12_800}, 0, 12_800}, // a worker for each CPU
	} {
		v, err := test.w.Values(nil)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(test.values, v); diff != "" || test.w.Workers != test.workers {
			t.Errorf("%s: %d workers, want %d; values (-want +got):\n%s", test.w.Name, test.w.Workers, test.workers, diff)
		}
		if test.w.Name == spawnManyRemoteBusy1.Name || test.w.Name == spawnManyRemoteBusy2.Name {
			continue // see TestStall and TestBusy; a pool of one thread would never end
		}
		pool := &faultyPool{lose: -1, twice: -1}
		g := poolGenerator(pool, 1)
		g.Wait, g.Wake = pool.wait, func() { pool.wakes++ }
		totals := run(t, test.w.New(v), g, 0)
		if totals.Tasks != test.tasks {
			t.Errorf("%s: an operation is %d tasks, want %d", test.w.Name, totals.Tasks, test.tasks)
		}
		if n := int64(pool.ran); n != test.tasks && test.w.Name != pingPong.Name { // whose tasks may run twice
			t.Errorf("%s: %d tasks ran, want %d", test.w.Name, n, test.tasks)
		}
	}
	levels := remoteSpawn.Params[0].Full
	if !slices.Equal(levels, []string{"1", "2", "4", "8", "16", "32", "64"}) {
		t.Errorf("remote_spawn is from %v threads", levels)
	}
}
