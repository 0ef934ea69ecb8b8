package loadgen_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// small holds values with which an operation is quick.
var small = map[string]string{
	"gap": "5us", "tasks": "100", "pings": "20", "yields": "5", "depth": "3", "n": "12", "cutoff": "5",
	"period": "150us", "service": "1us", "producers": "2", "ratio": "2",
}

func values(t *testing.T, w workload.Workload) workload.Values {
	t.Helper()
	given := make(map[string]string)
	for _, p := range w.Params {
		if v, ok := small[p.Name]; ok {
			given[p.Name] = v
		}
	}
	v, err := w.Values(given)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// subjects returns what the n-th workload runs on: the references, mutexonly with each
// way to sleep, the other managers that are measured by default with one, and every
// fourth of those that are measured on request. The next workload has the next ones,
// since how a manager sleeps is nothing to a workload.
func subjects(n int) []loadgen.Subject {
	all := loadgen.References()
	for _, impl := range builtin.Implementations() {
		ways := ways(impl)
		if impl.Name != mutexonly.Implementation.Name {
			ways = ways[n%len(ways):][:1]
		}
		all = append(all, ways...)
	}
	for i, impl := range builtin.Others() {
		if i%4 == n%4 {
			ways := ways(impl)
			all = append(all, ways[n/4%len(ways)])
		}
	}
	return all
}

// ways returns a manager with each way to sleep, and to be a worker, that this system
// has.
func ways(impl impls.Implementation) (all []loadgen.Subject) {
	for _, kind := range park.Kinds() {
		if kind.Missing != "" {
			continue
		}
		all = append(all, loadgen.Scheduled(impl, kind))
		if impl.Parker != "" {
			if impl.Yields {
				all = append(all, loadgen.Goroutines(impl, kind))
			}
			break
		}
		if kind.Yields {
			all = append(all, loadgen.Goroutines(impl, kind))
		}
	}
	return all
}

// Every workload runs on every kind of subject, and what is reported fits together.
// Workloads and subjects have one worker and three in turns, so that each has both.
func TestMeasure(t *testing.T) {
	for i, w := range workload.All() {
		for j, s := range subjects(i) {
			if s.Platform || s.OneTask && !w.OneTask || w.Hosted && !s.Hosted {
				continue
			}
			workers := []int{1, 3}[(i+j)%2]
			if s.OneTask {
				workers = 1
			}
			t.Run(fmt.Sprintf("%s/%s/%s/%d", w.Name, s.Impl, s.Park, workers), func(t *testing.T) {
				m, err := loadgen.Measure(t.Context(), loadgen.Spec{
					Workload: w,
					Values:   values(t, w),
					Subject:  s,
					Workers:  workers,
					Measure:  2 * time.Millisecond,
					Seed:     1,
				})
				if err != nil {
					t.Fatal(err)
				}
				check(t, w, s, m)
			})
		}
	}
}

func check(t *testing.T, w workload.Workload, s loadgen.Subject, m loadgen.Measurement) {
	t.Helper()
	got := make(map[string]float64)
	for _, metric := range m.Metrics {
		got[metric.Unit] = metric.Value
	}
	// What a submitter burns is known by the clock, and its CPU time from the kernel,
	// which does not count the time in which the thread had no CPU. Their difference
	// can be less than nothing, and so can the cost, which contains it.
	_, burns := got["submitter-cpu-ns/sec"]
	for unit, value := range got {
		clocked := strings.HasPrefix(unit, "submitter-cpu-ns/") || strings.HasPrefix(unit, "runtime-cpu-ns/") || strings.HasPrefix(unit, "cost-ns/")
		if value < 0 && !(burns && clocked) {
			t.Errorf("%v %s", value, unit)
		}
	}
	if m.Ops < 1 {
		t.Fatalf("%d operations", m.Ops)
	}
	var positive []string
	if openLoop := got["offered-tasks/sec"] > 0; !openLoop && w.Name != "idle" {
		positive = append(positive, "ns/op") // of the others it is no merit
	}
	switch {
	case w.Sample == "" && m.Latency != nil:
		t.Errorf("%d samples, of what?", m.Latency.TotalCount())
	case w.Sample != "" && (m.Latency == nil || m.Latency.TotalCount() < m.Ops):
		t.Fatalf("%d operations, latency %v", m.Ops, m.Latency)
	case w.Sample != "":
		positive = append(positive, "p50-ns/"+w.Sample, "max-ns/"+w.Sample)
	}
	for _, unit := range positive {
		if got[unit] <= 0 {
			t.Errorf("%v %s", got[unit], unit)
		}
	}
	if _, ok := got[w.Primary]; !ok && cpu.CanPin && w.Primary != "" {
		t.Errorf("%s, by which runs are compared, is missing", w.Primary)
	}
	if got["p50-ns/"+w.Sample] > got["p99-ns/"+w.Sample] || got["p99-ns/"+w.Sample] > got["max-ns/"+w.Sample] {
		t.Errorf("quantiles do not grow: %v", got)
	}
	// What loads run on schedulers of their own, they run on those.
	counted := s.Hosted && got["tasks/op"] > 0 && !w.OwnSchedulers
	if _, ok := got["parks/task"]; ok != counted {
		t.Errorf("parks/task is there: %v", ok)
	}
	if _, ok := got["worker-cpu-ns/sec"]; ok && (w.OwnSchedulers || s.WholeMask) {
		t.Error("CPU time of workers that have ended, or have no threads")
	}
	if sys, ok := got["sys-ns/task"]; (!ok || sys < 0) && cpu.CanPin && got["tasks/op"] > 0 {
		t.Errorf("CPU time in the kernel: %v, %v; every launch has one that is not negative", sys, ok)
	}
	if _, ok := got["cost-ns/sec"]; !ok && cpu.CanPin {
		t.Error("there is no cost")
	}
	if noop := got["noop-wakes/wake"]; noop > 1 {
		t.Errorf("%v no-op wakes for each wake", noop)
	}
}

// The reported heap use is the load's, not the harness's.
func TestMeasureAllocatesNothing(t *testing.T) {
	w, _ := workload.Find(workload.All(), "wake")
	// With a goroutine as the submitter Go's runtime starts threads meanwhile.
	v, err := w.Values(map[string]string{"gap": "5us", "submitter": "spin"})
	if err != nil {
		t.Fatal(err)
	}
	m, err := loadgen.Measure(t.Context(), loadgen.Spec{
		Workload: w, Values: v, Subject: loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]),
		Workers: 1, Warmup: 10 * time.Millisecond, Measure: 100 * time.Millisecond,
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, metric := range m.Metrics {
		// A histogram of the recorders' size is more than 200,000.
		if total := metric.Value * float64(m.Ops); metric.Unit == "B/task" && total > 20_000 {
			t.Errorf("%v bytes in %d operations", total, m.Ops)
		}
	}
}

// The seed is a condition of a load that samples from it.
func TestMeasureReportsSeed(t *testing.T) {
	for _, test := range []struct {
		workload string
		want     bool
	}{{"poisson", true}, {"burst", true}, {"wake", false}} {
		w, _ := workload.Find(workload.All(), test.workload)
		m, err := loadgen.Measure(t.Context(), loadgen.Spec{
			Workload: w, Values: values(t, w), Subject: loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]), Workers: 1, Seed: 4711,
		})
		if err != nil {
			t.Fatal(err)
		}
		if got := slices.Contains(m.Facts, loadgen.Fact{Key: "seed", Value: "4711"}); got != test.want {
			t.Errorf("%s: the seed is reported: %v", test.workload, got)
		}
	}
}

