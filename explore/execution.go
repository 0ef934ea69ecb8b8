package explore

import (
	"fmt"
	"slices"
)

// current is the execution in progress. There is one at a time, and its threads
// are coroutines that take turns, so it needs no lock.
var current *execution

// executions counts those of the process. An object that was touched in another
// one has another number.
var executions uint64

// An execution is one run of the program under one schedule. Its memory and its
// coroutines are used again for the next one.
type execution struct {
	program  func()
	strategy Strategy
	limit    int // of steps
	number   uint64

	// What a strategy asks for when it begins.
	where     bool // where in the source each step is
	clocks    bool // the clocks of reduction
	histories bool // the histories of threads and objects

	races   bool // keep the clocks of data races
	records bool // keep any of these

	main    coroutine // of Run
	pool    []*thread // made so far
	threads []*thread // those of this execution: the first of pool
	live    threadSet // have not ended
	waiting threadSet // have a next operation that is possible if ready says so
	blocked threadSet // have a next operation that a mutex makes impossible
	joining threadSet // wait for all others to end
	running *thread   // when the next step is chosen, still the one that took the last

	trace   []step
	places  []place  // of the steps, in a replay
	values  []chosen // by Choose
	before  []clock  // of the steps: those that they come after by dependence, with themselves
	arena   []int    // where these clocks are
	always  []func() error
	peeking bool // operations happen at once: an invariant is evaluated, or Peek called
	ending  bool // threads are being unwound
	exited  bool // a thread has called runtime.Goexit
	closing bool // the exploration is over
	pruned  bool
	blind   bool // a Var was touched without clocks: run once more, with them
	failure *Failure

	possible threadSet // threads whose next operation is possible
	yields   bool      // a thread has yielded: keep account of turns
	yielded  threadSet // wait for another thread's step

	objects int // touched so far
}

// A step is an operation that was done.
type step struct {
	op       op
	index    int32 // of the thread's steps, from 1
	thread   uint8
	switched bool // the thread that did the step before could have gone on
}

// A chosen is a number that Choose returned.
type chosen struct {
	after  int // number of steps before
	number int
}

// reset prepares the next execution.
func (x *execution) reset() {
	executions++
	x.number = executions
	x.where, x.clocks, x.histories = false, false, false
	x.threads, x.live, x.waiting, x.blocked, x.joining = x.pool[:0], 0, 0, 0, 0
	x.running = nil
	x.trace, x.places, x.values = x.trace[:0], x.places[:0], x.values[:0]
	x.before, x.arena = x.before[:0], x.arena[:0]
	x.always = x.always[:0]
	x.peeking, x.ending, x.pruned, x.blind = false, false, false, false
	x.failure = nil
	x.possible, x.yields, x.yielded = 0, false, 0
	x.objects = 0
}

// run takes steps until all threads have ended, or something fails.
func (x *execution) run() {
	x.records = x.where || x.clocks || x.histories || x.races
	current = x
	x.start(x.program, nil)
	if !x.exited {
		if t := x.choose(); t != nil {
			x.main.handOver(&t.coroutine)
		}
	}
	x.ending = true
	for _, t := range x.threads {
		if !t.ended {
			x.main.handOver(&t.coroutine) // unwinds it
		}
	}
	current = nil
}

// choose lets the strategy choose the next step and records it. It returns the
// thread that takes it, or nil if the execution is over.
func (x *execution) choose() *thread {
	if len(x.always) > 0 && len(x.trace) > 0 && x.failure == nil {
		x.check()
	}
	if x.failure != nil {
		return nil
	}
	can := x.enabled()
	if can == 0 || x.yields && x.fruitless() {
		if x.live != 0 {
			x.fail(Deadlock, x.stuck())
		}
		return nil
	}
	if len(x.trace) >= x.limit {
		x.fail(Livelock, fmt.Sprintf("more than %d steps", x.limit))
		return nil
	}
	t := x.strategy.thread(x, can)
	if t == nil {
		x.pruned = true
		return nil
	}
	x.step(t, can)
	x.running = t
	return t
}

