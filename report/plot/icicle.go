package plot

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// An Origin is whose code a frame is.
type Origin int

// The origins.
const (
	OtherCode Origin = iota
	ImplementationCode
	ParkerCode
	HostCode
	WorkloadCode
	RuntimeCode
	origins
)

func (o Origin) String() string {
	if o < 0 || o >= origins {
		o = OtherCode
	}
	return [...]string{"other", "implementation", "parker", "host", "workload", "Go runtime"}[o]
}

// A Frame is a function on a stack.
type Frame struct {
	Func   string // such as github.com/idlebench/idlebench/impls/park.(*Parker).Park
	Origin Origin
}

// A Stack is a sample of a profile.
type Stack struct {
	Frames []Frame // the outermost caller first
	Value  float64 // such as the time waited
}

const (
	mostFrames = 200 // are drawn
	mostDepth  = 40
	frameRow   = 18.0 // pixels

	// leastLetters of a name that was cut are written, and the ellipsis: fewer say
	// nothing.
	leastLetters = 5
)

// Icicle returns the stacks as an icicle graph, a flame graph with its callers at the
// top: the width of a frame is the value of the stacks that include it, and below it is
// what it called, the largest first. The 200 largest frames are drawn, to a depth of
// 40. A frame has the whole name of its function where there is room for it, otherwise
// the name without the path of its package, or a part of that.
//
// The group of a frame has an attribute data-frame for a script that zooms and
// searches: how many characters of the title are the name.
func Icicle(c Caption, q Quantity, stacks ...Stack) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"function", "origin", "self " + q.column(), "total " + q.column()}
	t := newTree()
	flat := newFlat()
	for _, s := range stacks {
		if !onLog(s.Value) {
			f.drop(1)
			continue
		}
		t.add(s, 0)
		flat.add(s, 0)
	}
	used := map[Origin]bool{}
	for _, e := range flat.top() {
		f.Table.add(e.Func, e.Origin, e.self[0], e.total[0])
	}
	for _, s := range stacks {
		for _, fr := range s.Frames {
			used[fr.Origin] = true
		}
	}
	for o := range origins {
		if used[o] {
			f.show(o.String(), swatch{o.tint()})
		}
	}
	total := t.total()
	f.Desc = fmt.Sprintf("Icicle graph of the %s, %s in all. Largest by themselves: %s.", Label(q.Name), q.Format(total), flat.says(q))
	f.icicle(t, func(n *node) (Ink, string, string) {
		share := percent(math.Round(n.width()/total*1000) / 1000)
		return n.frame.Origin.tint(), "", fmt.Sprintf("%s, %s, %s", q.Format(n.width()), share, n.frame.Origin)
	})
	return f
}

// tint is the ground of an origin's frames.
func (o Origin) tint() Ink {
	if o < 0 || o >= origins {
		o = OtherCode
	}
	return tints[o]
}

// changeNames are the legend of a differential icicle graph.
var changeNames = [7]string{"half or less", "less by a quarter", "less by 5 %", "the same", "more by 5 %", "more by a third", "twice or more"}

// changeInk returns the ground for a change from a to b.
func changeInk(a, b float64) int {
	switch r := b / a; {
	case a == 0 && b == 0:
		return 3
	case r <= 1.0/2:
		return 0
	case r <= 3.0/4:
		return 1
	case r <= 1/1.05:
		return 2
	case r < 1.05:
		return 3
	case r < 4.0/3:
		return 4
	case r < 2:
		return 5
	}
	return 6
}

