package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPlayed(t *testing.T) {
	for _, test := range []struct {
		name, out string
		want      played
	}{
		{"all pass", `
=== RUN   TestScenarios
=== RUN   TestScenarios/bitmap
=== RUN   TestScenarios/bitmap/chan
=== RUN   TestScenarios/bitmap/chan/submit
    explore.go:94: 103 executions, at most 79 steps, complete, 3ms
=== RUN   TestScenarios/bitmap/chan/spawn
    explore.go:94: 94508 executions, at most 158 steps, cut by a limit, 5s
--- PASS: TestScenarios (5.0s)`,
			played{executions: 94611, cut: true, scenario: "spawn", last: 94508}},
		{"a panic", `
=== RUN   TestScenarios/bitmap/chan/submit
    explore.go:94: failed (panic) in execution 34 of at most 79 steps, 3ms
    explore.go:103: panic: D3: core 0 was not shut down, it is at -1

        step  thread  operation       where`,
			played{scenario: "submit", kind: "panic", last: 34, message: "D3: core 0 was not shut down, it is at -1"}},
		{"a deadlock", `
=== RUN   TestScenarios/bitmap/chan/fork
    explore.go:94: failed (deadlock) in execution 2678 of at most 79 steps, 3ms
    explore.go:103: deadlock: no thread can go on:
          T0 waits: receive #8`,
			played{scenario: "fork", kind: "deadlock", last: 2678, message: "no thread can go on:"}},
		{"a known deadlock that is there, one that is not", `
=== RUN   TestScenarios/bitmap/chan/batch
    explore.go:94: 13534 executions, at most 162 steps, complete, 20 known deadlocks, 471ms
=== RUN   TestScenarios/bitmap/chan/batch_with_surplus
    explore.go:94: 20 executions, at most 162 steps, complete, 1ms
    explore.go:99: no note should deadlock here, and does not: it is repaired`,
			played{executions: 13554, scenario: "batch_with_surplus", kind: "no deadlock", last: 20, message: "no note should deadlock here"}},
		{"known deadlocks, too many", `
=== RUN   TestScenarios/multithread/chan/batch
    explore.go:94: 691 executions, at most 116 steps, sampled, 90 known deadlocks, 100ms
    explore.go:99: 90 of 691 executions end in a deadlock that no note excuses: too many for a race`,
			played{executions: 691, cut: true, scenario: "batch", kind: "deadlock", last: 691, message: "in 90 of 691 executions"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var p played
			for line := range strings.Lines(test.out) {
				p.read(strings.TrimRight(line, "\n"), 3)
			}
			if p != test.want {
				t.Errorf("got %+v, want %+v", p, test.want)
			}
		})
	}
}

func TestFailure(t *testing.T) {
	for _, test := range []struct {
		name, out string
		want      cell
	}{
		{"an invariant", `--- FAIL: TestInvariants (10.1s)
    --- FAIL: TestInvariants/chan (10.1s)
        invariants_test.go:22: idletest: L1 is violated in scenario "tasks from outside, one at a time" with 1 cores, 2 workers, seed 37: a task from outside has not run, for 10s
            	of 1 tasks 0 have run; 1 are in the injection queue`,
			cell{Verdict: found, N: 37, Where: "tasks from outside, one at a time", What: "L1: a task from outside has not run, for 10s"}},
		{"a race", "==================\nWARNING: DATA RACE\nRead at 0x00c0001", cell{Verdict: found, What: "data race"}},
		{"a crash", "panic: host: a run queue overflowed\n\ngoroutine 7", cell{Verdict: found, What: "crash: host: a run queue overflowed"}},
		{"another test", "--- FAIL: TestRunQueueConcurrently (0.01s)\n    runqueue_test.go:60: task 3 was taken twice\nFAIL",
			cell{Verdict: found, Where: "TestRunQueueConcurrently", What: "task 3 was taken twice"}},
	} {
		if got := failure(test.out); got.Verdict != test.want.Verdict || got.N != test.want.N || got.Where != test.want.Where || got.What != test.want.What {
			t.Errorf("%s: got %+v, want %+v", test.name, got, test.want)
		}
	}
}

// What was put is there in the next run, also after a line that was not finished.
func TestJournal(t *testing.T) {
	name := filepath.Join(t.TempDir(), "new", "journal")
	want := cell{Verdict: found, N: 7, Where: "fork", What: "deadlock"}
	for run := range 3 {
		j, err := openJournal(name)
		if err != nil {
			t.Fatal(err)
		}
		c, ok := j.get("key")
		if ok != (run > 0) || ok && c.String() != want.String() {
			t.Errorf("run %d: got %v, %v", run, c, ok)
		}
		if err := j.put("key", want); err != nil {
			t.Fatal(err)
		}
		j.file.Close()
		file, err := os.OpenFile(name, os.O_APPEND|os.O_WRONLY, 0)
		if err != nil {
			t.Fatal(err)
		}
		file.WriteString(`{"Key":"oth`)
		file.Close()
	}
}
