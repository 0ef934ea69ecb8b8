package loadgen

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/idlebench/idlebench/impls/mutexonly"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// An open loop that did not get through what it was offered says so.
func TestServed(t *testing.T) {
	for _, test := range []struct {
		offered, achieved float64
		want              []Fact
	}{
		{0, 0, nil},
		{1000, 1000, []Fact{{"achieved", "1.0000"}, {"saturated", "no"}}},
		{1000, 991, []Fact{{"achieved", "0.9910"}, {"saturated", "no"}}},
		{1000, 989, []Fact{{"achieved", "0.9890"}, {"saturated", "yes"}}},
	} {
		got := served([]workload.Metric{{Value: test.offered, Unit: "offered-tasks/sec"}, {Value: test.achieved, Unit: "achieved-tasks/sec"}})
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%v of %v (-want +got):\n%s", test.achieved, test.offered, diff)
		}
	}
}

// Where nearly nothing is to be measured, Go's runtime has come to rest when the
// first reading is taken.
func TestQuietLoadsBeginAtRest(t *testing.T) {
	for _, w := range workload.All() {
		spec := Spec{Workload: w, Subject: Scheduled(mutexonly.Implementation, park.Kinds()[0]), Workers: 1}
		var err error
		if spec.Values, err = w.Values(nil); err != nil {
			t.Fatal(err)
		}
		set := Setting{Workers: 1}
		subject, err := spec.Subject.Start(set)
		if err != nil {
			t.Fatal(err)
		}
		d := newDriver(spec, set, subject)
		start := d.generator.Now()
		r := d.before()
		rests := time.Duration(r.at-start) >= runtimeRest
		if want := w.Name == "idle" || w.Name == "trickle"; want && !rests {
			t.Errorf("%s: does not rest before", w.Name)
		}
		if err := subject.Close(context.Background()); err != nil {
			t.Error(err)
		}
	}
}
