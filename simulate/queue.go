package simulate

// An event is something that happens at a time: a thread goes on, or a CPU looks
// whether another thread is to have it.
type event struct {
	at     Time
	number int // of those at the same time the lowest is first
	place  int // in the queue, from 1; 0: it is not there
	thread *thread
	cpu    *cpu // if thread is nil
}

func (e *event) before(f *event) bool {
	return e.at < f.at || e.at == f.at && e.number < f.number
}

// A queue is the events to come: a heap with four children a node. Each entry has the
// time of its event, so that comparing the children of a node reads one or two lines of
// memory of the computer that simulates, and none of the events.
type queue []entry

type entry struct {
	at Time // the event's
	*event
}

func (e entry) before(f entry) bool {
	return e.at < f.at || e.at == f.at && e.number < f.number
}

func (q queue) first() *event { return q[0].event }

func (q *queue) push(e *event) {
	*q = append(*q, entry{})
	q.up(len(*q)-1, entry{e.at, e})
}

// remove takes an event out of the queue, in which it is.
func (q *queue) remove(e *event) {
	i := e.place - 1
	e.place = 0
	n := len(*q) - 1
	last := (*q)[n]
	(*q)[n] = entry{}
	*q = (*q)[:n]
	if i < n {
		q.settle(i, last)
	}
}

// pop takes the first event out of the queue.
func (q *queue) pop() *event {
	e := q.first()
	q.remove(e)
	return e
}

// replaceFirst is push and pop in one.
func (q queue) replaceFirst(e *event) *event {
	first := q.first()
	first.place = 0
	q.down(0, entry{e.at, e})
	return first
}

// moved restores the order after the time of an event has changed.
func (q queue) moved(e *event) { q.settle(e.place-1, entry{e.at, e}) }

func (q queue) settle(i int, e entry) {
	if i > 0 && e.before(q[(i-1)/4]) {
		q.up(i, e)
	} else {
		q.down(i, e)
	}
}

func (q queue) up(i int, e entry) {
	for i > 0 {
		parent := (i - 1) / 4
		if !e.before(q[parent]) {
			break
		}
		q.put(i, q[parent])
		i = parent
	}
	q.put(i, e)
}

func (q queue) down(i int, e entry) {
	for {
		least := 4*i + 1
		if least >= len(q) {
			break
		}
		for child := least + 1; child < min(4*i+5, len(q)); child++ {
			if q[child].before(q[least]) {
				least = child
			}
		}
		if !q[least].before(e) {
			break
		}
		q.put(i, q[least])
		i = least
	}
	q.put(i, e)
}

func (q queue) put(i int, e entry) {
	q[i] = e
	e.place = i + 1
}
