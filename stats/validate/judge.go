package validate

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// ErrNothing is the error if no cell has a result on both sides.
var ErrNothing = errors.New("no cell was both measured and simulated")

// wakes is the unit in which designs, not machines, differ.
const wakes = "wakes/task"

// Judge compares a measured run with a simulated one of the same cells. It is an error if
// they are not that.
func Judge(measured, simulated record.Run) (Judgement, error) {
	switch {
	case measured.Simulated() != "":
		return Judgement{}, fmt.Errorf("the measured run was simulated, on %s", measured.Simulated())
	case simulated.Simulated() == "":
		return Judgement{}, errors.New("the simulated run was measured")
	}
	j := Judgement{
		Machine: simulated.Simulated(), Launches: measured.Plan.Rounds, Seeds: simulated.Plan.Rounds,
		Cells: []Cell{}, Orders: []Order{}, NotJudged: []NotJudged{}, Warnings: warnings(measured, simulated),
	}
	if err := j.compare(measured, simulated); err != nil {
		return j, err
	}
	judged := map[string]bool{}
	for _, c := range j.Cells {
		judged[c.Name] = true
	}
	var err error
	if j.Orders, err = orders(measured, valuesOf(simulated), judged); err != nil {
		return j, err
	}
	j.HeldOut, j.Fitted = j.half(true), j.half(false)
	j.Targets = j.targets()
	return j, nil
}

// Errors returns what is off in the cells that are not held out, and nothing else, for one
// who fits a model.
func Errors(measured, simulated record.Run) (Half, error) {
	var j Judgement
	if err := j.compare(measured, simulated); err != nil {
		return Half{}, err
	}
	h := j.half(false)
	if h.Cells == 0 {
		return h, ErrNothing
	}
	return h, nil
}

// compare compares the cells.
func (j *Judgement) compare(measured, simulated record.Run) error {
	real, model := valuesOf(measured), valuesOf(simulated)
	for _, c := range cellsOf(measured, simulated) {
		cell, reason := judge(c, measured.Primary[c.Workload], real[c.Name()], model[c.Name()])
		if reason != "" {
			j.NotJudged = append(j.NotJudged, NotJudged{c.Name(), reason})
			continue
		}
		j.Cells = append(j.Cells, cell)
	}
	if len(j.Cells) == 0 {
		return ErrNothing
	}
	return nil
}

// warnings says what may make the two runs differ besides the model.
func warnings(measured, simulated record.Run) (all []string) {
	all = []string{}
	for _, side := range []struct {
		name string
		run  record.Run
	}{{"measured", measured}, {"simulated", simulated}} {
		if side.run.State.Partial() {
			all = append(all, fmt.Sprintf("the %s run is %s: some launches of its plan are missing", side.name, side.run.State))
		}
		if n := len(side.run.Failures); n > 0 {
			all = append(all, fmt.Sprintf("%d launches of the %s run failed", n, side.name))
		}
	}
	if was, is := measured.Fact("commit"), simulated.Fact("commit"); was != is {
		all = append(all, fmt.Sprintf("the program that measured is of commit %s, the one that simulated of %s", was, is))
	}
	return all
}

// cellsOf returns the cells of idle managers in either run.
func cellsOf(runs ...record.Run) (cells []record.Cell) {
	seen := map[string]bool{}
	for _, run := range runs {
		for _, c := range run.Plan.Cells {
			if name := c.Name(); !seen[name] && record.RoleOf(c) == record.Implementation {
				seen[name] = true
				cells = append(cells, c)
			}
		}
	}
	return cells
}

// values are what the valid launches of a cell say.
type values struct {
	planned, valid, saturated int
	byUnit                    map[string]map[int]float64 // and round
}

// valuesOf returns the values of each cell of a run. Of several launches in one round the
// last valid one counts.
func valuesOf(run record.Run) map[string]*values {
	all := map[string]*values{}
	for _, c := range run.Plan.Cells {
		all[c.Name()] = &values{planned: run.Plan.Rounds, byUnit: map[string]map[int]float64{}}
	}
	saturated := map[string]map[int]bool{}
	for _, l := range run.Recorded {
		name := l.Cell.Name()
		v := all[name]
		if v == nil || len(l.Invalid) > 0 {
			continue
		}
		if saturated[name] == nil {
			saturated[name] = map[int]bool{}
		}
		saturated[name][l.Round] = l.Saturated()
		for _, m := range l.Metrics {
			if v.byUnit[m.Unit] == nil {
				v.byUnit[m.Unit] = map[int]float64{}
			}
			v.byUnit[m.Unit][l.Round] = m.Value
		}
	}
	for name, rounds := range saturated {
		all[name].valid = len(rounds)
		for _, is := range rounds {
			if is {
				all[name].saturated++
			}
		}
	}
	return all
}

// band returns the band of a unit; ok is false if no launch has it.
func (v *values) band(unit string) (b Band, ok bool) {
	var all []float64
	for _, x := range v.byUnit[unit] {
		all = append(all, x)
	}
	return bandOf(all)
}

