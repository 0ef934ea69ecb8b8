package explore

import "slices"

// Reduced is dynamic partial-order reduction (DPOR) with source sets and sleep
// sets: it explores one schedule of each class of schedules that differ only in
// the order of independent steps. Two steps are dependent if they touch the same
// object and at least one changes it. Programs that call Always are refused.
//
// At each new state the next operation of each thread is compared with the steps
// before. If it depends on one of them, and did not have to come after it, it
// could have come before it: the state before that step has to be continued in
// another way, too (a backtrack point). A thread sleeps in a state if continuing
// with it was explored before, and no step that depends on its next operation was
// taken since: it would show nothing new. An execution is pruned when all threads
// that can go on sleep, after the operations in that state were compared like all
// others.
func Reduced() Strategy { return new(reduced) }

type reduced struct {
	frames []point
	depth  int
	steps  []int // by step of this execution, the index of its frame

	list, rest []int // reused by initials
}

// A point is a choice of a thread, or of a value.
type point struct {
	chosen int // thread or value
	values int // number of values; 0 if it is a choice of a thread

	enabled   threadSet
	backtrack threadSet // to be tried
	done      threadSet // were tried
	sleep     threadSet
}

func (r *reduced) begin(x *execution) {
	r.depth = 0
	r.steps = r.steps[:0]
	x.clocks = true
}

func (r *reduced) complete() bool { return true }

func (r *reduced) thread(x *execution, can threadSet) *thread {
	if r.depth == len(r.frames) {
		r.compare(x)
		sleep := r.asleep(x)
		awake := can &^ sleep
		if awake == 0 {
			return nil
		}
		chosen := x.threads[awake.first()]
		if x.running != nil && awake.has(x.running) {
			chosen = x.running
		}
		r.frames = append(r.frames, point{chosen: chosen.id, enabled: can, backtrack: only(chosen), sleep: sleep})
	}
	r.steps = append(r.steps, r.depth)
	r.depth++
	return x.threads[r.frames[r.depth-1].chosen]
}

func (r *reduced) value(_ *execution, n int) int {
	if r.depth == len(r.frames) {
		r.frames = append(r.frames, point{values: n})
	}
	r.depth++
	return r.frames[r.depth-1].chosen
}

func (r *reduced) end(x *execution) bool {
	if !x.pruned {
		r.compare(x) // if no thread can go on, there is no new state that would do it
	}
	for len(r.frames) > 0 {
		p := &r.frames[len(r.frames)-1]
		if p.chosen+1 < p.values {
			p.chosen++
			return true
		}
		if p.values == 0 {
			p.done |= 1 << p.chosen
			if left := p.enabled & p.backtrack &^ p.done &^ p.sleep; left != 0 {
				p.chosen = left.first()
				return true
			}
		}
		r.frames = r.frames[:len(r.frames)-1]
	}
	return false
}

// asleep returns the threads that sleep in the present, new state.
func (r *reduced) asleep(x *execution) threadSet {
	if len(r.steps) == 0 {
		return 0
	}
	before := &r.frames[r.steps[len(r.steps)-1]]
	last := x.trace[len(x.trace)-1].op
	var sleep threadSet
	for s := (before.sleep | before.done) &^ (1 << before.chosen); s != 0; s &= s - 1 {
		if t := x.threads[s.first()]; !dependent(last, t.pending) {
			sleep |= only(t)
		}
	}
	return sleep
}

// compare sets backtrack points for the next operations of all threads. An
// operation that was there in the state before has been compared with all steps
// but the last; but that of a thread that has taken no step may be new.
func (r *reduced) compare(x *execution) {
	for _, t := range x.threads {
		if t.ended {
			continue
		}
		first := 0
		if t != x.running && t.steps > 0 {
			first = len(x.trace) - 1
		}
		for i := len(x.trace) - 1; i >= max(first, 0); i-- {
			s := &x.trace[i]
			if int(s.thread) != t.id && dependent(s.op, t.pending) && coEnabled(s.op, t.pending) && !s.precedes(t) {
				r.backtrack(x, i, t)
			}
		}
	}
}

// precedes reports whether t's next operation already had to come after s.
func (s *step) precedes(t *thread) bool { return t.clock.get(int(s.thread)) >= int(s.index) }

// backtrack makes sure that t's next operation is tried before step i. The steps
// after i that did not have to come after it may have to be done first. Any thread
// that can begin with these (an initial, in the terms of Abdulla and others, POPL
// 2014) will do; if one of them is to be tried anyway, or sleeps, there is nothing
// to add. With sleep sets it would be wrong to take always t itself: if it sleeps,
// the search would not find out what else must come before it.
func (r *reduced) backtrack(x *execution, i int, t *thread) {
	p := &r.frames[r.steps[i]]
	initials := r.initials(x, i, t)
	for _, id := range initials {
		if (p.backtrack|p.sleep)&(1<<id) != 0 {
			return
		}
	}
	for _, id := range initials {
		if p.enabled&(1<<id) != 0 {
			p.backtrack |= 1 << id
			return
		}
	}
	p.backtrack |= p.enabled
}

// initials returns the threads that can begin with the steps after i that did not
// have to come after it, followed by t's next operation.
func (r *reduced) initials(x *execution, i int, t *thread) []int {
	r.list, r.rest = r.list[:0], r.rest[:0]
	var begun threadSet
	free := true // no step in rest has to come before t's next operation
	for j := i + 1; j < len(x.trace); j++ {
		if x.precedes(i, j) {
			continue
		}
		s := &x.trace[j]
		if bit := threadSet(1) << s.thread; begun&bit == 0 {
			begun |= bit
			if !slices.ContainsFunc(r.rest, func(earlier int) bool { return x.precedes(earlier, j) }) {
				r.list = append(r.list, int(s.thread))
			}
		}
		free = free && !s.precedes(t) && !dependent(s.op, t.pending)
		r.rest = append(r.rest, j)
	}
	if free && !begun.has(t) {
		r.list = append(r.list, t.id)
	}
	return r.list
}

// precedes reports whether step j had to come after step i.
func (x *execution) precedes(i, j int) bool {
	s := &x.trace[i]
	return x.before[j].get(int(s.thread)) >= int(s.index)
}

// dependent reports whether the order of two operations can matter.
func dependent(a, b op) bool { return conflict(a, b, nil) }

// coEnabled reports whether two dependent operations may be possible in one
// state. Taking a mutex and freeing it are not: it is either free or held.
func coEnabled(a, b op) bool {
	return conflict(a, b, func(x, y locking) bool { return x+y != takes+frees })
}

// conflict reports whether two operations touch an object, at least one of them
// to change it, for which the condition holds.
func conflict(a, b op, condition func(x, y locking) bool) bool {
	for i, o := range [...]*object{a.a, a.b} {
		for j, p := range [...]*object{b.a, b.b} {
			if o == nil || o != p || a.reads(i) && b.reads(j) {
				continue
			}
			if condition == nil || condition(a.locking(o), b.locking(o)) {
				return true
			}
		}
	}
	return false
}
