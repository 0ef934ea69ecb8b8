package simulate

import "unsafe"

// HasFutex reports whether there are futexes: here there always are.
const HasFutex = true

// A bucket is where the kernel keeps the threads that wait on some futexes. Its lock
// is taken to wait and to wake.
type bucket struct {
	free    Time
	last    int // CPU that took the lock last
	used    bool
	waiters int
}

// bucket returns that of a word. Words on one line have the same one.
func (s *simulation) bucket(word *Uint32) *bucket {
	line := s.memory.line(unsafe.Pointer(word)).number
	return &s.buckets[mix(uint64(line))%uint64(len(s.buckets))]
}

// enter takes the bucket's lock for as long as it is held, in the order of arrival.
func (t *thread) enter(b *bucket) {
	s := t.s
	t.turn()
	begin := max(t.at, b.free)
	s.stats.Waited += begin - t.at
	t.at = begin
	if b.used && b.last != t.cpu.id {
		t.at += s.jittered(s.machine.distance(b.last, t.cpu.id))
	}
	b.used, b.last = true, t.cpu.id
	t.spend(s.machine.Bucket)
	b.free = t.at
	t.turn()
}

// FutexWait blocks while *word is val, until FutexWake.
func FutexWait(word *Uint32, val uint32) {
	t := active()
	if t == nil {
		return
	}
	s := t.s
	t.spend(s.machine.Syscall)
	b := s.bucket(word)
	b.waiters++ // before the look at the word, as in the kernel, so that no waker misses both
	t.enter(b)
	t.access(s.memory.line(unsafe.Pointer(word)), read)
	t.took(0)
	if word.v != val {
		b.waiters--
		return
	}
	s.sleepers[word] = append(s.sleepers[word], t)
	t.block("on a futex")
	t.took(0)
}

// FutexWake wakes at most n of the threads that wait on word, those first that have
// waited longest.
func FutexWake(word *Uint32, n int) {
	t := active()
	if t == nil {
		return
	}
	s := t.s
	t.spend(s.machine.Syscall)
	t.turn()
	b := s.bucket(word)
	if b.waiters > 0 {
		t.enter(b)
	}
	t.took(0)
	for ; n > 0 && len(s.sleepers[word]) > 0; n-- {
		u := s.sleepers[word][0]
		if len(s.sleepers[word]) == 1 {
			delete(s.sleepers, word)
		} else {
			s.sleepers[word] = s.sleepers[word][1:]
		}
		b.waiters--
		t.spend(s.machine.Wake)
		s.admit(u, t.at)
	}
	t.turn()
}
