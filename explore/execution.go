package explore

import "fmt"

// current is the execution in progress. There is one at a time, and its threads
// are coroutines of one goroutine, so it needs no lock.
var current *execution

// An execution is one run of the program under one schedule.
type execution struct {
	program  func()
	strategy Strategy
	limit    int  // of steps
	where    bool // note where in the source each step is
	clocks   bool // keep the clocks of reduction
	races    bool // keep the clocks of data races

	threads []*thread
	running *thread // nil while the scheduler decides
	last    *thread // took the step before
	trace   []step
	choices schedule
	always  []func() error
	peeking bool // an invariant is being evaluated: operations happen at once
	ending  bool // threads are being unwound
	pruned  bool
	blind   bool // a Var was touched, and there were no clocks: once more
	failure *Failure

	possible threadSet // threads whose next operation is possible
	yields   bool      // a thread has yielded: keep account of turns

	objects int // touched so far
	futexes map[*Uint32]*futexQueue
	can     []*thread    // reused
	spare   []*coroutine // have no thread
}

// A thread is a coroutine of the program.
type thread struct {
	x       *execution
	id      int
	runs    *coroutine
	pending op // what it will do when it goes on
	ended   bool
	steps   int

	yielded bool // waits for another thread's step
	woken   bool // was signalled, on a condition variable or futex
	turn    turn
	idle    int // yields since a step that may have changed something

	parent   *thread
	child    int // of parent, from 1; 0 for the first thread
	children int
	history  history
	clock    clock // for reduction: steps that precede its next one by dependence
	sync     clock // for data races: steps that happen before
}

// An op is a visible operation that a thread is about to do.
type op struct {
	name  string
	a, b  *object // what it touches; b may be nil
	read  bool    // does not change a
	ready blocker // nil if it is always possible
	where place

	mutex *object // a or b, if the operation always takes or frees this mutex
	does  locking
}

// A blocker says whether an operation is possible.
type blocker interface{ ready(t *thread) bool }

// An object is something that operations touch. Every primitive embeds one.
type object struct {
	x    *execution // to which name and clocks belong
	name int        // in the order of first use, for people

	written, read history // of the last step that changed it, of those that read it since
	writes, all   clock   // of the steps that changed it, that touched it (reduction)
	released      clock   // what an acquiring operation learns (data races)
}

// A step is an operation that was done.
type step struct {
	thread   *thread
	op       op
	index    int  // of the thread's steps, from 1
	switched bool // the thread that did the step before could have gone on
	clock    clock
}

// abort unwinds a thread of an execution that is over.
type abort struct{}

// newExecution makes an execution. It takes over the memory and the coroutines of
// one that is over, or nil.
func newExecution(program func(), s Strategy, limit int, races bool, old *execution) *execution {
	x := &execution{program: program, strategy: s, limit: limit, races: races}
	if old != nil {
		x.trace, x.choices, x.can, x.spare = old.trace[:0], old.choices[:0], old.can[:0], old.spare
	}
	_, x.where = s.(*replay)
	_, x.clocks = s.(interface{ compares() })
	return x
}

// start makes a thread and lets it go on to its first operation. What it does
// before is nobody else's business, unless there is a data race.
func (x *execution) start(f func(), parent *thread) {
	t := &thread{x: x, id: len(x.threads), history: 1, turn: firstTurn}
	if t.id == maxThreads {
		panic(fmt.Sprintf("explore: more than %d threads", maxThreads))
	}
	if parent != nil {
		parent.children++
		t.parent, t.child = parent, parent.children
		t.history = parent.history.after(history(t.child))
		t.clock = parent.clock.copy()
		t.sync = parent.sync.copy()
	}
	x.threads = append(x.threads, t)
	t.runs = x.coroutine()
	t.runs.thread, t.runs.f = t, f
	t.advance()
}

// advance lets a thread do its pending operation and go on to the next, or to its
// end.
func (t *thread) advance() {
	before := t.x.running
	t.x.running = t
	t.pending, _ = t.runs.next()
	t.x.running = before
	if t.ended = t.runs.thread == nil; t.ended {
		t.x.spare = append(t.x.spare, t.runs)
	}
}

