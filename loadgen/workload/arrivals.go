package workload

import (
	"cmp"
	"slices"
	"time"
)

// An Arrival is a task of an open loop.
type Arrival struct {
	At      int64 // nanoseconds after the beginning of the run
	Service int64 // nanoseconds that the task keeps its worker busy
}

// A Timetable says what arrives in each run of an open loop. It is for programs that submit
// the same tasks at the same times, but have generators of their own.
type Timetable struct {
	loop   *openLoop
	period int64 // of a trickle, which has no loop
}

// Timetable returns the timetable of a load with that many workers and that seed. It is not
// ok if its tasks do not arrive by a schedule.
func (w Workload) Timetable(v Values, workers int, seed uint64) (t Timetable, ok bool) {
	if w.Name == trickle.Name {
		return Timetable{period: int64(v.Duration("period"))}, true
	}
	if !w.Draws {
		return Timetable{}, false
	}
	loop, ok := w.New(v).(*openLoop)
	if !ok {
		return Timetable{}, false
	}
	g := &Generator{Seed: seed, Workers: workers}
	for i, s := range loop.sources {
		s.schedule = loop.draw(g, i)
	}
	return Timetable{loop: loop}, true
}

// Part returns what arrives in a run of that length which begins with a part of the
// schedule, see [Scheduled]. There is at least one arrival of each source. They are in
// ascending order.
func (t Timetable) Part(part int, length time.Duration) (all []Arrival) {
	if t.loop == nil {
		for at := t.period; at == t.period || at < int64(length); at += t.period {
			all = append(all, Arrival{At: at})
		}
		return all
	}
	for _, s := range t.loop.sources {
		next := partStart(part)
		at := int64(0)
		for n := 0; ; n++ {
			at += s.gaps[next]
			if at >= int64(length) && n > 0 {
				break
			}
			for i := range s.group {
				all = append(all, Arrival{at, s.services[(next*s.group+i)%len(s.services)]})
			}
			next = (next + 1) % len(s.gaps)
		}
	}
	slices.SortStableFunc(all, func(a, b Arrival) int { return cmp.Compare(a.At, b.At) })
	return all
}
