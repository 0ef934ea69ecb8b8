package explore

import "slices"

// Bounded explores depth first every schedule with at most the given number of
// preemptions; a negative bound is none.
func Bounded(preemptions int) Strategy { return &bounded{bound: preemptions} }

type bounded struct {
	bound  int
	frames []frame
	depth  int // of the choice that is next
	used   int // preemptions so far in this execution
}

// A frame is a choice that was made, with what is still to be tried.
type frame struct {
	options []int // threads or values; the first is the one that was chosen
}

func (b *bounded) begin(*execution) { b.depth, b.used = 0, 0 }

func (b *bounded) thread(x *execution, can []*thread) *thread {
	last := -1 // the thread that goes on unless it is preempted
	for _, t := range can {
		if t == x.last {
			last = t.id
		}
	}
	chosen := b.choose(func() []int {
		if last < 0 {
			return ids(can)
		}
		if b.bound >= 0 && b.used == b.bound {
			return []int{last}
		}
		others := slices.DeleteFunc(ids(can), func(id int) bool { return id == last })
		return append([]int{last}, others...)
	})
	if last >= 0 && chosen != last {
		b.used++
	}
	return x.threads[chosen]
}

func (b *bounded) value(_ *execution, n int) int {
	return b.choose(func() []int {
		values := make([]int, n)
		for i := range values {
			values[i] = i
		}
		return values
	})
}

func (b *bounded) choose(options func() []int) int {
	if b.depth == len(b.frames) {
		b.frames = append(b.frames, frame{options()})
	}
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

func ids(threads []*thread) []int {
	list := make([]int, len(threads))
	for i, t := range threads {
		list[i] = t.id
	}
	return list
}