// DiffIcicle returns the difference of two profiles as an icicle graph: the width
// of a frame is the mean of its values in both, and the colour says how much more
// or less the second has. The values have to be for the same wall-clock time or
// the same work.
func DiffIcicle(c Caption, q Quantity, first, second string, a, b []Stack) *Figure {
	f := newFigure(c)
	f.Table.Header = []string{"function", "origin", "total " + q.column() + ", " + first, "total " + q.column() + ", " + second}
	t, flat := newTree(), newFlat()
	for side, stacks := range [][]Stack{a, b} {
		for _, s := range stacks {
			if !onLog(s.Value) {
				f.drop(1)
				continue
			}
			t.add(s, side)
			flat.add(s, side)
		}
	}
	for _, e := range flat.top() {
		f.Table.add(e.Func, e.Origin, e.total[0], e.total[1])
	}
	for i, name := range changeNames {
		f.show(name, swatch{changes[i]})
	}
	first, second = Label(first), Label(second)
	f.note("Colour: %s against %s. Width: the mean of both.", second, first)
	f.Desc = fmt.Sprintf("Differential icicle graph of the %s: %s in %s, %s in %s.", Label(q.Name),
		q.Format(t.root.value[0]), first, q.Format(t.root.value[1]), second)
	f.icicle(t, func(n *node) (Ink, string, string) {
		v := n.value
		how := "new"
		if v[0] > 0 {
			how = short(v[1]/v[0], 3) + "×"
		}
		return changes[changeInk(v[0], v[1])], how + " ", fmt.Sprintf("%s in %s, %s in %s (%s)", q.Format(v[0]), first, q.Format(v[1]), second, how)
	})
	return f
}

// icicle adds the panel of a tree. Look returns the ground of a frame, what its text
// begins with before the name, and what is said of it.
func (f *Figure) icicle(t *tree, look func(*node) (Ink, string, string)) {
	if t.total() == 0 {
		f.panels = []panel{emptyPanel()}
		return
	}
	frames, left := t.layout()
	if left > 0 {
		f.note("%d smaller or deeper frames are not drawn.", left)
	}
	depth := 0
	g := icicle{}
	for _, n := range frames {
		ink, begin, says := look(n)
		g = append(g, frameBox{n.left, n.left + n.width()/t.total(), n.depth, ink, begin, n.frame.Func, says})
		depth = max(depth, n.depth)
	}
	f.panels = []panel{{build: func(float64) (*plot.Plot, float64) {
		p := newPlot()
		bare(&p.X)
		bare(&p.Y)
		scaled(&p.Y, 0, float64(depth+1), plot.InvertedScale{Normalizer: plot.LinearScale{}}, plot.ConstantTicks{})
		p.Add(g)
		return p, float64(depth+1) * frameRow
	}}}
}

// An icicle is a plot.Plotter of frames: x is from 0 to 1, y the depth.
type icicle []frameBox

type frameBox struct {
	x0, x1 float64
	depth  int
	ink    Ink
	begin  string // of the text
	name   string // of the function
	says   string
}

// text is what is written into the frame: as much of the name as a width has room for.
func (b frameBox) text(width float64) string {
	short := b.begin + shortFunc(b.name)
	for _, text := range []string{b.begin + Label(b.name), short} {
		if textWidth(text, textSize, false) <= width {
			return text
		}
	}
	if text := cut(short, width, textSize, false); len([]rune(text)) > leastLetters {
		return text
	}
	return ""
}

func (g icicle) Plot(c draw.Canvas, p *plot.Plot) {
	for _, b := range g {
		x0, x1 := c.X(p.X.Norm(b.x0)), c.X(p.X.Norm(b.x1))
		y1, y0 := c.Y(p.Y.Norm(float64(b.depth))), c.Y(p.Y.Norm(float64(b.depth+1)))
		if x1-x0 < 0.3 {
			continue
		}
		name := Label(b.name)
		end := dataGroup(c.Canvas, name+": "+b.says, "data-frame", func(*Canvas) string { return strconv.Itoa(len([]rune(name))) })
		gap := vg.Length(1)
		if x1-x0 < 3 {
			gap = 0.2
		}
		fill(c, b.ink, x0, y0+1, x1-gap, y1)
		const margin = 4
		if text := b.text(float64(x1-x0) - 2*margin); text != "" {
			writer{c.Canvas}.write(text, x0+margin, y0+5, 0, Text, textSize, false)
		}
		end()
	}
}

// shortFunc is the name of a function without the path of its package.
func shortFunc(name string) string {
	head := name
	if i := strings.IndexByte(name, '['); i >= 0 { // of type arguments, with paths of their own
		head = name[:i]
	}
	return Label(name[strings.LastIndexByte(head, '/')+1:])
}

