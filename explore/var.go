package explore

import "fmt"

// A Var is a plain variable whose accesses are checked for data races: two of
// them, at least one a write, neither of which happens before the other by Go's
// memory model. Accesses are not steps.
type Var[T any] struct {
	v      T
	of     uint64 // number of the execution to which the rest belongs
	writer *thread
	write  int   // the writer's next step: a thread that knows of it knows of the write
	reads  clock // since the write: by thread, likewise
}

// Get returns the value.
func (v *Var[T]) Get() T {
	if t := v.thread(); t != nil {
		if v.writer != nil && t.sync.get(v.writer.id) < v.write && v.writer != t {
			t.x.fail(Race, fmt.Sprintf("T%d reads what T%d writes", t.id, v.writer.id))
		}
		v.reads.set(t.id, t.steps+1)
	}
	return v.v
}

// Set changes the value.
func (v *Var[T]) Set(to T) {
	if t := v.thread(); t != nil {
		if v.writer != nil && v.writer != t && t.sync.get(v.writer.id) < v.write {
			t.x.fail(Race, fmt.Sprintf("T%d and T%d both write", t.id, v.writer.id))
		}
		for reader, step := range v.reads {
			if reader != t.id && t.sync.get(reader) < step {
				t.x.fail(Race, fmt.Sprintf("T%d writes what T%d reads", t.id, reader))
			}
		}
		v.reads = v.reads[:0]
		v.writer, v.write = t, t.steps+1
	}
	v.v = to
}

func (v *Var[T]) thread() *thread {
	x := exploration()
	if x == nil {
		return nil
	}
	if !x.races {
		x.blind = true
		return nil
	}
	if v.of != x.number {
		v.of, v.writer, v.reads = x.number, nil, v.reads[:0]
	}
	return x.running
}
