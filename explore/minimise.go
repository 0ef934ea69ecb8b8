package explore

import (
	"fmt"
	"slices"
)

// Minimise returns a failure of the same kind with as few preemptions as it can
// find, and with the places in the source.
//
// It first lets two spells of a thread become one wherever the program fails
// still. Then it tries all schedules with fewer preemptions. Each of these, and
// each number of preemptions, may take the given number of executions.
func Minimise(program func(), f *Failure, executions int) *Failure {
	least := shorten(program, f, executions)
	for bound := range least.Preemptions() {
		if executions <= 0 {
			break
		}
		r := Run(program, Bounded(bound), Limits{Executions: executions})
		if r.Failure != nil && r.Failure.Kind == f.Kind {
			least = r.Failure
			break
		}
	}
	s, err := Replay(least.Schedule)
	if err != nil {
		panic(fmt.Sprintf("explore: a schedule of its own cannot be read: %v", err))
	}
	if r := Run(program, s, Limits{}); r.Failure != nil {
		return r.Failure
	}
	return least // not deterministic: better than nothing
}

// A spell is a number of steps that a thread takes one after the other.
type spell struct{ thread, steps int }

// shorten joins spells as long as that makes preemptions, or steps, fewer.
func shorten(program func(), f *Failure, executions int) *Failure {
	least := f
	choices, err := parseSchedule(f.Schedule)
	if err != nil {
		panic(fmt.Sprintf("explore: a schedule of its own cannot be read: %v", err))
	}
	for again := true; again; {
		again = false
		spells, values := dissect(choices)
		for i := range spells {
			for j := i + 1; j < len(spells) && !again && executions > 0; j++ {
				if spells[i].thread != spells[j].thread {
					continue
				}
				// Once the later one comes earlier, once the other way round.
				for _, to := range [][2]int{{i, j}, {j, i}} {
					joined := slices.Clone(spells)
					joined[to[0]].steps += joined[to[1]].steps
					joined = slices.Delete(joined, to[1], to[1]+1)
					executions--
					r := Run(program, &retell{spells: joined, values: values}, Limits{})
					if r.Failure != nil && r.Failure.Kind == f.Kind && r.Failure.less(least) {
						least, again = r.Failure, true
						choices, _ = parseSchedule(least.Schedule)
						break
					}
				}
			}
			if again {
				break
			}
		}
	}
	return least
}

// less says which of two failures is easier to read.
func (f *Failure) less(other *Failure) bool {
	if p, q := f.Preemptions(), other.Preemptions(); p != q {
		return p < q
	}
	return len(f.Steps) < len(other.Steps)
}

// dissect tells the spells of a schedule from the values, which it sorts by the
// thread that chose them.
func dissect(choices schedule) (spells []spell, values map[int][]int) {
	values = make(map[int][]int)
	for _, c := range choices {
		last := len(spells) - 1
		switch {
		case c.isValue && last >= 0:
			thread := spells[last].thread
			values[thread] = append(values[thread], c.number)
		case c.isValue: // by the main thread, before its first step
			values[0] = append(values[0], c.number)
		case last >= 0 && spells[last].thread == c.number:
			spells[last].steps++
		default:
			spells = append(spells, spell{c.number, 1})
		}
	}
	return spells, values
}

// A retell is a strategy that follows spells as far as they are possible.
type retell struct {
	spells []spell
	values map[int][]int

	at, steps int
	chosen    map[int]int // by thread, values so far
}

func (r *retell) begin(*execution)    { r.at, r.steps, r.chosen = 0, 0, make(map[int]int) }
func (r *retell) end(*execution) bool { return false }
func (r *retell) complete() bool      { return false }

func (r *retell) thread(x *execution, can []*thread) *thread {
	for ; r.at < len(r.spells); r.at, r.steps = r.at+1, 0 {
		s := r.spells[r.at]
		if r.steps == s.steps {
			continue
		}
		for _, t := range can {
			if t.id == s.thread {
				r.steps++
				return t
			}
		}
	}
	if slices.Contains(can, x.last) {
		return x.last
	}
	return can[0]
}

func (r *retell) value(x *execution, n int) int {
	id := x.running.id
	i := r.chosen[id]
	r.chosen[id]++
	if i < len(r.values[id]) && r.values[id][i] < n {
		return r.values[id][i]
	}
	return 0
}
