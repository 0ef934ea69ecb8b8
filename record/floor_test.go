package record_test

import (
	"testing"

	"github.com/idlebench/idlebench/record"
)

func TestFloorPark(t *testing.T) {
	for _, c := range []struct{ park, unit, want string }{
		{"futex", "p50-ns/wake", "futex"},
		{"go-cond", "p50-ns/wake", "futex"},
		{"spin", "p50-ns/wake", "spin"},
		{"spin", "ns/op", "spin"},
		{"spin", "cost-ns/sec", "futex"},
		{"spin", "worker-cpu-sec/task", "futex"},
		{"futex", "cpu-ns/task", "futex"},
		{"go-cond", "cost-sec/sec", "futex"},
	} {
		if got := record.FloorPark(c.park, c.unit); got != c.want {
			t.Errorf("the floor for %s in %s is %s, want %s", c.park, c.unit, got, c.want)
		}
	}
}
