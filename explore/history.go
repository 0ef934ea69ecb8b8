package explore

// A history identifies a step together with all steps that it depends on, and
// those that these depend on: what a thread can know when it has taken the step.
// It is a hash of the histories that the step comes right after. Two executions in
// which all threads have the same histories so far have done the same steps, with
// only independent ones in another order; so the program is in the same state, if
// it has no data race, and what can follow is the same.
//
// Two different histories may have the same hash. With 64 bits the probability is
// about n²/2⁶⁵ among n of them: one in four million for ten million.
type history uint64

// after returns the history of what comes after h and then other.
func (h history) after(other history) history {
	return history(mix(uint64(h*golden + other)))
}

const golden = 0x9e3779b97f4a7c15 // 2⁶⁴ divided by the golden ratio

// mix is the finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
func mix(z uint64) uint64 {
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// remember makes the history of t's operation. What the operation is need not be in
// it: that follows from what the thread knew before.
func (t *thread) remember(o op, objects [2]*object) {
	h := t.history.after(1)
	for i, obj := range objects {
		if obj == nil {
			continue
		}
		h = h.after(obj.written)
		if !o.reads(i) {
			h = h.after(obj.read)
		}
	}
	if o.kind == &waitForOthers {
		var all history // a sum has no order: the numbers of threads depend on the schedule
		for _, other := range t.x.threads {
			all += other.history
		}
		h = h.after(all)
	}
	t.history = h
	for i, obj := range objects {
		switch {
		case obj == nil:
		case o.reads(i):
			obj.read += h // reads have no order
		default:
			obj.written, obj.read = h, 0
		}
	}
}

// state returns a hash of the state of the program: of the histories of all
// threads, and of their turns if threads have yielded.
func (x *execution) state() history {
	var all history
	for _, t := range x.threads {
		h := t.history
		if x.yielded.has(t) {
			h = h.after(1)
		}
		all += h.after(0)
	}
	if x.yields {
		all += x.turns()
	}
	return all
}
