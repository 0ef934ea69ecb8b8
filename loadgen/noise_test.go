package loadgen_test

import (
	"runtime"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// disturbed measures two tasks on one worker, between which disturb is called on
// the generator's thread.
func disturbed(t *testing.T, disturb func(*disturbedLoad)) loadgen.Measurement {
	t.Helper()
	m, err := loadgen.Measure(t.Context(), loadgen.Spec{
		Workload: workload.Workload{
			Name: "disturbed",
			New:  func(workload.Values) workload.Load { return &disturbedLoad{disturb: disturb} },
		},
		Subject: loadgen.Scheduled(bitmap.Implementation, park.Kinds()[0]),
		Workers: 1,
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

type disturbedLoad struct {
	disturb func(*disturbedLoad)
	runs    int
	g       *workload.Generator
	worker  int // id of its thread
}

func (l *disturbedLoad) Run(g *workload.Generator, limit time.Duration) (workload.Totals, error) {
	l.g = g
	l.runs++
	return g.Repeat(limit, 1, func() (int64, error) {
		if err := l.task(); err != nil {
			return 0, err
		}
		if l.runs == 1 { // that is the warm-up
			return 1, nil
		}
		l.disturb(l)
		return 1, l.task()
	})
}

func (l *disturbedLoad) task() error {
	err := l.g.Pool.Submit((*disturbedTask)(l))
	if err == nil {
		l.g.Wait()
	}
	return err
}

// A disturbedTask is the load as its task.
type disturbedTask disturbedLoad

func (l *disturbedTask) Run(host.Worker) {
	l.worker = cpu.ThreadID()
	l.g.Wake()
}

func fact(t *testing.T, m loadgen.Measurement, key string) string {
	t.Helper()
	i := slices.IndexFunc(m.Facts, func(f loadgen.Fact) bool { return f.Key == key })
	if i < 0 {
		t.Fatalf("%s is missing in %v", key, m.Facts)
	}
	return m.Facts[i].Value
}

func TestUndisturbed(t *testing.T) {
	m := disturbed(t, func(*disturbedLoad) {})
	for _, limit := range m.Invalid {
		switch limit {
		case "steal", "others": // may be
		default:
			t.Errorf("exceeds %s: %v", limit, m.Facts)
		}
	}
	if gc := fact(t, m, "gc"); gc != "0" {
		t.Errorf("gc=%s", gc)
	}
	if stops := fact(t, m, "stops"); stops != "0" {
		t.Errorf("stops=%s", stops)
	}
}

// A collection is counted, and is no reason to measure again.
func TestCollectionIsCounted(t *testing.T) {
	m := disturbed(t, func(*disturbedLoad) { runtime.GC() })
	if gc := fact(t, m, "gc"); gc != "1" {
		t.Errorf("gc=%s, want 1", gc)
	}
	if stops, err := strconv.Atoi(fact(t, m, "stops")); err != nil || stops < 1 {
		t.Errorf("stops=%d, %v", stops, err)
	}
	if stopped, err := time.ParseDuration(fact(t, m, "stopped")); err != nil || stopped <= 0 {
		t.Errorf("stopped=%v, %v", stopped, err)
	}
	if slices.Contains(m.Invalid, "gc") {
		t.Errorf("exceeds %v", m.Invalid)
	}
}
