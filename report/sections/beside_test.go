package sections

import (
	"testing"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
)

// A thread that spins uses a whole CPU, so that no CPU time is divided by its.
func TestFloorOf(t *testing.T) {
	floor := func(park string, latency, cost float64) *source.Cell {
		return &source.Cell{
			Parsed: &record.Cell{Impl: record.FloorImpl, Park: park},
			Launches: []*source.Launch{{Launch: record.Launch{Metrics: []record.Metric{
				{Value: latency, Unit: "p50-ns/wake"}, {Value: cost, Unit: "cost-ns/sec"},
			}}}},
		}
	}
	both := []*source.Cell{floor("spin", 300, 1e9), floor("futex", 6000, 2e6)}
	for _, c := range []struct{ park, unit, want string }{
		{"go-cond", "cost-ns/sec", "futex"},
		{"spin", "cost-ns/sec", "futex"},
		{"spin", "p50-ns/wake", "spin"},
		{"go-cond", "p50-ns/wake", "futex"},
	} {
		if f := floorOf(both, c.park, c.unit); f == nil || f.Parsed.Park != c.want {
			t.Errorf("the floor of %s in %s is %+v, want %s", c.park, c.unit, f, c.want)
		}
	}
	if f := floorOf(both[:1], "go-cond", "cost-ns/sec"); f != nil {
		t.Errorf("the floor of CPU time is %s", f.Parsed.Park)
	}
}
