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

// line returns the line that the variable at p is on.
func (m *memory) line(p unsafe.Pointer) *line {
	word := uintptr(p) / wordSize
	mask := uintptr(len(m.slots) - 1)
	for i := hash(word) & mask; ; i = (i + 1) & mask {
		switch s := &m.slots[i]; s.word {
		case word:
			return s.line
		case 0:
			return m.add(p, word)
		}
	}
}

// add makes an entry for a word that has none.
func (m *memory) add(p unsafe.Pointer, word uintptr) *line {
	if 2*m.used >= len(m.slots) {
		old := m.slots
		m.slots = make([]slot, 2*len(old))
		for _, s := range old {
			if s.word != 0 {
				m.put(s)
			}
		}
	}
	number := m.number(p)
	l := m.lines[number]
	if l == nil {
		if len(m.chunk) == 0 {
			m.chunk = make([]line, 256)
		}
		l, m.chunk = &m.chunk[0], m.chunk[1:]
		l.owner = none
		l.number = number
		m.lines[number] = l
	}
	m.used++
	m.put(slot{word, l})
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

// number returns the number of p's line. Global variables are where the linker put
// them. Objects of the heap get numbers in the order of their first access, each
// from the beginning of a line.
func (m *memory) number(p unsafe.Pointer) uintptr {
	base, _, _ := findObject(uintptr(p), 0, 0)
	if base == 0 {
		return uintptr(p) / lineSize
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
	return first + offset/lineSize
}

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
// is none. It is the runtime's, which keeps it reachable for packages that need it
// (go.dev/issue/67401).
//
//go:linkname findObject runtime.findObject
func findObject(p, refBase, refOffset uintptr) (base uintptr, span unsafe.Pointer, index uintptr)
