package simulate

import (
	"slices"
	"strconv"
	"strings"
)

// Record is Run, and returns the order in which operations took effect as a schedule for
// package explore: replayed on the same program, built with that package's types, it
// must fit. That shows that the execution is one which the explorer permits.
//
// An operation of the program is one step, whatever it takes here: to lock a mutex may
// take several accesses to its word, but it is locked at one of them. The clock stands
// still, as it does for the explorer: [Now] returns 0. Looks in vain
// of a thread that spins are left out, since they change nothing and the explorer
// takes as few of them as it can.
func Record(m *Machine, seed uint64, program func()) (schedule string, stats Stats, err error) {
	r := &recording{steps: make([]recorded, 1)}
	stats, err = run(m, seed, program, r)
	return r.String(), stats, err
}

// A recording is the steps so far. The first is none: what the program chooses before
// its first step follows it.
type recording struct{ steps []recorded }

type recorded struct {
	thread  int
	choices []int // after the step
	vain    bool  // a look in vain
}

// String returns the schedule.
func (r *recording) String() string {
	var words []string
	for i, s := range r.steps {
		if i > 0 && !s.vain {
			words = append(words, strconv.Itoa(s.thread))
		}
		for _, c := range s.choices {
			words = append(words, "c"+strconv.Itoa(c))
		}
	}
	return strings.Join(words, ".")
}

// A position is where a thread is in a recording.
type position struct {
	last  int   // its last step; before its first, its parent's when it was started
	depth int   // of operations that are made of others
	look  []int // steps of the present look
}

// recorder returns the running thread if it is recorded. The methods below do nothing
// without one.
func recorder() *thread {
	if s := current; s != nil && s.recording != nil {
		return s.thread()
	}
	return nil
}

// begin begins an operation that is made of others, which are no steps; end ends it.
func (t *thread) begin() {
	if t != nil {
		t.position.depth++
	}
}

func (t *thread) end() {
	if t != nil {
		t.position.depth--
	}
}

// took notes that an operation takes effect, at the given depth of others around it.
func (t *thread) took(depth int) {
	if t == nil || t.s.recording == nil || t.position.depth != depth {
		return
	}
	r := t.s.recording
	t.position.last = len(r.steps)
	t.position.look = append(t.position.look, len(r.steps))
	r.steps = append(r.steps, recorded{thread: t.number})
}

// chose notes what Choose returns, in this package or in the explorer's place of it.
func (t *thread) chose(n int) {
	if t != nil && t.position.depth == 0 {
		s := &t.s.recording.steps[t.position.last]
		s.choices = append(s.choices, n)
	}
}

// looks begins a look of a thread that spins, and returns a function that leaves it out.
func (t *thread) looks() (inVain func()) {
	if t == nil {
		return func() {}
	}
	t.position.look = t.position.look[:0]
	last := t.position.last
	return func() {
		for _, i := range t.position.look {
			t.s.recording.steps[i].vain = true
		}
		t.position.last = last
	}
}

// Choose returns a number from 0 to n-1, at random.
func Choose(n int) int {
	t := current.thread()
	if t == nil || n < 2 {
		return 0
	}
	v := int(t.s.below(n))
	recorder().chose(v)
	return v
}

// Wait blocks the calling thread until all others have ended.
func Wait() {
	t := active()
	if t == nil {
		return
	}
	s := t.s
	for slices.ContainsFunc(s.threads, func(u *thread) bool { return u != t && !u.ended }) {
		s.waits = append(s.waits, t)
		t.block("for the others to end")
	}
	t.took(0)
}