// run takes steps until all threads have ended, or something fails.
func (x *execution) run() {
	current = x
	defer func() {
		x.ending = true
		for _, t := range x.threads {
			if !t.ended { // and still is not, for who looks at how it was
				x.running = t
				t.runs.next() // unwinds it
				x.spare = append(x.spare, t.runs)
			}
		}
		current = nil
	}()
	x.start(x.program, nil)
	for x.failure == nil {
		can := x.enabled()
		if len(can) == 0 || x.yields && x.fruitless() {
			x.finish()
			return
		}
		if len(x.trace) >= x.limit {
			x.fail(Livelock, fmt.Sprintf("more than %d steps", x.limit))
			return
		}
		t := x.strategy.thread(x, can)
		if t == nil {
			x.pruned = true
			return
		}
		x.step(t, can)
		x.check()
	}
}

// enabled returns the threads that can go on. One that has yielded can if nobody
// else can.
func (x *execution) enabled() []*thread {
	var possible threadSet
	for _, t := range x.threads {
		if !t.ended && (t.pending.ready == nil || t.pending.ready.ready(t)) {
			possible |= only(t)
		}
	}
	if x.yields {
		x.account(possible)
	}
	x.possible = possible

	x.can = x.can[:0]
	yielded := false
	for _, t := range x.threads {
		switch {
		case possible&only(t) == 0, t.turn.after&possible != 0:
		case t.yielded:
			yielded = true
		default:
			x.can = append(x.can, t)
		}
	}
	if len(x.can) == 0 && yielded {
		for _, t := range x.threads {
			if possible&only(t) != 0 && t.turn.after&possible == 0 {
				x.can = append(x.can, t)
			}
		}
	}
	return x.can
}

// step lets a thread do its pending operation and go on to the next.
func (x *execution) step(t *thread, can []*thread) {
	s := step{thread: t, op: t.pending}
	t.steps++
	s.index = t.steps
	if x.last != t && x.last != nil {
		for _, other := range can {
			s.switched = s.switched || other == x.last
		}
	}
	t.touch(&s)
	x.trace = append(x.trace, s)
	x.choices = append(x.choices, choice{number: t.id})
	changes := !s.op.read || s.op.b != nil
	for _, other := range x.threads {
		if other != t {
			other.yielded = false
		}
		if changes {
			other.idle = 0
		}
	}
	x.last = t
	t.advance()
}

// touch records that t is ordered after the steps that its operation depends on.
func (t *thread) touch(s *step) {
	objects := [...]*object{s.op.a, s.op.b}
	t.remember(s.op, objects)
	if t.x.clocks {
		t.order(s, objects)
	}
	if _, ok := s.op.ready.(others); ok && t.x.races {
		for _, other := range t.x.threads {
			t.sync.join(other.sync)
			if other != t {
				t.sync.set(other.id, other.steps+1) // what it did after its last step
			}
		}
	}
	if t.x.races {
		t.sync.set(t.id, s.index)
	}
}

// order keeps the clocks of reduction.
func (t *thread) order(s *step, objects [2]*object) {
	for i, o := range objects {
		if o == nil {
			continue
		}
		if s.op.read && i == 0 {
			t.clock.join(o.writes)
		} else {
			t.clock.join(o.all)
		}
	}
	if _, ok := s.op.ready.(others); ok {
		for _, other := range t.x.threads {
			t.clock.join(other.clock)
		}
	}
	t.clock.set(t.id, s.index)
	s.clock = t.clock.copy()
	for i, o := range objects {
		if o == nil {
			continue
		}
		o.all.join(t.clock)
		if !s.op.read || i != 0 {
			o.writes.join(t.clock)
		}
	}
}

// check evaluates the invariants.
func (x *execution) check() {
	if len(x.always) == 0 {
		return
	}
	x.peeking = true
	defer func() { x.peeking = false }()
	for _, f := range x.always {
		if err := f(); err != nil && x.failure == nil {
			x.fail(Invariant, err.Error())
		}
	}
}

