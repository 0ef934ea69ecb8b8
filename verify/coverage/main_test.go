package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/idlebench/idlebench/verify/journal"
)

func result(strategy, subject, scenario string, outcome journal.Outcome, executions, known int, took time.Duration) journal.Result {
	return journal.Result{
		Exploration: journal.Exploration{Strategy: strategy, Subject: subject, Scenario: scenario, Source: "0"},
		Outcome:     outcome,
		Executions:  executions,
		Known:       known,
		Took:        took,
	}
}

func TestPage(t *testing.T) {
	got, ok := strings.CutPrefix(page([]journal.Result{
		result("bound 3", "bitmap/cond", "fork", journal.Complete, 3900, 12, time.Second),
		result("bound 3", "bitmap/cond", "batch", journal.Cut, 100, 1, 0),
		result("bound 3", "bitmap/chan", "fork", journal.Complete, 1234567, 0, time.Minute),
		result("bound 3", "flags/chan", "fork", journal.Complete, 10, 0, 0),
		result("random", "bitmap/cond", "wide", journal.Cut, 100000, 0, 10*time.Second),
		result("random", "bitmap/cond", "bad", journal.Failed, 7, 0, 0),
		result("random", "flags/chan", "wide", journal.Cut, 5000, 2, 0),
	}, "Then, there"), explanation)
	const want = `
1,343,584 executions in 7 explorations: 1 cut, 1 failed, 15 known deadlocks. 1m11s of CPU time; Then, there.

| manager | parker | bound 3 | random | CPU time |
|---|---|--:|--:|--:|
| [bitmap](#bitmap) | cond | 4,000 (13 known), 1 cut | 100,007, 1 failed | 11s |
| [bitmap](#bitmap) | chan | 1,234,567 | – | 1m0s |
| [flags](#flags) | chan | 10 | 5,000 (2 known) | 0s |

## bitmap

### bitmap, bound 3

| scenario | cond | chan |
|---|--:|--:|
| batch | 100 (1 known) cut | – |
| fork | 3,900 (12 known) | 1,234,567 |

### bitmap, random

| scenario | cond |
|---|--:|
| bad | 7 failed |
| wide | 100,000 |

## flags

Parker: chan.

| scenario | bound 3 | random |
|---|--:|--:|
| fork | 10 | – |
| wide | – | 5,000 (2 known) |
`
	if !ok || got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

// There is a page only of a whole journal.
func TestWhole(t *testing.T) {
	a := result("bound 3", "x/cond", "fork", journal.Complete, 7, 0, time.Second)
	b := result("random", "x/cond", "wide", journal.Cut, 10, 0, time.Second)
	failed := a
	failed.Outcome, failed.Executions = journal.Failed, 1
	old := a
	old.Source, old.Executions = "1", 1000
	type results []journal.Result
	for _, test := range []struct {
		name    string
		record  results
		plan    results
		noModel bool
		want    string // the error, or what the page has
		fails   bool
	}{
		{"nothing", nil, nil, false, "plan.tsv: no such file", true},
		{"no plan", results{a}, nil, false, "plan.tsv: no such file", true},
		{"no record", nil, results{a}, false, "not whole: 1 of 1 explorations are missing", true},
		{"one is missing", results{a}, results{a, b}, false, "not whole: 1 of 2 explorations are missing, such as wide of x/cond by random", true},
		{"one is of another source", results{old}, results{a}, false, "not whole: 1 of 1 explorations are missing", true},
		{"no model", results{a, b}, results{a, b}, true, "not whole: the model was not checked", true},
		{"whole", results{b, a}, results{a, b}, false, "17 executions in 2 explorations: 0 cut, 0 failed", false},
		{"old results do not count", results{b, old, a}, results{a, b}, false, "17 executions in 2 explorations: 0 cut, 0 failed", false},
		{"a failure", results{failed}, results{a}, false, "1 executions in 1 explorations: 0 cut, 1 failed", false},
		{"a failure that is repaired", results{failed, a}, results{a}, false, "7 executions in 1 explorations: 0 cut, 0 failed", false},
	} {
		folder := t.TempDir()
		model := filepath.Join(folder, "model.txt")
		if !test.noModel {
			if err := os.WriteFile(model, nil, 0o666); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range test.record {
			if err := journal.Append(filepath.Join(folder, "record.tsv"), r); err != nil {
				t.Fatal(err)
			}
		}
		for _, r := range test.plan {
			if err := journal.Append(filepath.Join(folder, "plan.tsv"), r.Exploration); err != nil {
				t.Fatal(err)
			}
		}
		var page strings.Builder
		err := run(&page, folder, model)
		got := page.String()
		if err != nil {
			got = err.Error()
		}
		if (err != nil) != test.fails || !strings.Contains(got, test.want) || err != nil && page.Len() > 0 {
			t.Errorf("%s: got %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}
