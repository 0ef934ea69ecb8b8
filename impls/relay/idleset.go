package relay

import (
	"math/bits"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const wordBits = 64

// An idleSet has the cores whose workers may be claimed.
type idleSet []word

// A word is 64 cores, on a line of its own: whoever claims needs both fields, and a worker
// that becomes idle writes both.
type word struct {
	idle     prim.Uint64 // of the threads that clear a bit at once one learns that it did
	spinning prim.Uint64 // a hint: workers that need no system call to be woken
	_        [impls.CacheLine]byte
}

func newIdleSet(cores int) idleSet { return make(idleSet, (cores+wordBits-1)/wordBits) }

// at returns the word and the bit of a core.
func (s idleSet) at(core int) (*word, uint64) {
	return &s[core/wordBits], 1 << (core % wordBits)
}

// add lets a core be claimed. The hint comes first: late it would be of no use.
func (s idleSet) add(core int) {
	w, bit := s.at(core)
	w.spinning.Or(bit)
	w.idle.Or(bit)
}

// remove takes a core out, and reports whether it was there.
func (s idleSet) remove(core int) bool {
	w, bit := s.at(core)
	return w.idle.And(^bit)&bit != 0
}

// spun takes back the hint for a core.
func (s idleSet) spun(core int) {
	w, bit := s.at(core)
	w.spinning.And(^bit)
}

// nextIn returns the first bit of a word from a position on, going round. The word is
// not zero.
func nextIn(word uint64, from int) int {
	return (bits.TrailingZeros64(bits.RotateLeft64(word, -from)) + from) % wordBits
}

// wordOf returns the cores of a word that there are.
func wordOf(at, cores int) uint64 { return ^uint64(0) >> max(0, wordBits-(cores-at*wordBits)) }

// claim takes an idle core, near the given one: from it on in its word, then in the
// words that follow. In each word it prefers a worker that spins.
func (i *Idle) claim(near int) (core int, ok bool) {
	at, from := near/wordBits, near%wordBits
	for range i.idle {
		w := &i.idle[at]
		for idle := w.idle.Load(); idle != 0; {
			candidates := idle
			if spinning := idle & w.spinning.Load(); spinning != 0 {
				candidates = spinning
			}
			bit := nextIn(candidates, from)
			if idle = w.idle.And(^(1 << bit)); idle&(1<<bit) != 0 {
				return at*wordBits + bit, true
			}
		}
		if at++; at == len(i.idle) {
			at = 0
		}
		from = 0
	}
	return 0, false
}
