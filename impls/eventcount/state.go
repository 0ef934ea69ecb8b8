package eventcount

// A state is a value of the word.
type state uint64

const (
	fieldBits = 14
	field     = 1<<fieldBits - 1

	prewaiter state = 1 << fieldBits
	signal    state = 1 << (2 * fieldBits)
	epoch     state = 1 << (3 * fieldBits)

	nobody  = state(field)             // the top of an empty stack; the first state
	topMask = nobody | ^(epoch - 1)    // the top and its epoch
	preMask = state(field) * prewaiter // the prewaiters
	sigMask = state(field) * signal    // the signals
	counts  = preMask | sigMask        // neither sleeps
	limit   = int(nobody) - 1          // of workers: the count of prewaiters fits too
)

func (s state) prewaiters() uint64 { return uint64(s & preMask / prewaiter) }
func (s state) signals() uint64    { return uint64(s & sigMask / signal) }

// top returns the sleeper on top of the stack. It is nobody's number if there is none.
func (s state) top() int { return int(s & nobody) }

// asleep reports whether the stack has a sleeper.
func (s state) asleep() bool { return s&nobody != nobody }

// undecided reports whether a prewaiter has no signal.
func (s state) undecided() bool { return s.signals() < s.prewaiters() }

// waiting reports whether there is a worker to wake.
func (s state) waiting() bool { return s.asleep() || s.undecided() }

// popped returns s with the sleeper below the top, next, on top.
func (s state) popped(next state) state { return s&counts | next }

// all returns s when all that wait have been notified: the stack is empty and each
// prewaiter has a signal.
func (s state) all() state {
	pre := s & preMask
	return pre | pre<<fieldBits | nobody
}

// committed returns s when a prewaiter has decided to sleep unless there is a signal,
// and whether it sleeps. Me is its number and epoch.
func (s state) committed(me state) (_ state, sleeps bool) {
	if s&sigMask != 0 {
		return s - prewaiter - signal, false
	}
	return s&counts - prewaiter | me, true
}

// cancelled returns s when a prewaiter has decided not to wait, and whether it took a
// signal along.
func (s state) cancelled() (_ state, chosen bool) {
	if s.undecided() {
		return s - prewaiter, false
	}
	return s - prewaiter - signal, true
}

// valid reports whether s can occur with the given number of workers.
func (s state) valid(workers int) bool {
	return s.signals() <= s.prewaiters() && s.prewaiters() <= uint64(workers) &&
		(s.top() < workers || !s.asleep())
}
