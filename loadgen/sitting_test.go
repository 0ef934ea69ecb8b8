package loadgen

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A script is a load that does the same whenever it runs: one operation for each
// microsecond of its limit, each with one task. Its n-th operation in all takes n ns, and
// is a sample.
type script struct {
	g     *workload.Generator
	ops   int64
	parts []int            // as by Seek
	onRun func(runs int64) // unless nil, called by each run, before anything else
	runs  int64
}

func (s *script) Seek(part int) { s.parts = append(s.parts, part) }

func (s *script) Run(g *workload.Generator, limit time.Duration) (t workload.Totals, err error) {
	s.g = g
	if s.onRun != nil {
		s.onRun(s.runs)
	}
	s.runs++
	n := max(1, limit.Microseconds())
	for range n {
		if err := g.Submit(g.Now(), nop{g}); err != nil {
			return t, err
		}
		g.Wait()
		s.ops++
		t.Ops++
		t.Tasks++
		t.Time += time.Duration(s.ops)
		g.Note(s.ops)
		if err := g.Step(); err != nil {
			return t, err
		}
	}
	t.Figures = []workload.Figure{workload.Ratio(float64(2*n), float64(n), "twice/op"), workload.AtMost(float64(s.ops), "last/op")}
	return t, nil
}

type nop struct{ g *workload.Generator }

func (n nop) Run(host.Worker) { n.g.Wake() }

// sit starts a sitting with the load, on a machine where nothing about noise is known.
func sit(t *testing.T, load *script) *Sitting {
	t.Helper()
	s, err := Start(t.Context(), Spec{
		Workload: workload.Workload{Name: "script", Sample: "op", New: func(workload.Values) workload.Load { return load }},
		Subject:  Scheduled(mutexonly.Implementation, park.Kinds()[0]),
		Workers:  1,
	})
	if err != nil {
		t.Fatal(err)
	}
	s.driver.watch.Files = fstest.MapFS{}
	return s
}

func slice(t *testing.T, s *Sitting, lead, length time.Duration) []string {
	t.Helper()
	exceeded, err := s.Slice(t.Context(), lead, length)
	if err != nil {
		t.Fatal(err)
	}
	return exceeded
}

