package explore

// Bounded explores depth first every schedule with at most the given number of
// preemptions; a negative bound is none.
//
// It remembers the states in which there was something to choose, and cuts an
// execution that comes to one again, with as many preemptions left at most:
// what can follow was explored then (Musuvathi and Qadeer, PLDI 2007, call this
// a happens-before cache). A program with a data race, which may be in another
// state though each thread knows the same, loses the promise to be complete.
func Bounded(preemptions int) Strategy {
	return &bounded{bound: preemptions, seen: make(map[moment]int)}
}

// brute is Bounded without a memory.
func brute(preemptions int) Strategy { return &bounded{bound: preemptions} }

type bounded struct {
	bound  int
	frames []frame
	depth  int // of the choice that is next
	used   int // preemptions so far in this execution

	seen map[moment]int // least number of preemptions with which one came there; or nil
}

// A moment is a state in which there is something to choose, with the thread that
// would be preempted.
type moment struct{ state, last history }

// A frame is a choice that was made, with what is still to be tried.
type frame struct {
	options []int // threads or values; the first is the one that was chosen
}

func (b *bounded) begin(*execution) { b.depth, b.used = 0, 0 }

func (b *bounded) thread(x *execution, can []*thread) *thread {
	var last *thread // goes on unless it is preempted
	for _, t := range can {
		if t == x.last {
			last = t
		}
	}
	if last != nil && b.bound >= 0 && b.used == b.bound || len(can) == 1 {
		if last == nil {
			last = can[0]
		}
		return last // there is no choice
	}
	if b.depth == len(b.frames) {
		if b.was(x, last) {
			return nil
		}
		b.push(last, can)
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

// push adds a choice of a thread; to go on with the last is tried first.
func (b *bounded) push(last *thread, can []*thread) {
	options := make([]int, 0, len(can))
	if last != nil {
		options = append(options, last.id)
	}
	for _, t := range can {
		if t != last {
			options = append(options, t.id)
		}
	}
	b.frames = append(b.frames, frame{options})
}

func (b *bounded) value(_ *execution, n int) int {
	if b.depth == len(b.frames) {
		options := make([]int, n)
		for i := range options {
			options[i] = i
		}
		b.frames = append(b.frames, frame{options})
	}
	return b.next()
}

func (b *bounded) next() int {
	b.depth++
	return b.frames[b.depth-1].options[0]
}

func (b *bounded) end(*execution) bool {
	for len(b.frames) > 0 {
		top := &b.frames[len(b.frames)-1]
		if top.options = top.options[1:]; len(top.options) > 0 {
			return true
		}
		b.frames = b.frames[:len(b.frames)-1]
	}
	return false
}

func (b *bounded) complete() bool { return true }
