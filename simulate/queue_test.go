package simulate

import (
	"math/rand/v2"
	"testing"
)

// Whatever is done to the queue, the first is the least, and all know their places.
func TestQueue(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 0))
		var q queue
		all := make([]event, 40)
		for i := range all {
			all[i] = event{number: i}
		}
		for range 2000 {
			e := &all[r.IntN(len(all))]
			at := Time(r.IntN(20))
			switch {
			case e.place == 0 && len(q) > 0 && r.IntN(2) == 0:
				e.at = at
				want := least(q)
				if got := q.replaceFirst(e); got != want {
					t.Fatalf("seed %d: replaceFirst returned %+v, not %+v", seed, got, want)
				}
			case e.place == 0:
				e.at = at
				q.push(e)
			case r.IntN(3) == 0:
				e.at = at
				q.moved(e)
			case r.IntN(2) == 0:
				q.remove(e)
			default:
				want := least(q)
				if got := q.pop(); got != want || got.place != 0 {
					t.Fatalf("seed %d: pop returned %+v, not %+v", seed, got, want)
				}
			}
			for i, e := range q {
				if e.place != i+1 || e.at != e.event.at {
					t.Fatalf("seed %d: %+v is at %d with the time %v", seed, e.event, i, e.at)
				}
			}
		}
	}
}

func least(q queue) *event {
	l := q[0].event
	for _, e := range q {
		if e.event.before(l) {
			l = e.event
		}
	}
	return l
}
