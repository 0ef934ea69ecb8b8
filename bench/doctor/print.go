package doctor

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"
)

// width is the length of lines.
const width = 100

// colours of the states, as terminals know them.
var colours = map[State]string{
	Good:    "\x1b[32m",
	Warn:    "\x1b[33m",
	Fail:    "\x1b[1;31m",
	Unknown: "\x1b[36m",
}

// Print writes the findings for people: a paragraph for each, and a line with the
// number of findings in each state.
func Print(w io.Writer, findings []Finding, colour bool) error {
	var b strings.Builder
	paint := func(s State, text string) string {
		if !colour {
			return text
		}
		return colours[s] + text + "\x1b[0m"
	}
	const indent = 9 + 14
	for _, f := range findings {
		b.WriteString(paint(f.State, fmt.Sprintf("%-9s", f.State)))
		fmt.Fprintf(&b, "%-14s", f.Topic)
		fold(&b, f.Found, indent)
		b.WriteString(strings.Repeat(" ", indent))
		fold(&b, f.Why, indent)
		if f.Remedy != "" {
			b.WriteString(strings.Repeat(" ", indent) + "→ ")
			fold(&b, f.Remedy, indent+2)
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
		b.WriteString("scripts/tune --dry-run shows what it would do; scripts/untune restores everything.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// count says how many findings are in a state.
func count(n int, s State) string {
	switch s {
	case Fail:
		return plural(n, "failure")
	case Warn:
		return plural(n, "warning")
	}
	return fmt.Sprintf("%d %s", n, s)
}

// fold writes text in lines, all but the first indented. A word that is too long for a
// line gets one of its own.
func fold(b *strings.Builder, text string, indent int) {
	column := indent
	for i, word := range strings.Fields(text) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			b.WriteString("\n" + strings.Repeat(" ", indent))
			column = indent
		default:
			b.WriteByte(' ')
			column++
		}
		b.WriteString(word)
		column += n
	}
	b.WriteByte('\n')
}
