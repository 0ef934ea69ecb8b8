package impls

import "github.com/idlebench/idlebench/impls/prim"

// A Mutex is the type of the lock. It is Go's sync.Mutex or a futex mutex, as
// its Kind says; the zero value is Go's. Like sync.Mutex it must not be copied.
//
// The kind matters for workers that are pinned threads. Go's mutex parks the
// goroutine that waits, so a thread that is locked to its goroutine is handed
// over by Go's scheduler, even if the idle manager parks with a futex. A futex
// mutex spins for a moment and then sleeps in the kernel: what a runtime outside
// Go would do, such as std::sync::Mutex in Rust on Linux.
//
// # The futex mutex
//
// One word says whether the mutex is free, held, or held with threads that may
// sleep (Drepper, "Futexes are tricky", 2011, the third mutex). Who takes it
// after it slept cannot know whether others still sleep, and so marks it as
// contended: at worst the holder wakes a thread too many, never one too few. All
// operations on the word are sequentially consistent, which is more than the
// acquire and release that a mutex needs.
type Mutex struct {
	// Kind is set before the mutex is used.
	Kind MutexKind

	mutex prim.Mutex  // GoMutex
	word  prim.Uint32 // FutexMutex
}

// A MutexKind says how a thread waits for a [Mutex].
type MutexKind uint8

const (
	// GoMutex: the goroutine is parked by Go's scheduler.
	GoMutex MutexKind = iota
	// FutexMutex: the thread looks mutexSpins times, then sleeps in the kernel.
	// For systems that have futexes (prim.HasFutex).
	FutexMutex
)

// What the word of a futex mutex says.
const (
	mutexFree      = iota
	mutexHeld      // and no thread sleeps
	mutexContended // held, and threads may sleep
)

// mutexSpins is how many times a thread looks before it sleeps: as many as in
// Rust's standard library (library/std/src/sys/sync/mutex/futex.rs). With a PAUSE
// of 40 to 140 cycles after each look that takes 1 to 5 µs.
const mutexSpins = 100

// Lock blocks until the mutex is free, and takes it.
func (m *Mutex) Lock() {
	if m.Kind == FutexMutex {
		if !m.word.CompareAndSwap(mutexFree, mutexHeld) {
			m.wait()
		}
		return
	}
	m.mutex.Lock()
}

// TryLock takes the mutex if it is free, and reports whether it did.
func (m *Mutex) TryLock() bool {
	if m.Kind == FutexMutex {
		return m.word.CompareAndSwap(mutexFree, mutexHeld)
	}
	return m.mutex.TryLock()
}

// Unlock frees the mutex, which must be held.
func (m *Mutex) Unlock() {
	if m.Kind == FutexMutex {
		switch m.word.Swap(mutexFree) {
		case mutexContended:
			prim.FutexWake(&m.word, 1)
		case mutexFree:
			panic("impls: unlock of an unlocked Mutex")
		}
		return
	}
	m.mutex.Unlock()
}

// wait takes a futex mutex that was not free.
func (m *Mutex) wait() {
	if m.spin() == mutexFree && m.word.CompareAndSwap(mutexFree, mutexHeld) {
		return
	}
	for m.word.Swap(mutexContended) != mutexFree {
		prim.FutexWait(&m.word, mutexContended)
		m.spin()
	}
}

// spin looks at the word while the mutex is held and no thread sleeps: behind
// one that sleeps there is no point in spinning. It returns what it saw last.
func (m *Mutex) spin() (word uint32) {
	prim.SpinTimes(mutexSpins, func() bool {
		word = m.word.Load()
		return word != mutexHeld
	})
	return word
}
