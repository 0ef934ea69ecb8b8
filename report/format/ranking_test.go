package format_test

import (
	"strings"
	"testing"

	"github.com/idlebench/idlebench/report/source/sourcetest"
)

// Text begins with the ranking of many designs, and Markdown has the table of who wins
// where, too.
func TestRanking(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := sourcetest.Designs("run", 20, 2, 0.5, 1, 1, 1, 1, 3); err != nil {
		t.Fatal(err)
	}
	r := report(t, "", "run")
	text := write(t, "txt", r)
	for _, want := range []string{"  ranking            better  worse  equivalent  unresolved  not compared  mean ratio\n  design2                 1      0 ", "\n  bitmap (baseline) "} {
		if !strings.Contains(text, want) {
			t.Errorf("text lacks %q:\n%s", want, text)
		}
	}
	markdown := write(t, "md", r)
	for _, want := range []string{"\n| design2 | 1 | 0 | ", "<summary>Who wins where: ratios to bitmap</summary>\n\n| workload | design2 | ", "| wake, futex | ▼ 0.5 | "} {
		if !strings.Contains(markdown, want) {
			t.Errorf("Markdown lacks %q:\n%s", want, markdown)
		}
	}
	if err := sourcetest.Designs("few", 20, 2, 0.5); err != nil {
		t.Fatal(err)
	}
	if text := write(t, "txt", report(t, "", "few")); strings.Contains(text, "ranking") {
		t.Error("two designs have a ranking")
	}
}
