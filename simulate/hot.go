package simulate

import (
	"cmp"
	"slices"
	"unsafe"
)

// A LineUse says what the accesses to a line cost.
type LineUse struct {
	Name     string // of a variable on it (Name); empty if none has one
	Accesses int64
	Misses   int64 // accesses for which it had to move
	Waited   Time  // by threads that asked for it while it was busy
	Moved    Time  // on its way
}

// Name names the line of the variable at p in what Hottest returns.
func Name(p unsafe.Pointer, name string) {
	if s := current; s != nil {
		s.memory.line(p).name = name
	}
}

// Hottest returns the lines that cost most time so far, at most n, the dearest first.
// A thread of the simulation calls it, and it takes no time.
func Hottest(n int) (all []LineUse) {
	s := current
	if s == nil {
		return nil
	}
	lines := make([]*line, 0, len(s.memory.lines))
	for _, l := range s.memory.lines {
		lines = append(lines, l)
	}
	slices.SortFunc(lines, func(a, b *line) int {
		return cmp.Or(cmp.Compare(b.waited+b.moved, a.waited+a.moved), cmp.Compare(a.number, b.number))
	})
	for _, l := range lines[:min(n, len(lines))] {
		all = append(all, LineUse{l.name, l.accesses, l.misses, l.waited, l.moved})
	}
	return all
}
