package format_test

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// A quantile of so few samples that it is their maximum has a mark in each form, and
// one of more samples has none.
func TestAtMax(t *testing.T) {
	t.Chdir(t.TempDir())
	for file, samples := range map[string]int{"few.txt": 54, "many.txt": 500} {
		var b strings.Builder
		b.WriteString("Unit p99-ns/task better=lower primary=burst\n")
		for round := range 10 {
			for i, impl := range []string{"bitmap", "mutexonly"} {
				fmt.Fprintf(&b, "# round=%d start=2026-11-23T08:00:%02dZ samples=%d\n", round, 2*round+i, samples)
				fmt.Fprintf(&b, "BenchmarkBurst/impl=%s/park=futex/workers=1 1 %d p99-ns/task %d p99.9-ns/task\n", impl, 1000+round+300*i, 2000+round)
			}
		}
		if err := os.WriteFile(file, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	const fact = "next to it: a launch has fewer than "
	few, many := report(t, "", "few.txt"), report(t, "", "many.txt")
	for form, want := range map[string][]string{
		"txt": {" 1.299† ", "† the maximum of its samples, or " + fact + "100 for p99 ",
			"p99 of 2 cells (Burst) and p99.9 of 2 cells (Burst) are the maximum of their samples, or " + fact + "100 for p99, 1000 for p99.9"},
		"md":   {"| 1.299† |", "† the maximum of its samples, or " + fact + "100 for p99 "},
		"csv":  {",quantile_at_max,", ",both,\n"},
		"json": {`"at_max": 10`},
	} {
		got := write(t, form, few)
		if form == "txt" || form == "md" {
			got = strings.Join(strings.Fields(got), " ") // lines end anywhere
		}
		for _, w := range want {
			if !strings.Contains(got, w) {
				t.Errorf("%s has no %q:\n%s", form, w, got)
			}
		}
	}
	if got := strings.Join(strings.Fields(write(t, "txt", many)), " "); strings.Contains(got, "†") || !strings.Contains(got, " p99.9 of 2 cells (Burst) are the maximum of their samples, or "+fact+"1000 for p99.9") {
		t.Errorf("500 samples are enough for p99 and too few for p99.9:\n%s", got)
	}
}
