package spin

import (
	"fmt"
	"io"
	"math"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/idlebench/idlebench/stats/spinbudget"
)

// Write writes the result as text.
func (r Result) Write(to io.Writer) error {
	var b strings.Builder
	c := r.Curve
	fmt.Fprintf(&b, "How long idle workers should spin before they sleep\n%s: %d of %d rounds count\n\n", name(r), r.Rounds, r.Asked)
	for _, w := range r.Warnings() {
		fmt.Fprintf(&b, "warning: %s\n", w)
	}
	fmt.Fprintf(&b, "A sleep and a wake cost %s of CPU time on both sides, and %s of latency.\n", interval(c.BreakEven), interval(c.WakeTime))
	fmt.Fprintf(&b, "There are %.3g gaps for each task.\n\n", c.GapsTask.Mean)

	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "budget\tCPU per task\t95 %\tmean latency\t95 %\tsleeps\tregret\t\n")
	for _, p := range r.shown() {
		mark := ""
		if p.Budget == c.Best().Budget {
			mark = "  least regret"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%.0f %%\t%.0f %%\t%s\n", span(float64(p.Budget)), span(p.CPU.Mean), width(p.CPU),
			span(p.Latency.Mean), width(p.Latency), 100*p.Slept.Mean, 100*p.Regret.Mean, mark)
	}
	t.Flush() // of a strings.Builder, which does not fail
	fmt.Fprintf(&b, "\nRegret: how much more the gaps cost than with an oracle that knows each, if 1 ns of latency costs %.3g ns of CPU time.\n\n", c.Weight)
	r.confirmations(&b)
	_, err := io.WriteString(to, b.String())
	return err
}

// confirmations says how the measured budgets compare.
func (r Result) confirmations(b *strings.Builder) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "confirmed\tCPU predicted\tmeasured\terror\tlatency predicted\tmeasured\terror\t\n")
	for _, c := range r.Confirmed {
		fmt.Fprintf(t, "%s\t%s\t%s\t%+.1f %%\t%s\t%s\t%+.1f %%\t\n", span(float64(c.Predicted.Budget)),
			span(c.Predicted.CPU.Mean), span(c.CPU), 100*c.CPUError(), span(c.Predicted.Latency.Mean), span(c.Latency), 100*c.LatencyError())
	}
	t.Flush()
	fmt.Fprintf(b, "For workers that never sleep the predicted CPU time is off by %+.1f %%.\n\n", 100*r.Curve.Overhead.Mean)
	if worst, ok := r.Worst(); ok && worst <= Tolerance {
		fmt.Fprintf(b, "The prediction is confirmed: its errors are at most %.1f %%, and the limit is %.0f %%.\n", 100*worst, 100*Tolerance)
	} else if ok {
		fmt.Fprintf(b, "The prediction is NOT confirmed: its largest error is %.1f %%, and the limit is %.0f %%. Do not rely on the curve for this load;\n"+
			"the measured budgets stand.\n", 100*worst, 100*Tolerance)
	} else {
		fmt.Fprint(b, "The prediction is NOT confirmed: no launch with a budget was valid.\n")
	}
}

// Worst returns the largest error of the predictions, as a share, and whether there is one.
func (r Result) Worst() (worst float64, ok bool) {
	for _, c := range r.Confirmed {
		worst = max(worst, math.Abs(c.CPUError()), math.Abs(c.LatencyError()))
	}
	return worst, len(r.Confirmed) > 0
}

// Warnings says why the result may be wrong.
func (r Result) Warnings() (all []string) {
	if r.Saturated {
		all = append(all, "some launches did not sustain the load: queues, not wakes, decide its latency, and the method does not know queues")
	}
	if r.Disturbed > 0 {
		all = append(all, fmt.Sprintf("%d launches were disturbed beyond a limit and are used all the same", r.Disturbed))
	}
	if r.Lost > 0 {
		all = append(all, fmt.Sprintf("%d gaps were not kept, since there were too many: use a shorter -time", r.Lost))
	}
	if n := len(r.Curve.Confirm()) - len(r.Confirmed); n > 0 {
		all = append(all, fmt.Sprintf("%d budgets are not confirmed: each of their launches was disturbed", n))
	}
	return all
}

// shown returns the points of the table: one for each factor of two, and those that are
// special.
func (r Result) shown() (points []spinbudget.Point) {
	special := append(r.Curve.Confirm(), r.Curve.Best().Budget)
	last := time.Duration(0)
	for i, p := range r.Curve.Points {
		if i > 0 && i < len(r.Curve.Points)-1 && p.Budget < 2*last && !contains(special, p.Budget) {
			continue
		}
		if i == 0 || p.Budget >= 2*last {
			last = max(p.Budget, 50)
		}
		points = append(points, p)
	}
	return points
}

func contains(all []time.Duration, d time.Duration) bool {
	for _, x := range all {
		if x == d {
			return true
		}
	}
	return false
}

func name(r Result) string {
	text := fmt.Sprintf("%s on %s, workers=%d", r.Cell.Workload, r.Cell.Impl, r.Cell.Workers)
	for _, p := range r.Cell.Params {
		text += fmt.Sprintf(", %s=%s", p.Name, p.Value)
	}
	return text
}

// span is a time with three digits.
func span(ns float64) string {
	switch size := math.Abs(ns); {
	case size < 999.5:
		return fmt.Sprintf("%.3g ns", ns)
	case size < 999.5e3:
		return fmt.Sprintf("%.3g µs", ns/1e3)
	case size < 999.5e6:
		return fmt.Sprintf("%.3g ms", ns/1e6)
	}
	return fmt.Sprintf("%.3g s", ns/1e9)
}

func interval(v spinbudget.Value) string {
	return fmt.Sprintf("%s (95 %%: %s to %s)", span(v.Mean), span(v.Low), span(v.High))
}

// width is half the width of an interval, as a share of the mean.
func width(v spinbudget.Value) string {
	if v.Mean == 0 {
		return "–"
	}
	return fmt.Sprintf("±%.1f %%", 100*(v.High-v.Low)/2/math.Abs(v.Mean))
}
