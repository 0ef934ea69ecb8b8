package main

import (
	"fmt"
	"strings"

	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// The units in which sleeps are counted: of the workers' threads, where these can be told
// from others on both sides, or else of the process, with the submitter's.
const (
	workerSleeps  = "worker-sleeps/task"
	processSleeps = "vol-switches/task"
)

// write writes the page.
func write(o pairs.Outcome) (string, error) {
	judged, err := pairs.Judge(o.Run, contests())
	if err != nil {
		return "", err
	}
	values := pairs.ValuesOf(o.Run)
	var tables strings.Builder
	far, unexplained := 0, 0
	for _, s := range spans() {
		fmt.Fprintf(&tables, "\n## `%s` and `%s`\n\n", s.peer, s.design)
		fmt.Fprintf(&tables, "Parker `%s`, host `%s`: %s.\n\n", s.park, s.host, s.why)
		tables.WriteString("| load | unit | runtime | ours | ratio | sleeps/task, runtime | ours | counted before | |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n")
		var notes []string
		for _, r := range s.rows {
			c, measured := judged[s.id(r)]
			mark, note := s.explain(r, c, measured)
			switch mark {
			case unexplainedMark:
				far, unexplained = far+1, unexplained+1
			case explainedMark:
				far++
			}
			if note != "" {
				notes = append(notes, fmt.Sprintf("- %s: %s", r.name, note))
			}
			tables.WriteString(s.line(values, r, c, measured, mark))
		}
		if notes != nil {
			tables.WriteString("\n" + strings.Join(notes, "\n") + "\n")
		}
	}
	return head(o, far, unexplained) + tables.String() + tail(o), nil
}

func head(o pairs.Outcome, far, unexplained int) string {
	verdict := fmt.Sprintf("%d ratios are beyond %v, and each has an explanation below.", far, beyond)
	if unexplained > 0 {
		verdict = fmt.Sprintf("%d ratios are beyond %v. **%d of them are not explained.**", far, beyond, unexplained)
	}
	return fmt.Sprintf(`# Is the host fair?

Written by %[1]cmake bridge%[1]c. Each table has a runtime and the design of this suite that was ported from it, under the same loads, in one run. If our host
is a fair one, a ratio is near 1, or there is a reason for it. %[2]s

Measured on %[3]s.

The ratio is that of the runtime to our design: below 1 the runtime is faster. In brackets is its interval, corrected for all ratios on the page (Holm), so that
all are right with 95 %% confidence; bold is significantly different. The units are the workloads' primary ones. Where tasks are the work, our side allocates a
task and a completion for each spawn, as the runtimes do (%[1]cspawn=allocates%[1]c). [Peers](peers.md) says what each runtime is.

Sleeps are voluntary context switches, which the kernel counts for each thread (%[1]c/proc/PID/task/TID/status%[1]c), read from outside for both: those of the
workers' threads where each worker has one, otherwise (marked *) those of the process, the submitter's own sleep for each task included, and on our side those
of Go's runtime. A sleep is not a wake by a futex call: a nap is one, too, and so is a thread that is woken into a lock. "Counted before" is what each runtime
did for a lone task in each millisecond when it was traced for this issue.
`, '`', verdict, pairs.Machine(o.Run))
}

// What a row's ratio needs.
const (
	unexplainedMark = "**not explained**"
	explainedMark   = "explained"
	staleMark       = "**an explanation without a need**"
)

// explain returns the mark of a row and its explanation.
func (s span) explain(r row, c compare.Comparison, measured bool) (mark, note string) {
	note, explained := explanations[s.id(r)]
	if !measured || c.Effect == nil {
		return "", ""
	}
	ratio := c.Effect.Ratio
	switch far := ratio > beyond || ratio < 1/beyond; {
	case far && explained:
		return explainedMark, note
	case far:
		return unexplainedMark, ""
	case explained:
		return staleMark, note
	}
	return "", ""
}

func (s span) line(values pairs.Values, r row, c compare.Comparison, measured bool, mark string) string {
	value := func(cell pairs.Cell, unit string) string {
		v, ok := values.Median(cell, unit)
		if !ok {
			return "–"
		}
		return pairs.Number(v)
	}
	unit, star := workerSleeps, ""
	if _, ok := values.Median(s.theirs(r), workerSleeps); !ok {
		unit, star = processSleeps, "*"
	}
	before := counted[s.id(r)]
	if before == "" {
		before = "–"
	}
	ratio := "–"
	if measured {
		ratio = pairs.Ratio(c)
		if c.Verdict == compare.Better || c.Verdict == compare.Worse {
			ratio = "**" + ratio + "**"
		}
	}
	return fmt.Sprintf("| %s | %s | %s | %s | %s | %s%s | %s%s | %s | %s |\n", r.name, r.cell.Primary(),
		value(s.theirs(r), r.cell.Primary()), value(s.ours(r), r.cell.Primary()), ratio,
		value(s.theirs(r), unit), star, value(s.ours(r), unit), star, before, mark)
}

// tail says what was left out.
func tail(o pairs.Outcome) string {
	var b strings.Builder
	if o.LeftOut != nil {
		b.WriteString("\n## Left out\n\n")
		for _, n := range o.LeftOut {
			fmt.Fprintf(&b, "- %s\n", n)
		}
	}
	return b.String()
}