func end(t *testing.T, s *Sitting) Measurement {
	t.Helper()
	m, err := s.End(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// exact returns those metrics of a script that do not depend on time.
func exact(m Measurement) map[string]float64 {
	units := []string{"ns/op", "p50-ns/op", "p90-ns/op", "p99-ns/op", "max-ns/op", "twice/op", "last/op", "tasks/op"}
	got := make(map[string]float64)
	for _, metric := range m.Metrics {
		if slices.Contains(units, metric.Unit) {
			got[metric.Unit] = metric.Value
		}
	}
	return got
}

// Several slices give what one slice gives that is as long as all of them: as many
// operations, the same samples, the same ratios.
func TestSlicesAddUp(t *testing.T) {
	whole := sit(t, new(script))
	slice(t, whole, 0, 100*time.Microsecond)
	want := end(t, whole)

	s := sit(t, new(script))
	for _, µs := range []time.Duration{7, 1, 52, 40} {
		slice(t, s, 0, µs*time.Microsecond)
	}
	got := end(t, s)

	if got.Ops != 100 || want.Ops != 100 || got.Kept != 4 || got.Dropped != 0 || want.Kept != 1 {
		t.Errorf("%d operations in %d slices, %d dropped; %d in one", got.Ops, got.Kept, got.Dropped, want.Ops)
	}
	if diff := cmp.Diff(exact(want), exact(got)); diff != "" || len(exact(want)) != 8 {
		t.Errorf("(-whole +slices):\n%s", diff)
	}
	if !want.Latency.Equals(got.Latency) {
		t.Errorf("samples up to %d, and up to %d in one slice", got.Latency.Max(), want.Latency.Max())
	}
	for _, m := range []Measurement{got, want} {
		tasks := 0.0
		for _, metric := range m.Metrics {
			if metric.Unit == "wakes/task" {
				tasks = metric.Value * 100
			}
		}
		if tasks < 1 || tasks > 100 || len(m.Invalid) > 0 {
			t.Errorf("%v wakes for 100 tasks, invalid: %v", tasks, m.Invalid)
		}
	}
}

// The lead does not count.
func TestLead(t *testing.T) {
	s := sit(t, new(script)) // one operation to warm up
	slice(t, s, 10*time.Microsecond, 5*time.Microsecond)
	slice(t, s, 10*time.Microsecond, 5*time.Microsecond)
	m := end(t, s)
	if m.Ops != 10 || m.Latency.TotalCount() != 10 || m.Latency.Min() != 12 || m.Latency.Max() != 31 {
		t.Errorf("%d operations, samples from %d to %d", m.Ops, m.Latency.Min(), m.Latency.Max())
	}
}

// A stealing is the files of a machine whose hypervisor takes time of CPU 0, which is idle
// otherwise.
type stealing struct {
	ticks int64 // stolen so far
	reads int64
}

func (s *stealing) Open(name string) (fs.File, error) {
	const idle = 1_000_000 // ticks from one reading to the next, more than any that passed
	s.reads++
	return fstest.MapFS{
		"proc/stat": {Data: fmt.Appendf(nil, "cpu0 0 0 0 %d 0 0 0 %d\n", s.reads*idle, s.ticks)},
	}.Open(name)
}

// sitDisturbed is a sitting in which the given runs of the load are disturbed. Run 0 is
// the warm-up.
func sitDisturbed(t *testing.T, load *script, disturbed ...int64) *Sitting {
	t.Helper()
	machine := new(stealing)
	load.onRun = func(run int64) {
		if slices.Contains(disturbed, run) {
			machine.ticks += 100_000
		}
	}
	return sitOn(t, machine, load)
}

// sitOn is a sitting on that machine.
func sitOn(t *testing.T, machine *stealing, load *script) *Sitting {
	t.Helper()
	s := sit(t, load)
	s.driver.watch.Files = machine
	s.driver.watch.CPUs = []int{0}
	return s
}

// A slice that was disturbed is dropped, and what it measured is in no number; its
// repetition has the same place in the schedule. A lead may be disturbed.
func TestDroppedSlices(t *testing.T) {
	load := new(script)
	s := sitDisturbed(t, load, 4, 6, 9)
	var got []string
	for range 5 {
		got = append(got, strings.Join(slice(t, s, 2*time.Microsecond, 3*time.Microsecond), ","))
	}
	if want := []string{"", "steal", "steal", "", ""}; !slices.Equal(got, want) {
		t.Errorf("exceeded %q, want %q", got, want)
	}
	if want := []int{0, 1, 2, 3, 2, 3, 2, 3, 4, 5}; !slices.Equal(load.parts, want) {
		t.Errorf("parts of the schedule %v, want %v", load.parts, want)
	}
	m := end(t, s)
	if m.Kept != 3 || m.Dropped != 2 || len(m.Invalid) != 0 || m.Ops != 9 {
		t.Errorf("%d slices, %d dropped, %d operations, invalid: %v", m.Kept, m.Dropped, m.Ops, m.Invalid)
	}
	// Operations 4 to 6, 19 to 21 and 24 to 26.
	if m.Latency.Min() != 4 || m.Latency.Max() != 26 || m.Latency.TotalCount() != 9 || exact(m)["ns/op"] != 150./9 {
		t.Errorf("samples %v, %v ns/op", m.Latency.Distribution(), exact(m)["ns/op"])
	}
	if f := (Fact{"steal", "0s"}); !slices.Contains(m.Facts, f) {
		t.Errorf("the steal of what was dropped is in %v", m.Facts)
	}
}

// If no slice was kept, the measurement is that of the last one, and invalid.
func TestAllDropped(t *testing.T) {
	s := sitDisturbed(t, new(script), 1, 2)
	slice(t, s, 0, 3*time.Microsecond)
	slice(t, s, 0, 5*time.Microsecond)
	m := end(t, s)
	if m.Kept != 0 || m.Dropped != 2 || m.Ops != 5 || m.Latency.Min() != 5 || !slices.Equal(m.Invalid, []string{"steal"}) {
		t.Errorf("%d slices, %d dropped, %d operations, invalid: %v", m.Kept, m.Dropped, m.Ops, m.Invalid)
	}
}

// Limits are sharper over more time: slices that are each within them may not be
// together.
func TestTogetherInvalid(t *testing.T) {
	machine := new(stealing)
	s := sitOn(t, machine, &script{onRun: func(int64) { machine.ticks++ }})
	for range 3 {
		if exceeded := slice(t, s, 0, time.Microsecond); exceeded != nil {
			t.Fatalf("exceeded %v", exceeded)
		}
	}
	if m := end(t, s); m.Kept != 3 || !slices.Equal(m.Invalid, []string{"steal"}) {
		t.Errorf("%d slices, invalid: %v", m.Kept, m.Invalid)
	}
}

// A task that panics between slices is what the next one reports.
func TestPanicBetweenSlices(t *testing.T) {
	s := sit(t, new(script))
	defer s.restore()
	slice(t, s, 0, time.Microsecond)
	h := s.subject.(*host.Scheduler)
	if err := h.Submit(bug{}); err != nil {
		t.Fatal(err)
	}
	<-h.Failed()
	load := s.driver.load.(*script)
	load.onRun = func(int64) { <-t.Context().Done() } // it has no pool any more
	if _, err := s.Slice(t.Context(), 0, time.Microsecond); err == nil || !strings.Contains(err.Error(), "the task's bug") {
		t.Errorf("got error %v", err)
	}
}

type bug struct{}

func (bug) Run(host.Worker) { panic("the task's bug") }

func TestSliceIsCancelled(t *testing.T) {
	s := sit(t, new(script))
	defer s.restore()
	cause := errors.New("enough")
	ctx, cancel := context.WithCancelCause(t.Context())
	s.driver.load.(*script).onRun = func(int64) { cancel(cause) }
	if _, err := s.Slice(ctx, 0, time.Hour); !errors.Is(err, cause) {
		t.Errorf("got error %v", err)
	}
}

// A sitting without a slice has no result.
func TestNoSlice(t *testing.T) {
	if m, err := sit(t, new(script)).End(t.Context()); err == nil {
		t.Errorf("%+v", m)
	}
}
