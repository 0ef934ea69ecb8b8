package gosched

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const wordBits = 64

// A mask is a set of cores, one bit each, that can be read without the lock. It is
// written under the lock only, so that a load and a store are enough to change a bit.
type mask []prim.Uint64

func newMask(cores int) mask { return make(mask, (cores+wordBits-1)/wordBits) }

func (m mask) set(core int) {
	word := &m[core/wordBits]
	word.Store(word.Load() | 1<<(core%wordBits))
}

func (m mask) clear(core int) {
	word := &m[core/wordBits]
	word.Store(word.Load() &^ (1 << (core % wordBits)))
}

func (m mask) has(core int) bool { return m[core/wordBits].Load()&(1<<(core%wordBits)) != 0 }

func (m mask) snapshot(dst *impls.Snapshot) {
	if len(dst.Words) != len(m) {
		dst.Resize(len(m) * wordBits)
	}
	for n := range m {
		dst.Words[n] = m[n].Load()
	}
}

// is reports whether the set has the cores of some lists, and no others.
func (m mask) is(lists ...[]*impls.Core) bool {
	want := newMask(len(m) * wordBits)
	for _, list := range lists {
		for _, core := range list {
			want.set(core.Index)
		}
	}
	for n := range m {
		if m[n].Load() != want[n].Load() {
			return false
		}
	}
	return true
}