// enabled returns the threads that can go on. One that has yielded can if no
// other thread can.
func (x *execution) enabled() threadSet {
	possible := x.live &^ (x.waiting | x.blocked | x.joining)
	if x.live.len() == 1 {
		possible |= x.live & x.joining
	}
	for w := x.live & x.waiting; w != 0; w &= w - 1 {
		if t := x.threads[w.first()]; t.ready.ready(t) {
			possible |= only(t)
		}
	}
	if !x.yields {
		x.possible = possible
		return possible
	}
	x.account(possible)
	x.possible = possible
	can := possible
	for p := possible; p != 0; p &= p - 1 {
		if t := x.threads[p.first()]; t.turn.after&possible != 0 {
			can &^= only(t)
		}
	}
	if rest := can &^ x.yielded; rest != 0 {
		return rest
	}
	return can
}

// step records the pending operation of a thread as done.
func (x *execution) step(t *thread, can threadSet) {
	t.steps++
	n := len(x.trace)
	if n == cap(x.trace) {
		x.trace = slices.Grow(x.trace, max(1, n))
	}
	x.trace = x.trace[:n+1]
	s := &x.trace[n]
	s.op = t.pending
	s.index = int32(t.steps)
	s.thread = uint8(t.id)
	s.switched = x.running != nil && x.running != t && can.has(x.running)
	x.waiting &^= only(t)
	if x.records {
		t.record(s)
	}
	if x.yields {
		x.yielded &= only(t)
		if !t.pending.kind.read || t.pending.b != nil {
			for _, other := range x.threads {
				other.idle = 0
			}
		}
	}
}

// record keeps what was asked for of a step: its place, and that t is ordered after
// the steps that the operation depends on.
func (t *thread) record(s *step) {
	if t.x.where {
		t.x.places = append(t.x.places, t.where)
	}
	objects := [...]*object{s.op.a, s.op.b}
	if t.x.histories {
		t.remember(s.op, objects)
	}
	if t.x.clocks {
		t.order(s, objects)
	}
	if t.x.races {
		if s.op.kind == &waitForOthers {
			for _, other := range t.x.threads {
				t.sync.join(other.sync)
				if other != t {
					t.sync.set(other.id, other.steps+1) // what it did after its last step
				}
			}
		}
		t.sync.set(t.id, t.steps)
	}
}

// order keeps the clocks of reduction.
func (t *thread) order(s *step, objects [2]*object) {
	for i, o := range objects {
		switch {
		case o == nil || o.clocks == nil:
		case s.op.reads(i):
			t.clock.join(o.writes)
		default:
			t.clock.join(o.all)
		}
	}
	if s.op.kind == &waitForOthers {
		for _, other := range t.x.threads {
			t.clock.join(other.clock)
		}
	}
	t.clock.set(t.id, t.steps)
	t.x.before = append(t.x.before, t.x.keep(t.clock))
	for i, o := range objects {
		if o == nil {
			continue
		}
		o.known().all.join(t.clock)
		if !s.op.reads(i) {
			o.writes.join(t.clock)
		}
	}
}

// keep returns a copy of a clock that lasts as long as the execution.
func (x *execution) keep(c clock) clock {
	from := len(x.arena)
	x.arena = append(x.arena, c...)
	return x.arena[from:len(x.arena):len(x.arena)]
}

// check evaluates the invariants.
func (x *execution) check() {
	x.peeking = true
	defer func() {
		x.peeking = false
		if r := recover(); r != nil {
			x.fail(Panic, fmt.Sprintf("in an invariant: %v", r))
		}
	}()
	for _, f := range x.always {
		if err := f(); err != nil {
			x.fail(Invariant, err.Error())
		}
	}
}

// looks is how many times a thread may yield, while no thread changes anything,
// and still count as making progress. A loop that gives up by itself must do so
// earlier.
const looks = 10

// fruitless reports whether all threads that can go on only read again and again
// what no thread changes: they spin for what will not come.
func (x *execution) fruitless() bool {
	for p := x.possible; p != 0; p &= p - 1 {
		if x.threads[p.first()].idle < looks {
			return false
		}
	}
	return true
}

// stuck says what each thread of a deadlock waits for.
func (x *execution) stuck() string {
	s := "no thread can go on:"
	if x.possible != 0 {
		s = "every runnable thread only re-reads state that no thread will change:"
	}
	for _, t := range x.threads {
		switch {
		case t.ended:
		case x.possible.has(t):
			s += fmt.Sprintf("\n  T%d spins: %s", t.id, t.pending)
		default:
			s += fmt.Sprintf("\n  T%d waits: %s", t.id, t.pending)
		}
	}
	return s
}

func (x *execution) fail(kind Kind, message string) {
	if x.failure == nil {
		x.failure = newFailure(x, kind, message)
	}
}
