package profile

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
)

// A Node is a function in a tree of calls, for an icicle or a flame graph.
type Node struct {
	Name     string  `json:"name"` // short, or one of those in round brackets below
	Function string  `json:"function,omitempty"`
	Class    Class   `json:"class"`
	Value    float64 `json:"value_ns"`           // with its children's
	Children []*Node `json:"children,omitempty"` // the largest first, Smaller last
}

// The nodes that are not functions.
const (
	All     = "(all)"     // the root
	Smaller = "(smaller)" // children that are too small to be shown, together
	Deeper  = "(deeper)"  // calls further in
)

// A Reduction bounds how much of a tree is shown. What is not shown is still
// counted.
type Reduction struct {
	Share float64 // of the whole, 0 to 1: nodes below it are put together as Smaller
	Depth int     // levels below the root, at most; 0 for all
}

// Reduced is enough for a page.
var Reduced = Reduction{Share: 0.005, Depth: 32}

// Only returns the part of a contention profile with one of the waits: without
// Idle it is contention. The profile stays as it is.
func (p *Profile) Only(waits ...Wait) *Profile {
	q := *p
	q.stacks, q.Events, q.Time = nil, 0, 0
	for _, s := range p.stacks {
		if slices.Contains(waits, s.wait) {
			q.stacks = append(q.stacks, s)
			q.Events += s.events
			q.Time += time.Duration(s.time)
		}
	}
	return &q
}

// A Part is the time of one class.
type Part struct {
	Class Class         `json:"class"`
	Self  time.Duration `json:"self_ns"` // in its own functions

	// Caused is the value of its own functions and of the Go functions, and those
	// without symbols, that it called: a system call counts for its caller.
	Caused time.Duration `json:"caused_ns"`
}

// Parts divides the profile's time among the classes, in their order. Self and
// Caused each add up to it.
func (p *Profile) Parts() []Part {
	parts := make([]Part, len(Classes()))
	of := make(map[Class]*Part)
	for i, c := range Classes() {
		parts[i].Class = c
		of[c] = &parts[i]
	}
	for _, s := range p.stacks {
		leaf := s.frames[0]
		cause := leaf
		if i := slices.IndexFunc(s.frames, func(f *Frame) bool { return f.Class != Runtime && f.Class != Other }); i >= 0 {
			cause = s.frames[i]
		}
		of[leaf.Class].Self += time.Duration(s.time)
		of[cause.Class].Caused += time.Duration(s.time)
	}
	return parts
}

// Tree returns the profile as a tree of calls. In a profile of a cell the outer calls
// between the load generator and the workload are left out.
func (p *Profile) Tree(r Reduction) *Node {
	t := newTree()
	t.add(p, 0, func(f *Frame) Frame { return *f })
	t.reduce(r)
	return t.node()
}

// Per is what a [Difference] is counted per.
type Per string

const (
	Second Per = "second"    // of wall-clock time
	Op     Per = "operation" // of the workload
	Whole  Per = "whole"     // a share of all time of the profile
)

// A Diff is a function in the difference of two trees of calls.
type Diff struct {
	Name     string  `json:"name"` // as in Node
	Function string  `json:"function,omitempty"`
	Class    Class   `json:"class"`
	Old      float64 `json:"old_ns"` // per second or operation, or a share, with its children's
	New      float64 `json:"new_ns"`
	Children []*Diff `json:"children,omitempty"` // the largest of either first, Smaller last
}

// Difference compares two profiles of the same kind, per second of wall-clock
// time or per operation, which both must have, or as shares.
//
// If they are of cells with different implementations, or parkers, the functions
// of the contract are taken for the same, whosoever they are: Park of bitmap and
// Park of mutexonly are one, named Idle.Park. What these call stays apart.
func Difference(old, new *Profile, per Per, r Reduction) (*Diff, error) {
	if old.Kind != new.Kind {
		return nil, fmt.Errorf("profiles %s and %s: a %s and a %s profile cannot be compared: give two of the same kind", old.File, new.File, old.Kind, new.Kind)
	}
	t := newTree()
	unit := [2]float64{}
	for i, p := range []*Profile{old, new} {
		switch {
		case per == Second && p.Duration > 0:
			unit[i] = p.Duration.Seconds()
		case per == Op && p.Ops > 0:
			unit[i] = float64(p.Ops)
		case per == Whole && p.Time > 0:
			unit[i] = float64(p.Time)
		case per == Second:
			return nil, fmt.Errorf("profile %s: its duration is not recorded: compare with another, or per operation", p.File)
		case per == Op:
			return nil, fmt.Errorf("profile %s: the number of operations is not recorded: compare with another, or per second", p.File)
		case per == Whole:
			return nil, fmt.Errorf("profile %s: it has no time: compare another", p.File)
		default:
			return nil, fmt.Errorf("profiles are compared per %s, %s or %s, not per %q", Second, Op, Whole, per)
		}
	}
	name := func(f *Frame) Frame { return *f }
	if old.Cell != nil && new.Cell != nil && (old.Cell.Impl != new.Cell.Impl || old.Cell.Park != new.Cell.Park) {
		name = aligned
	}
	t.add(old, 0, name)
	t.add(new, 1, name)
	t.scale(unit)
	t.reduce(r)
	return t.diff(), nil
}

