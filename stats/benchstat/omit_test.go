package benchstat

import (
	"strings"
	"testing"

	"github.com/idlebench/idlebench/record"
)

// What is left out is in no cell, and a cell or row that has nothing else does not exist.
func TestOmit(t *testing.T) {
	b, err := newBuilder(Options{})
	if err != nil {
		t.Fatal(err)
	}
	b.omit = func(v float64) bool { return v == 7 }
	for _, f := range []struct{ name, text string }{
		{"a.txt", "BenchmarkA 1 7 x\nBenchmarkA 1 2 x\nBenchmarkB 1 7 x\nBenchmarkA 1 7 y\n"},
		{"b.txt", "BenchmarkA 1 7 x\nBenchmarkA 1 3 x\n"},
	} {
		b.add(File{f.name, record.ReadText(f.name, []byte(f.text))})
	}
	got := b.text()
	for _, want := range []string{"2.000", "3.000", "n=1", " x "} {
		if !strings.Contains(got, want) {
			t.Errorf("the table lacks %q:\n%s", want, got)
		}
	}
	for _, wrong := range []string{"7.0", "\nB ", " y "} {
		if strings.Contains(got, wrong) {
			t.Errorf("the table has %q:\n%s", wrong, got)
		}
	}
}
