package fleet

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/report/page"
	"github.com/idlebench/idlebench/stats/compare"
)

// Document lays out the page of a collection. from is the folder of the page, from which
// the pages of machines are linked.
func Document(c Collection, machines []Machine, models []Model, from string) page.Document {
	fit := Fit(machines)
	agreements := Agreements(fit)
	d := page.Document{
		Title:    title(len(machines), len(models)),
		Lead:     lead(c) + " Ratios within each machine; times of different machines are not compared.",
		Headline: headline(c, machines, models, agreements),
		Terms:    terms,
		Sections: []page.Section{
			{ID: "map", Title: "Who wins where", Lead: "Each field is what the machine's own report says. Significant means: within the machine, at a family-wise error rate of 5 %.",
				Blocks: []page.Block{winners("map-managers", "Managers", Managers, machines, from), winners("map-parkers", "Parkers of the baseline", Parkers, machines, from)}},
			agreement(agreements, len(fit)),
			floors(machines),
			differences(machines),
			state(machines, from),
			returned(c),
		},
	}
	if len(models) > 0 {
		const behind = 2 // the map and the agreement of what was measured
		d.Sections = slices.Insert(d.Sections, behind, simulatedSection(NewBeside(machines, models), machines, models, from))
	}
	return d
}

func title(machines, models int) string {
	switch {
	case models == 0:
		return "Idle managers on " + phrase.Count(machines, "machine")
	case machines == 0:
		return "Idle managers on " + phrase.Count(models, "simulated machine")
	}
	return fmt.Sprintf("Idle managers on %s, and on %d simulated", phrase.Count(machines, "machine"), models)
}

func lead(c Collection) string {
	if c.Pack == "" {
		return "No pack was measured."
	}
	return "Pack " + c.Pack + "."
}

var terms = []page.Term{
	{Word: "floor", Also: []string{"floors"}, Meaning: "The same measurement without an idle manager, such as a bare futex, on the same machine."},
	{Word: "baseline", Meaning: "The manager, or the parker, that the others are compared with."},
	{Word: "unfit", Meaning: "Something makes the results other than those of a machine of its own, such as CPUs that others may use. Unfit machines are on the map and are not counted over machines."},
	{Word: "simulated machine", Also: []string{"simulated machines"}, Meaning: "A model of a machine, on which bench simulate ran the same source. Nothing was measured on it."},
	{Word: "half-written", Meaning: "The folder has no seal, or was changed after it was sealed."},
	{Word: "sealed", Meaning: "The folder has checksums of all its files, which are written last."},
	{Word: "family-wise error rate", Meaning: "The probability that any verdict on a machine is wrong is at most this."},
}

// headline is what the reader is to remember.
func headline(c Collection, machines []Machine, models []Model, agreements []*Agreement) (all page.Statements) {
	say := func(id, format string, args ...any) {
		all = append(all, page.Statement{Text: fmt.Sprintf(format, args...), Link: page.Link{Text: "Details", ID: id}})
	}
	significant, same, opposite := 0, 0, 0
	for _, a := range agreements {
		if a.Better+a.Worse == 0 {
			continue
		}
		significant++
		switch {
		case a.Opposite():
			opposite++
		case max(a.Better, a.Worse) == a.Better+a.Worse+a.Equivalent+a.Unresolved:
			same++
		}
	}
	say("agreement", "%d of %d comparisons are significant on some machine: %d alike on all machines that are fit, %d with opposite verdicts on different machines, and the others on a part of the machines.",
		significant, len(agreements), same, opposite)
	if len(models) > 0 {
		say("simulated", "%s", NewBeside(machines, models).Summary())
	}
	if unfit := len(machines) - len(Fit(machines)); len(machines) == 0 {
		say("machines", "Nothing was measured.")
	} else if unfit > 0 {
		say("machines", "%s unfit, and not counted.", isAre(unfit, "machine"))
	} else {
		say("machines", "All %d machines are fit.", len(machines))
	}
	say("returned", "%s", c.Summary())
	return all
}

