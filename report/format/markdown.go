package format

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/verdict"
)

// A comment on GitHub has at most 65,536 characters. These leave room for the text
// around it.
const (
	mostInSight   = 15     // rows of a table that is not folded
	mostRows      = 50     // of one that is
	mostLines     = 100    // of a list that is folded
	mostBenchstat = 30_000 // bytes
)

// Markdown writes the report for a pull request.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	if note := r.Simulated(); note != "" {
		fmt.Fprintf(&b, "> %s\n\n", escaped(note))
	}
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "### %s, by %s\n\n", escaped(inputs(g)), escaped(name(g.Column)))
		for _, line := range g.Headline.Sentences() {
			fmt.Fprintf(&b, "- %s\n", escaped(line))
		}
		if len(g.Headline.Sentences()) > 0 {
			b.WriteString("\n")
		}
		if p := g.Parkers; p != nil {
			fmt.Fprintf(&b, "**Parkers of %s.** %s\n\n", escaped(name(p.Impl)), escaped(summary(*p)))
			markdownComparisons(&b, *p)
		}
		if g.None != "" {
			fmt.Fprintf(&b, "Nothing is compared: %s\n\n", escaped(g.None))
			continue
		}
		if g.Column == "/impl" {
			b.WriteString("**Managers.** ")
		}
		fmt.Fprintf(&b, "%s\n\n", escaped(summary(g)))
		markdownComparisons(&b, g)
		markdownNotes(&b, g)
		markdownAudit(&b, g.Audit)
		markdownSubmitters(&b, g.Submitters)
	}
	if len(r.Groups) == 0 {
		b.WriteString("There is nothing to compare.\n\n")
	}
	var lines []string
	for _, in := range r.Source.Inputs {
		if len(in.Cells) == 0 {
			continue
		}
		t := trustOf(in)
		line := fmt.Sprintf("%s: %s, %d invalid", name(in.Name), phrase.Count(t.launches, "launch"), t.invalid)
		if t.invalid > 0 {
			line += " (" + strings.Join(t.limits, ", ") + ")"
		}
		for _, p := range t.machine {
			switch p.Key {
			case "cpu", "cpus", "virtualised", "kernel", "go", "commit":
				line += fmt.Sprintf("; %s: %s", p.Key, p.Value)
			}
		}
		lines = append(lines, line)
		lines = append(lines, t.facts...)
		for _, w := range t.without {
			lines = append(lines, "no valid launch of "+w)
		}
	}
	fold(&b, "Validity", list(lines))
	if r.BenchstatCommand != "" {
		text := benchstatText(r)
		if len(text) > mostBenchstat {
			cut := strings.LastIndexByte(text[:mostBenchstat], '\n') + 1
			text = text[:cut] + fmt.Sprintf("… %d more lines: run the command\n", strings.Count(text[cut:], "\n"))
		}
		fold(&b, "benchstat", fence("$ "+Printable(r.BenchstatCommand)+"\n"+text))
	}
	if n := len(r.Source.NotUsed); n > 0 {
		var lines []string
		for _, n := range r.Source.NotUsed {
			lines = append(lines, n.String())
		}
		fmt.Fprintf(&b, "**%s of the input not used.**\n\n", phrase.Count(n, "part"))
		fold(&b, "Not used", list(lines))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownComparisons writes the significant comparisons in sight and the others folded.
func markdownComparisons(b *strings.Builder, g verdict.Group) {
	significant, unresolved, reported := rowsOf(g)
	all := slices.Concat(significant, unresolved, reported)
	if len(all) == 0 {
		return
	}
	if g.Ranked() {
		fmt.Fprintf(b, "%s\n%s\n\n", rankingTable(g).markdown(), escaped(aboutRanking))
		fold(b, "Who wins where: ratios to "+escaped(name(g.Baseline)), matrix(g).markdown()+"\n"+escaped(aboutMatrix)+"\n")
	}
	of := func(rows []row) string {
		t := comparisonTable(g, rows)
		for i, r := range rows {
			if text := g.Mark(r.Comparison).Depends(); text != "" {
				t.rows[i] = slices.Concat(r.cells[:5], []string{r.cells[5] + " " + short(text)})
			}
		}
		return t.markdown()
	}
	if n := min(len(significant), mostInSight); n > 0 {
		fmt.Fprintf(b, "%s\n", of(significant[:n]))
		if rest := significant[n:]; len(rest) > 0 {
			fold(b, fmt.Sprintf("%d more that are significant", len(rest)), of(rest))
		}
	}
	if len(unresolved) > 0 {
		fold(b, fmt.Sprintf("%d unresolved", len(unresolved)), of(unresolved))
	}
	if len(reported) > 0 {
		fold(b, fmt.Sprintf("%d reported, not judged", len(reported)), of(reported))
	}
	fmt.Fprintf(b, "%s\n\n", escaped(legend(g, all)))
	if note := g.AtMaxNote(); note != "" {
		fmt.Fprintf(b, "%s\n\n", escaped(note))
	}
}

// markdownNotes writes what has no counterpart, and warnings.
func markdownNotes(b *strings.Builder, g verdict.Group) {
	var notes []string
	for _, u := range g.Family.Unmatched {
		notes = append(notes, "without a counterpart: "+unmatched(g, u))
	}
	notes = append(notes, g.Family.Warnings...)
	if len(notes) > 0 {
		fold(b, phrase.Count(len(notes), "note"), list(notes))
	}
}

// markdownAudit writes how far the comparisons depend on the harness.
func markdownAudit(b *strings.Builder, a *verdict.Audit) {
	if a == nil {
		return
	}
	fmt.Fprintf(b, "%s\n\n", escaped(a.Summary()))
	if lines := append(a.About(), a.BetweenParkers()...); len(lines) > 0 {
		fmt.Fprintf(b, "%s\n", list(lines))
	}
}

// markdownSubmitters writes where the submitter matters.
func markdownSubmitters(b *strings.Builder, s *verdict.Submitters) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "**Submitters.** %s\n\n", escaped(s.Summary()))
	if len(s.Reversals) > 0 {
		fmt.Fprintf(b, "%s\n", list(s.Reversals))
	}
	t := table{titles: []string{"workload", "subject", "with " + verdict.Block, "with others"}, right: make([]bool, 4)}
	for _, r := range submitterRows(s) {
		t.rows = append(t.rows, []string{r.title, r.subject, r.usual, strings.Join(r.others, "; ")})
	}
	if len(t.rows) > 0 {
		fold(b, phrase.Count(len(t.rows), "subject")+" for which the submitter matters", t.markdown())
	}
}

