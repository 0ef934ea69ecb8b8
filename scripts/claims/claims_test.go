package main

import (
	"flag"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/engine"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/claims/published"
	"github.com/idlebench/idlebench/scripts/pairs"
)

var update = flag.Bool("update", false, "write the golden page")

// Each claim has a source and can be measured on any number of CPUs: its cells and
// benchmarks exist, and the two sides differ.
func TestClaims(t *testing.T) {
	all := published.Claims()
	if len(all) < 10 {
		t.Errorf("%d claims", len(all))
	}
	ids := map[string]bool{}
	c := allManagers()
	if err := c.Validate(); err != nil {
		t.Error(err)
	}
	for _, claim := range all {
		if ids[claim.ID] {
			t.Errorf("two claims are called %s", claim.ID)
		}
		ids[claim.ID] = true
		if claim.Says == "" || claim.By == "" || claim.Said == "" || !strings.HasPrefix(claim.Link, "https://") {
			t.Errorf("%s has no source, or no words", claim.ID)
		}
		if (claim.Test == nil) != (claim.Limit == 0) || claim.Test == nil && claim.Untested == "" || claim.Test != nil && claim.Ratio == "" {
			t.Errorf("%s: it needs a test with a limit, or a reason why there is none", claim.ID)
		}
		switch test := claim.Test.(type) {
		case published.Cells:
			for _, cpus := range []int{1, 2, 3, 8, 256} {
				for _, p := range test.Pairs {
					new, old := mustCell(t, p.New, cpus), mustCell(t, p.Old, cpus)
					if cpus >= claim.MinCPUs && new.Name() == old.Name() {
						t.Errorf("%s compares %s with itself", claim.ID, new.Name())
					}
					for _, cell := range []record.Cell{new, old} {
						if _, err := matrix.Spec(c, cell, cpu.Set(nil)); err != nil {
							t.Errorf("%s: %v", claim.ID, err)
						}
					}
				}
			}
			if !slices.ContainsFunc(record.Units(), func(u record.Unit) bool { return u.Name == test.Unit && u.Better == record.Lower }) {
				t.Errorf("%s: %s is no unit in which lower is better", claim.ID, test.Unit)
			}
		case published.Operations:
			for _, o := range []published.Operation{test.New, test.Old} {
				name, _, _ := strings.Cut(o.Benchmark, "/")
				text, err := os.ReadFile(filepath.Join("..", "..", "impls", o.Package, "bench_test.go"))
				if err != nil || !strings.Contains(string(text), "func Benchmark"+name+"(b *testing.B)") {
					t.Errorf("%s: package %s has no Benchmark%s: %v", claim.ID, o.Package, name, err)
				}
			}
		}
	}
}

func mustCell(t *testing.T, c published.Cell, cpus int) record.Cell {
	t.Helper()
	cell, err := toRecord(c, cpus)
	if err != nil {
		t.Fatal(err)
	}
	return cell
}

// What is compared is in one group, once, and a plan of all claims is one that the engine
// accepts.
func TestLayout(t *testing.T) {
	for _, cpus := range []int{2, 8} {
		l, err := layOut(published.Claims(), cpus)
		if err != nil {
			t.Fatal(err)
		}
		plan := record.Plan{Cells: l.cells, Rounds: 5, Time: 96 * time.Millisecond, Order: pairs.Order(l.groups, 5, 1)}
		engine.Slice(allManagers(), &plan, l.groups)
		if err := plan.Validate(); err != nil {
			t.Error(err)
		}
		group := map[string]int{}
		for g, cells := range l.groups {
			for _, i := range cells {
				group[l.cells[i].Name()] = g
			}
		}
		if len(group) != len(l.cells) {
			t.Errorf("%d cells, %d in groups", len(l.cells), len(group))
		}
		for _, c := range published.Claims() {
			test, ok := c.Test.(published.Cells)
			if !ok || cpus < c.MinCPUs {
				continue
			}
			for _, p := range test.Pairs {
				if group[mustCell(t, p.New, cpus).Name()] != group[mustCell(t, p.Old, cpus).Name()] {
					t.Errorf("%s: its sides are in two groups", c.ID)
				}
			}
		}
	}
}

// In each group each cell comes first equally often, and rounds are independent: as often
// as not the next round has another order.
func TestOrder(t *testing.T) {
	l := layout{groups: [][]int{{0, 1}, {2, 3}}}
	const rounds = 2000
	first, changed := 0, 0
	before := false
	for _, order := range pairs.Order(l.groups, rounds, 1) {
		is := slices.Index(order, 0) < slices.Index(order, 1)
		if is {
			first++
		}
		if is != before {
			changed++
		}
		before = is
	}
	for what, n := range map[string]int{"first": first, "changed": changed} {
		if math.Abs(float64(n)-rounds/2) > 4*math.Sqrt(rounds/4) { // four standard deviations
			t.Errorf("%s in %d of %d rounds", what, n, rounds)
		}
	}
}

