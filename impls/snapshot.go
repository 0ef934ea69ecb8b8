package impls

import "math/bits"

// A Snapshot is a set of cores, as a thief saw it at some time. Its zero value
// is empty; [Snapshot.Resize] gives it room. It is not safe for concurrent use.
type Snapshot struct {
	// Words holds core i in bit i%64 of word i/64. Cores without a word are not
	// in the set.
	Words []uint64
}

// Resize empties s and makes room for the given number of cores, allocating
// only if it has too little.
func (s *Snapshot) Resize(cores int) {
	n := (cores + 63) / 64
	if cap(s.Words) < n {
		s.Words = make([]uint64, n)
	}
	s.Words = s.Words[:n]
	clear(s.Words)
}

// IsIdle reports whether the core was available.
func (s *Snapshot) IsIdle(core int) bool {
	w := uint(core) / 64
	return w < uint(len(s.Words)) && s.Words[w]&(1<<(uint(core)%64)) != 0
}

// Len returns the number of cores in the set.
func (s *Snapshot) Len() (n int) {
	for _, word := range s.Words {
		n += bits.OnesCount64(word)
	}
	return n
}
