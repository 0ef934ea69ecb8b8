package main

import "testing"

func TestKnownDeadlocks(t *testing.T) {
	for covered, want := range map[string]int{
		"100000 executions, at most 181 steps, sampled, 16 known deadlocks": 16,
		"100000 executions, at most 178 steps, sampled":                     0,
		"failed (panic) in execution 257 of at most 94 steps":               -1,
		"": -1,
	} {
		got, err := knownDeadlocks(covered)
		if failed := err != nil; failed != (want < 0) || !failed && got != want {
			t.Errorf("%q: got %d, %v, want %d", covered, got, err, want)
		}
	}
}
