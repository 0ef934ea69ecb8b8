package sections

import (
	"fmt"
	"path/filepath"
	"slices"
	"time"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

func (b *builder) method() page.Section {
	s := page.Section{
		ID:    "method",
		Title: "Method and commands",
	}
	if list := b.howMeasured(); list != nil {
		s.Blocks = append(s.Blocks, page.List(list))
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
			{Name: "rounds", Value: m.Plan.RoundsText()},
			{Name: "cells", Value: fmt.Sprint(len(m.Plan.Cells))},
			{Name: "measured time", Value: m.Plan.Time.String(), About: "per launch, after a warm-up of " + m.Plan.Warmup.String()},
			{Name: "seed of the order", Value: fmt.Sprint(m.Plan.Seed)},
			{Name: "began", Value: m.Start.UTC().Format(time.RFC3339)},
			{Name: "sessions", Value: fmt.Sprint(len(m.Sessions))},
		})
		if line := b.repeat(in); line != "" {
			s.Blocks = append(s.Blocks, page.Commands{About: "To repeat the run with the same cells and seed:", Lines: []string{line}})
		} else {
			s.Blocks = append(s.Blocks, page.Text("This run's command line was not recorded; newer versions record it."))
		}
	}
	var lines []string
	if b.Command != "" {
		lines = append(lines, b.anywhere(b.Command))
	}
	if b.BenchstatCommand != "" {
		lines = append(lines, b.anywhere(b.BenchstatCommand))
	}
	for _, in := range b.inputs {
		if in.Packed {
			lines = append(lines, "unzip -n -d "+phrase.Shell(in.Path)+" "+phrase.Shell(filepath.Join(in.Path, record.ArchiveFile)))
		}
	}
	for _, p := range b.Source.Profiles[:min(3, len(b.Source.Profiles))] {
		lines = append(lines, "go tool pprof -top "+phrase.Shell(p.File))
	}
	if len(lines) > 0 {
		s.Blocks = append(s.Blocks, page.Commands{About: "To make this page again, and to read the same data with other tools:", Lines: lines})
	}
	return s
}

// howMeasured says how the numbers came about and were judged: of other programs' files
// nothing that they do not say.
func (b *builder) howMeasured() (list []string) {
	const (
		test    = "Wilcoxon's signed-rank test on the logarithms of the ratios, with the Hodges–Lehmann estimate and the confidence interval that inverts the test."
		holm    = "Judged comparisons are corrected for their family by Holm's procedure with directional decisions, "
		managed = " Managers are one family, the parkers of the baseline another."
	)
	foreign := b.foreign()
	if b.hasFolder() {
		list = append(list,
			"Each launch is a fresh process. The cells of a round run close together in time, so a slow phase of the machine affects all of them. Their order is randomized independently for each round.",
			"A launch that was disturbed beyond a limit is invalid: it is excluded and repeated.",
			"Comparisons are paired by round: "+test,
			holm+"which controls the family-wise error rate."+managed,
			"The latency of every task is recorded in an HDR histogram with three significant digits, measured from when the task was due.",
			"Profiles and stages come from launches that are not timed, or from runs that say so.")
		if foreign {
			list = append(list, "This is true of the result folders. Benchmark files of other programs do not say how they were measured.")
		}
		return list
	}
	if foreign {
		list = append(list,
			"These benchmark files do not say how they were measured: whether each line is a process of its own, and in which order and how far apart they ran.",
			"Comparisons are paired by round where a file names rounds, and otherwise the n-th line of a benchmark with the n-th of its counterpart: "+test,
			holm+"which controls the family-wise error rate if pairs were measured close together, in random order.")
	}
	return list
}

// foreign reports whether one of the inputs with measurements is no result folder.
func (b *builder) foreign() bool {
	return slices.ContainsFunc(b.inputs, func(in *source.Input) bool { return in.Kind != source.Folder })
}
