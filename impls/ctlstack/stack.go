package ctlstack

import "github.com/idlebench/idlebench/impls/invariants"

// A word is a value of ctl. The package documentation has its layout.
type word uint64

const (
	versionShift  = 16
	releasedShift = 48
)

func pack(released uint16, version uint32, top uint16) word {
	return word(released)<<releasedShift | word(version)<<versionShift | word(top)
}

// emptyStack is the first word: all nodes are released.
func emptyStack(nodes int) word { return pack(uint16(nodes), 0, 0) }

func (w word) top() uint16      { return uint16(w) }
func (w word) version() uint32  { return uint32(w >> versionShift) }
func (w word) released() uint16 { return uint16(w >> releasedShift) }

// pushed is w with another node on top.
func (w word) pushed(top uint16) word { return pack(w.released()-1, w.version()+1, top) }

// popped is w without the node on top; below is what was below it.
func (w word) popped(below uint16) word { return pack(w.released()+1, w.version(), below) }

// push puts a core's node on top of the stack, unless another step on ctl comes
// between. Only the node's worker calls it.
func (i *Idle) push(core int) bool {
	old := word(i.ctl.Load())
	i.nodes[core].next.Store(uint32(old.top()))
	return i.swap(old, old.pushed(uint16(core+1)))
}

// pop takes the top of the stack, if there is one.
func (i *Idle) pop() (core int, ok bool) {
	for {
		old := word(i.ctl.Load())
		if old.top() == 0 {
			return 0, false
		}
		// The node may be gone by now, and in the stack again above another one. Then
		// the version has changed, and the swap fails.
		core := int(old.top() - 1)
		if i.swap(old, old.popped(uint16(i.nodes[core].next.Load()))) {
			return core, true
		}
	}
}

// popSelf takes a core's node from the stack if it is on top. If it fails, the node
// has been popped, or was covered by another one. Only the node's worker calls it.
func (i *Idle) popSelf(core int) bool {
	old := word(i.ctl.Load())
	return old.top() == uint16(core+1) && i.swap(old, old.popped(uint16(i.nodes[core].next.Load())))
}

// swap takes a step on ctl.
func (i *Idle) swap(old, new word) bool {
	if !i.ctl.CompareAndSwap(uint64(old), uint64(new)) {
		return false
	}
	if invariants.Enabled && (new.top() == 0) != (int(new.released()) == len(i.nodes)) {
		panic("ctlstack: the stack is empty, and not all nodes are released, or the reverse (S2)")
	}
	return true
}
