package advice

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/idlebench/idlebench/internal/phrase"
)

// Headline is the advice in a sentence.
func (a Advice) Headline() string {
	if a.Keep {
		return fmt.Sprintf("Keep %s: %s.", a.Current, a.Why)
	}
	text := fmt.Sprintf("Use %s: %s better than %s", a.Choice, a.Gain.gain(), a.Current)
	if a.Spin != "" {
		text += ", with a spin budget of " + a.Spin
	}
	if a.Choice.Workers > 0 {
		text += ", with " + phrase.Count(a.Choice.Workers, "worker")
	}
	if len(a.Rivals) > 0 {
		text += fmt.Sprintf("; not shown to be worse: %s", names(a.Rivals))
	}
	return text + "."
}

// gain is how much better, with its interval and the noise.
func (r Ratio) gain() string {
	text := percent(1 - r.Ratio)
	if r.In != nil {
		text += fmt.Sprintf(" (%s to %s", percent(1-r.In.Hi), percent(1-r.In.Lo))
		if r.Noise != nil {
			text += ", noise " + percent(*r.Noise)
		}
		text += ")"
	}
	return text
}

// String is the ratio with its interval.
func (r *Ratio) String() string {
	if r == nil {
		return "–"
	}
	text := fmt.Sprintf("×%.2f", r.Ratio)
	if r.In != nil {
		text += fmt.Sprintf(" [%.2f, %.2f]", r.In.Lo, r.In.Hi)
	}
	return text
}

// FlipText is a flip in a sentence.
func FlipText(flip string) string {
	return "The best seems to change (uncorrected) with " + flip + "."
}

func percent(share float64) string { return fmt.Sprintf("%.2g %%", 100*share) }

// Caveats say what else the reader has to know.
func (a Advice) Caveats() []string {
	return append([]string{
		fmt.Sprintf("Objective %s, over %s. %s chose, %s confirmed; the change is tested at 0.25 %%, so that it is for nothing in about 1 %% of runs at most, even if noise carries over between rounds.",
			a.Objective.String(), phrase.Count(len(a.Places), "situation"), phrase.Count(a.Choosing, "round"), phrase.Count(a.Confirming, "round")),
		"Workloads have equal weights. Ratios in tables are estimates with 95 % intervals, uncorrected. Noise is the smallest change found in 80 % of such runs.",
	}, a.Notes...)
}

// Write prints the advice for a terminal.
func (a Advice) Write(w io.Writer, width int) error {
	var b strings.Builder
	b.WriteString(phrase.Fold(a.Headline(), "", "  ", width))
	b.WriteString("\n")
	t := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "ratio to %s\tlatency\tnoise\tCPU\tnoise\tPareto\n", a.Current)
	for _, p := range a.Points {
		pareto := ""
		if p.Pareto {
			pareto = "yes"
		}
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\t%s\t%s\n", p.Candidate, p.Latency, p.Latency.NoiseText(), p.CPU, p.CPU.NoiseText(), pareto)
	}
	t.Flush()
	b.WriteString("\n")
	t = tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(t, "regret of %s\tbest\tratio to it\tnoise\n", a.Choice)
	for _, p := range a.Places {
		fmt.Fprintf(t, "%s\t%s\t%s\t%s\n", p.Situation, p.Best, p.Regret, p.Regret.NoiseText())
	}
	t.Flush()
	b.WriteString("\n")
	if a.Worst != nil {
		b.WriteString(phrase.Fold(fmt.Sprintf("Worst case: %s, %s of %s.", a.Worst.Situation, a.Worst.Regret, a.Worst.Best), "", "  ", width))
	}
	for _, f := range a.Flips {
		b.WriteString(phrase.Fold(FlipText(f), "", "  ", width))
	}
	for _, c := range a.Caveats() {
		b.WriteString(phrase.Fold(c, "", "  ", width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// NoiseText is the noise in percent.
func (r *Ratio) NoiseText() string {
	if r == nil || r.Noise == nil {
		return "–"
	}
	return percent(*r.Noise)
}
