package simulate

import (
	"cmp"
	"slices"
	"strings"
	"unsafe"
)

// A LineUse says what the accesses to lines of one name cost.
type LineUse struct {
	Name      string // of the variables on it (Name); empty if none has one
	Lines     int    // that have this name
	Accesses  int64
	Misses    int64 // accesses for which it had to move
	Waited    Time  // by threads that asked for it while it was busy
	Moved     Time  // on its way
	Searching Time  // the part of both for which the thread was Searching

	// Who waited, and who had it: CPU 0, which is the first thread's, or another.
	ByFirst    Time  // the part of Waited and Moved of threads on CPU 0
	FromFirst  int64 // misses for which CPU 0 owned the line
	FromOthers int64 // misses for which another CPU owned it; for the rest no CPU did
}

// Name adds to the name of the line with the variable at p. It has no effect if nothing
// has accessed the line, so that naming changes nothing else.
func Name(p unsafe.Pointer, name string) {
	s := current
	if s == nil {
		return
	}
	l := s.memory.lineAt(p)
	switch {
	case l == nil, slices.Contains(strings.Split(l.name, ", "), name):
	case l.name == "":
		l.name = name
	default:
		l.name += ", " + name
	}
}

// NameOf returns the name of the line with the variable at p, "" if it has none.
func NameOf(p unsafe.Pointer) string {
	if s := current; s != nil {
		if l := s.memory.lineAt(p); l != nil {
			return l.name
		}
	}
	return ""
}

// Hottest returns the lines that have cost most time since ClearUse, at most n names, the
// dearest first. A thread of the simulation calls it, and it takes no time.
func Hottest(n int) []LineUse {
	s := current
	if s == nil {
		return nil
	}
	byName := make(map[string]*LineUse)
	var all []*LineUse
	for _, l := range s.memory.lines {
		if l.accesses == 0 {
			continue
		}
		u := byName[l.name]
		if u == nil {
			u = &LineUse{Name: l.name}
			byName[l.name] = u
			all = append(all, u)
		}
		u.Lines++
		u.Accesses += l.accesses
		u.Misses += l.misses
		u.Waited += l.waited
		u.Moved += l.moved
		u.Searching += l.searching
		u.ByFirst += l.byFirst
		u.FromFirst += l.fromFirst
		u.FromOthers += l.fromOthers
	}
	slices.SortFunc(all, func(a, b *LineUse) int {
		return cmp.Or(cmp.Compare(b.Waited+b.Moved, a.Waited+a.Moved), cmp.Compare(a.Name, b.Name))
	})
	var hot []LineUse
	for _, u := range all[:min(n, len(all))] {
		hot = append(hot, *u)
	}
	return hot
}

// ClearUse forgets what the accesses so far have cost.
func ClearUse() {
	s := current
	if s == nil {
		return
	}
	for _, l := range s.memory.lines {
		l.accesses, l.misses, l.waited, l.moved, l.searching = 0, 0, 0, 0, 0
		l.byFirst, l.fromFirst, l.fromOthers = 0, 0, 0
	}
}

// lineAt returns the line that the variable at p is on, or nil if nothing on it has been
// accessed, or if it is in no object of the heap.
func (m *memory) lineAt(p unsafe.Pointer) *line {
	base, _, _ := findObject(uintptr(p), 0, 0)
	if base == 0 {
		return nil
	}
	if isBlock(base) {
		base = uintptr(p)
	}
	offset := uintptr(p) - base
	first, known := m.objects[unsafe.Add(p, -int(offset))]
	if !known {
		return nil
	}
	return m.lines[first+offset/lineSize]
}
