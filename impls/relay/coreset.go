package relay

import (
	"math/bits"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const wordBits = 64

// A coreSet has a bit for each core. Of the threads that remove a core at once one
// learns that it did.
type coreSet []word

// A word is 64 cores, on a line of its own.
type word struct {
	prim.Uint64
	_ [impls.CacheLine]byte
}

func newCoreSet(cores int) coreSet { return make(coreSet, (cores+wordBits-1)/wordBits) }

func (s coreSet) add(core int) { s[core/wordBits].Or(1 << (core % wordBits)) }

// remove takes a core out, and reports whether it was there.
func (s coreSet) remove(core int) bool {
	bit := uint64(1) << (core % wordBits)
	return s[core/wordBits].And(^bit)&bit != 0
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
		for idle := i.idle[at].Load(); idle != 0; {
			candidates := idle
			if spinning := idle & i.spinning[at].Load(); spinning != 0 {
				candidates = spinning
			}
			bit := nextIn(candidates, from)
			if idle = i.idle[at].And(^(1 << bit)); idle&(1<<bit) != 0 {
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
