//go:build simulate

package simulated

import (
	"testing"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/simulate"
)

type node struct {
	state prim.Uint32
	plain int
	_     [56]byte
	other prim.Uint64
	next  *node
	list  []leaf
	any   any
}

type leaf struct {
	_     [60]byte
	count prim.Int32
}

// What is reachable has the names of its fields, whichever way it is reached, and
// cycles end.
func TestNameLines(t *testing.T) {
	n := &node{list: make([]leaf, 3)}
	n.next = n
	boxed := new(leaf)
	n.any = boxed
	_, err := simulate.Run(machine(2), 1, func() {
		n.state.Store(1)
		n.plain = 1
		n.other.Store(1)
		for i := range n.list {
			n.list[i].count.Store(1)
		}
		boxed.count.Store(1)
		nameLines(n)
		got := map[string]int{}
		for _, l := range simulate.Hottest(10) {
			got[l.Name] = l.Lines
		}
		// The four leaves have names in common, those of a slice are one after the other.
		want := map[string]int{"simulated.node.state": 1, "simulated.node.other": 1, "simulated.leaf.count": 4}
		if len(got) != len(want) {
			t.Errorf("%v", got)
		}
		for name, lines := range want {
			if got[name] != lines {
				t.Errorf("%s: %d lines, want %d, in %v", name, got[name], lines, got)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// The workers' CPUs are in one state at any time, and the dearest lines have names.
func TestWhereTimeWent(t *testing.T) {
	r := oneRun(t, "skynet", map[string]string{"depth": "3"})
	var sum simulate.Time
	for _, d := range r.Spent {
		sum += d
	}
	if want := 4 * (r.End - r.Start); sum < want*99/100 || sum > want*101/100 {
		t.Errorf("states of %v add up to %v, want %v", r.Spent, sum, want)
	}
	if len(r.Lines) < 5 || r.Lines[0].Name == "" || r.Lines[0].Waited+r.Lines[0].Moved == 0 {
		t.Errorf("lines %+v", r.Lines)
	}
	if len(r.Window) < 100 || len(r.Window) > 105 || r.Window[0].From < r.Start-simulate.Microsecond {
		t.Errorf("a window of %d from %v, the start is at %v", len(r.Window), r.Window[0].From, r.Start)
	}
}
