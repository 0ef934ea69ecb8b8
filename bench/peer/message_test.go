package peer

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/loadgen/workload"
)

func TestLines(t *testing.T) {
	poisson, _ := workload.Find(workload.All(), "poisson")
	c := Cell{
		Workload: poisson, Workers: 2, CPUs: []int{1, 2}, Generators: []int{0}, Seed: 9,
		Params: map[string]string{"service": "10us", "load": "0.5", "dist": "exp", "submitter": "block", "generators": "1"},
	}
	const want = "cell workload=poisson workers=2 cpus=1,2 generators=0 seed=9 dist=exp generators=1 load=0.5 service=10000 submitter=block\n"
	if got := c.line(); got != want {
		t.Errorf("got  %qwant %q", got, want)
	}
	if got, want := runLine(time.Microsecond, []workload.Arrival{{At: 5, Service: 6}, {At: 7}}), "run ns=1000 arrivals=5:6,7:0\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// What is not in the form of the protocol is an error.
func TestMalformed(t *testing.T) {
	const good = "hello protocol=1 peer=a version=b build=c config=default held=no can=wake"
	if h, err := parseHello(good + " future=yes"); err != nil || h.Peer != "a" {
		t.Errorf("%+v, %v", h, err)
	}
	for _, line := range []string{
		"", "hi", "hello", "hello protocol=2 peer=a", good + " peer=b", good + " x", good + " x=",
		"hello protocol=1 peer=A version=b build=c config=default held=no can=wake",
		"hello protocol=1 peer=a version=b build=c config=best held=no can=wake",
		"hello protocol=1 peer=a version=b build=c config=default held=perhaps can=wake",
		"hello protocol=1 peer=a version=b build=c config=default held=no can=wake,,idle",
	} {
		if _, err := parseHello(line); err == nil {
			t.Errorf("hello %q was accepted", line)
		}
	}
	for _, line := range []string{
		"ran", "ran ops=1 tasks=1 units=1 ns=5", "ran ops=-1 tasks=1 units=1 ns=5 waited=0", "ran ops=1 tasks=1 units=1 ns=5 waited=1e3",
		"ran ops=1 tasks=1 units=1 ns=5 waited=0 latency=5", "ran ops=1 tasks=1 units=1 ns=5 waited=0 latency=5:0",
		"ran ops=1 tasks=1 units=1 ns=5 waited=0 latency=5:1,", "ran ops=1 tasks=1 units=1 ns=5 waited=0 lag=-5:1",
		"ran ops=1 tasks=1 units=1 ns=99999999999999999999 waited=0",
	} {
		if m, err := parseMessage(line); err == nil {
			if _, err = parseRan(m); err == nil {
				t.Errorf("%q was accepted", line)
			}
		}
	}
}

// The work of an operation, by hand.
func TestWork(t *testing.T) {
	for _, test := range []struct {
		name string
		v    workload.Values
		want work
	}{
		{"wake", nil, work{1, 1, 1}},
		{"fork_join", workload.Values{"n": 4, "cutoff": 3}, work{5, 3, 0}}, // 4, 3, 2 and 2, 1
		{"skynet", workload.Values{"depth": 2}, work{111, 4950, 0}},
		{"spawn_many_local", workload.Values{"tasks": 17}, work{17, 17, 3}},
		{"ping_pong", workload.Values{"pings": 8}, work{17, 17, 1}},
		{"yield_many", workload.Values{"tasks": 3, "yields": 4}, work{15, 15, 0}},
		{"chained_spawn", workload.Values{"depth": 4}, work{5, 5, 0}},
	} {
		if got, ok := workOf(test.name, test.v); !ok || got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
	if _, ok := workOf("shutdown", nil); ok {
		t.Error("peers have shutdown")
	}
}

// Every workload that peers have is one of the suite's.
func TestWorkloadsExist(t *testing.T) {
	n := 0
	for _, w := range workload.All() {
		values, err := w.Values(nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := workOf(w.Name, values); ok {
			n++
		}
	}
	if n != 15 {
		t.Errorf("%d workloads of the suite are in the table, want all 15 of docs/peers.md", n)
	}
}

func TestMisplaced(t *testing.T) {
	apart := Cell{CPUs: []int{1, 2}, Generators: []int{0}}
	shared := Cell{CPUs: []int{0, 1, 0}, Generators: []int{1}}
	on := func(sets ...cpu.Set) (all []thread) {
		for i, s := range sets {
			all = append(all, thread{id: i, affinity: s})
		}
		return all
	}
	for _, test := range []struct {
		name    string
		threads []thread
		cell    Cell
		held    bool
		want    bool // misplaced
	}{
		{"pinned", on(cpu.Set{0}, cpu.Set{1}, cpu.Set{2}), apart, true, false},
		{"helpers", on(cpu.Set{0}, cpu.Set{1}, cpu.Set{2}, cpu.Set{1, 2}, cpu.Set{0}), apart, true, false},
		{"one worker", on(cpu.Set{0}, cpu.Set{1}), apart, true, true},
		{"not pinned", on(cpu.Set{0}, cpu.Set{1, 2}, cpu.Set{1, 2}), apart, true, true},
		{"a helper everywhere", on(cpu.Set{0}, cpu.Set{1}, cpu.Set{2}, cpu.Set{0, 1, 2}), apart, true, true},
		{"outside", on(cpu.Set{0}, cpu.Set{1}, cpu.Set{2}, cpu.Set{3}), apart, true, true},
		{"goroutines", on(cpu.Set{0, 1, 2}, cpu.Set{0, 1, 2}), apart, false, false},
		{"goroutines outside", on(cpu.Set{0, 1, 2}, cpu.Set{0, 1, 2, 3}), apart, false, true},
		{"oversubscribed", on(cpu.Set{0}, cpu.Set{0}, cpu.Set{1}, cpu.Set{0, 1}), shared, true, false},
		{"oversubscribed, two on one", on(cpu.Set{0}, cpu.Set{1}, cpu.Set{1}), shared, true, true},
	} {
		if f := misplaced(test.threads, test.cell, test.held); (f != nil) != test.want {
			t.Errorf("%s: %v", test.name, f)
		}
	}
}

// The fewest arrivals in any stretch, by hand.
func TestFewest(t *testing.T) {
	all := []workload.Arrival{{At: 10}, {At: 20}, {At: 30}, {At: 90}, {At: 100}}
	for _, test := range []struct {
		length, latest time.Duration
		want           int64
	}{
		{25, 0, 2}, {25, 11, 2}, {25, 31, 0}, {71, 31, 2}, {1000, 0, 5},
	} {
		if got := fewest(all, test.length, test.latest); got != test.want {
			t.Errorf("in %d ns from at most %d on: %d, want %d", test.length, test.latest, got, test.want)
		}
	}
}
