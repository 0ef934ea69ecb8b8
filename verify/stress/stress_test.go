package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/bitmap"
	"github.com/idlebench/idlebench/impls/park"
	"github.com/idlebench/idlebench/loadgen/workload"
)

// childVariable says what the test binary is to do as a child.
const childVariable = "IDLEBENCH_STRESS_CHILD"

func TestMain(m *testing.M) {
	switch os.Getenv(childVariable) {
	case "":
		os.Exit(m.Run())
	case "launch":
		os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
	case "fail":
		fmt.Fprintln(os.Stderr, "it went wrong")
		os.Exit(3)
	case "hang":
		time.Sleep(time.Hour)
	}
}

func everyCell() []cell { return cells(catalog.Default()) }

func TestCells(t *testing.T) {
	c := catalog.Default()
	all := everyCell()
	seen := make(map[string]bool)
	for _, cell := range all {
		if seen[cell.String()] {
			t.Errorf("there are two cells with the name %v", cell)
		}
		seen[cell.String()] = true
		if found, ok := find(all, cell.String()); !ok || found.String() != cell.String() {
			t.Errorf("%v is not found", cell)
		}
	}
	for _, impl := range slices.Concat(c.Implementations, c.Others) {
		for _, w := range c.Workloads {
			if n := len(matching(all, regexp.MustCompile("^"+impl.Name+"/.*/"+w.Name+"$"))); n == 0 {
				t.Errorf("%s is not run under %s", impl.Name, w.Name)
			}
		}
		if n := len(matching(all, regexp.MustCompile("^"+impl.Name+"/.*/idletest$"))); n == 0 {
			t.Errorf("%s is not run under idletest", impl.Name)
		}
	}
	if _, ok := find(all, "bitmap/bed/wake"); ok {
		t.Error("a parker that does not exist is found")
	}
}

// Every random cell can be run.
func TestDraws(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 1))
	for range 100 {
		if s := drawSize(rng); s.cores < 1 || s.workers < s.cores || s.workers > 8 {
			t.Errorf("%v", s)
		}
		for _, w := range workload.All() {
			v, err := drawValues(rng, w)
			if err != nil {
				t.Fatal(err)
			}
			w.New(v)
		}
	}
}

// A scripted runner launches nothing: each launch has one wake-up, and the one
// with the given number fails.
func scripted(seed uint64, fails int, stop context.CancelFunc, last int) (r *runner, launched *[]string) {
	launched = new([]string)
	r = newRunner(everyCell(), seed, time.Second, io.Discard)
	r.exec = func(_ context.Context, c cell, seed uint64, _ time.Duration) (uint64, error) {
		*launched = append(*launched, fmt.Sprint(c, " ", seed))
		if len(*launched) == fails {
			return 0, errors.New("a lost wake-up")
		}
		if len(*launched) == last {
			stop()
		}
		return 1, nil
	}
	return r, launched
}

// A round has each cell of the managers that are measured by default, and of the others
// those of one parker; after a few rounds all have been launched.
func TestRounds(t *testing.T) {
	all := everyCell()
	var rounds [][]string // names
	n := 0
	for round := range len(park.Kinds()) {
		var names []string
		parkers := make(map[string]string)
		for _, c := range all {
			if !c.due(round) {
				continue
			}
			names = append(names, c.String())
			if other := parkers[c.impl.Name]; c.turns > 1 && other != "" && other != c.kind.Name {
				t.Errorf("round %d has %s with %s and %s", round, c.impl.Name, other, c.kind.Name)
			}
			parkers[c.impl.Name] = c.kind.Name
		}
		slices.Sort(names)
		rounds = append(rounds, names)
		n += len(names)
	}
	launches := func(seed uint64) []string {
		ctx, stop := context.WithCancel(t.Context())
		r, launched := scripted(seed, 0, stop, n+1)
		if err := r.rounds(ctx); err != nil {
			t.Fatal(err)
		}
		if r.launches != n || r.wakes != uint64(n) {
			t.Errorf("%d launches and %d wake-ups, want %d: the one that the end interrupted does not count", r.launches, r.wakes, n)
		}
		if want := fmt.Sprintf("%d wake-ups, 0 lost, %d launches of %d of %d cells, seed %d,", n, n, len(all), len(all), seed); !strings.Contains(r.summary(), want) {
			t.Errorf("%s\nwant %s", r.summary(), want)
		}
		rest := *launched
		for i, want := range rounds {
			var names []string
			for _, l := range rest[:len(want)] {
				name, _, _ := strings.Cut(l, " ")
				names = append(names, name)
			}
			slices.Sort(names)
			if !slices.Equal(names, want) {
				t.Errorf("round %d does not have its cells once each", i)
			}
			rest = rest[len(want):]
		}
		return *launched
	}
	first := launches(7)
	if !slices.Equal(first, launches(7)) {
		t.Error("the same seed gives other launches")
	}
	if slices.Equal(first, launches(8)) {
		t.Error("another seed gives the same launches")
	}
}

