package loadgen_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/impls/variant"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// kind returns a parker that this system has.
func kind(t *testing.T, name string) park.Kind {
	t.Helper()
	k, ok := park.Find(park.Kinds(), name)
	if !ok || k.Missing != "" {
		t.Skipf("no parker %s: %s", name, k.Missing)
	}
	return k
}

// With every kind of submitter, and however workers are held, all tasks run, and the
// reported figures are consistent.
func TestSubmitters(t *testing.T) {
	cond, _ := park.Find(park.Kinds(), "cond")
	all := append(loadgen.References(),
		loadgen.Scheduled(mutexonly.Implementation, cond),
		loadgen.Goroutines(mutexonly.Implementation, cond))
	if futex, _ := park.Find(park.Kinds(), "futex"); futex.Missing == "" {
		all = append(all, loadgen.Scheduled(mutexonly.Implementation, futex))
	}
	for n, w := range workload.All() {
		i := slices.IndexFunc(w.Params, func(p workload.Param) bool { return p.Name == "submitter" })
		if i < 0 {
			continue
		}
		for m, s := range all {
			if s.Platform || s.OneTask && !w.OneTask || w.Hosted && !s.Hosted {
				continue
			}
			for k, name := range w.Params[i].Full {
				if (n+m+k)%len(w.Params[i].Full) != 0 {
					continue
				}
				t.Run(fmt.Sprintf("%s/%s/%s/%s", w.Name, s.Impl, s.Park, name), func(t *testing.T) {
					v := values(t, w)
					n, err := w.Params[i].Parse(name)
					if err != nil {
						t.Fatal(err)
					}
					v["submitter"] = n
					m, err := loadgen.Measure(t.Context(), loadgen.Spec{Workload: w, Values: v, Subject: s, Workers: 1, Measure: 2 * time.Millisecond, Seed: 1})
					if err != nil {
						t.Fatal(err)
					}
					check(t, w, s, m)
					own := slices.ContainsFunc(m.Metrics, func(m workload.Metric) bool { return m.Unit == "submitter-cpu-ns/sec" })
					if known := !slices.Contains(m.Facts, loadgen.Fact{Key: "migrations", Value: "unknown"}); known == s.WholeMask && name != "spin" && cpu.CanPin {
						t.Errorf("migrations of pinned threads are known: %v", known)
					}
					if own != (name == "spin") && cpu.CanPin {
						t.Errorf("the submitter's own CPU time is known: %v", own)
					}
				})
			}
		}
	}
}

// A manager that keeps the submitter busy is charged for it, with every kind of
// submitter. The pool of the first kind has nothing to do meanwhile, so nothing else
// explains it.
func TestCostHasTheSubmitter(t *testing.T) {
	if !cpu.CanPin {
		t.Skip("the CPU time is not known on this system")
	}
	const delay = 5 * time.Millisecond
	late := variant.Late(mutexonly.Implementation, delay)
	w, _ := workload.Find(workload.All(), "wake")
	for _, submitter := range []string{"block", "spin", "poll"} {
		v, err := w.Values(map[string]string{"gap": "100us", "submitter": submitter})
		if err != nil {
			t.Fatal(err)
		}
		m, err := loadgen.Measure(t.Context(), loadgen.Spec{
			Workload: w, Values: v, Subject: loadgen.Scheduled(late, kind(t, "futex")), Workers: 1, Measure: 50 * time.Millisecond, Seed: 1,
		})
		if err != nil {
			t.Fatal(err)
		}
		got := make(map[string]float64)
		for _, metric := range m.Metrics {
			got[metric.Unit] = metric.Value
		}
		// It spins for the delay, unless others have the CPU meanwhile. Without
		// the submitter less than 0.2 ms would be left.
		if got["cost-ns/task"] < float64(delay)/5 {
			t.Errorf("%s: a task that holds up its submitter for %v costs %v ns", submitter, delay, got["cost-ns/task"])
		}
		if got["p50-ns/submit"] < float64(delay) {
			t.Errorf("%s: half of the submissions take less than %v ns, each is delayed by %v", submitter, got["p50-ns/submit"], delay)
		}
	}
}

// Every variation of the harness can be measured, on what it fits.
func TestHarnesses(t *testing.T) {
	w, _ := workload.Find(workload.All(), "wake")
	for _, h := range loadgen.Harnesses() {
		for _, s := range []loadgen.Subject{loadgen.Scheduled(mutexonly.Implementation, park.Kinds()[0]), loadgen.Goroutine()} {
			if h.Unfit(s) != nil {
				continue
			}
			m, err := loadgen.Measure(t.Context(), loadgen.Spec{
				Workload: w, Values: values(t, w), Subject: s, Workers: 1, Harness: h, Measure: 2 * time.Millisecond, Seed: 1,
			})
			if err != nil {
				t.Errorf("%s on %s: %v", h.Name, s.Impl, err)
				continue
			}
			check(t, w, s, m)
		}
	}
	if _, err := loadgen.FindHarness("none-such"); err == nil {
		t.Error("there is a harness that there is not")
	}
}
