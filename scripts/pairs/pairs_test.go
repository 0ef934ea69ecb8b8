package pairs

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

var (
	ours   = Cell{Workload: "wake", Impl: "bitmap", Park: "futex", Workers: 1, Params: map[string]string{"gap": "1ms"}}
	theirs = ours.On("tokio", "")
)

func TestNames(t *testing.T) {
	for _, test := range []struct {
		cell Cell
		want string
	}{
		{ours, "Wake/impl=bitmap/park=futex/workers=1/gap=1ms/submitter=block"},
		{theirs, "Wake/impl=tokio/park=peer/workers=1/gap=1ms/submitter=block"},
		{Cell{Workload: "chained_spawn", Impl: "jec", Park: "futex", Workers: 2, Host: "tokio+pause.none", Allocates: true},
			"ChainedSpawn/impl=jec/park=futex/workers=2/depth=1000/submitter=block/host=tokio+pause.none/spawn=allocates"},
	} {
		if got, err := test.cell.Name(); err != nil || got != test.want {
			t.Errorf("%s, %v; want %s", got, err, test.want)
		}
	}
	for _, wrong := range []Cell{{Workload: "sleep", Impl: "bitmap", Workers: 1}, {Workload: "wake", Impl: "bitmap", Workers: 1, Params: map[string]string{"gap": "long"}}} {
		if name, err := wrong.Name(); err == nil {
			t.Errorf("%+v is %s", wrong, name)
		}
	}
}

// run is one in which theirs takes factor times as long as ours.
func run(t *testing.T, rounds int, factor float64) record.Run {
	t.Helper()
	var r record.Run
	r.Plan.Rounds = rounds
	for round := range rounds {
		for _, side := range []struct {
			cell  Cell
			value float64
		}{{ours, 100 + float64(round)}, {theirs, factor * (100 + float64(round))}} {
			c, err := side.cell.record()
			if err != nil {
				t.Fatal(err)
			}
			if round == 0 {
				r.Plan.Cells = append(r.Plan.Cells, c)
			}
			r.Recorded = append(r.Recorded, record.Launch{
				Cell: c, Round: round, N: 1, Start: time.Unix(int64(round), 0),
				Metrics: []record.Metric{{Value: side.value, Unit: "p50-ns/wake"}},
			})
		}
	}
	r.Units = record.Units()
	r.Primary = map[string]string{"wake": "p50-ns/wake"}
	return r
}

func TestJudge(t *testing.T) {
	contests := []Contest{
		{ID: "a", Old: ours, New: theirs, Unit: "p50-ns/wake"},
		{ID: "not measured", Old: ours, New: ours.On("rayon", ""), Unit: "p50-ns/wake"},
		{ID: "no such unit", Old: ours, New: theirs, Unit: "ns/op"},
	}
	judged, err := Judge(run(t, 12, 2), contests)
	if err != nil {
		t.Fatal(err)
	}
	a := judged["a"]
	if len(judged) != 1 || a.Verdict != compare.Worse || a.Effect == nil || math.Abs(a.Effect.Ratio-2) > 1e-9 || a.Pairs != 12 {
		t.Errorf("%+v", judged)
	}
	if _, err := Judge(run(t, 12, 2), append(contests, contests[0])); err == nil {
		t.Error("two contests with one name are not refused")
	}
	if judged, err := Judge(record.Run{}, contests); err != nil || len(judged) != 0 {
		t.Errorf("of nothing: %v, %v", judged, err)
	}
	if v, ok := ValuesOf(run(t, 3, 2)).Median(theirs, "p50-ns/wake"); !ok || v != 202 {
		t.Errorf("the median is %v, %v", v, ok)
	}
	if v, ok := ValuesOf(run(t, 3, 2)).Median(theirs, "ns/op"); ok {
		t.Errorf("the median of nothing is %v", v)
	}
}

// Cells of a peer that is not there are left out, and so are those that have nobody left to
// be compared with.
func TestGroups(t *testing.T) {
	third := ours.On("jec", "futex")
	m := Measurement{Groups: [][]Cell{{ours, theirs, third}, {theirs.On("rayon", ""), ours.On("multithread", "futex")}}}
	groups, notes, err := m.groups(record.Plan{})
	if err != nil {
		t.Fatal(err)
	}
	if len(groups) != 1 || len(groups[0]) != 2 || groups[0][1].Impl != "jec" {
		t.Errorf("%v", groups)
	}
	if len(notes) != 2 || !strings.Contains(notes[0], "impl=tokio") {
		t.Errorf("%q", notes)
	}
	groups, notes, err = m.groups(record.Plan{Peers: []record.Peer{{Name: "tokio"}, {Name: "rayon"}}})
	if err != nil || len(groups) != 2 || len(groups[0]) != 3 || notes != nil {
		t.Errorf("%v, %q, %v", groups, notes, err)
	}
}

// Groups that share a cell are one, also if a third joins them.
func TestTogether(t *testing.T) {
	cell := func(name string) Cell { return ours.On(name, "") }
	got := together([][]Cell{{cell("a"), cell("b")}, {cell("c"), cell("d")}, {cell("e"), cell("f")}, {cell("b"), cell("c")}})
	var names []string
	for _, g := range got {
		text := ""
		for _, c := range g {
			text += c.Impl
		}
		names = append(names, text)
	}
	if !slices.Equal(names, []string{"ef", "abcd"}) {
		t.Errorf("%q", names)
	}
}

// Each round has every cell once, and groups are not divided.
func TestOrder(t *testing.T) {
	groups := [][]int{{0, 3}, {1}, {2, 4, 5}}
	first := Order(groups, 50, 1)
	for _, order := range first {
		if got := slices.Sorted(slices.Values(order)); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
			t.Fatalf("%v", order)
		}
		for _, g := range groups {
			at := slices.IndexFunc(order, func(i int) bool { return slices.Contains(g, i) })
			if got := slices.Sorted(slices.Values(order[at : at+len(g)])); !slices.Equal(got, g) {
				t.Errorf("%v divides %v", order, g)
			}
		}
	}
	if slices.EqualFunc(first, Order(groups, 50, 2), slices.Equal[[]int]) {
		t.Error("two seeds give the same order")
	}
}

func TestDecode(t *testing.T) {
	type one struct{ Seed int }
	if all, err := decode[one]([]byte("{\"seed\":1}\n{\"seed\":2}\n")); err != nil || !slices.Equal(all, []one{{1}, {2}}) {
		t.Errorf("%v, %v", all, err)
	}
	if _, err := decode[one]([]byte("what")); err == nil {
		t.Error("what is no JSON is no error")
	}
}
