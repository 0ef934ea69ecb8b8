package bitmapclaim

import (
	"iter"
	"math/bits"

	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const wordBits = 64

// A bitmap is a set of cores from which each can be taken by one thread only.
type bitmap []word

// A word is 64 cores of a bitmap, on a line of their own.
type word struct {
	prim.Uint64
	_ [impls.CacheLine]byte
}

func newBitmap(cores int) bitmap { return make(bitmap, (cores+wordBits-1)/wordBits) }

// set adds a core.
func (b bitmap) set(core int) { b[core/wordBits].Or(1 << (core % wordBits)) }

// clear removes a core, and reports whether it was there.
func (b bitmap) clear(core int) bool {
	bit := uint64(1) << (core % wordBits)
	return b[core/wordBits].And(^bit)&bit != 0
}

// claimFrom removes a core, and returns it. It prefers the next one from the given
// core on in that core's word, round the word, and then the lowest of the words
// that follow.
func (b bitmap) claimFrom(core int) (claimed int, ok bool) {
	at, from := core/wordBits, core%wordBits
	for range b {
		for idle := b[at].Load(); idle != 0; {
			n := (bits.TrailingZeros64(bits.RotateLeft64(idle, -from)) + from) % wordBits
			old := b[at].And(^(1 << n))
			if old&(1<<n) != 0 {
				return at*wordBits + n, true
			}
			idle = old // another thread has claimed it
		}
		if at++; at == len(b) {
			at = 0
		}
		from = 0
	}
	return 0, false
}

// claim removes up to n cores, the lowest first, and returns them.
func (w *word) claim(n int) (claimed set) {
	for idle := w.Load(); idle != 0 && claimed.len() < n; {
		want := lowest(idle, n-claimed.len())
		idle = w.And(^want)
		claimed |= set(idle & want)
		idle &^= want
	}
	return claimed
}

// lowest returns the n lowest of the bits that are set.
func lowest(x uint64, n int) uint64 {
	rest := x
	for ; n > 0 && rest != 0; n-- {
		rest &= rest - 1
	}
	return x &^ rest
}

// A set is what a word had at some time.
type set uint64

func (s set) len() int { return bits.OnesCount64(uint64(s)) }

// all yields the numbers of the cores, for the given word.
func (s set) all(word int) iter.Seq[int] {
	return func(yield func(int) bool) {
		for ; s != 0; s &= s - 1 {
			if !yield(word*wordBits + bits.TrailingZeros64(uint64(s))) {
				return
			}
		}
	}
}

// of returns the cores of a word that there are.
func (bitmap) of(word, cores int) set {
	return set(^uint64(0)) >> max(0, wordBits-(cores-word*wordBits))
}
