package doctor

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/idlebench/idlebench/internal/phrase"
)

// colours of the states, as terminals know them.
var colours = map[State]string{
	Good:    "\x1b[32m",
	Warn:    "\x1b[33m",
	Fail:    "\x1b[1;31m",
	Unknown: "\x1b[36m",
}

// Print writes the findings for people, in lines of a width: a paragraph for each, and a
// line with the number of findings in each state.
func Print(w io.Writer, findings []Finding, width int, colour bool) error {
	var b strings.Builder
	paint := func(s State, text string) string {
		if !colour {
			return text
		}
		return colours[s] + text + "\x1b[0m"
	}
	margin := strings.Repeat(" ", 9+14)
	// fold indents all lines but the first, which follows what is written already.
	fold := func(text, mark string) string {
		hang := margin + strings.Repeat(" ", utf8.RuneCountInString(mark))
		return strings.TrimPrefix(phrase.Fold(text, margin+mark, hang, width), margin)
	}
	for _, f := range findings {
		b.WriteString(paint(f.State, fmt.Sprintf("%-9s", f.State)))
		fmt.Fprintf(&b, "%-14s", f.Topic)
		b.WriteString(fold(f.Found, ""))
		b.WriteString(margin + fold(f.Why, ""))
		if f.Remedy != "" {
			b.WriteString(margin + fold(f.Remedy, "→ "))
		}
		b.WriteByte('\n')
	}
	var sum []string
	for _, s := range []State{Fail, Warn, Unknown, Good} {
		if n := Count(findings, s); n > 0 {
			sum = append(sum, paint(s, count(n, s)))
		}
	}
	b.WriteString(strings.Join(sum, ", ") + "\n")
	if slices.ContainsFunc(findings, func(f Finding) bool { return strings.HasPrefix(f.Remedy, tune) }) {
		b.WriteString(phrase.Fold("scripts/tune --dry-run shows what it would do; scripts/untune restores everything.", "", "", width))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// count says how many findings are in a state.
func count(n int, s State) string {
	switch s {
	case Fail:
		return phrase.Count(n, "failure")
	case Warn:
		return phrase.Count(n, "warning")
	}
	return fmt.Sprintf("%d %s", n, s)
}
