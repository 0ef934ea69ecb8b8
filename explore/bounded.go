package explore

// Bounded explores depth first every schedule with at most the given number of
// preemptions, the preemption bound of CHESS (Musuvathi and Qadeer, PLDI 2007). A
// negative bound is none.
//
// It remembers the states in which there was something to choose, and prunes an
// execution that reaches one of them again with at most as many preemptions left:
// what can follow was explored then (the happens-before cache of CHESS). For a
// program with a data race, which may be in another state though each thread knows
// the same, Bounded does not promise to be complete.
func Bounded(preemptions int) Strategy {
	return &bounded{bound: preemptions, seen: make(map[moment]int)}
}

// brute is Bounded without a memory.
func brute(preemptions int) Strategy { return &bounded{bound: preemptions} }

type bounded struct {
	bound  int
	frames []frame
	depth  int // of the next choice
	used   int // preemptions so far in this execution

	seen map[moment]int // least number of preemptions with which it was reached; or nil
}

// A moment is a state in which there is something to choose, with the thread that
// would be preempted.
type moment struct{ state, last history }

// A frame is a choice that was made, with the alternatives that are left.
type frame struct {
	chosen int // thread or value
	rest   threadSet
	values int // number of values; 0 if it is a choice of a thread
}

func (b *bounded) begin(x *execution) {
	b.depth, b.used = 0, 0
	x.histories = b.seen != nil
}

func (b *bounded) thread(x *execution, can threadSet) *thread {
	last := x.running // goes on unless it is preempted
	if last != nil && !can.has(last) {
		last = nil
	}
	if last != nil && b.bound >= 0 && b.used == b.bound {
		return last
	}
	if can.len() == 1 {
		return x.threads[can.first()]
	}
	if b.depth == len(b.frames) {
		if b.was(x, last) {
			return nil
		}
		chosen := can.first()
		if last != nil {
			chosen = last.id // going on is tried first
		}
		b.frames = append(b.frames, frame{chosen: chosen, rest: can &^ only(x.threads[chosen])})
	}
	chosen := b.next()
	if last != nil && chosen != last.id {
		b.used++
	}
	return x.threads[chosen]
}

// was reports whether the present state is known, and makes it known.
func (b *bounded) was(x *execution, last *thread) bool {
	if b.seen == nil {
		return false
	}
	m := moment{state: x.state()}
	if last != nil && b.bound >= 0 {
		m.last = last.history
	}
	if used, ok := b.seen[m]; ok && used <= b.used {
		return true
	}
	b.seen[m] = b.used
	return false
}

func (b *bounded) value(_ *execution, n int) int {
	if b.depth == len(b.frames) {
		b.frames = append(b.frames, frame{values: n})
	}
	return b.next()
}

func (b *bounded) next() int {
	b.depth++
	return b.frames[b.depth-1].chosen
}

func (b *bounded) end(*execution) bool {
	for len(b.frames) > 0 {
		top := &b.frames[len(b.frames)-1]
		if top.chosen+1 < top.values {
			top.chosen++
			return true
		}
		if top.rest != 0 {
			top.chosen = top.rest.first()
			top.rest &= top.rest - 1
			return true
		}
		b.frames = b.frames[:len(b.frames)-1]
	}
	return false
}

func (b *bounded) complete() bool { return true }