func bandOf(all []float64) (b Band, ok bool) {
	if len(all) == 0 {
		return Band{}, false
	}
	return Band{slices.Min(all), compare.Median(all), slices.Max(all)}, true
}

// judge compares both sides of a cell, or says why that cannot be done.
func judge(c record.Cell, unit string, real, model *values) (cell Cell, reason string) {
	switch {
	case real == nil:
		return cell, "it was not measured"
	case model == nil:
		return cell, "it was not simulated"
	case unit == "":
		return cell, "its workload is not judged in any unit"
	case real.valid == 0:
		return cell, fmt.Sprintf("none of %d measured launches is valid", real.planned)
	case model.valid == 0:
		return cell, "no simulated launch has a result"
	case 2*real.saturated >= real.valid:
		return cell, fmt.Sprintf("%d of %d measured launches did not sustain the offered load", real.saturated, real.valid)
	}
	cell = Cell{Name: c.Name(), HeldOut: HeldOut(c), Unit: unit}
	var measured, simulated bool
	cell.Measured, measured = real.band(unit)
	cell.Simulated, simulated = model.band(unit)
	switch {
	case !measured:
		return cell, "the measured launches have no " + unit
	case !simulated:
		return cell, "the simulated launches have no " + unit
	case !(cell.Measured.Mid > 0) || !(cell.Simulated.Mid > 0):
		return cell, fmt.Sprintf("there is no ratio of %v and %v %s", cell.Simulated.Mid, cell.Measured.Mid, unit)
	}
	cell.Error = factor(cell.Simulated.Mid, cell.Measured.Mid)
	m, measured := real.band(wakes)
	s, simulated := model.band(wakes)
	if measured && simulated {
		cell.Wakes = &Wakes{Measured: m.Mid, Simulated: s.Mid}
		switch {
		case m.Mid > 0 && s.Mid > 0:
			e := factor(s.Mid, m.Mid)
			cell.Wakes.Error = &e
		case m.Mid == s.Mid:
			e := 1.0
			cell.Wakes.Error = &e
		}
	}
	return cell, ""
}

// factor returns by what factor two positive numbers differ.
func factor(a, b float64) float64 { return max(a/b, b/a) }

// half sums up a half.
func (j Judgement) half(heldOut bool) (h Half) {
	var all []float64
	for _, c := range j.Cells {
		if c.HeldOut != heldOut {
			continue
		}
		all = append(all, c.Error)
		if c.Error > h.Worst {
			h.Worst, h.At = c.Error, c.Name
		}
		if c.Wakes != nil {
			h.Wakes++
			if c.Wakes.within() {
				h.WakesWithin++
			}
		}
	}
	if h.Cells = len(all); h.Cells > 0 {
		h.Median = compare.Median(all)
	}
	for _, o := range j.Orders {
		if o.HeldOut == heldOut {
			h.Orders++
			if o.Verdict == Right {
				h.Right++
			}
		}
	}
	return h
}

// targets judges the suite's targets.
func (j Judgement) targets() []Target {
	h, f := j.HeldOut, j.Fitted
	outcome := func(is bool, of int) Outcome {
		switch {
		case of == 0:
			return Undecided
		case is:
			return Met
		}
		return Missed
	}
	wakes, within := h.Wakes+f.Wakes, h.WakesWithin+f.WakesWithin
	pairs, right := h.Orders+f.Orders, h.Right+f.Right
	none := func(n int, figure string) string {
		if n == 0 {
			return "there are none"
		}
		return figure
	}
	return []Target{
		{fmt.Sprintf("cells held out: median error at most %.0f %%", percent(MedianError)),
			none(h.Cells, fmt.Sprintf("%.1f %%", percent(h.Median))), outcome(h.Median <= MedianError, h.Cells)},
		{fmt.Sprintf("cells held out: worst error at most %.1f times", WorstError),
			none(h.Cells, fmt.Sprintf("%.2f times, %s", h.Worst, h.At)), outcome(h.Worst <= WorstError, h.Cells)},
		{fmt.Sprintf("the order is right wherever two cells measurably differ by more than %.1f times", Differ),
			none(pairs, fmt.Sprintf("in %d of %d pairs", right, pairs)), outcome(right == pairs, pairs)},
		{fmt.Sprintf("wakes/task within a factor of %d", WakesError),
			none(wakes, fmt.Sprintf("in %d of %d cells", within, wakes)), outcome(within == wakes, wakes)},
	}
}

// percent returns an error as a part of the smaller value.
func percent(e float64) float64 { return 100 * (e - 1) }

// verdict says whether simulated ratios have the order of a measured one.
func verdict(measured float64, simulated Band) Verdict {
	m, s := math.Log(measured), math.Log(simulated.Mid)
	switch {
	case math.Abs(s) < math.Log(tie):
		return Tied
	case (m > 0) == (s > 0):
		return Right
	}
	return Reversed
}