func isAre(n int, what string) string {
	if n == 1 {
		return "1 " + what + " is"
	}
	return phrase.Count(n, what) + " are"
}

// Summary says what came back, in one sentence.
func (c Collection) Summary() string {
	var others []string
	for _, s := range []Status{HalfWritten, Late, Duplicated, Foreign} {
		if n := len(c.Of(s)); n > 0 {
			others = append(others, fmt.Sprintf("%d %s", n, s))
		}
	}
	text := "No result of a packed job"
	if n := len(c.Results) - len(c.Of(Simulated)); n > 0 {
		text = fmt.Sprintf("%d of %s used", len(c.Of(Used)), phrase.Count(n, "result"))
	}
	if others != nil {
		text += ": the others are " + strings.Join(others, ", ")
	}
	if n := len(c.Lost); n > 0 {
		text += fmt.Sprintf("; %s lost", isAre(n, "machine"))
	}
	return text + "."
}

// winners is the map of a family: machines by questions.
func winners(id, title, family string, machines []Machine, from string) page.Block {
	var questions []string
	short := make(map[string]string)  // of each question
	shared := make(map[string]string) // the first question with a short name
	for _, m := range machines {
		for _, a := range m.Answers {
			if a.Family != family || short[a.Question] != "" {
				continue
			}
			questions = append(questions, a.Question)
			short[a.Question] = a.Short
			if first, taken := shared[a.Short]; taken { // as with another number of workers
				short[a.Question], short[first] = a.Question, first
			} else {
				shared[a.Short] = a.Question
			}
		}
	}
	if questions == nil {
		return page.Missing{What: title + ": nothing was judged on any machine."}
	}
	t := page.Table{ID: id, Caption: title + ": the winner, or else what is significantly better or worse than the baseline; · if nothing is significant", Dense: true,
		Columns: []page.Column{{Title: "machine"}}}
	for _, q := range questions {
		t.Columns = append(t.Columns, page.Column{Title: short[q], Number: true})
	}
	for _, m := range machines {
		row := []page.Cell{m.cell(from)}
		for _, q := range questions {
			i := slices.IndexFunc(m.Answers, func(a Answer) bool { return a.Family == family && a.Question == q })
			if i < 0 {
				row = append(row, page.Cell{Text: "–", Value: math.NaN(), Tone: page.Weak})
				continue
			}
			row = append(row, m.Answers[i].cell())
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// cell names a machine, with a mark if it is unfit, and leads to its own report, or else to
// what is said of it here.
func (m Machine) cell(from string) page.Cell {
	c := page.Cell{Text: m.Name, Page: m.Result.page(from)}
	if c.Page == "" {
		c.To = "machines-table"
	}
	if m.Unfit != nil {
		c.Notes = []string{"unfit"}
	}
	return c
}

// cell shows an answer. Its tone is the verdict on what is compared with the baseline, and
// its value sorts alike answers together.
func (a Answer) cell() page.Cell {
	var better, worse []string
	equivalent := 0
	for _, c := range a.Judged {
		switch c.Verdict {
		case compare.Better:
			better = append(better, c.New.Column)
		case compare.Worse:
			worse = append(worse, "not "+c.New.Column)
		case compare.Equivalent:
			equivalent++
		}
	}
	switch {
	case a.Winner == a.Baseline:
		return page.Cell{Text: a.Winner, Value: 4, Tone: page.Worse}
	case a.Winner != "":
		return page.Cell{Text: a.Winner, Value: 0, Tone: page.Better}
	case better != nil:
		return page.Cell{Text: strings.Join(append(better, worse...), ", "), Value: 1, Tone: page.Better}
	case worse != nil:
		return page.Cell{Text: strings.Join(worse, ", "), Value: 3, Tone: page.Worse}
	case equivalent == len(a.Judged):
		return page.Cell{Text: "same", Value: 2, Tone: page.Equivalent}
	}
	return page.Cell{Text: "·", Value: math.NaN(), Tone: page.Weak}
}

// agreement counts verdicts over machines.
func agreement(all []*Agreement, fit int) page.Section {
	s := page.Section{ID: "agreement", Title: "How far machines agree",
		Lead: fmt.Sprintf("Verdicts on each comparison, counted over %s that are fit. Each machine has an error rate of its own, so with %d machines up to %.0f may have a wrong verdict somewhere.",
			phrase.Count(fit, "machine"), fit, math.Ceil(0.05*float64(fit)))}
	if len(all) == 0 {
		s.Blocks = []page.Block{page.Missing{What: "Nothing was judged on a machine that is fit."}}
		return s
	}
	t := page.Table{ID: "agreement-table", Caption: "Machines by verdict, and the ratio to the baseline over machines", Filter: true,
		Columns: []page.Column{{Title: "comparison"}, {Title: "better", Number: true}, {Title: "worse", Number: true}, {Title: "same", Number: true}, {Title: "unresolved", Number: true},
			{Title: "median ratio", Number: true}, {Title: "least", Number: true}, {Title: "most", Number: true}}}
	for _, a := range all {
		name := page.Cell{Text: a.Other + " vs " + a.Baseline, Notes: []string{a.Question}}
		if a.Opposite() {
			name.Notes = append(name.Notes, "opposite verdicts")
			name.Tone = page.Strong
		}
		row := []page.Cell{name, count(a.Better, page.Better), count(a.Worse, page.Worse), count(a.Equivalent, page.Equivalent), count(a.Unresolved, page.Plain), times(a.median(), "")}
		if n := len(a.ratios); n > 0 {
			row = append(row, times(a.ratios[0].value, a.ratios[0].machine), times(a.ratios[n-1].value, a.ratios[n-1].machine))
		} else {
			row = append(row, times(math.NaN(), ""), times(math.NaN(), ""))
		}
		t.Rows = append(t.Rows, row)
	}
	s.Blocks = []page.Block{t}
	return s
}

func count(n int, tone page.Tone) page.Cell {
	if n == 0 {
		tone = page.Weak
	}
	return page.Cell{Text: fmt.Sprint(n), Value: float64(n), Tone: tone}
}

// times is a ratio, with the machine that has it.
func times(x float64, machine string) page.Cell {
	if math.IsNaN(x) {
		return page.Cell{Text: "–", Value: x, Tone: page.Weak}
	}
	c := page.Cell{Text: fmt.Sprintf("%.3g", x), Value: x}
	if machine != "" {
		c.Notes = []string{machine}
	}
	return c
}

// floors puts machines side by side by multiples of their own floors.
func floors(machines []Machine) page.Section {
	s := page.Section{ID: "floors", Title: "Multiples of the machine's own floor",
		Lead: "The median of each cell in the unit it is judged by, divided by that of the same measurement without an idle manager on the same machine. Cells whose workload has no floor are left out."}
	t := page.Table{ID: "floors-table", Caption: "Multiple of the floor, by cell and machine", Dense: true, Filter: true,
		Columns: []page.Column{{Title: "cell"}, {Title: "median", Number: true}}}
	cells := make(map[Subject]bool)
	for _, m := range machines {
		t.Columns = append(t.Columns, page.Column{Title: m.Name, Number: true})
		for c := range m.Multiples {
			cells[c] = true
		}
	}
	for _, c := range slices.SortedFunc(maps.Keys(cells), func(a, b Subject) int {
		return strings.Compare(a.Question+"\n"+a.Of, b.Question+"\n"+b.Of)
	}) {
		var all []float64
		row := []page.Cell{{Text: c.Of + ": " + c.Question}, {}}
		for _, m := range machines {
			x, ok := m.Multiples[c]
			if !ok {
				x = math.NaN()
			} else {
				all = append(all, x)
			}
			row = append(row, times(x, ""))
		}
		row[1] = times(compare.Median(all), "")
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		s.Blocks = []page.Block{page.Missing{What: "No floor was measured."}}
		return s
	}
	s.Blocks = []page.Block{t}
	return s
}

// differences lists the facts that differ between machines, and those that do not.
func differences(machines []Machine) page.Section {
	s := page.Section{ID: "facts", Title: "What differs between the machines"}
	byKey := make(map[string]map[string][]string) // key, value, machines
	for _, m := range machines {
		for key, value := range m.Facts {
			if byKey[key] == nil {
				byKey[key] = make(map[string][]string)
			}
			byKey[key][value] = append(byKey[key][value], m.Name)
		}
	}
	t := page.Table{ID: "facts-table", Caption: "Facts with several values", Columns: []page.Column{{Title: "fact"}, {Title: "value"}, {Title: "machines", Number: true}, {Title: "which"}}}
	var same page.Facts
	for _, key := range slices.Sorted(maps.Keys(byKey)) {
		values := byKey[key]
		if key == "machine" || len(values) == len(machines) && len(machines) > 8 {
			continue // it names the machine
		}
		for _, value := range slices.Sorted(maps.Keys(values)) {
			if len(values) == 1 && len(values[value]) == len(machines) {
				same = append(same, page.Fact{Name: key, Value: value})
				continue
			}
			t.Rows = append(t.Rows, []page.Cell{{Text: key}, {Text: value}, count(len(values[value]), page.Plain), {Text: some(values[value]), Tone: page.Weak}})
		}
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	} else {
		s.Blocks = append(s.Blocks, page.Text("All facts are the same."))
	}
	if same != nil {
		s.Blocks = append(s.Blocks, page.Details{Summary: "The same on all machines", Blocks: []page.Block{same}, Paper: true})
	}
	return s
}

// some names a few of many.
func some(names []string) string {
	const most = 6
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most-1], ", "), len(names)-most+1)
}