// aligned gives functions of the contract a name that implementations share.
func aligned(f *Frame) Frame {
	_, method := receiver(f.Function)
	switch {
	case f.Class == Implementation && contract[method]:
		return Frame{Function: "Idle." + method, Name: "Idle." + method, Class: f.Class}
	case f.Class == Parker && (method == "Park" || method == "Unpark"):
		return Frame{Function: "Parker." + method, Name: "Parker." + method, Class: f.Class}
	}
	return *f
}

// contract has the methods of impls.Idle.
var contract = set(`NotifyLocal NotifyRemote NotifyMult Search Found Park Shutdown`)

// A tree has the calls of one profile or two.
type tree struct {
	frame    Frame
	value    [2]float64 // with the children's
	children map[string]*tree
	sorted   []*tree // the children, when reduced
}

func newTree() *tree {
	return &tree{frame: Frame{Name: All, Class: Other}}
}

// measured is the call from which on a stack of the load generator is of interest.
const measured = module + "loadgen.(*driver).measured"

// add puts the stacks of a profile into the tree, as those of the given side.
func (t *tree) add(p *Profile, side int, name func(*Frame) Frame) {
	named := make(map[*Frame]Frame)
	for _, s := range p.stacks {
		frames := s.frames
		if i := slices.IndexFunc(frames, func(f *Frame) bool { return strings.HasPrefix(f.Function, measured) }); i > 0 && p.Cell != nil {
			frames = frames[:i]
		}
		at := t
		at.value[side] += float64(s.time)
		for _, f := range slices.Backward(frames) {
			n, ok := named[f]
			if !ok {
				n = name(f)
				named[f] = n
			}
			at = at.child(n)
			at.value[side] += float64(s.time)
		}
	}
}

func (t *tree) child(f Frame) *tree {
	c := t.children[f.Function]
	if c == nil {
		if t.children == nil {
			t.children = make(map[string]*tree)
		}
		c = &tree{frame: f}
		t.children[f.Function] = c
	}
	return c
}

// scale divides the values of each side. Stacks are at most maxDepth deep, so
// this and what follows may recur.
func (t *tree) scale(unit [2]float64) {
	for side := range t.value {
		t.value[side] /= unit[side]
	}
	for _, c := range t.children {
		c.scale(unit)
	}
}

// size is by what a tree is large or small.
func (t *tree) size() float64 { return max(t.value[0], t.value[1]) }

// reduce sorts all children and puts together what is too small or too deep.
func (t *tree) reduce(r Reduction) {
	depth := r.Depth
	if depth <= 0 {
		depth = math.MaxInt
	}
	t.cut(r.Share*t.size(), depth)
}

func (t *tree) cut(least float64, depth int) {
	var smaller *tree
	put := func(name string, c *tree) {
		if smaller == nil {
			smaller = &tree{frame: Frame{Name: name, Class: Other}}
		}
		smaller.value[0] += c.value[0]
		smaller.value[1] += c.value[1]
	}
	// In a fixed order, since sums of rounded numbers depend on it.
	var children []*tree
	for _, c := range t.children {
		children = append(children, c)
	}
	slices.SortFunc(children, func(a, b *tree) int {
		return cmp.Or(cmp.Compare(b.size(), a.size()), cmp.Compare(a.frame.Function, b.frame.Function))
	})
	for _, c := range children {
		switch {
		case depth == 0:
			put(Deeper, c)
		case c.size() < least:
			put(Smaller, c)
		default:
			t.sorted = append(t.sorted, c)
			c.cut(least, depth-1)
		}
	}
	if smaller != nil {
		t.sorted = append(t.sorted, smaller)
	}
}

func (t *tree) node() *Node {
	n := &Node{Name: t.frame.Name, Function: t.frame.Function, Class: t.frame.Class, Value: t.value[0]}
	for _, c := range t.sorted {
		n.Children = append(n.Children, c.node())
	}
	return n
}

func (t *tree) diff() *Diff {
	d := &Diff{Name: t.frame.Name, Function: t.frame.Function, Class: t.frame.Class, Old: t.value[0], New: t.value[1]}
	for _, c := range t.sorted {
		d.Children = append(d.Children, c.diff())
	}
	return d
}
