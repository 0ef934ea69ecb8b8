package profile

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// outline writes a tree in one line.
func outline(n *Node) string {
	s := fmt.Sprintf("%s:%v", n.Name, n.Value)
	if n.Children != nil {
		var of []string
		for _, c := range n.Children {
			of = append(of, outline(c))
		}
		s += "{" + strings.Join(of, " ") + "}"
	}
	return s
}

func TestReduction(t *testing.T) {
	p := madeCPU().
		add("a b", 1, 70).
		add("c b", 1, 9).
		add("d b", 1, 8).
		add("b", 1, 3).
		add("e f g h", 1, 10).
		parse(t, "cpu")
	for _, test := range []struct {
		r    Reduction
		want string
	}{
		{Reduction{}, "(all):100{b:90{a:70 c:9 d:8} h:10{g:10{f:10{e:10}}}}"},
		{Reduction{Share: 0.09}, "(all):100{b:90{a:70 c:9 (smaller):8} h:10{g:10{f:10{e:10}}}}"},
		{Reduction{Share: 0.10}, "(all):100{b:90{a:70 (smaller):17} h:10{g:10{f:10{e:10}}}}"},
		{Reduction{Share: 0.11}, "(all):100{b:90{a:70 (smaller):17} (smaller):10}"},
		{Reduction{Depth: 1}, "(all):100{b:90{(deeper):87} h:10{(deeper):10}}"},
		{Reduction{Depth: 3}, "(all):100{b:90{a:70 c:9 d:8} h:10{g:10{f:10{(deeper):10}}}}"},
		{Reduction{Share: 2}, "(all):100{(smaller):100}"},
	} {
		if got := outline(p.Tree(test.r)); got != test.want {
			t.Errorf("%+v:\n%s; want\n%s", test.r, got, test.want)
		}
	}
}

// The order of a file's samples does not matter.
func TestOrder(t *testing.T) {
	one, err := madeBlock("bitmap").parse(t, "x").Contention()
	if err != nil {
		t.Fatal(err)
	}
	tree := madeBlock("bitmap").parse(t, "x").Tree(Reduction{})
	rng := rand.New(rand.NewPCG(1, 2))
	for range 10 {
		m := madeBlock("bitmap")
		rng.Shuffle(len(m.Sample), func(i, j int) { m.Sample[i], m.Sample[j] = m.Sample[j], m.Sample[i] })
		p := m.parse(t, "x")
		other, err := p.Contention()
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(one, other); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff(tree, p.Tree(Reduction{})); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOnly(t *testing.T) {
	p := madeBlock("bitmap").parse(t, "x")
	locks := p.Only(Lock)
	if locks.Time != 20_000_000 || locks.Events != 100 {
		t.Errorf("locks: %v, %d", locks.Time, locks.Events)
	}
	if tree := locks.Tree(Reduction{}); tree.Value != 20_000_000 {
		t.Errorf("tree of %v", tree.Value)
	}
	if p.Time != 3_022_000_000 {
		t.Errorf("the whole is %v now", p.Time)
	}
	if p := madeProcessor().parse(t, "x").Only(Waits()...); p.Events != 0 {
		t.Errorf("a CPU profile has %d waits", p.Events)
	}
}

func TestDifference(t *testing.T) {
	block := func(change func(*made)) *Profile {
		m := madeBlock("bitmap")
		change(m)
		return m.parse(t, "some.block.pb.gz")
	}
	same := block(func(*made) {})
	for _, per := range []Per{Second, Op} {
		d, err := Difference(same, same, per, Reduced)
		if err != nil {
			t.Fatal(err)
		}
		want := map[Per]float64{Second: 3_022_000_000 / 2, Op: 3_022_000}[per]
		if d.Old != want || d.New != want {
			t.Errorf("per %s: %v and %v; want %v", per, d.Old, d.New, want)
		}
		var walk func(*Diff)
		walk = func(d *Diff) {
			if d.Old != d.New {
				t.Errorf("per %s: %s: %v and %v", per, d.Name, d.Old, d.New)
			}
			if d.Function == "Idle.Park" {
				t.Errorf("one implementation has %s", d.Function)
			}
			for _, c := range d.Children {
				walk(c)
			}
		}
		walk(d)
	}
	for _, test := range []struct {
		other *Profile
		per   Per
		err   string
	}{
		{madeMutex().parse(t, "m.mutex.pb.gz"), Op, "profiles some.block.pb.gz and m.mutex.pb.gz: a block and a mutex profile"},
		{block(func(m *made) { m.DurationNanos = 0 }), Second, "its duration is not recorded"},
		{block(func(m *made) { m.DurationNanos = -1 }), Second, "its duration is not recorded"},
		{block(func(m *made) { m.Comments = nil }), Op, "the number of operations is not recorded"},
		{same, "fortnight", `not per "fortnight"`},
	} {
		if _, err := Difference(same, test.other, test.per, Reduced); err == nil || !strings.Contains(err.Error(), test.err) {
			t.Errorf("error %v; want %q", err, test.err)
		}
	}
}

func TestNotes(t *testing.T) {
	mark := func(park, kind string) []string {
		return []string{"cell=Wake/impl=bitmap/park=" + park + "/workers=2", "kind=" + kind}
	}
	for _, test := range []struct {
		made *made
		want string
	}{
		{madeCPU(), "no samples"},
		{madeCPU().add("main.f", 100, 1e9), "100 samples: a share is known to within 10 percentage points"},
		{madeWaits().add(lock, 1, 1).mark(mark("cond", "block")...), ""},
		{madeWaits().add(lock, 1, 1).mark(mark("futex", "block")...), "The parker futex sleeps in a system call"},
		{madeWaits().add(lock, 1, 1).mark(mark("spin-futex-20us", "block")...), "The parker spin-futex-20us sleeps"},
		{madeWaits().add(lock, 1, 1).mark(mark("spin", "block")...), "never blocks"},
		{madeCPU().add("main.f", 4, 4).mark(mark("futex", "cpu")...), "4 samples"},
		{madeWaits().add("runtime._LostContendedRuntimeLock", 1, 1), "could not be attributed"},
		{func() *made { m := madeWaits().add(lock, 1, 1); m.DurationNanos = 0; return m }(), "duration is not recorded"},
	} {
		got := strings.Join(test.made.parse(t, "x").Notes(), " ")
		if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
			t.Errorf("%q; want %q", got, test.want)
		}
	}
	for _, k := range []Kind{CPU, Mutex, Block} {
		if Explain(k) == "" {
			t.Errorf("%s is not explained", k)
		}
	}
}
