package workload

import (
	"slices"
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/host"
	"github.com/idlebench/idlebench/loadgen/latency"
)

// A witness is a pool that runs nothing, and notes what arrives.
type witness struct{ seen []Arrival }

func (w *witness) Submit(t host.Task) error {
	task := t.(*openTask)
	w.seen = append(w.seen, Arrival{task.at, task.service})
	task.underWay.Store(false)
	return nil
}

func (w *witness) SubmitAll(tasks []host.Task) error {
	for _, t := range tasks {
		if err := w.Submit(t); err != nil {
			return err
		}
	}
	return nil
}

// A program with its own generator gets the arrivals that a load here submits, in each part
// of the schedule.
func TestTimetableIsTheLoads(t *testing.T) {
	const length = 3 * time.Millisecond
	for _, test := range []struct {
		w     Workload
		given map[string]string
	}{
		{poisson, map[string]string{"load": "0.7"}},
		{poisson, map[string]string{"load": "0.01", "service": "1s"}}, // the first is after the end
		{burst, map[string]string{"period": "100us", "tasks": "7", "dist": "exp"}},
	} {
		values, err := test.w.Values(test.given)
		if err != nil {
			t.Fatal(err)
		}
		table, ok := test.w.Timetable(values, 2, 42)
		if !ok {
			t.Fatalf("%s has no timetable", test.w.Name)
		}
		for part := range 3 {
			want := table.Part(part, length)
			pool := new(witness)
			now, tick := int64(1000), int64(50)
			if values["service"] == int64(time.Second) {
				tick = int64(time.Second)
			}
			g := &Generator{
				Pool: pool, Workers: 2, Seed: 42, How: Spin, Pause: func() {},
				Now:       func() int64 { now += tick; return now },
				Recorders: make([]*latency.Recorder, 3),
			}
			l := test.w.New(values).(*openLoop)
			l.Seek(part)
			start := now + tick // the load's first reading
			if _, err := l.Run(g, length); err != nil {
				t.Fatal(err)
			}
			for i := range pool.seen {
				pool.seen[i].At -= start
			}
			// A task that comes due just before the end may not be sent any more.
			if n := len(pool.seen); n == 0 || n < len(want)-14 || !slices.Equal(pool.seen, want[:n]) {
				t.Errorf("%s part %d: the load submits %d tasks, not the first of the %d of the timetable", test.w.Name, part, n, len(want))
			}
		}
	}
}

// A trickle has one task each period, and the other workloads have no timetable.
func TestTimetableOfTrickle(t *testing.T) {
	values, err := trickle.Values(nil)
	if err != nil {
		t.Fatal(err)
	}
	table, ok := trickle.Timetable(values, 1, 0)
	if got := table.Part(0, 3500*time.Microsecond); !ok || !slices.Equal(got, []Arrival{{At: 1e6}, {At: 2e6}, {At: 3e6}}) {
		t.Errorf("%v, %v", got, ok)
	}
	if got := table.Part(7, 0); len(got) != 1 {
		t.Errorf("in no time: %v", got)
	}
	for _, w := range []Workload{wake, skynet, forkJoin} {
		if values, err = w.Values(nil); err != nil {
			t.Fatal(err)
		}
		if _, ok := w.Timetable(values, 1, 0); ok {
			t.Errorf("%s has a timetable", w.Name)
		}
	}
}
