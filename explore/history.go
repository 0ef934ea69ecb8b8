package explore

// A history stands for a step together with all steps that it depends on, and
// those that these depend on: what a thread can know when it has taken the step.
// It is a number made from the histories that the step comes right after. Two
// executions in which all threads have the same histories so far have done the
// same steps, and only independent ones in another order; so the program is in
// the same state, if it has no data race, and what can follow is the same.
//
// Two different histories may have the same number. With 64 bits this has a
// chance of about n²/2⁶⁵ among n of them: one in four million for ten million.
type history uint64

// after returns the history of what comes after h and then other.
func (h history) after(other history) history {
	// The finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014).
	z := h*0x9e3779b97f4a7c15 + other
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// remember makes the history of t's operation. What it does need not be in it:
// that follows from what the thread knew before.
func (t *thread) remember(o op, objects [2]*object) {
	h := t.history.after(1)
	for i, obj := range objects {
		if obj == nil {
			continue
		}
		h = h.after(obj.written)
		if !o.read || i != 0 {
			h = h.after(obj.read)
		}
	}
	if _, ok := o.ready.(others); ok {
		var all history // in no order: the numbers of threads depend on the schedule
		for _, other := range t.x.threads {
			all += other.history
		}
		h = h.after(all)
	}
	t.history = h
	for i, obj := range objects {
		switch {
		case obj == nil:
		case o.read && i == 0:
			obj.read += h // reads are in no order
		default:
			obj.written, obj.read = h, 0
		}
	}
}

// state returns a number for the state of the program. It has the histories of
// all threads, and whose turn it is if threads have yielded.
func (x *execution) state() history {
	var all history
	for _, t := range x.threads {
		h := t.history
		if t.yielded {
			h = h.after(1)
		}
		all += h.after(0)
	}
	if x.yields {
		all += x.turns()
	}
	return all
}
