package main

import (
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

func TestRunRefuses(t *testing.T) {
	var b strings.Builder
	if err := run(&b, t.TempDir()+"/none"); err == nil || b.Len() > 0 {
		t.Errorf("got %v, and %q", err, b.String())
	}
}