func TestMeasureErrors(t *testing.T) {
	w := workload.All()[0]
	good := loadgen.Spec{
		Workload: w,
		Values:   values(t, w),
		Subject:  loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]),
		Workers:  1,
	}
	for _, test := range []struct {
		name string
		edit func(*loadgen.Spec)
		want string
	}{
		{"no workers", func(s *loadgen.Spec) { s.Workers = 0 }, "0 workers"},
		{"no such CPU", func(s *loadgen.Spec) { s.CPUs = cpu.SetOf(0, 70000) }, "70000"},
	} {
		t.Run(test.name, func(t *testing.T) {
			spec := good
			test.edit(&spec)
			if _, err := loadgen.Measure(t.Context(), spec); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want one with %q", err, test.want)
			}
		})
	}
}

func TestMeasureIsCancelled(t *testing.T) {
	w, _ := workload.Find(workload.All(), "wake")
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	time.AfterFunc(20*time.Millisecond, func() { cancel(cause) })
	_, err := loadgen.Measure(ctx, loadgen.Spec{
		Workload: w,
		Values:   values(t, w),
		Subject:  loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]),
		Workers:  1,
		Measure:  time.Hour,
	})
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
}

// A bomb is a task that panics, bombs a load of them.
type bomb struct{}

func (bomb) Run(host.Worker) { panic("the task's bug") }

type bombs struct{}

func (bombs) Run(g *workload.Generator, _ time.Duration) (workload.Totals, error) {
	if err := g.Pool.Submit(bomb{}); err != nil {
		return workload.Totals{}, err
	}
	g.Wait() // for the task
	return workload.Totals{}, g.Step()
}

// If a task panics, that is the error, not that the task has not ended.
func TestMeasureReportsPanic(t *testing.T) {
	_, err := loadgen.Measure(t.Context(), loadgen.Spec{
		Workload: workload.Workload{Name: "bombs", New: func(workload.Values) workload.Load { return bombs{} }},
		Subject:  loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]),
		Workers:  1,
		Measure:  time.Millisecond,
	})
	for _, want := range []string{"the task's bug", "measure_test.go"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got error %v, want one with %q", err, want)
		}
	}
}
