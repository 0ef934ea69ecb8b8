package cli

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/bench/engine"
)

// grave returns what makes the results of a session nearly worthless: one CPU for
// everything, and a CPU quota that stops the threads.
func (a app) grave(e *engine.Engine, s *engine.Session) (warnings []string) {
	if s == nil {
		return nil // nothing is left to measure
	}
	use, _ := s.Oversubscribed()
	if len(use) == 1 {
		warnings = append(warnings, fmt.Sprintf("ONE CPU FOR EVERYTHING: workers, load generator and Go runtime take turns on CPU %v, "+
			"so what is measured is the kernel's time slices. Use 2 CPUs or more.", use))
	}
	if short := e.Shortage(use, s.Plan.Cells); short != nil {
		warnings = append(warnings, fmt.Sprintf("CPU QUOTA TOO SMALL: %v. When it is used up the kernel stops all of them, "+
			"usually for tens of milliseconds, and latencies are those of the quota.", short))
	}
	return warnings
}

// banner shows warnings in a frame that nobody misses; nothing if there are none.
func (a app) banner(warnings []string) {
	if len(warnings) == 0 {
		return
	}
	width := min(a.width(a.stderr), 80)
	rule := strings.Repeat("*", width)
	fmt.Fprintln(a.stderr, rule)
	for _, w := range warnings {
		fmt.Fprint(a.stderr, fold(w, "* ", width))
	}
	fmt.Fprintln(a.stderr, rule)
}

// plural returns "1 round" or "3 rounds".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
