package pairs

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// Machine says on what a run was measured, when and how often, for the head of a page.
func Machine(run record.Run) string {
	fact := run.Fact
	sum, dirty, changed := strings.Cut(fact("commit"), "+")
	commit := sum[:min(len(sum), 7)]
	if changed {
		commit += "+" + dirty
	}
	return fmt.Sprintf("%s, %s CPUs (virtualised: %s), %s %s, %s; commit %s, %s, %d rounds", fact("cpu"), fact("cpus"), fact("virtualised"),
		fact("goos"), fact("kernel"), fact("go"), commit, run.Start.UTC().Format("2006-01-02"), run.Plan.Rounds)
}

// Ratio is the ratio of a comparison with its interval; "–" if it has none.
func Ratio(c compare.Comparison) string {
	switch {
	case c.Effect == nil:
		return "–"
	case c.Effect.Interval == nil:
		return Number(c.Effect.Ratio)
	}
	return fmt.Sprintf("%s [%s, %s]", Number(c.Effect.Ratio), Number(c.Effect.Interval.Lo), Number(c.Effect.Interval.Hi))
}

// Number writes three significant digits.
func Number(x float64) string {
	switch {
	case math.IsNaN(x):
		return "–"
	case math.Abs(x) >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}

func lines(text string) []string {
	text = strings.TrimSpace(text)
	if text == "" {
		return nil
	}
	return strings.Split(text, "\n")
}

// join makes a line of each note.
func join(notes []string) (text string) {
	for _, n := range notes {
		text += strings.ReplaceAll(n, "\n", " ") + "\n"
	}
	return text
}
