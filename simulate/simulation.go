package simulate

import (
	"errors"
	"fmt"
	"math/bits"
	"runtime/debug"
	"strings"
	"sync"
	"unsafe"

	"github.com/idlebench/idlebench/internal/coroutine"
)

// current is the simulation in progress. There is one at a time, and its threads
// are coroutines that take turns, so it needs no lock.
var current *simulation

var simulating sync.Mutex // held by Run

type simulation struct {
	machine   *Machine
	lookahead Time // how far a thread may go ahead with lines that its CPU has

	random   uint64 // state of the generator, never 0
	queue    queue
	running  *thread // nil while a machine's own event happens
	group    coroutine.Group
	threads  []*thread
	cpus     []cpu
	trace    trace
	memory   memory
	sleepers map[*Uint32][]*thread        // on futexes, first come first
	parked   map[unsafe.Pointer][]*thread // by Go's scheduler, the same
	buckets  []bucket
	peeking  bool // operations happen at once and cost nothing
	ending   bool // threads are being unwound
	err      error
	stats    Stats

	recording *recording // nil: none
	waits     []*thread  // for the others to end
}

// Stats says what a simulation did.
type Stats struct {
	Time       Time  // of the first thread at its end
	Threads    int   // that were started
	Operations int64 // on atomics, mutexes, futexes, channels, the clock
	Plain      int64 // loads and stores of plain variables, one for each line
	Switches   int64 // from one thread to another, on the computer that simulates
	Lines      int   // that were accessed
	Misses     int64 // accesses for which a line had to move
	Waited     Time  // by all threads, for lines that were busy
	Preempted  int64 // threads that lost their CPU to another
}

// Run runs program as the first thread, on CPU 0 of the machine, and all threads
// that it starts, until the first ends. Others are unwound then by a panic: their
// deferred functions run, up to the first operation in each. Run returns an error if the machine is not possible,
// if a thread panics, and if none can go on.
//
// Simulations in one process take turns.
func Run(m *Machine, seed uint64, program func()) (Stats, error) {
	return run(m, seed, program, nil)
}

func run(m *Machine, seed uint64, program func(), r *recording) (Stats, error) {
	if err := m.Check(); err != nil {
		return Stats{}, err
	}
	simulating.Lock()
	defer simulating.Unlock()
	s := &simulation{
		machine: m,

		lookahead: m.lookahead(),

		random:   mix(seed) | 1,
		cpus:     cpus(m),
		sleepers: make(map[*Uint32][]*thread),
		parked:   make(map[unsafe.Pointer][]*thread),
		buckets:  make([]bucket, m.Buckets),

		recording: r,
	}
	s.memory.init()
	current = s
	defer func() { current = nil }()
	defer enterSimulation()()
	defer s.group.Release()
	defer func() { s.ending = true }()
	first := s.start(program)
	s.admit(first, 0)
	if t := s.next(); t != nil {
		s.running = t
		s.group.Main().HandOver(&t.Coroutine)
	}
	s.running = nil
	if s.err == nil && !first.ended {
		s.err = s.deadlock()
	}
	s.stats.Time, s.stats.Threads, s.stats.Lines = first.at, len(s.threads), len(s.memory.lines)
	return s.stats, s.err
}

// next lets events happen until one is that a thread goes on, and returns that
// thread; nil if there is none left.
func (s *simulation) next() *thread {
	for len(s.queue) > 0 {
		if t := s.happen(s.queue.pop()); t != nil {
			return t
		}
	}
	return nil
}

// happen lets an event happen. If it is that a thread goes on, it returns the thread.
func (s *simulation) happen(e *event) *thread {
	t := e.thread
	switch {
	case t == nil:
		s.reschedule(e.cpu, e.at)
		return nil
	case t.timer || t.finder != nil:
		t.timer, t.finder = false, nil
		s.admit(t, t.at)
		return nil
	}
	return t
}

// deadlock says what each thread waits for.
func (s *simulation) deadlock() error {
	var b strings.Builder
	for _, t := range s.threads {
		if !t.ended {
			fmt.Fprintf(&b, "\n  T%d on CPU %d, since %v: %s", t.number, t.cpu.id, t.at, t.why)
		}
	}
	return errors.New("simulate: deadlock; no thread can go on:" + b.String())
}

// panicked ends the simulation because of a panic in a thread.
func (s *simulation) panicked(t *thread, value any) {
	if s.err == nil {
		s.err = fmt.Errorf("simulate: T%d panicked at %v: %v\n%s", t.number, t.at, value, debug.Stack())
	}
}

// below returns a random number from 0 to n-1.
func (s *simulation) below(n int) Time {
	x := s.random // xorshift64*
	x ^= x >> 12
	x ^= x << 25
	x ^= x >> 27
	s.random = x
	high, _ := bits.Mul64(x*0x2545f4914f6cdd1d, uint64(n))
	return Time(high)
}

// jittered returns a cost as it is this time.
func (s *simulation) jittered(cost Time) Time {
	if j := s.machine.Jitter; j > 0 {
		cost += cost * s.below(j+1) / 1000
	}
	return cost
}

// mix is the finalizer of SplitMix64.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// Peek calls f. What it does on the types of this package happens at once and takes
// no time: to look at a simulation does not change it.
func Peek(f func()) {
	s := current
	if s == nil || s.peeking {
		f()
		return
	}
	s.peeking = true
	defer func() { s.peeking = false }()
	f()
}

// thread returns the thread that runs, or nil if operations happen at once. In a
// simulation that is over it unwinds the thread once more: the program may have
// recovered from that.
func (s *simulation) thread() *thread {
	if s == nil || s.peeking {
		return nil
	}
	if s.ending {
		panic(coroutine.Released{})
	}
	return s.running
}
