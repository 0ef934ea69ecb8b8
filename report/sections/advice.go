package sections

import (
	"fmt"

	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/advice"
)

// advice says what to use, as "bench advise" does. It is about one measured run of the
// suite; otherwise there is no such section.
func (b *builder) advice() []page.Section {
	if len(b.inputs) != 1 || b.inputs[0].Kind != source.Folder || b.inputs[0].Run == nil || isSimulated(b.inputs[0]) {
		return nil
	}
	s := page.Section{ID: "advice", Title: "What to use"}
	none := func(err error) []page.Section {
		s.Blocks = []page.Block{page.Missing{What: sentence("There is no advice: " + err.Error())}}
		return []page.Section{s}
	}
	data, err := advice.FromRun(*b.inputs[0].Run)
	if err != nil {
		return none(err)
	}
	a, err := advice.Advise(data, advice.Balanced, advice.Candidate{})
	if err != nil {
		return none(err)
	}
	s.Lead = a.Headline()
	points := page.Table{ID: b.id("advice-points"), Caption: fmt.Sprintf("Latency and CPU time, as ratios to %s", a.Current),
		Columns: []page.Column{{Title: "design/parker", Code: true}, {Title: "latency", Number: true}, {Title: "noise"}, {Title: "CPU time", Number: true}, {Title: "noise"}, {Title: "Pareto"}}}
	for _, p := range a.Points {
		row := []page.Cell{{Text: p.Candidate.String()}, adviceRatio(p.Latency), {Text: p.Latency.NoiseText()}, adviceRatio(p.CPU), {Text: p.CPU.NoiseText()}, {}}
		if p.Pareto {
			row[5].Text = "yes"
		}
		if p.Candidate == a.Choice {
			row[0].Tone = page.Strong
		}
		points.Rows = append(points.Rows, row)
	}
	places := page.Table{ID: b.id("advice-regret"), Caption: fmt.Sprintf("Regret of %s: ratio to the best candidate of each situation", a.Choice),
		Columns: []page.Column{{Title: "situation"}, {Title: "best there", Code: true}, {Title: "ratio", Number: true}, {Title: "noise"}}}
	for _, p := range a.Places {
		places.Rows = append(places.Rows, []page.Cell{{Text: p.Situation}, {Text: p.Best.String()}, adviceRatio(p.Regret), {Text: p.Regret.NoiseText()}})
	}
	about := page.List(a.Caveats())
	for _, f := range a.Flips {
		about = append(about, advice.FlipText(f))
	}
	s.Blocks = []page.Block{points, page.Details{Summary: "Where another choice would be better", Paper: true, Blocks: []page.Block{places}}, about}
	return []page.Section{s}
}

func adviceRatio(r *advice.Ratio) page.Cell {
	if r == nil {
		return none()
	}
	return page.Cell{Text: r.String(), Value: r.Ratio}
}
