package explore

import "slices"

// HasFutex reports whether there are futexes: here there always are.
const HasFutex = true

var (
	futexWait       = kind{name: "futex wait", read: true}
	wakeUpFromFutex = kind{name: "wake up from futex"}
	futexWake       = kind{name: "futex wake"}
)

// A futexQueue holds the threads that wait on a word.
type futexQueue struct {
	object
	waiters []*thread
}

func (x *execution) futex(word *Uint32) *futexQueue {
	if word.queue == nil {
		word.queue = new(futexQueue)
	}
	if q := word.queue; q.of != x.number {
		q.waiters = q.waiters[:0] // of another execution
	}
	return word.queue
}

// FutexWait blocks while *word is val, until FutexWake. The comparison and the
// beginning of the wait are one step.
func FutexWait(word *Uint32, val uint32) {
	x := exploration()
	if x == nil {
		wouldBlock("FutexWait")
		return
	}
	q := x.futex(word)
	t := do(&futexWait, &word.object, &q.object, nil)
	if word.v != val {
		return
	}
	t.woken = false
	q.waiters = append(q.waiters, t)
	do(&wakeUpFromFutex, &q.object, nil, woken{})
}

type woken struct{}

func (woken) ready(t *thread) bool { return t.woken }

// FutexWake wakes at most n of the threads that wait on word, those that have
// waited longest first.
func FutexWake(word *Uint32, n int) {
	if current == nil {
		return // no thread can be waiting
	}
	q := current.futex(word)
	do(&futexWake, &q.object, nil, nil)
	n = min(n, len(q.waiters))
	for _, t := range q.waiters[:n] {
		t.woken = true
	}
	q.waiters = slices.Delete(q.waiters, 0, n)
}