func TestFailureIsReported(t *testing.T) {
	r, launched := scripted(7, 5, nil, 0)
	err := r.rounds(t.Context())
	if err == nil {
		t.Fatal("no error")
	}
	name, seed, _ := strings.Cut((*launched)[4], " ")
	for _, want := range []string{"launch 5,", name + " with seed " + seed, "4 wake-ups", "a lost wake-up",
		"IDLEBENCH_SEED=" + seed, "./verify/stress -cell " + name + " -seed " + seed + " -launch 1s"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%v\nhas no %q", err, want)
		}
	}
}

func TestUsage(t *testing.T) {
	for _, args := range []string{"-run (", "-run bed", "-cell bed", "-for 0s", "-launch -1s", "-wakes -1", "-wakes many", "-wakes 1 -run wake$", "-seed x", "more"} {
		var said strings.Builder
		if status := run(t.Context(), strings.Fields(args), io.Discard, &said); status != 2 || said.Len() == 0 {
			t.Errorf("%s: status %d, %q", args, status, said.String())
		}
	}
}

// The cells of one workload, each in a process of its own.
func TestLaunches(t *testing.T) {
	t.Setenv(childVariable, "launch")
	for _, c := range matching(everyCell(), regexp.MustCompile("/cond/(wake|shutdown)$|^channels/.*/ping_pong$")) {
		// On a busy machine a worker may search all through a short launch.
		for length := 2 * time.Millisecond; ; length *= 10 {
			wakes, err := execute(t.Context(), c, 1, length)
			if err != nil {
				t.Fatal(err)
			}
			if wakes > 0 || c.load.Name == "shutdown" {
				break
			}
			if length > time.Second {
				t.Errorf("%v: no wake-ups in %v", c, length)
				break
			}
		}
	}
}

func TestChildThatFails(t *testing.T) {
	c, _ := find(everyCell(), "bitmap/cond/wake")
	t.Setenv(childVariable, "fail")
	if _, err := execute(t.Context(), c, 1, time.Second); err == nil || !strings.Contains(err.Error(), "it went wrong") {
		t.Errorf("got %v", err)
	}
}

// The end of the limit cannot come too early: the child never ends.
func TestChildThatHangs(t *testing.T) {
	t.Setenv(childVariable, "hang")
	_, err := executeWithin(t.Context(), 300*time.Millisecond, nil)
	if err == nil || !strings.Contains(err.Error(), "longer than 300ms") {
		t.Errorf("got %v", err)
	}
}

// A manager that hands out cores twice is found by an ordinary launch.
func TestBadManagerIsFound(t *testing.T) {
	bad := bitmap.Implementation
	bad.New = func(c impls.Config) impls.Idle { return twice{bitmap.New(c)} }
	w, _ := workload.Find(workload.All(), "shutdown")
	c := cell{impl: bad, kind: park.Kinds()[0], load: w}
	if _, err := c.launch(t.Context(), 1, time.Millisecond); err == nil || !strings.Contains(err.Error(), "D3") {
		t.Errorf("got %v", err)
	}
}

type twice struct{ impls.Idle }

func (t twice) Shutdown() []*impls.Core {
	cores := t.Idle.Shutdown()
	if len(cores) == 0 {
		cores = []*impls.Core{{}} // all were assigned: a worker shuts down core 0, too
	}
	return append(cores, cores...)
}

func TestSingleCell(t *testing.T) {
	var said, failed strings.Builder
	if status := run(t.Context(), strings.Fields("-cell mutexonly/chan/remote_spawn -seed 3 -launch 2ms"), &said, &failed); status != 0 {
		t.Fatal(failed.String())
	}
	if n, err := strconv.Atoi(strings.TrimSpace(said.String())); err != nil || n < 0 {
		t.Errorf("printed %q", said.String())
	}
}