// planted are claims of which the right verdict is known.
func planted() ([]published.Claim, results) {
	const rounds = 20
	r := results{cpus: 2, rounds: rounds}
	r.run.Plan.Rounds = rounds
	r.run.Start = time.Date(2026, 11, 29, 2, 0, 0, 0, time.UTC)
	for _, p := range [][2]string{{"cpu", "Test CPU"}, {"cpus", "2"}, {"virtualised", "no"}, {"goos", "linux"}, {"kernel", "6.18"}, {"go", "go1.26.8"}, {"commit", "0123456789abcdef+dirty"}} {
		r.config = append(r.config, record.Pair{Key: p[0], Value: p[1]})
	}
	r.operations.Rounds = map[string][]opsRound{}
	rng := rand.New(rand.NewPCG(1, 2))
	noise := func() float64 { return math.Exp(0.05 * rng.NormFloat64()) }

	cell := func(impl string) published.Cell {
		return published.Cell{Workload: "yield_many", Impl: impl, Park: "futex", Workers: func(int) int { return 2 }}
	}
	launch := func(impl string, round int, value float64, invalid ...string) {
		c, err := toRecord(cell(impl), r.cpus)
		if err != nil {
			panic(err)
		}
		l := record.Launch{Cell: c, Round: round, Invalid: invalid}
		l.Metrics = append(l.Metrics, record.Metric{Unit: "ns/op", Value: value})
		r.run.Recorded = append(r.run.Recorded, l)
	}
	for round := range rounds {
		moment := math.Exp(rng.NormFloat64()) // of the machine
		r.operations.Rounds["operations"] = append(r.operations.Rounds["operations"], opsRound{New: 3 * moment * noise(), Old: moment * noise()})
		launch("base", round, 1000*moment*noise())
		launch("half", round, 500*moment*noise())
		launch("four", round, 4000*moment*noise())
		launch("tenth-less", round, 900*moment*noise())
		if round%4 == 0 {
			launch("seldom", round, 1000*moment*noise())
		} else {
			launch("seldom", round, moment, "steal")
		}
	}
	pairs := func(impls ...string) published.Cells {
		c := published.Cells{Unit: "ns/op"}
		for _, impl := range impls {
			c.Pairs = append(c.Pairs, published.Pair{New: cell(impl), Old: cell("base")})
		}
		return c
	}
	claim := func(id string, side published.Side, limit float64, test published.Test) published.Claim {
		return published.Claim{ID: id, Says: "Claim " + id + ".", By: "project " + id, Link: "https://example.com/" + id, Said: "a figure",
			Ratio: "of new to old", Side: side, Limit: limit, Test: test}
	}
	many := claim("many-cpus", published.Below, 1, pairs("half"))
	many.MinCPUs, many.Untested = 8, "two CPUs are few"
	many.Simulation = &published.Simulation{CPUs: []int{8, 64}}
	for _, v := range []published.Simulated{{CPUs: 8, Seed: 1, Ratio: 0.5}, {CPUs: 8, Seed: 2, Ratio: 0.6}, {CPUs: 64, Seed: 1, Ratio: 0.1}} {
		v.Claim = many.ID
		r.simulated = append(r.simulated, v)
	}
	untested := published.Claim{ID: "untested", Says: "Claim untested.", By: "project untested", Link: "https://example.com/untested", Said: "a figure", Untested: "there is no way"}
	return []published.Claim{
		claim("operations", published.Above, 2, published.Operations{}),
		claim("faster", published.Below, 1, pairs("half")),
		claim("not-so-fast", published.Below, 0.1, pairs("half")),
		claim("not-slower", published.Above, 1, pairs("half")),
		claim("on-the-limit", published.Below, 0.9, pairs("tenth-less")),
		claim("mean", published.Above, 1.2, pairs("half", "four")), // the square root of two
		claim("seldom-valid", published.Below, 1, pairs("seldom")),
		many,
		untested,
	}, r
}

