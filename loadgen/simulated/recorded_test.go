//go:build simulate

package simulated

import (
	"fmt"
	"testing"
	"time"

	"github.com/idlebench/idlebench/impls/builtin"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/recording"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// A recorded load is replayed on a simulated machine as on a real one: each task runs once,
// and the same seed gives the same result.
func TestRecorded(t *testing.T) {
	var tasks []recording.Task
	for i := range 30 {
		tasks = append(tasks,
			recording.Task{At: int64(i) * 15_000, Service: 4_000, Parent: recording.None},
			recording.Task{After: 1_000, Service: 3_000, Parent: int32(3 * i)},
			recording.Task{After: 1_500, Service: 500, Parent: int32(3*i + 1)})
	}
	r, _, err := recording.Make("test", 500*time.Microsecond, tasks)
	if err != nil {
		t.Fatal(err)
	}
	w := workload.Recorded(r)
	futex, _ := park.Find(park.Kinds(), "futex")
	for _, impl := range append(builtin.Implementations(), builtin.Others()...) {
		for _, submitter := range []string{"block", "spin", "poll"} {
			values, err := w.Values(map[string]string{"submitter": submitter})
			if err != nil {
				t.Fatal(err)
			}
			var first string
			for range 2 {
				got, err := Run(Spec{
					Machine: machine(5), Seed: 1, Impl: impl, Parker: futex,
					Workload: w, Values: values, Workers: 4, Length: 300 * time.Microsecond,
				})
				if err != nil {
					t.Fatal(err)
				}
				if n := got.Samples.TotalCount(); got.Tasks == 0 || int64(got.Counters.Tasks) != got.Tasks || n != got.Tasks {
					t.Errorf("%s, %s: %d tasks were sent, %d ran, %d samples", impl.Name, submitter, got.Tasks, got.Counters.Tasks, n)
				}
				result := fmt.Sprintf("%+v %+v", got.Counters, got.Stats)
				if first == "" {
					first = result
				} else if result != first {
					t.Errorf("%s, %s: the same seed gives\n%s and\n%s", impl.Name, submitter, first, result)
				}
			}
		}
	}
}
