package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/scripts/gobench"
)

// made is the record of a number of rounds of designs whose notification is flat and cheap,
// grows with the cores, allocates (which is cheap otherwise), is dear and not claimed to be cheap, and is like the first.
func made(rounds int) []byte {
	var text []byte
	rng := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for round := range rounds {
		for _, pkg := range []string{"flat", "grows", "allocates", "mutexonly", "borderline"} {
			slow := 1 + 0.5*rng.Float64() // the machine's moment
			line := func(name string, ns float64, allocs int) string {
				return fmt.Sprintf("Benchmark%s-2 \t 1000 \t %.4f ns/op \t 0 B/op \t %d allocs/op\n", name, ns*slow*(1+0.01*rng.Float64()), allocs)
			}
			out := line("AtomicLoad/called", 2, 0)
			for i, cores := range []int{1, 64, 1024} {
				ns, allocs := 3.0, 0
				switch pkg {
				case "grows":
					ns = 10 * float64(1+i)
				case "allocates":
					allocs = 2
				case "mutexonly":
					ns = 20
				}
				out += line(fmt.Sprintf("NotifySearcherExists/cores=%d/threads=1", cores), ns, allocs)
				out += line(fmt.Sprintf("NotifySearcherExists/cores=%d/threads=all", cores), ns/2, allocs)
			}
			if pkg == "flat" {
				out += line("AcquireRelease/fanout=2/cores=64/threads=1", 7, 0)
			}
			at = at.Add(time.Second)
			text = append(text, block(turn{round, pkg, at}, []byte("goos: linux\npkg: x/"+pkg+"\n"+out+"PASS\n"))...)
		}
	}
	return text
}

// judged judges made records as a run of some rounds would.
func judged(t *testing.T, rounds int) (judgement, string) {
	t.Helper()
	r, _, err := read(made(rounds))
	if err != nil {
		t.Fatal(err)
	}
	j, err := newJudgement([]int{rounds})
	if err != nil {
		t.Fatal(err)
	}
	if err := j.look(r); err != nil {
		t.Fatal(err)
	}
	page, err := j.write()
	if err != nil {
		t.Fatal(err)
	}
	return j, page
}

func TestPage(t *testing.T) {
	_, page := judged(t, 14)
	for _, want := range []string{
		"| flat | ", " | yes | 0 | flat | met |\n",
		" | no | 0 | grows ×3.0 | **missed** |\n",
		"| allocates | ", " | yes | 2 | flat | **missed** |\n", " (1.5×) | 2 | flat |\n",
		"| mutexonly | ", " | no | 0 | flat | not claimed: it takes the lock |\n",
		"medians of 14 rounds, measured 2026-11-28 12:00 to 2026-11-28 12:01 UTC on ",
		"## AcquireRelease\n", "| flat fanout=2 | – | ", // with one number of cores, and a name of its own
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q:\n%s", want, page)
		}
	}
	if strings.Count(page, "| flat fanout=2 |") != 1 {
		t.Error("an operation that a design lacks has a row")
	}
}

// Verdicts need rounds, and the page says so.
func TestTooFewRounds(t *testing.T) {
	j, page := judged(t, 3)
	if strings.Contains(page, "| yes |") || strings.Contains(page, "| flat |\n") || !strings.Contains(page, "| too few rounds | too few rounds |\n") {
		t.Error(page)
	}
	if !slices.Equal(j.open["flat"], []string{searcherExists}) {
		t.Errorf("undecided: %q", j.open)
	}
	if err := j.look(record{}); err == nil {
		t.Error("nothing was judged")
	}
	if _, err := (judgement{}).write(); err == nil {
		t.Error("a page was written of nothing")
	}
}

// After the first look only what is undecided goes on, and what was decided stays so
// whatever comes later.
func TestLooks(t *testing.T) {
	r, _, err := read(made(28))
	if err != nil {
		t.Fatal(err)
	}
	// Borderline is 1.1 times as slow with 64 cores, in the median.
	for i := range r.results {
		v := &r.results[i]
		if v.design == "borderline" && v.cores == 64 {
			v.ns *= []float64{1, 1.21}[r.turns[v.turn].round%2]
		}
	}
	looks := plan{rounds: 28}.looks()
	if !slices.Equal(looks, []int{14, 20, 28}) {
		t.Fatal(looks)
	}
	j, err := newJudgement(looks)
	if err != nil {
		t.Fatal(err)
	}
	if err := j.look(r.until(14)); err != nil {
		t.Fatal(err)
	}
	if len(j.open) != 1 || !slices.Equal(j.open["borderline"], []string{searcherExists}) {
		t.Errorf("undecided after 14 rounds: %v", j.open)
	}
	// Of the others there is nothing new.
	later := r.until(20)
	later.results = slices.DeleteFunc(later.results, func(v result) bool { return r.turns[v.turn].round >= 14 && r.turns[v.turn].name != "borderline" })
	if err := j.look(later); err != nil {
		t.Fatal(err)
	}
	if j.flatness(kind{"flat", searcherExists, "1"}) != "flat" || !strings.HasPrefix(j.flatness(kind{"borderline", searcherExists, "1"}), "undecided (×1.") {
		t.Errorf("flat: %s, borderline: %s", j.flatness(kind{"flat", searcherExists, "1"}), j.flatness(kind{"borderline", searcherExists, "1"}))
	}
}

// Each design that does not claim a cheap notification is one that exists.
func TestDearer(t *testing.T) {
	for pkg := range dearer {
		if _, err := os.Stat(filepath.Join("..", "..", "impls", pkg, "bench_test.go")); err != nil {
			t.Error(err)
		}
	}
}

// A block that was torn is not read, and what is whole stays.
func TestTorn(t *testing.T) {
	text := made(2)
	all, whole, err := read(text)
	if err != nil || whole != len(text) || len(all.turns) != 10 {
		t.Fatalf("%d turns in %d of %d bytes: %v", len(all.turns), whole, len(text), err)
	}
	for _, lost := range []int{1, len(ending), 100} {
		r, whole, err := read(text[:len(text)-lost])
		if err != nil {
			t.Fatal(err)
		}
		if len(r.turns) != 9 || r.has(1, "borderline") || !r.has(1, "mutexonly") || !strings.HasSuffix(string(text[:whole]), "\n"+ending) {
			t.Errorf("without the last %d bytes: %d turns", lost, len(r.turns))
		}
	}
	if _, _, err := read([]byte("what is this\n" + ending)); err == nil {
		t.Error("a file of another kind was read")
	}
}

// An interrupted run goes on in the order that it would have had.
func TestOrder(t *testing.T) {
	all := []gobench.Binary{{Name: "a"}, {Name: "b"}, {Name: "c"}, {Name: "d"}}
	differ := false
	for round := range 8 {
		first, second := fmt.Sprint(order(all, round)), fmt.Sprint(order(all, round))
		if first != second {
			t.Errorf("round %d: %s, then %s", round, first, second)
		}
		differ = differ || first != fmt.Sprint(all)
	}
	if !differ {
		t.Error("the order is always the same")
	}
}
