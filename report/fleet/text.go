package fleet

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Text writes what came back, how far the machines agree, and what is only simulated.
func Text(w io.Writer, c Collection, machines []Machine, models []Model) error {
	var b strings.Builder
	if c.Pack != "" {
		fmt.Fprintf(&b, "Pack %s: ", c.Pack)
	}
	fmt.Fprintln(&b, c.Summary())
	if len(c.Lost) > 0 {
		fmt.Fprintf(&b, "lost: %s\n", strings.Join(c.Lost, ", "))
	}
	for _, r := range c.Results {
		if r.Status != Used && r.Status != Simulated {
			fmt.Fprintf(&b, "%s: %s: %s\n", r.Status, r.Folder, r.Why)
		}
	}
	for _, m := range machines {
		for _, why := range m.Unfit {
			fmt.Fprintf(&b, "unfit: %s: %s\n", m.Name, why)
		}
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintf(table, "\nbetter\tworse\tsame\tunresolved\tmedian ratio\t\n")
	for _, a := range Agreements(Fit(machines)) {
		if a.Better+a.Worse == 0 {
			continue
		}
		fmt.Fprintf(table, "%d\t%d\t%d\t%d\t%.3g\t %s vs %s: %s\n", a.Better, a.Worse, a.Equivalent, a.Unresolved, a.median(), a.Other, a.Baseline, a.Question)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(models) > 0 {
		beside := NewBeside(machines, models)
		fmt.Fprintf(&b, "\n%s\n", beside.Summary())
		for i, m := range models {
			fmt.Fprintf(&b, "simulated: %s: %s\n", m.Name, beside.tally(i))
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
