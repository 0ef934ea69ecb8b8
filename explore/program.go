package explore

var (
	goThread      = kind{name: "go"}
	waitForOthers = kind{name: "wait for the others"}
	yield         = kind{name: "yield", read: true}
)

// Go starts a thread.
func Go(f func()) {
	t := do(&goThread, nil, nil, nil)
	if t == nil {
		panic("explore: Go outside an exploration")
	}
	t.x.start(f, t)
}

// Wait blocks the calling thread until all others have ended.
func Wait() {
	if x := exploration(); x != nil {
		x.joining |= only(x.running)
	}
	if t := do(&waitForOthers, nil, nil, nil); t != nil {
		t.x.joining &^= only(t)
	}
}

// Yield makes the calling thread wait until another has taken a step, if one can.
// From its second call on it also waits for the threads that could have gone on
// since the first and were not chosen. Loops that spin must call it.
func Yield() {
	if t := do(&yield, nil, nil, nil); t != nil {
		t.x.yields = true
		t.x.yielded |= only(t)
		t.turn.yields = true
		t.idle++
	}
}

// Choose returns a number from 0 to n-1, and each of them in some execution. It is
// not a step: no other thread can go on in between.
func Choose(n int) int {
	x := exploration()
	if n < 2 || x == nil {
		return 0
	}
	v := x.strategy.value(x, n)
	x.values = append(x.values, chosen{len(x.trace), v})
	t := x.running
	t.history = t.history.after(history(v))
	t.idle = 0 // what it does next may be something else
	return v
}

// Always registers an invariant, which is evaluated after each step, between the
// operations of threads. In it, operations happen at once and must not block.
//
// [Reduced] refuses it with a panic: reduction leaves out orders of steps that are
// independent for the threads, but not for an observer that looks in between. Use
// [Bounded] with a negative bound, which reaches every state.
func Always(f func() error) {
	if current == nil {
		panic("explore: Always outside an exploration")
	}
	if _, ok := current.strategy.(*reduced); ok {
		panic("explore: Always with Reduced; use Bounded(-1)")
	}
	current.always = append(current.always, f)
}

// Peek calls f, in which operations happen at once, as part of the step that is
// being done. It is for assertions. Operations that would block must not be in it.
func Peek(f func()) {
	x := current
	if x == nil || x.peeking {
		f()
		return
	}
	x.peeking = true
	defer func() { x.peeking = false }()
	f()
}

// wouldBlock panics if the program is not being explored, where blocking has no
// meaning. At the end of an execution it does nothing.
func wouldBlock(what string) {
	if current == nil {
		panic("explore: " + what + " would block, and there is no exploration in which another thread could go on")
	}
}
