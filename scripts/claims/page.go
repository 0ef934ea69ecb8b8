package main

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/scripts/claims/published"
)

// write writes the page.
func write(claims []published.Claim, r results) (string, error) {
	findings, err := judge(claims, r)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	b.WriteString(head(findings, r))
	b.WriteString("| claim | confirmed if | ratio | verdict |\n|---|---|---|---|\n")
	for _, f := range findings {
		fmt.Fprintf(&b, "| [%s](#%s) | %s | %s | %s |\n", strings.TrimSuffix(f.Says, "."), f.ID, f.limit(), f.ratio(), f.said())
	}
	b.WriteString("\n")
	for _, f := range findings {
		f.section(&b)
	}
	return b.String(), nil
}

// head says what the page is, how often each verdict was found, and on what machine.
func head(findings []finding, r results) string {
	count := map[verdict]int{}
	family := 0
	for _, f := range findings {
		count[f.verdict]++
		if f.effect != nil {
			family++
		}
	}
	fact := func(key string) string {
		for _, p := range r.config {
			if p.Key == key {
				return p.Value
			}
		}
		return environ.Unknown
	}
	return fmt.Sprintf(`# What the field believed, tested

%[2]d claims about idle management, as others published them: %[3]d confirmed, %[4]d refuted, %[5]d not decidable here. Written by %[1]cmake claims%[1]c.

A claim was made about another program, in another language and on another machine. What is tested is whether it holds for the same design in this
suite, on this machine: %[6]s, %[7]s CPUs (virtualised: %[8]s), %[9]s %[10]s, %[11]s; commit %[12]s, %[13]s, %[14]d rounds.

The ratio is that of new to old, paired by round, with the interval of an exact signed-rank test. The limit of each claim was fixed before anything was
measured: it is the claim's own figure, or 1 if the source only says "more" or "less". A claim is confirmed if the interval lies wholly on its side of
the limit and refuted if it lies wholly on the other. The intervals are corrected by Holm's procedure for the %[15]d claims that were measured, so that with 95 %%
confidence no verdict on this page is wrong. Simulated ratios, on the machine %[16]s of [docs/machines.md](machines.md), are medians, with the least
and the greatest of all seeds; they support no verdict.
[scripts/claims](../scripts/claims) has the details, [scripts/claims/published](../scripts/claims/published/claims.go) the claims as data.

`, '`', len(findings), count[confirmed], count[refuted], count[undecided], fact("cpu"), fact("cpus"), fact("virtualised"), fact("goos"), fact("kernel"), fact("go"),
		commit(fact("commit")), date(r.run), r.rounds, family, published.Machine)
}

// commit is the beginning of a revision, and whether it was changed.
func commit(revision string) string {
	sum, dirty, changed := strings.Cut(revision, "+")
	sum = sum[:min(len(sum), 7)]
	if changed {
		sum += "+" + dirty
	}
	return sum
}

func date(run record.Run) string { return run.Start.UTC().Format("2006-01-02") }

// limit says which ratios confirm the claim; "–" if nothing was to be measured.
func (f finding) limit() string {
	switch {
	case f.Limit == 0:
		return "–"
	case f.Side == published.Below:
		return "below " + number(f.Limit)
	}
	return "above " + number(f.Limit)
}

// ratio is the ratio with its interval.
func (f finding) ratio() string {
	switch {
	case f.effect == nil:
		return "–"
	case f.effect.Interval == nil:
		return number(f.effect.Ratio)
	}
	return fmt.Sprintf("%s [%s, %s]", number(f.effect.Ratio), number(f.effect.Interval.Lo), number(f.effect.Interval.Hi))
}

// said is the verdict, with what the simulation says.
func (f finding) said() string {
	text := "**" + string(f.verdict) + "**"
	if f.verdict == undecided {
		text = string(f.verdict)
	}
	if len(f.simulated) == 0 {
		return text
	}
	holds, contradicts := 0, 0
	for _, s := range f.simulated {
		switch {
		case s.holds:
			holds++
		case s.contradict:
			contradicts++
		}
	}
	switch len(f.simulated) {
	case holds:
		return text + "; simulated: it holds"
	case contradicts:
		return text + "; simulated: it does not hold"
	}
	return text + "; simulated: it depends"
}

// section has all about a claim.
func (f finding) section(b *strings.Builder) {
	fmt.Fprintf(b, "<a id=%q></a>\n\n## %s\n\n", f.ID, f.Says)
	fmt.Fprintf(b, "- Source: [%s](%s): %s.\n", f.By, f.Link, f.Said)
	if f.Ratio != "" {
		fmt.Fprintf(b, "- Ratio: %s. Confirmed %s, refuted on the other side.\n", f.Ratio, f.limit())
	}
	fmt.Fprintf(b, "- **%s**", strings.ToUpper(string(f.verdict[:1]))+string(f.verdict[1:]))
	if f.effect != nil {
		fmt.Fprintf(b, ": %s, in %d rounds", f.ratio(), f.pairs)
	}
	if f.why != "" {
		fmt.Fprintf(b, ": %s", f.why)
	}
	b.WriteString(".\n")
	for _, s := range f.simulated {
		fmt.Fprintf(b, "- Simulated with %d CPUs: %s (%s to %s with %s).\n", s.cpus, number(s.median), number(s.lo), number(s.hi), plural(s.seeds, "seed"))
	}
	b.WriteString("\n")
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// number writes three digits that count.
func number(x float64) string {
	if x >= 100 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', 3, 64)
}
