package stages

import (
	"reflect"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/impls"
)

// at is a wake: the stamps of the package documentation.
type at struct{ t0, t1, t2, t3, t4, t5 int64 }

// count has a recorder count wakes, each on worker 1 of 2.
func count(r *Recorder, wakes ...at) Summary {
	for _, w := range wakes {
		r.notified, r.returned = w.t1, w.t3
		r.workers[1].called.Store(w.t2)
		r.workers[1].returned.Store(w.t3)
		r.workers[1].woke = w.t4
		r.Ran(1, w.t5)
		r.Wake(w.t0)
	}
	return r.Summary()
}

func TestWake(t *testing.T) {
	const not = -1
	type stages []float64
	for _, test := range []struct {
		name    string
		parkers bool
		wake    at
		want    stages // nil if not covered
		overlap int64
	}{
		{"in order", true, at{10, 11, 13, 17, 25, 41}, stages{1, 2, 4, 8, 16}, 0},
		{"the worker runs before the call has ended", true, at{10, 11, 13, 24, 20, 30}, stages{1, 2, 7, 0, 10}, 1},
		{"the call has not ended", true, at{10, 11, 13, 5, 20, 30}, stages{1, 2, 7, 0, 10}, 1},
		{"both at once", true, at{10, 11, 13, 20, 20, 30}, stages{1, 2, 7, 0, 10}, 0},
		{"no time at all", true, at{10, 10, 10, 10, 10, 10}, stages{0, 0, 0, 0, 0}, 0},
		{"woken before the task came", true, at{10, 11, 3, 4, 20, 30}, nil, 0},
		{"woken and awake before the task came", true, at{10, 11, 3, 4, 5, 30}, nil, 0},
		{"awake before the call", true, at{10, 11, 13, 15, 12, 30}, nil, 0},
		{"the call came too late", true, at{10, 11, 40, 41, 5, 30}, nil, 0},
		{"in order, by the manager", false, at{10, 11, not, 13, 17, 25}, stages{1, 2, 4, 8}, 0},
		{"the worker runs before NotifyRemote has ended", false, at{10, 11, not, 19, 17, 25}, stages{1, 6, 0, 8}, 1},
		{"awake before the task came, by the manager", false, at{10, 11, not, 13, 9, 25}, nil, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			r := NewRecorder()
			r.watch(2, test.parkers)
			s := count(r, test.wake)
			var got stages
			for _, stage := range s.Stages {
				got = append(got, stage.Mean)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("stages %v, want %v", got, test.want)
			}
			covered := int64(0)
			if test.want != nil {
				covered = 1
				if whole := test.wake.t5 - test.wake.t0; s.Sum() != float64(whole) {
					t.Errorf("they add up to %v, not to %d", s.Sum(), whole)
				}
			}
			if s.Wakes != 1 || s.Covered != covered || s.Overlapped != test.overlap {
				t.Errorf("%+v, want %d covered and %d overlapped", s, covered, test.overlap)
			}
		})
	}
}

// Means add up over many wakes; those that are not covered are only counted.
func TestSummary(t *testing.T) {
	r := NewRecorder()
	r.watch(2, true)
	s := count(r,
		at{0, 1, 3, 6, 10, 15},
		at{100, 103, 108, 115, 124, 135},
		at{200, 201, 199, 202, 203, 204}, // not covered
		at{300, 301, 303, 306, 310, 315},
	)
	if s.Wakes != 4 || s.Covered != 3 || s.Overlapped != 0 {
		t.Errorf("%+v", s)
	}
	if want := float64(15+35+15) / 3; s.Sum() != want {
		t.Errorf("the sum is %v, want %v", s.Sum(), want)
	}
	for i, want := range []Stage{{"lock", 5. / 3, 1}, {"decide", 3, 2}, {"call", 13. / 3, 3}, {"sleep", 17. / 3, 4}, {"handover", 7, 5}} {
		if s.Stages[i] != want {
			t.Errorf("%+v, want %+v", s.Stages[i], want)
		}
	}
	r.Reset()
	if s := r.Summary(); s.Wakes != 0 || s.Stages != nil || s.Sum() != 0 {
		t.Errorf("after a reset: %+v", s)
	}
	if s := count(r, at{0, 1, 3, 7, 15, 31}); s.Sum() != 31 || s.Stages[4].Median != 16 {
		t.Errorf("after a reset, one wake: %+v", s)
	}
}

// A recorder that adds others has the wakes of all of them, though they are reset.
func TestAdd(t *testing.T) {
	wakes := []at{
		{0, 1, 3, 6, 10, 15}, {100, 103, 108, 115, 124, 135},
		{200, 201, 199, 202, 203, 204}, // not covered
		{300, 301, 303, 310, 306, 315}, // overlapped
	}
	r := NewRecorder()
	r.watch(2, true)
	want := count(r, wakes...)
	sum := NewRecorder()
	for _, part := range [][]at{wakes[:1], wakes[1:3], wakes[3:]} {
		r.Reset()
		count(r, part...)
		sum.Add(r)
	}
	r.Reset()
	if got := sum.Summary(); !reflect.DeepEqual(got, want) || got.Wakes != 4 || got.Overlapped != 1 {
		t.Errorf("got %+v, want %+v", got, want)
	}
}

// A load allocates nothing.
func TestAllocs(t *testing.T) {
	r := NewRecorder()
	r.watch(2, true)
	if n := testing.AllocsPerRun(100, func() {
		r.notified = 11
		r.workers[1].called.Store(13)
		r.workers[1].returned.Store(17)
		r.workers[1].woke = 25
		r.Ran(1, 41)
		r.Wake(10)
	}); n != 0 {
		t.Errorf("a wake allocates %v times", n)
	}
}

// A manager without parkers wakes those of whom it says so.
func TestReason(t *testing.T) {
	for reason, stamped := range map[impls.Reason]bool{impls.Woken: true, impls.Kept: false, impls.Closed: false} {
		r := NewRecorder()
		r.watch(2, false)
		s := &sleeper{returning{reason: reason}, r, r.workers}
		if core, got := s.Park(1, nil); core != nil || got != reason {
			t.Errorf("%v became %v with core %v", reason, got, core)
		}
		if got := r.workers[1].woke != 0; got != stamped || r.workers[0].woke != 0 {
			t.Errorf("%v: there is a stamp: %v", reason, got)
		}
	}
}

// A returning manager lets no worker sleep.
type returning struct {
	impls.Idle
	reason impls.Reason
}

func (m returning) Park(int, *impls.Core) (*impls.Core, impls.Reason) { return nil, m.reason }
