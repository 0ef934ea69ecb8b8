package simulate

import "unsafe"

const (
	lineSize = 64
	wordSize = 4 // of the smallest variables
)

// A memory finds the line of a variable.
//
// The key is the real address, in words. That does for finding what was accessed
// before, since the simulation keeps each object that was, so no other comes to be
// at its place, and since Go moves none but stacks, where nothing is that threads
// share.
type memory struct {
	slots   []slot // open addressing, since a map takes twice as long
	used    int
	objects map[unsafe.Pointer]uintptr // the lines of an object, by its beginning; and what keeps it alive
	next    uintptr                    // number of the line of the next object
	lines   map[uintptr]*line          // by number
	chunk   []line
}

type slot struct {
	word uintptr // 0: it is free
	line *line
}

// objectLines is how many lines are set aside for an object: more than any has.
const objectLines = 1 << 32

func (m *memory) init() {
	m.slots = make([]slot, 1<<12)
	m.objects = make(map[unsafe.Pointer]uintptr)
	m.lines = make(map[uintptr]*line)
}

func hash(word uintptr) uintptr { return word * 0x9e3779b97f4a7c15 >> 24 }

// line returns the line that the variable at p is on. The variable escapes.
func (m *memory) line(p unsafe.Pointer) *line {
	word := uintptr(p) / wordSize
	if l := m.find(word); l != nil {
		return l
	}
	base, _, _ := findObject(uintptr(p), 0, 0)
	return m.add(p, base)
}

// shared is line for a plain variable, which need not escape: on a stack, which no
// other thread can reach, it has no line.
func (m *memory) shared(p unsafe.Pointer) *line {
	word := uintptr(p) / wordSize
	if l := m.find(word); l != nil {
		return l
	}
	base, span, _ := findObject(uintptr(p), 0, 0)
	if base == 0 && span != nil {
		return nil
	}
	return m.add(hidden(p), base)
}

// hidden returns p, and hides from the compiler that the result is p. The runtime
// moves stacks, so p must not be on one.
func hidden(p unsafe.Pointer) unsafe.Pointer {
	address := uintptr(p)
	return *(*unsafe.Pointer)(unsafe.Pointer(&address))
}

// find returns the line of a word, or nil if it has not been accessed.
func (m *memory) find(word uintptr) *line {
	mask := uintptr(len(m.slots) - 1)
	for i := hash(word) & mask; ; i = (i + 1) & mask {
		switch s := &m.slots[i]; s.word {
		case word:
			return s.line
		case 0:
			return nil
		}
	}
}

// add makes an entry for a variable that has none. Base is where its object begins,
// or 0 if it is in none.
func (m *memory) add(p unsafe.Pointer, base uintptr) *line {
	if 2*m.used >= len(m.slots) {
		old := m.slots
		m.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.word != 0 {
				m.put(s)
			}
		}
	}
	number, begin := m.number(p, base)
	l := m.lines[number]
	if l == nil {
		if len(m.chunk) == 0 {
			m.chunk = make([]line, 256)
		}
		l, m.chunk = &m.chunk[0], m.chunk[1:]
		l.owner = none
		l.number = number
		l.begin = begin
		m.lines[number] = l
	}
	m.used++
	m.put(slot{uintptr(p) / wordSize, l})
	return l
}

func (m *memory) put(s slot) {
	mask := uintptr(len(m.slots) - 1)
	i := hash(s.word) & mask
	for m.slots[i].word != 0 {
		i = (i + 1) & mask
	}
	m.slots[i] = s
}

// number returns the number of p's line, and the address at which the line begins.
// Global variables are where the linker put them, relative to one of them, because
// the whole program may be loaded anywhere. Objects of the heap get numbers in the
// order of their first access, each from the beginning of a line.
func (m *memory) number(p unsafe.Pointer, base uintptr) (number, begin uintptr) {
	if base == 0 {
		line := uintptr(p) / lineSize
		return line - uintptr(unsafe.Pointer(&anchor))/lineSize, line * lineSize
	}
	if isBlock(base) {
		base = uintptr(p)
	}
	offset := uintptr(p) - base
	object := unsafe.Add(p, -int(offset))
	first, known := m.objects[object]
	if !known {
		m.next += objectLines
		first = m.next
		m.objects[object] = first
	}
	return first + offset/lineSize, base + offset/lineSize*lineSize
}

var anchor uint64

// blockSize is that of the blocks in which Go's allocator puts several small objects
// without pointers, those that happen to be made one after the other.
const blockSize = 16

// isBlock reports whether an object may be such a block. If so, the variables in it
// are not those of one object, and which they are depends on what else the process
// did.
func isBlock(base uintptr) bool {
	const page = 8 << 10 // of the runtime: all objects on it have one size
	if base%page == 0 {
		next, _, _ := findObject(base+blockSize, 0, 0)
		return next != base // a page with objects as small as that has many
	}
	before, _, _ := findObject(base-1, 0, 0)
	return base-before <= blockSize
}

// findObject returns the beginning of the object of the heap at p, and 0 if there
// is none; then span is not nil if p is on a stack, and nil for a global variable. It
// is the runtime's, which keeps it reachable for packages that need it
// (go.dev/issue/67401). No stack grows in the call, so p may be on the caller's.
//
//go:linkname findObject runtime.findObject
func findObject(p, refBase, refOffset uintptr) (base uintptr, span unsafe.Pointer, index uintptr)
