package main

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"
)

// made is the record of a number of rounds of three designs: one whose notification is
// flat and cheap, one whose notification grows with the cores, and one that allocates.
func made(rounds int) []byte {
	var text []byte
	rng := rand.New(rand.NewPCG(1, 2))
	at := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	for round := range rounds {
		for _, pkg := range []string{"flat", "grows", "allocates"} {
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
					ns, allocs = 300, 2
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

func TestPage(t *testing.T) {
	r, _, err := read(made(14))
	if err != nil {
		t.Fatal(err)
	}
	r.rounds = 14
	page, err := write(r)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"| flat | ", " | yes | 0 | flat |\n",
		" | no | 0 | grows ×3.0 |\n",
		"| allocates | ", " (150×) | 2 | flat |\n",
		"medians of 14 rounds, measured 2026-11-28 12:00 to 2026-11-28 12:00 UTC on ",
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
	r, _, err := read(made(3))
	if err != nil {
		t.Fatal(err)
	}
	r.rounds = 3
	page, err := write(r)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page, "| yes |") || strings.Contains(page, "| flat |\n") || !strings.Contains(page, "| too few rounds |\n") {
		t.Error(page)
	}
	if _, err := write(record{}); err == nil {
		t.Error("a page was written of nothing")
	}
}

// A block that was torn is not read, and what is whole stays.
func TestTorn(t *testing.T) {
	text := made(2)
	all, whole, err := read(text)
	if err != nil || whole != len(text) || len(all.turns) != 6 {
		t.Fatalf("%d turns in %d of %d bytes: %v", len(all.turns), whole, len(text), err)
	}
	for _, lost := range []int{1, len(ending), 100} {
		r, whole, err := read(text[:len(text)-lost])
		if err != nil {
			t.Fatal(err)
		}
		if len(r.turns) != 5 || r.has(1, "allocates") || !r.has(1, "grows") || !strings.HasSuffix(string(text[:whole]), "\n"+ending) {
			t.Errorf("without the last %d bytes: %d turns", lost, len(r.turns))
		}
	}
	if _, _, err := read([]byte("what is this\n" + ending)); err == nil {
		t.Error("a file of another kind was read")
	}
}

// An interrupted run goes on in the order that it would have had.
func TestOrder(t *testing.T) {
	all := []binary{{name: "a"}, {name: "b"}, {name: "c"}, {name: "d"}}
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
