package sections

import (
	"fmt"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
)

func (b *builder) method() page.Section {
	s := page.Section{
		ID:    "method",
		Title: "Method and commands",
		Blocks: []page.Block{
			page.List{
				"Each launch is a fresh process. The cells of a round run close to each other in time, so that what slows the machine slows all of them, and in an order that is drawn for each round independently, so that chance alone says which comes first.",
				"A launch that was disturbed beyond a limit is marked as invalid and repeated; it counts nowhere.",
				"Two cells are compared within rounds: by the logarithms of the ratios, with Wilcoxon's signed-rank test, the estimate of Hodges and Lehmann, and the interval that belongs to the test.",
				"All judged comparisons of a run are one family, corrected by Holm's procedure with directions, so that the probability of any wrong verdict is bounded.",
				"Latencies are recorded in HDR histograms with three digits, of every task, from the time when it was due.",
				"Profiles and stages are of launches that are not timed, or of runs that say so.",
			},
		},
	}
	for _, in := range b.inputs {
		m := in.Manifest
		if m == nil {
			continue
		}
		if len(b.inputs) > 1 {
			s.Blocks = append(s.Blocks, page.Heading(plot.Label(in.Name)))
		}
		s.Blocks = append(s.Blocks, page.Facts{
			{Name: "rounds", Value: fmt.Sprint(m.Plan.Rounds)},
			{Name: "cells", Value: fmt.Sprint(len(m.Plan.Cells))},
			{Name: "time of a launch", Value: m.Plan.Time.String(), About: "after a warm-up of " + m.Plan.Warmup.String()},
			{Name: "seed of the order", Value: fmt.Sprint(m.Plan.Seed)},
			{Name: "began", Value: m.Start.UTC().Format(time.RFC3339)},
			{Name: "sessions", Value: fmt.Sprint(len(m.Sessions))},
		})
		if line := repeat(*m); line != "" {
			s.Blocks = append(s.Blocks, page.Commands{About: "To measure the same cells with the same seed, on this machine or another:", Lines: []string{line}})
		} else {
			s.Blocks = append(s.Blocks, page.Text("The command line of this run was not recorded; newer versions record it."))
		}
	}
	var lines []string
	if b.Command != "" {
		lines = append(lines, b.Command)
	}
	if b.BenchstatCommand != "" {
		lines = append(lines, b.BenchstatCommand)
	}
	for _, p := range b.Source.Profiles[:min(3, len(b.Source.Profiles))] {
		lines = append(lines, "go tool pprof -top "+quote(p.File))
	}
	if len(lines) > 0 {
		s.Blocks = append(s.Blocks, page.Commands{About: "To make this page again, and to look at the same data with other tools:", Lines: lines})
	}
	return s
}

// quote makes an argument of a shell of any text.
func quote(s string) string {
	if s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !(r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("_-./,=+:@%", r))
	}) {
		return s
	}
	return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'"
}

// repeat returns the command that measures a run again: the one that began it, into
// another folder and with the seed that it had. It is "" if that was not recorded.
func repeat(m record.Manifest) string {
	if len(m.Args) == 0 {
		return ""
	}
	line := "bench"
	seeded := false
	for i := 0; i < len(m.Args); i++ {
		arg := m.Args[i]
		name, _, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if strings.HasPrefix(arg, "-") {
			switch name {
			case "o":
				if !joined {
					i++ // the folder
				}
				continue
			case "seed":
				seeded = true
			}
		}
		line += " " + quote(arg)
	}
	if !seeded {
		line += fmt.Sprintf(" -seed %d", m.Plan.Seed)
	}
	return line
}
