package launch_test

import (
	"testing"
	"time"

	"github.com/idlebench/idlebench/bench/launch"
	"github.com/idlebench/idlebench/loadgen/cpu"
	"github.com/idlebench/idlebench/record"
)

// begin starts a launch of a cell in slices, of this program.
func begin(t *testing.T, name string) *launch.Child {
	t.Helper()
	t.Setenv(measuring, "yes")
	cell, err := record.ParseName(name)
	if err != nil {
		t.Fatal(err)
	}
	c, err := launch.Request{Cell: cell, Warmup: time.Millisecond, Seed: 1}.Begin(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(c.Kill)
	return c
}

// Two launches take turns, one of which spins.
func TestTurns(t *testing.T) {
	names := []string{"Wake/impl=bitmap/park=cond/workers=1/gap=20us/submitter=block", "Wake/impl=bitmap/park=cond/workers=1/gap=20us/submitter=block"}
	if cpu.CanPin {
		names[1] = "Wake/impl=bitmap/park=spin/workers=1/gap=20us/submitter=block"
	}
	children := []*launch.Child{begin(t, names[0]), begin(t, names[1])}
	kept := 0
	for range 3 {
		for i, c := range children {
			exceeded, err := c.Slice(t.Context(), time.Millisecond, 4*time.Millisecond)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 && len(exceeded) == 0 {
				kept++
			}
		}
	}
	for i, c := range children {
		l, err := c.End(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		t.Log(l)
		if l.Cell.Name() != names[i] || l.N < 1 {
			t.Errorf("%+v", l)
		}
	}
}
