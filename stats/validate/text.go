package validate

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// WriteText writes a judgement for readers of a terminal.
func (j Judgement) WriteText(w io.Writer) error {
	var b strings.Builder
	fmt.Fprintf(&b, "%d cells measured with %s, and simulated on %s with %s\n\n", len(j.Cells), count(j.Launches, "launch", "launches"), j.Machine, count(j.Seeds, "seed", "seeds"))
	table(&b, func(row func(...any)) {
		row("", "cells", "median error", "worst", "orders right", "wakes/task within 2")
		for _, h := range []struct {
			name string
			Half
		}{{"held out", j.HeldOut}, {"the others", j.Fitted}} {
			if h.Cells == 0 {
				row(h.name, 0, "–", "–", of(h.Right, h.Orders), of(h.WakesWithin, h.Wakes))
				continue
			}
			row(h.name, h.Cells, fmt.Sprintf("%.1f %%", percent(h.Median)), fmt.Sprintf("%.2f times", h.Worst), of(h.Right, h.Orders), of(h.WakesWithin, h.Wakes))
		}
	})
	b.WriteString("\nTargets\n")
	for _, t := range j.Targets {
		fmt.Fprintf(&b, "  %-9s  %s: %s\n", t.Outcome, t.Text, t.Figure)
	}
	j.writeOrders(&b)
	j.writeCells(&b)
	list(&b, "Not judged", j.NotJudged, func(n NotJudged) string { return n.Name + ": " + n.Reason })
	list(&b, "Warnings", j.Warnings, func(s string) string { return s })
	_, err := io.WriteString(w, b.String())
	return err
}

// writeOrders lists the pairs that count, those whose order is wrong first.
func (j Judgement) writeOrders(b *strings.Builder) {
	if len(j.Orders) == 0 {
		return
	}
	fmt.Fprintf(b, "\nOrders, where the measured ratio is certain and beyond %.1f\n", Differ)
	rank := []Verdict{Reversed, Tied, Right}
	sorted := slices.Clone(j.Orders)
	slices.SortStableFunc(sorted, func(x, y Order) int {
		return cmp.Compare(slices.Index(rank, x.Verdict), slices.Index(rank, y.Verdict))
	})
	table(b, func(row func(...any)) {
		row("", "measured", "95 %", "simulated", "over seeds", "ratio", "of")
		for _, o := range sorted {
			row(o.Verdict, number(o.Measured), number(o.Lo)+" to "+number(o.Hi), number(o.Simulated.Mid),
				number(o.Simulated.Low)+" to "+number(o.Simulated.High), o.New+" to "+o.Old, o.Row)
		}
	})
}

// writeCells lists all cells, the worst first.
func (j Judgement) writeCells(b *strings.Builder) {
	b.WriteString("\nCells, the worst first; wakes are wakes/task\n")
	sorted := slices.Clone(j.Cells)
	slices.SortStableFunc(sorted, func(x, y Cell) int { return cmp.Compare(y.Error, x.Error) })
	table(b, func(row func(...any)) {
		row("error", "half", "measured", "simulated", "unit", "wakes", "simulated", "cell")
		for _, c := range sorted {
			half, real, model := "other", "–", "–"
			if c.HeldOut {
				half = "held out"
			}
			if c.Wakes != nil {
				real, model = number(c.Wakes.Measured), number(c.Wakes.Simulated)
				if !c.Wakes.within() {
					model += " !"
				}
			}
			row(fmt.Sprintf("%.2f", c.Error), half, number(c.Measured.Mid), number(c.Simulated.Mid), c.Unit, real, model, c.Name)
		}
	})
}

// table writes rows in columns that are aligned.
func table(b *strings.Builder, fill func(row func(...any))) {
	t := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fill(func(columns ...any) {
		var texts []string
		for _, c := range columns {
			texts = append(texts, fmt.Sprint(c))
		}
		fmt.Fprintln(t, "  "+strings.Join(texts, "\t"))
	})
	t.Flush() // to a strings.Builder, which does not fail
}

func list[T any](b *strings.Builder, title string, all []T, text func(T) string) {
	if len(all) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n", title)
	for _, x := range all {
		fmt.Fprintf(b, "  %s\n", text(x))
	}
}

// number writes a positive number with three digits that count, and no exponent if it is
// large.
func number(x float64) string {
	if x >= 100 {
		return fmt.Sprintf("%.0f", x)
	}
	return fmt.Sprintf("%.3g", x)
}

func of(n, all int) string {
	if all == 0 {
		return "–"
	}
	return fmt.Sprintf("%d of %d", n, all)
}

func count(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