func TestJudge(t *testing.T) {
	claims, r := planted()
	findings, err := judge(claims, r)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []struct {
		verdict verdict
		ratio   float64
		why     string
	}{
		{confirmed, 3, ""},
		{confirmed, 0.5, ""},
		{refuted, 0.5, ""},
		{refuted, 0.5, ""},
		{undecided, 0.9, "the interval includes the limit"},
		{confirmed, math.Sqrt2, ""},
		{undecided, 1, "5 pairs are too few"},
		{undecided, 0, "it takes 8 CPUs, and here are 2: two CPUs are few"},
		{undecided, 0, "there is no way"},
	} {
		f := findings[i]
		ratio := 0.0
		if f.effect != nil {
			ratio = f.effect.Ratio
		}
		if f.verdict != want.verdict || !strings.HasPrefix(f.why, want.why) || (f.why == "") != (want.why == "") || math.Abs(ratio-want.ratio) > 0.1*want.ratio {
			t.Errorf("%s: %s, %v, %q", f.ID, f.verdict, ratio, f.why)
		}
	}
}

// A claim that is wrong in the same measure is refuted, and one without a difference is
// decided in no more than the promised share of cases.
func TestLevel(t *testing.T) {
	const runs, rounds = 400, 20
	rng := rand.New(rand.NewPCG(3, 4))
	wrong := 0
	for range runs {
		r := results{cpus: 2, rounds: rounds, operations: opsRecord{Rounds: map[string][]opsRound{}}}
		var claims []published.Claim
		for _, id := range []string{"a", "b", "c"} {
			claims = append(claims, published.Claim{ID: id, Limit: 10, Test: published.Operations{}})
			for range rounds {
				r.operations.Rounds[id] = append(r.operations.Rounds[id], opsRound{New: 10 * math.Exp(rng.NormFloat64()), Old: math.Exp(rng.NormFloat64())})
			}
		}
		findings, err := judge(claims, r)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(findings, func(f finding) bool { return f.verdict != undecided }) {
			wrong++
		}
	}
	// 5 % of 400 are 20, with a standard deviation of 4.4.
	if wrong > 20+4*5 || wrong == 0 {
		t.Errorf("in %d of %d runs a ratio that is the limit was on one side of it", wrong, runs)
	}
}

func TestPage(t *testing.T) {
	claims, r := planted()
	page, err := write(claims, r)
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "page.md")
	if *update {
		if err := os.WriteFile(golden, []byte(page), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if page != string(want) {
		t.Errorf("the page is not %s; go test ./scripts/claims -update writes it:\n%s", golden, page)
	}
	for _, link := range regexp.MustCompile(`\(#([^)]*)\)`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(page, `<a id="`+link[1]+`">`) {
			t.Errorf("the page has no %s", link[1])
		}
	}
}

// A record of operations is kept for the same binaries and begun anew for others; one that
// is damaged is not overwritten.
func TestOperationsRecord(t *testing.T) {
	file := filepath.Join(t.TempDir(), "operations.json")
	r, err := readOps(file, "one")
	if err != nil || len(r.Rounds) != 0 {
		t.Fatal(r, err)
	}
	r.Rounds["a"] = []opsRound{{New: 1, Old: 2}}
	if err := r.write(file); err != nil {
		t.Fatal(err)
	}
	if r, err = readOps(file, "one"); err != nil || len(r.Rounds["a"]) != 1 {
		t.Error(r, err)
	}
	if r, err = readOps(file, "two"); err != nil || len(r.Rounds) != 0 {
		t.Error(r, err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, err := readOps(file, "one"); err == nil {
		t.Error("a damaged record was read")
	}
}

func TestNsPerOp(t *testing.T) {
	const line = "BenchmarkX/cores=8-2 \t 100\t 3.5 ns/op\t 0 B/op\t 0 allocs/op\n"
	if ns, err := nsPerOp([]byte("goos: linux\n" + line + "PASS\n")); err != nil || math.Abs(ns-3.5) > 1e-9 {
		t.Error(ns, err)
	}
	for _, out := range []string{"PASS\n", line + line} {
		if _, err := nsPerOp([]byte(out)); err == nil {
			t.Errorf("%q has not one result", out)
		}
	}
	if got := pattern("A/b=1"); got != "^BenchmarkA$/^b=1$" {
		t.Error(got)
	}
}

func TestSpreads(t *testing.T) {
	all := []published.Simulated{{Claim: "a", CPUs: 8, Seed: 1, Ratio: 0.5}, {Claim: "a", CPUs: 8, Seed: 2, Ratio: 2}}
	c := published.Claim{ID: "a", Limit: 1, Simulation: &published.Simulation{CPUs: []int{8, 64}}}
	got := spreads(c, all)
	if len(got) != 1 || got[0].holds || got[0].contradict || got[0].lo != 0.5 || got[0].hi != 2 {
		t.Errorf("%+v", got)
	}
}
