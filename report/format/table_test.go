package format

import (
	"strings"
	"testing"
)

// Names that are cut still differ.
func TestCut(t *testing.T) {
	of := table{titles: []string{"workload", "ratio"}, right: []bool{false, true}}
	for _, pkg := range []string{"a", "b"} {
		of.rows = append(of.rows, []string{"LongName/" + strings.Repeat("x", 200) + "-8 pkg:ex.com/" + pkg, "1.000"})
	}
	var b strings.Builder
	of.text(&b, "  ")
	for _, want := range []string{"LongName/xxx", "x…x", "x-8 pkg:ex.com/a  1.000\n", "x-8 pkg:ex.com/b  1.000\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("want %q in\n%s", want, &b)
		}
	}
	for line := range strings.Lines(b.String()) {
		if n := len([]rune(strings.TrimSuffix(line, "\n"))); n > width {
			t.Errorf("%d characters: %s", n, line)
		}
	}
}
