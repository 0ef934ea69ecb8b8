package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPage(t *testing.T) {
	lines, err := read(strings.NewReader("bound 3\tmutexonly/cond\tfork\tcomplete\t1234567\t0\t60\n"+
		"bound 3\tbitmap/cond\tfork\tcomplete\t3900\t12\t0.5\n"+
		"bound 3\tbitmap/cond\tbatch\tcut\t100\t1\t0.5\n"+
		"random\tbitmap/cond\twide\tcut\t100000\t0\t10.2\n"+
		"random\tbitmap/cond\tbad\tfailed\t7\t0\t0\n"), "record")
	if err != nil {
		t.Fatal(err)
	}
	got, ok := strings.CutPrefix(page(lines, "Then, there"), explanation)
	const want = `
1,338,574 executions in 5 explorations: 1 cut, 1 failed, 13 known deadlocks. 1m11s of CPU time; Then, there.

## Bound 3

| scenario | bitmap/cond | mutexonly/cond |
|---|--:|--:|
| batch | 100 (1 known) cut | – |
| fork | 3,900 (12 known) | 1,234,567 |

## Random

| scenario | bitmap/cond |
|---|--:|
| bad | 7 failed |
| wide | 100,000 |
`
	if !ok || got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"": "r is empty: nothing was explored",
		"bound 3\ta/b\tfork\tcomplete\t1\t0\t2\nx\n": "r:2: 1 fields, want 7: was it written by make verify?",
		"bound 3\ta/b\tfork\tcomplete\tx\t0\t2\n":    `r:1: executions: strconv.Atoi: parsing "x": invalid syntax`,
		"bound 3\ta/b\tfork\tcomplete\t1\t0\ty\n":    `r:1: seconds: strconv.ParseFloat: parsing "y": invalid syntax`,
		"bound 3\ta/b\tfork\tgood\t1\t0\t2\n":        `r:1: outcome "good": want complete, cut or failed`,
		"bound 3\ta/b\tfork\tcut\t1\tx\t2\n":         `r:1: known deadlocks: strconv.Atoi: parsing "x": invalid syntax`,
	} {
		if _, err := read(strings.NewReader(text), "r"); err == nil || err.Error() != want {
			t.Errorf("of %q: %v, want %s", text, err, want)
		}
	}
}

// There is a page only of a whole journal.
func TestWhole(t *testing.T) {
	const a, b = "bound 3\tx/cond\tfork", "random\tx/cond\twide"
	const failed, passed, cut = a + "\tfailed\t1\t0\t1\n", a + "\tcomplete\t7\t0\t1\n", b + "\tcut\t10\t0\t1\n"
	for _, test := range []struct {
		name  string
		files map[string]string
		want  string // the error, or what the page has
		fails bool
	}{
		{"nothing", nil, "record.tsv: no such file", true},
		{"no plan", map[string]string{"record.tsv": passed}, "plan.tsv: no such file", true},
		{"one is missing", map[string]string{"record.tsv": passed, "plan.tsv": a + "\n" + b + "\n", "model.txt": ""},
			"not whole: 1 of 2 explorations are missing, such as random x/cond wide", true},
		{"one is not in the plan", map[string]string{"record.tsv": passed + cut, "plan.tsv": a + "\n", "model.txt": ""},
			"the record has wide of x/cond by random, which is not in the plan", true},
		{"no model", map[string]string{"record.tsv": passed + cut, "plan.tsv": a + "\n" + b + "\n"},
			"not whole: the model was not checked", true},
		{"whole", map[string]string{"record.tsv": cut + passed, "plan.tsv": a + "\n" + b + "\n", "model.txt": ""},
			"17 executions in 2 explorations: 0 cut, 0 failed", false},
		{"a failure", map[string]string{"record.tsv": failed, "plan.tsv": a + "\n", "model.txt": ""},
			"1 executions in 1 explorations: 0 cut, 1 failed", false},
		{"a failure that is repaired", map[string]string{"record.tsv": failed + passed, "plan.tsv": a + "\n", "model.txt": ""},
			"7 executions in 1 explorations: 0 cut, 0 failed", false},
	} {
		journal := t.TempDir()
		for name, text := range test.files {
			if err := os.WriteFile(filepath.Join(journal, name), []byte(text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		var page strings.Builder
		err := run(&page, journal)
		got := page.String()
		if err != nil {
			got = err.Error()
		}
		if (err != nil) != test.fails || !strings.Contains(got, test.want) || err != nil && page.Len() > 0 {
			t.Errorf("%s: got %s (%v), want %s", test.name, got, err, test.want)
		}
	}
}
