package explore

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Minimise returns the same failure with as few preemptions as it can find, and
// with the places in the source. Panics and violated invariants are the same if
// the first line of their message is; other failures, if they are of one kind.
//
// First it joins two spells of a thread wherever the program still fails. Then it
// tries all schedules with fewer preemptions. Joining, and each number of
// preemptions, may take the given number of executions; the whole may take the
// given time, where 0 is no limit.
func Minimise(program func(), f *Failure, executions int, limit time.Duration) *Failure {
	var end time.Time
	if limit > 0 {
		end = time.Now().Add(limit)
	}
	least := shorten(program, f, executions, end)
	for bound := range least.Preemptions() {
		left := time.Until(end)
		if executions <= 0 || limit > 0 && left <= 0 {
			break
		}
		l := Limits{Executions: executions}
		if limit > 0 {
			l.Time = left
		}
		r := Run(program, Bounded(bound), l)
		if r.Failure != nil && r.Failure.same(f) {
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

// same reports whether two failures are most likely one.
func (f *Failure) same(other *Failure) bool {
	if f.Kind != other.Kind {
		return false
	}
	if f.Kind != Panic && f.Kind != Invariant {
		return true // the message has numbers that depend on the schedule
	}
	a, _, _ := strings.Cut(f.Message, "\n")
	b, _, _ := strings.Cut(other.Message, "\n")
	return a == b
}

// A spell is a number of steps that a thread takes one after the other.
type spell struct{ thread, steps int }

// shorten joins spells as long as that reduces the preemptions or the steps, and
// until the time end, if it is not zero.
func shorten(program func(), f *Failure, executions int, end time.Time) *Failure {
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
					if !end.IsZero() && time.Now().After(end) {
						return least
					}
					r := Run(program, &retell{spells: joined, values: values}, Limits{})
					if r.Failure != nil && r.Failure.same(f) && r.Failure.less(least) {
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

// less reports whether f is easier to read than other.
func (f *Failure) less(other *Failure) bool {
	if p, q := f.Preemptions(), other.Preemptions(); p != q {
		return p < q
	}
	return len(f.Steps) < len(other.Steps)
}

// dissect separates the spells of a schedule from the values, which it groups by
// the thread that chose them.
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

func (r *retell) thread(x *execution, can threadSet) *thread {
	for ; r.at < len(r.spells); r.at, r.steps = r.at+1, 0 {
		s := r.spells[r.at]
		if r.steps == s.steps {
			continue
		}
		if s.thread < len(x.threads) && can.has(x.threads[s.thread]) {
			r.steps++
			return x.threads[s.thread]
		}
	}
	if x.running != nil && can.has(x.running) {
		return x.running
	}
	return x.threads[can.first()]
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
