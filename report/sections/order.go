package sections

import (
	"fmt"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
)

// mostStrips is how many scenes have their launches drawn.
const mostStrips = 6

// launchIs says what a launch is in the inputs.
func launchIs(b *builder) string {
	if b.foreign() {
		return "Each launch is a benchmark line."
	}
	return "Each launch is a fresh process."
}

func (b *builder) order() page.Section {
	s := page.Section{
		ID:    "order",
		Title: "Launches in run order",
		Lead:  launchIs(b) + " Only this section shows a drift of the machine, and cells with two kinds of launches.",
	}
	has := func(s series) bool { return len(s.cell.Launches) > 1 }
	scenes := b.having(has)
	if len(scenes) == 0 {
		s.Blocks = append(s.Blocks, page.Missing{What: "No cell has several launches.", How: b.advise(b.inputs, "-quick")})
		return s
	}
	drawn := pick(scenes, mostStrips)
	for _, sc := range drawn {
		unit := b.primary(sc.series[0])
		name, panel := map[*source.Cell]string{}, map[*source.Cell]string{}
		inputs := []*source.Input{}
		for _, series := range sc.series {
			name[series.cell] = series.name
			if series.role != record.Implementation { // of another size, so that no drift of the others could be seen
				panel[series.cell] = "references"
			}
			if len(inputs) == 0 || inputs[len(inputs)-1] != series.in {
				inputs = append(inputs, series.in)
			}
		}
		var launches []plot.Launch
		for _, in := range inputs {
			for _, l := range inOrder(in, sc) {
				if v, ok := l.Metric(unit); ok {
					launches = append(launches, plot.Launch{Name: name[l.cell], Value: v, Invalid: !l.Valid(), Round: l.Round + 1, Panel: panel[l.cell]})
				}
			}
		}
		if len(launches) == 0 {
			s.Blocks = append(s.Blocks, page.Missing{What: fmt.Sprintf("%s: no launch has a value in %s.", capital(sc.title), unit)})
			continue
		}
		q := metric(unit)
		of := func(*source.Cell) string { return unit }
		q.Name += dagger(sc.series, of)
		f := plot.Launches(b.caption("strip", "Launches, "+q.Name, sc), q, launches...)
		s.Blocks = append(s.Blocks, b.figure(f, howLaunches, sc.words()))
		s.Blocks = append(s.Blocks, atMaxText(sc.series, of)...)
	}
	s.Blocks = append(s.Blocks, b.left(drawn, scenes)...)
	return s
}

// A placedLaunch is a launch with its cell.
type placedLaunch struct {
	*source.Launch
	cell *source.Cell
}

// inOrder returns the launches of a scene in an input in the order they ran.
func inOrder(in *source.Input, s *scene) (all []placedLaunch) {
	cell := map[*source.Launch]*source.Cell{}
	for _, series := range s.series {
		if series.in == in {
			for _, l := range series.cell.Launches {
				cell[l] = series.cell
			}
		}
	}
	for _, l := range in.Launches {
		if c := cell[l]; c != nil {
			all = append(all, placedLaunch{l, c})
		}
	}
	return all
}
