package loadgen_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
)

func recorded(t *testing.T, duration time.Duration, tasks ...recording.Task) workload.Workload {
	t.Helper()
	r, _, err := recording.Make("test", duration, tasks)
	if err != nil {
		t.Fatal(err)
	}
	return workload.Recorded(r)
}

// A recording runs on every kind of subject that holds several tasks, whoever submits.
func TestMeasureRecorded(t *testing.T) {
	var tasks []recording.Task
	for i := range 20 {
		tasks = append(tasks,
			recording.Task{At: int64(i) * 20_000, Service: 2_000, Parent: recording.None},
			recording.Task{After: 1_000, Service: 500, Parent: int32(2 * i)})
	}
	w := recorded(t, 400*time.Microsecond, tasks...)
	submitters := []string{"block", "spin", "poll"}
	for i, s := range subjects(0) {
		if s.Platform || s.OneTask {
			continue
		}
		v, err := w.Values(map[string]string{"submitter": submitters[i%3]})
		if err != nil {
			t.Fatal(err)
		}
		t.Run(fmt.Sprintf("%s/%s/%s", s.Impl, s.Park, submitters[i%3]), func(t *testing.T) {
			m, err := loadgen.Measure(t.Context(), loadgen.Spec{
				Workload: w, Values: v, Subject: s, Workers: 1 + i%2, Warmup: time.Millisecond, Measure: 2 * time.Millisecond, Seed: 1,
			})
			if err != nil {
				t.Fatal(err)
			}
			check(t, w, s, m)
		})
	}
}

// A measurement in which nothing arrived says so instead of being one of nothing.
func TestNothingArrived(t *testing.T) {
	w := recorded(t, time.Hour, recording.Task{Parent: recording.None})
	v, err := w.Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range subjects(0) {
		if s.Platform || s.OneTask {
			continue
		}
		_, err = loadgen.Measure(t.Context(), loadgen.Spec{Workload: w, Values: v, Subject: s, Workers: 1, Measure: time.Millisecond, Seed: 1})
		if err == nil || !strings.Contains(err.Error(), "no task arrived") {
			t.Errorf("%s: %v", s.Impl, err)
		}
		break
	}
}
