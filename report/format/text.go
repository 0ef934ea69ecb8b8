package format

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
	"unicode"

	"github.com/idlebench/idlebench/internal/label"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// name makes a name of somebody else's safe to read.
func name(s string) string { return label.Safe(s) }

// Text writes the report for a terminal.
func Text(w io.Writer, r *Report) error {
	var b strings.Builder
	b.WriteString("VERDICTS\n\n")
	if len(r.Groups) == 0 {
		b.WriteString("There is nothing to compare.\n\n")
	}
	for _, g := range r.Groups {
		writeGroup(&b, g)
	}
	b.WriteString("VALIDITY\n\n")
	for _, in := range r.Source.Inputs {
		writeTrust(&b, in)
	}
	for _, p := range r.Source.Profiles {
		fmt.Fprintf(&b, "%s: a %s profile of %s\n", name(p.File), p.Kind, p.Duration)
	}
	for _, l := range r.Source.Logs {
		fmt.Fprintf(&b, "%s: %s of HdrHistogram\n", name(l.File), count(len(l.Intervals), "interval"))
	}
	if len(r.Source.Profiles)+len(r.Source.Logs) > 0 {
		b.WriteString("\n")
	}
	if r.BenchstatCommand != "" {
		fmt.Fprintf(&b, "BENCHSTAT\n\n$ %s\n%s\n", Printable(r.BenchstatCommand), benchstatText(r))
	}
	if len(r.Source.NotUsed) > 0 {
		b.WriteString("NOT USED\n\n")
		for _, n := range r.Source.NotUsed {
			fmt.Fprintf(&b, "%s\n", Printable(n.String()))
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, "Made by: %s\n", Printable(r.Command))
	_, err := io.WriteString(w, b.String())
	return err
}

// benchstatText is what benchstat prints, or why it prints nothing.
func benchstatText(r *Report) string {
	switch {
	case r.BenchstatError != "":
		return fmt.Sprintf("benchstat cannot read this: %s\n", Printable(r.BenchstatError))
	case r.Benchstat == "":
		return "(it prints nothing: there is no valid launch)\n"
	}
	return Printable(r.Benchstat)
}

func writeGroup(b *strings.Builder, g verdict.Group) {
	fmt.Fprintf(b, "%s, by %s\n", inputs(g), name(g.Column))
	if g.None != "" {
		fmt.Fprintf(b, "  nothing is compared: %s\n\n", Printable(g.None))
		return
	}
	fmt.Fprintf(b, "  %s\n\n", summary(g))
	writeAudit(b, g.Audit)
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, q := range g.Questions {
		fmt.Fprintf(t, "  %s\n", name(q.Title))
		for _, a := range q.Answers {
			fmt.Fprintf(t, "    %s\t%s\n", name(orDash(a.Subject())), Printable(a.Text))
			for _, d := range depends(a) {
				fmt.Fprintf(t, "    \t  %s\n", d)
			}
		}
	}
	t.Flush()
	if note := g.AtMaxNote(); note != "" {
		fmt.Fprintf(b, "  %s\n", note)
	}
	if len(g.Questions) > 0 {
		b.WriteString("\n")
	}
	writeSubmitters(b, g.Submitters)
	if n := len(g.Family.Unmatched); n > 0 {
		fmt.Fprintf(b, "  Without a counterpart:\n")
		for _, u := range g.Family.Unmatched {
			fmt.Fprintf(b, "    %s\n", unmatched(g, u))
		}
		b.WriteString("\n")
	}
	for _, w := range g.Family.Warnings {
		fmt.Fprintf(b, "  Mind: %s\n", Printable(w))
	}
	if len(g.Family.Warnings) > 0 {
		b.WriteString("\n")
	}
}

// writeAudit writes how far the comparisons depend on the harness.
func writeAudit(b *strings.Builder, a *verdict.Audit) {
	if a == nil {
		return
	}
	fmt.Fprintf(b, "  %s\n", Printable(a.Summary()))
	for _, line := range a.About() {
		fmt.Fprintf(b, "    %s.\n", Printable(line))
	}
	for _, line := range a.BetweenParkers() {
		fmt.Fprintf(b, "  %s.\n", Printable(line))
	}
	b.WriteString("\n")
}

// writeSubmitters writes for whom it matters who submits.
func writeSubmitters(b *strings.Builder, s *verdict.Submitters) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "  Who submits. %s\n", s.Summary())
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	for _, r := range submitterRows(s) {
		fmt.Fprintf(t, "    %s\t%s\t%s with %s\t%s\n", r.title, r.subject, r.usual, verdict.Block, Printable(r.others))
	}
	t.Flush()
	for _, r := range s.Reversals {
		fmt.Fprintf(b, "    %s.\n", Printable(r))
	}
	b.WriteString("\n")
}

// unmatched names what has no counterpart.
func unmatched(g verdict.Group, u compare.Unmatched) string {
	where := name(u.Column)
	if u.Column == "" {
		where = "no " + name(g.Column)
	}
	text := name(u.Row) + "  " + where
	if u.Unit != "" {
		text += "  " + name(u.Unit)
	}
	return text
}

// inputs names those of a group.
func inputs(g verdict.Group) string {
	var names []string
	for _, n := range g.Inputs {
		names = append(names, name(n))
	}
	return strings.Join(names, " and ")
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}

func writeTrust(b *strings.Builder, in *source.Input) {
	if in.Kind != source.Folder && in.Kind != source.Benchmark {
		return
	}
	t := trustOf(in)
	fmt.Fprintf(b, "%s\n", name(in.Name))
	fmt.Fprintf(b, "  %s, %d invalid", count(t.launches, "launch"), t.invalid)
	if t.invalid > 0 {
		fmt.Fprintf(b, " (%s)", strings.Join(t.limits, ", "))
	}
	b.WriteString("\n")
	for _, f := range t.facts {
		fmt.Fprintf(b, "  %s\n", Printable(f))
	}
	if len(t.without) > 0 {
		fmt.Fprintf(b, "  Cells without a valid launch:\n")
		for _, w := range t.without {
			fmt.Fprintf(b, "    %s\n", w)
		}
	}
	if rows := limits(in); len(rows) > 0 {
		b.WriteString("  What this machine can do:\n")
		tw := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
		for _, row := range rows {
			fmt.Fprintf(tw, "    %s\n", strings.Join(row, "\t"))
		}
		tw.Flush()
	}
	if len(t.machine) > 0 {
		b.WriteString("  Measured on:\n")
		for _, p := range t.machine {
			fmt.Fprintf(b, "    %s: %s\n", name(p.Key), Printable(p.Value))
		}
	}
	b.WriteString("\n")
}

// Printable replaces what a terminal would obey, and what changes the direction
// of text. Text without such things stays as it is.
func Printable(s string) string {
	return strings.Map(func(r rune) rune {
		if r == '\n' || unicode.IsPrint(r) {
			return r
		}
		return unicode.ReplacementChar
	}, s)
}
