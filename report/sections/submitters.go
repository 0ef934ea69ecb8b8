package sections

import (
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// aboutSubmitters says what the values of the parameter are.
const aboutSubmitters = "block: a goroutine that blocks after submitting, like a request handler. spin: a thread that never blocks, like a poll-mode driver. poll: a goroutine that the network poller wakes for each arrival."

// aboutParkers explains the prefix in the names of parkers.
const aboutParkers = "With parkers named go-…, workers are ordinary goroutines on threads that they share with the rest of the program; with all others, each worker is locked to a pinned thread of its own."

// mostReversals is how many sentences there are about differences that reverse.
const mostReversals = 12

// openSubmitters is how many subjects that depend on the submitter are not folded.
const openSubmitters = 32

// whoSubmits shows whether results depend on the submitter: a difference that is
// significant with one submitter may not hold for a program that submits in another way.
func (b *builder) whoSubmits(g verdict.Group) []page.Block {
	heading := page.Heading("Submitters")
	s := g.Submitters
	if s == nil {
		if g.Column != "/impl" || !b.isFolder(g) {
			return nil
		}
		return []page.Block{heading, page.Missing{
			What: "The effect of the submitter is not known: no cell was measured with submitter=block and another submitter.",
			How:  b.advise(b.inputs, "-workload", "wake", "-param", "submitter=block", "-param", "submitter=spin", "-param", "submitter=poll"),
		}}
	}
	blocks := []page.Block{heading, page.Text("The source of tasks is a parameter of the workload. " + aboutSubmitters), page.Text(s.Summary() + " Intervals are 95 %, uncorrected, paired by round.")}
	if len(s.Reversals) > 0 {
		var list page.List
		for _, r := range s.Reversals[:min(len(s.Reversals), mostReversals)] {
			list = append(list, sentence(r))
		}
		if more := len(s.Reversals) - mostReversals; more > 0 {
			list = append(list, fmt.Sprintf("And %d more; report -all has all.", more))
		}
		blocks = append(blocks, list)
	}
	differ, rest := b.submitterTables(s)
	switch n := len(differ.Rows); {
	case n > openSubmitters:
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("%s with a difference above %s", phrase.Count(n, "subject"), percent(verdict.Beyond)), Blocks: []page.Block{differ}})
	case n > 0:
		blocks = append(blocks, differ)
	}
	if n := len(rest.Rows); n > 0 {
		blocks = append(blocks, page.Details{Summary: fmt.Sprintf("%s without a known difference above %s", phrase.Count(n, "subject"), percent(verdict.Beyond)), Blocks: []page.Block{rest}})
	}
	return blocks
}

func (b *builder) isFolder(g verdict.Group) bool {
	return slices.ContainsFunc(b.inputs, func(in *source.Input) bool {
		return in.Kind == source.Folder && slices.Contains(g.Inputs, in.Name)
	})
}

// submitterTables has a row for each subject, with a column for each submitter: in
// one table those with a ratio that differs, in the other the rest.
func (b *builder) submitterTables(s *verdict.Submitters) (differ, rest page.Table) {
	var others []string
	for _, e := range s.Effects {
		others = addNew(others, e.Comparison.New.Column)
	}
	table := func(id, caption string) page.Table {
		t := page.Table{ID: b.id(id), Caption: caption, Filter: true, Columns: []page.Column{{Title: "workload"}, {Title: "subject"}, {Title: verdict.Block, Number: true}}}
		for _, o := range others {
			t.Columns = append(t.Columns, page.Column{Title: o + " / " + verdict.Block, Number: true})
		}
		return t
	}
	differ = table("submitters", "Median with submitter="+verdict.Block+", and the ratio of other submitters to it")
	rest = table("submitters-alike", "Subjects for which no difference is known")
	for _, effects := range s.Rows() {
		e := effects[0]
		b.units[e.Comparison.Unit] = true
		cell, _ := record.ParseName(e.Comparison.Old.Name)
		blurParam(&cell, verdict.Submitter)
		cell.Impl, cell.Park = "", ""
		value := none()
		if sum := e.Comparison.Old.Summary; sum != nil {
			value = number(sum.Center, e.Comparison.Unit)
			value.Notes = []string{e.Comparison.Unit}
		}
		row := []page.Cell{{Text: b.short(cell)}, {Text: e.Impl + " " + e.Park}, value}
		for _, o := range others {
			row = append(row, submitterCell(effects, o))
		}
		t := &rest
		if slices.ContainsFunc(effects, verdict.SubmitterEffect.Differs) {
			t = &differ
		}
		t.Rows = append(t.Rows, row)
	}
	return differ, rest
}

// submitterCell is the ratio of a submitter among the effects of a subject.
func submitterCell(effects []verdict.SubmitterEffect, submitter string) page.Cell {
	i := slices.IndexFunc(effects, func(e verdict.SubmitterEffect) bool { return e.Comparison.New.Column == submitter })
	switch {
	case i < 0:
		return none()
	case effects[i].Saturated():
		return page.Cell{Text: "saturated", Value: math.NaN(), Tone: page.Weak}
	}
	cell := ratioCell(effects[i].Comparison)
	cell.Tone = page.Weak
	if effects[i].Differs() {
		cell.Tone = page.Strong
		if c := effects[i].Comparison; c.Better != record.Neither {
			better := (c.Effect.Ratio < 1) == (c.Better == record.Lower)
			cell.Tone = page.Tone(map[bool]compare.Verdict{true: compare.Better, false: compare.Worse}[better])
		}
	}
	return cell
}
