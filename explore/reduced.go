package explore

import "slices"

// Reduced explores one schedule of each class of schedules that differ only in
// the order of independent steps, by dynamic partial-order reduction with sleep
// sets. Two steps are dependent if they touch the same object and at least one
// changes it. Programs that call Always are refused.
//
// At each new state the next operation of each thread is compared with the steps
// before. One that it depends on, and that did not have to come before it, could
// have come after it: the state before that step is to be continued in another
// way, too (a backtrack point). A thread sleeps in a state
// if continuing with it was explored before, and nothing that depends on its
// next operation has been done since: it would show nothing new. An execution in
// whose last state all threads that can go on sleep is cut, but not before the
// operations there were compared like all others.
func Reduced() Strategy { return new(reduced) }

type reduced struct {
	frames []*point
	depth  int
	steps  []int // by step of this execution, the index of its frame
}

// A point is a choice of a thread, or of a value.
type point struct {
	values []int // still to be tried, the chosen one first; nil for a thread

	chosen    int
	enabled   []int
	backtrack map[int]bool // threads to be tried
	done      map[int]bool // threads that were
	sleep     map[int]bool
}

func (r *reduced) begin(*execution) {
	r.depth = 0
	r.steps = r.steps[:0]
}

func (r *reduced) complete() bool { return true }
func (r *reduced) compares()      {}

func (r *reduced) thread(x *execution, can []*thread) *thread {
	if r.depth == len(r.frames) {
		r.compare(x)
		sleep := r.asleep(x)
		p := &point{
			chosen:    -1,
			enabled:   ids(can),
			backtrack: make(map[int]bool),
			done:      make(map[int]bool),
			sleep:     sleep,
		}
		for _, t := range can {
			if !sleep[t.id] && (p.chosen < 0 || t == x.last) {
				p.chosen = t.id
			}
		}
		if p.chosen < 0 {
			return nil
		}
		p.backtrack[p.chosen] = true
		r.frames = append(r.frames, p)
	}
	r.steps = append(r.steps, r.depth)
	p := r.frames[r.depth]
	r.depth++
	return x.threads[p.chosen]
}

func (r *reduced) value(_ *execution, n int) int {
	if r.depth == len(r.frames) {
		p := new(point)
		for v := range n {
			p.values = append(p.values, v)
		}
		r.frames = append(r.frames, p)
	}
	r.depth++
	return r.frames[r.depth-1].values[0]
}

func (r *reduced) end(x *execution) bool {
	if !x.pruned {
		r.compare(x) // there is no new state for that if nobody can go on
	}
	for len(r.frames) > 0 {
		p := r.frames[len(r.frames)-1]
		if p.values != nil {
			if p.values = p.values[1:]; len(p.values) > 0 {
				return true
			}
		} else {
			p.done[p.chosen] = true
			for _, id := range p.enabled {
				if p.backtrack[id] && !p.done[id] && !p.sleep[id] {
					p.chosen = id
					return true
				}
			}
		}
		r.frames = r.frames[:len(r.frames)-1]
	}
	return false
}

// asleep returns the threads that sleep in the present, new state.
func (r *reduced) asleep(x *execution) map[int]bool {
	sleep := make(map[int]bool)
	if len(r.steps) == 0 {
		return sleep
	}
	before := r.frames[r.steps[len(r.steps)-1]]
	last := x.trace[len(x.trace)-1].op
	for _, set := range []map[int]bool{before.sleep, before.done} {
		for id := range set {
			if id != before.chosen && !dependent(last, x.threads[id].pending) {
				sleep[id] = true
			}
		}
	}
	return sleep
}

// compare sets backtrack points for the next operations of all threads. An
// operation that was there in the state before has been compared with all steps
// but the last; but that of a thread which has taken no step may be new.
func (r *reduced) compare(x *execution) {
	for _, t := range x.threads {
		if t.ended {
			continue
		}
		first := 0
		if t != x.last && t.steps > 0 {
			first = len(x.trace) - 1
		}
		for i := len(x.trace) - 1; i >= max(first, 0); i-- {
			s := x.trace[i]
			if s.thread != t && dependent(s.op, t.pending) && coEnabled(s.op, t.pending) && !s.precedes(t) {
				r.backtrack(x, i, t)
			}
		}
	}
}

// precedes reports whether t's next operation had to come after s already.
func (s step) precedes(t *thread) bool { return t.clock.get(s.thread.id) >= s.index }

// backtrack sees to it that t's next operation is tried before step i. What has
// to be done first for that are the steps after i that did not have to come after
// it. Any thread that can begin with these (an initial, in the terms of Abdulla
// and others, POPL 2014) will do; one that is to be tried anyway, or sleeps, does
// already. With sleep sets it would not do to take just t itself: if it sleeps,
// nobody would find out what else must come before it.
func (r *reduced) backtrack(x *execution, i int, t *thread) {
	p := r.frames[r.steps[i]]
	initials := x.initials(i, t)
	for _, id := range initials {
		if p.backtrack[id] || p.sleep[id] {
			return
		}
	}
	for _, id := range initials {
		if slices.Contains(p.enabled, id) {
			p.backtrack[id] = true
			return
		}
	}
	for _, id := range p.enabled {
		p.backtrack[id] = true
	}
}

// initials returns the threads that can begin with the steps after i that did not
// have to come after it, followed by t's next operation.
func (x *execution) initials(i int, t *thread) []int {
	var rest []step // those steps
	var list []int
	begun := make(map[int]bool)
	free := true // nothing in rest has to come before t's next operation
	for _, s := range x.trace[i+1:] {
		if x.trace[i].before(s) {
			continue
		}
		if !begun[s.thread.id] {
			begun[s.thread.id] = true
			if !slices.ContainsFunc(rest, func(earlier step) bool { return earlier.before(s) }) {
				list = append(list, s.thread.id)
			}
		}
		free = free && !s.precedes(t) && !dependent(s.op, t.pending)
		rest = append(rest, s)
	}
	if free && !begun[t.id] {
		list = append(list, t.id)
	}
	return list
}

// before reports whether s2 had to come after s.
func (s step) before(s2 step) bool { return s2.clock.get(s.thread.id) >= s.index }

// dependent reports whether the order of two operations can matter.
func dependent(a, b op) bool { return conflict(a, b, nil) }

// coEnabled reports whether two dependent operations may be possible in one
// state. Taking a mutex and freeing it are not: it is free or not.
func coEnabled(a, b op) bool {
	return conflict(a, b, func(x, y locking) bool { return x+y != takes+frees })
}

// A locking says what an operation does to a mutex.
type locking int

const (
	neither locking = 0
	takes   locking = 1
	frees   locking = 2
)

// conflict reports whether two operations touch an object, at least one of them
// to change it, for which the condition holds.
func conflict(a, b op, condition func(x, y locking) bool) bool {
	for i, o := range [...]*object{a.a, a.b} {
		for j, p := range [...]*object{b.a, b.b} {
			if o == nil || o != p || a.read && i == 0 && b.read && j == 0 {
				continue
			}
			if condition == nil || condition(a.locking(o), b.locking(o)) {
				return true
			}
		}
	}
	return false
}

func (o op) locking(obj *object) locking {
	if obj != o.mutex {
		return neither
	}
	return o.does
}

func ids(threads []*thread) []int {
	list := make([]int, len(threads))
	for i, t := range threads {
		list[i] = t.id
	}
	return list
}