// finish is called when no thread can go on.
func (x *execution) finish() {
	for _, t := range x.threads {
		if !t.ended {
			x.fail(Deadlock, x.waiting())
			return
		}
	}
}

// looks is how many times a thread may yield, while nobody changes anything, and
// still be said to go on. A loop that gives up by itself must do so earlier.
const looks = 10

// fruitless reports whether all threads that can go on only look again and again
// at what nobody changes: they spin for what will not come.
func (x *execution) fruitless() bool {
	for _, t := range x.threads {
		if x.possible&only(t) != 0 && t.idle < looks {
			return false
		}
	}
	return true
}

// waiting tells what each thread that has not ended waits for.
func (x *execution) waiting() string {
	s := "no thread can go on:"
	if x.possible != 0 {
		s = "no thread can go on, but by looking again at what nobody changes:"
	}
	for _, t := range x.threads {
		switch {
		case t.ended:
		case x.possible&only(t) != 0:
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

// do stops the calling thread before an operation until it is chosen. It
// reports whether the operation is part of an exploration; if not, it is to be
// done at once.
func do(o op) (t *thread) {
	x := current
	if x == nil || x.peeking || x.ending {
		return nil
	}
	t = x.running
	if t == nil {
		return nil // the scheduler itself
	}
	for _, obj := range []*object{o.a, o.b} {
		if obj != nil {
			obj.belong(x)
		}
	}
	if x.where {
		o.where = caller()
	}
	t.runs.yield(o)
	if x.ending {
		panic(abort{})
	}
	return t
}

// belong forgets what an object knew from another execution.
func (o *object) belong(x *execution) {
	if o.x != x {
		x.objects++
		*o = object{x: x, name: x.objects}
	}
}

// Go starts a thread.
func Go(f func()) {
	t := do(op{name: "go"})
	if t == nil {
		panic("explore: Go outside an exploration")
	}
	t.x.start(f, t)
}

// Wait blocks the calling thread until all others have ended.
func Wait() { do(op{name: "wait for the others", ready: others{}}) }

type others struct{}

func (others) ready(t *thread) bool {
	for _, other := range t.x.threads {
		if other != t && !other.ended {
			return false
		}
	}
	return true
}

// Yield lets the calling thread wait until another has taken a step, if one can,
// and from its second call on for those who could have gone on since the first
// and were not let. Loops that spin must call it.
func Yield() {
	if t := do(op{name: "yield", read: true}); t != nil {
		t.yielded, t.turn.yields, t.x.yields = true, true, true
		t.idle++
	}
}

// Choose returns a number from 0 to n-1, and every one of them in some
// execution. It is no step: no other thread can go on in between.
func Choose(n int) int {
	x := current
	if n < 2 || x == nil || x.running == nil || x.peeking || x.ending {
		return 0
	}
	v := x.strategy.value(x, n)
	x.choices = append(x.choices, choice{number: v, isValue: true})
	x.running.history = x.running.history.after(history(v))
	x.running.idle = 0 // what it does next may be something else
	return v
}

// Always registers an invariant, which is evaluated after each step, between the
// operations of threads. In it, operations happen at once and must not block.
//
// [Reduced] does not go well with it and panics: it leaves out orders of steps
// that are independent for the threads, but not for who looks in between. Use
// [Bounded] with a negative bound, which comes to every state.
func Always(f func() error) {
	if current == nil {
		panic("explore: Always outside an exploration")
	}
	if _, ok := current.strategy.(*reduced); ok {
		panic("explore: Always with Reduced; use Bounded(-1)")
	}
	current.always = append(current.always, f)
}

// Peek calls f, in which operations happen at once, as parts of the step that is
// being done. It is for assertions. Operations that would block must not be in it.
func Peek(f func()) {
	if current == nil || current.peeking {
		f()
		return
	}
	current.peeking = true
	defer func() { current.peeking = false }()
	f()
}
