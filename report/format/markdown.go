package format

import (
	"fmt"
	"io"
	"strings"

	"github.com/idlebench/idlebench/report/verdict"
)

// A comment on GitHub has at most 65,536 characters. These leave room for what
// somebody writes around it.
const (
	mostAnswers   = 15     // in sight
	mostLines     = 100    // in a list that is folded
	mostBenchstat = 30_000 // bytes
)

// Markdown writes the report for a pull request.
func Markdown(w io.Writer, r *Report) error {
	var b strings.Builder
	for _, g := range r.Groups {
		fmt.Fprintf(&b, "### %s, by %s\n\n", escaped(inputs(g)), escaped(name(g.Column)))
		if g.None != "" {
			fmt.Fprintf(&b, "Nothing is compared: %s\n\n", escaped(g.None))
			continue
		}
		fmt.Fprintf(&b, "%s\n\n", escaped(summary(g)))
		markdownAudit(&b, g.Audit)
		markdownAnswers(&b, g)
		if note := g.AtMaxNote(); note != "" {
			fmt.Fprintf(&b, "%s\n\n", escaped(note))
		}
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
		line := fmt.Sprintf("%s: %s, %d invalid", name(in.Name), count(t.launches, "launch"), t.invalid)
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
		fmt.Fprintf(&b, "**%s of the input not used.**\n\n", count(n, "part"))
		fold(&b, "Not used", list(lines))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// markdownAnswers writes those with a verdict in sight and the others folded.
func markdownAnswers(b *strings.Builder, g verdict.Group) {
	var decided, open, reported []string
	for _, q := range g.Questions {
		for _, a := range q.Answers {
			winner := "–"
			if a.Winner != "" {
				winner = "**" + escaped(name(a.Winner)) + "**"
			}
			line := fmt.Sprintf("| %s | %s | %s | %s |\n", escaped(name(q.Title)), escaped(name(orDash(a.Subject()))), winner, escaped(short(a.Text)+marks(a)))
			switch {
			case a.Decided():
				decided = append(decided, line)
			case len(a.Reported) > 0:
				reported = append(reported, line)
			default:
				open = append(open, line)
			}
		}
	}
	subject := "parker"
	if g.Column != "/impl" {
		subject = "implementation"
	}
	head := "| workload | " + subject + " | winner | in words |\n|---|---|---|---|\n"
	if n := min(len(decided), mostAnswers); n > 0 {
		fmt.Fprintf(b, "%s%s\n", head, strings.Join(decided[:n], ""))
		if rest := decided[n:]; len(rest) > 0 {
			fold(b, fmt.Sprintf("%d more that are decided", len(rest)), head+first(rest))
		}
	}
	if len(open) > 0 {
		fold(b, fmt.Sprintf("%d unresolved", len(open)), head+first(open))
	}
	if len(reported) > 0 {
		fold(b, fmt.Sprintf("%d reported, not judged", len(reported)), head+first(reported))
	}
	var notes []string
	for _, u := range g.Family.Unmatched {
		notes = append(notes, "without a counterpart: "+unmatched(g, u))
	}
	notes = append(notes, g.Family.Warnings...)
	if len(notes) > 0 {
		fold(b, fmt.Sprintf("%d notes", len(notes)), list(notes))
	}
}

// marks are what stands behind an answer in words. It is cut by itself, so that a long
// answer does not hide it.
func marks(a verdict.Answer) string {
	texts := depends(a)
	if texts == nil {
		return ""
	}
	return short("; " + strings.Join(texts, "; "))
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

// markdownSubmitters writes for whom it matters who submits.
func markdownSubmitters(b *strings.Builder, s *verdict.Submitters) {
	if s == nil {
		return
	}
	fmt.Fprintf(b, "**Who submits.** %s\n\n", escaped(s.Summary()))
	if len(s.Reversals) > 0 {
		fmt.Fprintf(b, "%s\n", list(s.Reversals))
	}
	var rows []string
	for _, r := range submitterRows(s) {
		rows = append(rows, fmt.Sprintf("| %s | %s | %s | %s |\n", escaped(r.title), escaped(r.subject), escaped(r.usual), escaped(r.others)))
	}
	if len(rows) > 0 {
		fold(b, fmt.Sprintf("%d subjects for which it matters", len(rows)), "| workload | subject | with "+verdict.Block+" | with others |\n|---|---|---|---|\n"+first(rows))
	}
}

// first returns as many rows of a table as a comment has room for.
func first(rows []string) string {
	text := strings.Join(rows[:min(len(rows), mostLines/2)], "")
	if more := len(rows) - mostLines/2; more > 0 {
		text += fmt.Sprintf("| … %d more | | | |\n", more)
	}
	return text
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
