package explore

// HasFutex reports whether there are futexes: here there always are.
const HasFutex = true

// A futexQueue holds the threads that wait on a word.
type futexQueue struct {
	object
	waiters []*thread
}

func (x *execution) futex(word *Uint32) *futexQueue {
	q := x.futexes[word]
	if q == nil {
		if x.futexes == nil {
			x.futexes = make(map[*Uint32]*futexQueue)
		}
		q = new(futexQueue)
		x.futexes[word] = q
	}
	return q
}

// FutexWait blocks while *word is val, until FutexWake. The comparison and the
// beginning of the wait are one step.
func FutexWait(word *Uint32, val uint32) {
	if current == nil || current.ending || current.running == nil {
		wouldBlock("FutexWait")
		return
	}
	q := current.futex(word)
	t := do(op{name: "futex wait", a: &word.object, b: &q.object, read: true})
	if word.v != val {
		return
	}
	t.woken = false
	q.waiters = append(q.waiters, t)
	do(op{name: "wake up from futex", a: &q.object, ready: woken{}})
}

type woken struct{}

func (woken) ready(t *thread) bool { return t.woken }

// FutexWake wakes at most n of the threads that wait on word, those first that
// have waited longest.
func FutexWake(word *Uint32, n int) {
	if current == nil {
		return // nobody can be waiting
	}
	q := current.futex(word)
	do(op{name: "futex wake", a: &q.object})
	n = min(n, len(q.waiters))
	for _, t := range q.waiters[:n] {
		t.woken = true
	}
	q.waiters = q.waiters[n:]
}
