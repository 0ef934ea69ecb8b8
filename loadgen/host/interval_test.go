package host

import (
	"math"
	"testing"
)

// The interval aims at 200 µs, within its limits, and does not follow small changes. The
// average forgets: a task weighs a tenth, and n tasks as much as one after the other.
func TestInterval(t *testing.T) {
	for _, test := range []struct {
		what  string
		took  float64 // by each of the tasks
		tasks int
		want  int
	}{
		{"nothing has run", 0, 0, 61},
		{"tasks that take nothing", 0, 1000, 127},
		{"short", 1000, 1000, 127},
		{"as long as at the beginning", intervalTarget / globalInterval, 1000, 61},
		{"a little longer", intervalTarget / 59.5, 1000, 61},
		{"longer", 10_000, 1000, 20},
		{"very long", 1e9, 1000, 2},
		{"long, but one only", 10_000, 1, 50},
	} {
		i := newInterval()
		if test.tasks > 0 {
			i.add(test.took*float64(test.tasks), test.tasks)
		}
		i.tune()
		if i.tasks != test.want {
			t.Errorf("%s: %d, want %d", test.what, i.tasks, test.want)
		}
	}
	one, other := newInterval(), newInterval()
	one.add(5*7000, 5)
	for range 5 {
		other.add(7000, 1)
	}
	if math.Abs(one.average-other.average) > 1e-6 {
		t.Errorf("five at once: %v, one by one: %v", one.average, other.average)
	}
}

// A stretch without a task is not one in which tasks took no time.
func TestIntervalWithoutTasks(t *testing.T) {
	i := newInterval()
	before := i.average
	i.begin()
	i.end()
	if i.average != before {
		t.Errorf("the average became %v", i.average)
	}
}