// list writes lines, as many as a comment has room for.
func list(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if i == mostLines {
			fmt.Fprintf(&b, "- … %d more\n", len(lines)-i)
			break
		}
		fmt.Fprintf(&b, "- %s\n", escaped(short(l)))
	}
	return b.String()
}

func fold(b *strings.Builder, title, body string) {
	if body != "" {
		fmt.Fprintf(b, "<details><summary>%s</summary>\n\n%s\n</details>\n\n", title, body)
	}
}

// fence puts text between marks that are longer than any in it.
func fence(text string) string {
	mark := "```"
	for strings.Contains(text, mark) {
		mark += "`"
	}
	return mark + "\n" + text + mark + "\n"
}

// short cuts a text that is too long for a line of a comment.
func short(s string) string {
	if r := []rune(s); len(r) > 300 {
		return string(r[:299]) + "…"
	}
	return s
}

// escaped makes text that is only text in Markdown: no markup, no mention of
// people, no links.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range Printable(s) {
		switch {
		case r == '\n':
			b.WriteByte(' ')
		case strings.ContainsRune("<>&@#|`*[]\\~!$", r):
			fmt.Fprintf(&b, "&#%d;", r)
		case r == '_':
			b.WriteString("\\_")
		default:
			b.WriteRune(r)
		}
	}
	return strings.ReplaceAll(b.String(), "://", "&#58;//")
}
