package simulate

import "unsafe"

// A Mutex is like sync.Mutex, and follows its algorithm: a thread that finds it
// locked spins for a while, then queues. A lock that is released can be had by
// any thread, also before one that was woken for it; but one that has been queued
// for a millisecond makes it a lock that is handed to the first of the queue.
type Mutex struct {
	state  Int32
	queued uint32 // key of the queue; and how many releases no thread has waited for
}

// The state's bits; above them the number of threads that queue.
const (
	locked   = 1 << 0
	woken    = 1 << 1 // a thread is about to try: wake no other
	handed   = 1 << 2 // the lock goes to the first of the queue
	oneQueue = 1 << 3
)

const (
	mutexSpins = 4               // rounds of spinning
	mutexLooks = 30              // pauses in one
	starving   = 1 * Millisecond // then a thread asks to be handed the lock
)

// TryLock locks the mutex if it is free, and reports whether it did.
func (m *Mutex) TryLock() bool {
	r := recorder()
	r.begin()
	defer r.end()
	old := m.state.Load()
	ok := old&(locked|handed) == 0 && m.state.CompareAndSwap(old, old|locked)
	r.took(1)
	return ok
}

// Lock locks the mutex.
func (m *Mutex) Lock() {
	r := recorder()
	r.begin()
	if !m.state.CompareAndSwap(0, locked) {
		m.lockSlow()
	}
	r.took(1)
	r.end()
}

func (m *Mutex) lockSlow() {
	t := current.thread()
	if t == nil {
		panic("simulate: a mutex is locked, and outside of a simulation nothing will unlock it")
	}
	var since Time // when it began to queue
	waited, awake, starves := false, false, false
	rounds := 0
	for {
		old := m.state.Load()
		if old&(locked|handed) == locked && rounds < mutexSpins && len(t.s.cpus) > 1 {
			if !awake && old&woken == 0 && old/oneQueue > 0 && m.state.CompareAndSwap(old, old|woken) {
				awake = true
			}
			t.spend(mutexLooks * t.s.machine.Look)
			rounds++
			continue
		}
		to := old
		if old&handed == 0 {
			to |= locked
		}
		if old&(locked|handed) != 0 {
			to += oneQueue
		}
		if starves && old&locked != 0 {
			to |= handed
		}
		if awake {
			to &^= woken
		}
		if !m.state.CompareAndSwap(old, to) {
			continue
		}
		if old&(locked|handed) == 0 {
			return
		}
		if !waited {
			waited, since = true, t.at
			t.acquire(&m.queued, false, "for a mutex")
		} else {
			t.acquire(&m.queued, true, "for a mutex")
		}
		starves = starves || t.at-since > starving
		if m.state.v&handed != 0 { // handed over: locked by this thread's turn
			change := int32(locked - oneQueue)
			if !starves || m.state.v/oneQueue == 1 {
				change -= handed
			}
			m.state.Add(change)
			return
		}
		awake, rounds = true, 0
	}
}

// Unlock unlocks the mutex, which is locked.
func (m *Mutex) Unlock() {
	r := recorder()
	r.begin()
	defer r.end()
	state := m.state.Add(-locked)
	r.took(1)
	if (state+locked)&locked == 0 {
		panic("simulate: unlock of an unlocked mutex")
	}
	if state == 0 {
		return
	}
	t := current.thread()
	if t == nil {
		return
	}
	if state&handed != 0 {
		t.release(&m.queued)
		return
	}
	for {
		if state/oneQueue == 0 || state&(locked|woken|handed) != 0 {
			return
		}
		if m.state.CompareAndSwap(state, (state-oneQueue)|woken) {
			t.release(&m.queued)
			return
		}
		state = m.state.Load()
	}
}

// acquire and release are the semaphores of Go's scheduler: a thread sleeps until
// one is released.
func (t *thread) acquire(sema *uint32, first bool, why string) {
	if t.turn(); *sema > 0 {
		*sema--
		return
	}
	t.sleepOn(unsafe.Pointer(sema), first, t.s.machine.MutexWake, why)
}

func (t *thread) release(sema *uint32) {
	if t.turn(); !t.wakeFrom(unsafe.Pointer(sema)) {
		*sema++
	}
}

// sleepOn has the thread sleep in a queue of Go's scheduler until wakeFrom, which
// takes that much longer than to be woken by the kernel.
func (t *thread) sleepOn(key unsafe.Pointer, first bool, longer Time, why string) {
	s := t.s
	t.longer = longer
	if queue := s.parked[key]; first {
		s.parked[key] = append([]*thread{t}, queue...)
	} else {
		s.parked[key] = append(queue, t)
	}
	t.handoff()
	t.block(why)
}

// wakeFrom wakes the first thread of a queue of Go's scheduler, and reports whether
// there was one. It is readied now, and admitted to its CPU when a thread has found it.
func (t *thread) wakeFrom(key unsafe.Pointer) bool {
	s := t.s
	queue := s.parked[key]
	if len(queue) == 0 {
		return false
	}
	if len(queue) == 1 {
		delete(s.parked, key)
	} else {
		s.parked[key] = queue[1:]
	}
	t.spend(s.machine.GoReady)
	u := queue[0]
	u.at = max(u.at, t.at) + s.jittered(u.longer)
	u.finder = t
	s.queue.push(&u.event)
	t.readied = u
	t.turn()
	return true
}

// handoff has the calling thread, which is about to block in Go's scheduler, run what it
// readied last, unless another thread has found that by now.
func (t *thread) handoff() {
	u := t.readied
	t.readied = nil
	if u == nil || u.finder != t {
		return
	}
	if at := t.at + t.s.jittered(t.s.machine.GoHandoff); at < u.at {
		u.at = at
		t.s.queue.moved(&u.event)
	}
}