// A tree is the stacks of one or two profiles, merged from the outermost caller
// on.
type tree struct{ root *node }

type node struct {
	frame    Frame
	value    [2]float64 // of both profiles
	children map[Frame]*node
	depth    int
	left     float64 // as a share of the whole
}

func newTree() *tree { return &tree{&node{frame: Frame{Func: "all"}}} }

func (t *tree) add(s Stack, side int) {
	n := t.root
	n.put(s.Value, side)
	for i, fr := range s.Frames {
		if i >= 2*mostDepth { // too deep to be drawn, and only counted
			return
		}
		if n.children == nil {
			n.children = map[Frame]*node{}
		}
		child := n.children[fr]
		if child == nil {
			child = &node{frame: fr, depth: n.depth + 1}
			n.children[fr] = child
		}
		n = child
		n.put(s.Value, side)
	}
}

func (n *node) put(v float64, side int) {
	n.value[side] = math.Min(n.value[side]+v, math.MaxFloat64/4)
}

// width is the value that the frame's width represents.
func (n *node) width() float64 { return n.value[0] + n.value[1] }

func (t *tree) total() float64 { return t.root.width() }

// layout returns the frames that are drawn, with their places, and how many are
// not.
func (t *tree) layout() (drawn []*node, left int) {
	var all []*node
	var walk func(n *node)
	walk = func(n *node) {
		all = append(all, n)
		at := n.left
		for _, child := range n.sorted() {
			child.left = at
			at += child.width() / t.total()
			walk(child)
		}
	}
	walk(t.root)
	// A caller is as wide as what it calls and comes first, so that no frame is
	// drawn without it.
	slices.SortStableFunc(all, func(a, b *node) int {
		return cmp.Or(cmp.Compare(b.width(), a.width()), cmp.Compare(a.depth, b.depth))
	})
	for _, n := range all {
		if len(drawn) < mostFrames && n.depth <= mostDepth {
			drawn = append(drawn, n)
		}
	}
	return drawn, len(all) - len(drawn)
}

// sorted returns the children, the widest first.
func (n *node) sorted() []*node {
	var children []*node
	for _, child := range n.children {
		children = append(children, child)
	}
	slices.SortFunc(children, func(a, b *node) int {
		return cmp.Or(cmp.Compare(b.width(), a.width()), cmp.Compare(a.frame.Func, b.frame.Func), cmp.Compare(a.frame.Origin, b.frame.Origin))
	})
	return children
}

// flat sums by function.
type flat map[Frame]*flatEntry

type flatEntry struct {
	Frame
	self, total [2]float64
}

func newFlat() flat { return flat{} }

func (fl flat) add(s Stack, side int) {
	seen := map[Frame]bool{}
	for i, fr := range s.Frames {
		e := fl[fr]
		if e == nil {
			e = &flatEntry{Frame: fr}
			fl[fr] = e
		}
		if !seen[fr] { // a recursive function is counted once
			e.total[side] += s.Value
			seen[fr] = true
		}
		if i == len(s.Frames)-1 {
			e.self[side] += s.Value
		}
	}
}

// top returns the functions with the most by themselves, at most fifty.
func (fl flat) top() []*flatEntry {
	var all []*flatEntry
	for _, e := range fl {
		all = append(all, e)
	}
	slices.SortFunc(all, func(a, b *flatEntry) int {
		return cmp.Or(cmp.Compare(b.self[0]+b.self[1], a.self[0]+a.self[1]), cmp.Compare(b.total[0]+b.total[1], a.total[0]+a.total[1]),
			cmp.Compare(a.Func, b.Func), cmp.Compare(a.Origin, b.Origin))
	})
	return all[:min(len(all), 50)]
}

// says names the first three.
func (fl flat) says(q Quantity) string {
	var said []string
	for _, e := range fl.top() {
		if len(said) < 3 {
			said = append(said, fmt.Sprintf("%s %s", shortFunc(e.Func), q.Format(e.self[0])))
		}
	}
	return strings.Join(said, ", ")
}
