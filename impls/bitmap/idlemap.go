package bitmap

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/prim"
)

const chunkBits = 64

// An IdleMap is a set of cores, one bit each, that can be read without the lock.
// It is written only under the lock, so Set and Unset may load and then store.
type IdleMap struct {
	chunks []prim.Uint64
}

// NewIdleMap returns an empty map with room for the given number of cores.
func NewIdleMap(cores int) IdleMap {
	return IdleMap{chunks: make([]prim.Uint64, (cores+chunkBits-1)/chunkBits)}
}

// Set adds a core.
func (m *IdleMap) Set(core int) {
	chunk := &m.chunks[core/chunkBits]
	chunk.Store(chunk.Load() | 1<<(core%chunkBits))
}

// Unset removes a core.
func (m *IdleMap) Unset(core int) {
	chunk := &m.chunks[core/chunkBits]
	chunk.Store(chunk.Load() &^ (1 << (core % chunkBits)))
}

// Snapshot overwrites dst with the contents of the map. It reads the words one
// after the other, so the set may never have existed as a whole.
func (m *IdleMap) Snapshot(dst *impls.Snapshot) {
	if len(dst.Words) != len(m.chunks) {
		dst.Resize(len(m.chunks) * chunkBits)
	}
	for i := range m.chunks {
		dst.Words[i] = m.chunks[i].Load()
	}
}

// matches reports whether the map holds exactly the given cores.
func (m *IdleMap) matches(cores []*impls.Core) bool {
	want := make([]uint64, len(m.chunks))
	for _, c := range cores {
		want[c.Index/chunkBits] |= 1 << (c.Index % chunkBits)
	}
	for i := range want {
		if m.chunks[i].Load() != want[i] {
			return false
		}
	}
	return true
}