// state lists the machines.
func state(machines []Machine, from string) page.Section {
	t := page.Table{ID: "machines-table", Caption: "A name leads to the machine's own report, if it came back with the folder", Filter: true,
		Columns: []page.Column{{Title: "machine"}, {Title: "processor"}, {Title: "CPUs", Number: true}, {Title: "launches", Number: true}, {Title: "invalid", Number: true}, {Title: "fit"}}}
	for _, m := range machines {
		fit := page.Cell{Text: "yes"}
		if m.Unfit != nil {
			fit = page.Cell{Text: "no", Tone: page.Strong, Notes: m.Unfit}
		}
		share := 0.0
		if m.Launches > 0 {
			share = float64(m.Invalid) / float64(m.Launches)
		}
		var cpus float64
		fmt.Sscan(m.Facts["cpus"], &cpus)
		t.Rows = append(t.Rows, []page.Cell{
			{Text: m.Name, Page: m.Result.page(from), Notes: []string{m.Result.Folder}},
			{Text: m.Facts["cpu"]}, {Text: m.Facts["cpus"], Value: cpus},
			count(m.Launches, page.Plain), {Text: fmt.Sprintf("%.1f %%", 100*share), Value: share}, fit,
		})
	}
	return page.Section{ID: "machines", Title: "Machines", Blocks: []page.Block{t}}
}

// returned lists what is not used.
func returned(c Collection) page.Section {
	s := page.Section{ID: "returned", Title: "What came back", Lead: c.Summary()}
	if len(c.Lost) > 0 {
		s.Blocks = append(s.Blocks, page.Note{Kind: page.Warning, Text: "Lost: " + strings.Join(c.Lost, ", ") + "."})
	}
	t := page.Table{ID: "returned-table", Caption: "Results that are not used", Columns: []page.Column{{Title: "status"}, {Title: "folder", Code: true}, {Title: "machine"}, {Title: "why"}}}
	for _, r := range c.Results {
		if r.Status != Used && r.Status != Simulated {
			machine := r.Job.Machine
			if r.Model != "" {
				machine = r.Name()
			}
			t.Rows = append(t.Rows, []page.Cell{{Text: string(r.Status)}, {Text: r.Folder}, {Text: machine}, {Text: r.Why}})
		}
	}
	if len(t.Rows) > 0 {
		s.Blocks = append(s.Blocks, t)
	}
	if s.Blocks == nil {
		s.Blocks = []page.Block{page.Text("Everything that came back is used.")}
	}
	return s
}
