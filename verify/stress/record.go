package main

import (
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"
)

// record is the result of a goal: a line for each manager and parker, and the sum.
func (g *goal) record() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "manager/parker\twake-ups\tlaunches\tper second\t")
	for _, name := range subjects(g.cells) {
		t := g.journal.tallies[name]
		rate := 0.0
		if t.took > 0 {
			rate = float64(t.wakes) / t.took.Seconds()
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%s\t\n", name, thousands(t.wakes), t.launches, thousands(uint64(rate)))
	}
	w.Flush()
	sum := g.journal.sum()
	fmt.Fprintf(&b, "%s wake-ups, 0 lost, %d launches of %d relays, %v with %d at once\n",
		thousands(sum.wakes), sum.launches, len(g.cells), (sum.took / time.Duration(g.processes)).Round(time.Second), g.processes)
	return b.String()
}

// The lines of a page between which the record of a goal is.
const (
	recordBegin = "<!-- stress:begin -->\n"
	recordEnd   = "<!-- stress:end -->\n"
)

// update puts the record of a goal in place of the one in a page.
func update(page, record, origin string) error {
	text, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(text), recordBegin)
	_, after, ends := strings.Cut(rest, recordEnd)
	if !begins || !ends {
		return fmt.Errorf("%s: no lines %q and %q for the record to be between", page, strings.TrimSpace(recordBegin), strings.TrimSpace(recordEnd))
	}
	block := fmt.Sprintf("%s```\n%s```\n\n%s.\n%s", recordBegin, record, origin, recordEnd)
	return os.WriteFile(page, []byte(before+block+after), 0o666)
}

// thousands writes a number with commas.
func thousands(n uint64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
