package main

import (
	"fmt"
	"math"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/museum/exhibits"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// contests returns the comparisons: every load and unit of every exhibit.
func contests() (all []pairs.Contest) {
	for _, e := range exhibits.All() {
		for _, l := range e.Looks {
			old, new := sides(e, l)
			all = append(all, pairs.Contest{ID: id(e, l), Old: old, New: new, Unit: l.Unit})
		}
	}
	return all
}

func id(e exhibits.Exhibit, l exhibits.Look) string {
	return fmt.Sprintf("%s: %s", e.ID, what(l))
}

// what is a load and a unit, in words.
func what(l exhibits.Look) string {
	text := l.Cell.Workload
	for _, name := range []string{"gap", "load", "tasks"} {
		if v, ok := l.Cell.Params[name]; ok {
			text += " " + name + "=" + v
		}
	}
	return fmt.Sprintf("%s, %s, %s", text, plural(l.Cell.Workers, "worker"), l.Unit)
}

// A result is what became of an exhibit's exam.
type result string

const (
	seen        result = "**seen**"
	notSeen     result = "**not seen**"
	opposite    result = "**the opposite**"
	mixed       result = "**both directions**"
	notMeasured result = "not measured"
)

// examine says what became of an exhibit: in how many looks the difference was significant
// in the reported direction, and in the other.
func examine(e exhibits.Exhibit, judged map[string]compare.Comparison) (r result, as, against []exhibits.Look) {
	measured := false
	for _, l := range e.Looks {
		c, ok := judged[id(e, l)]
		if !ok || c.Effect == nil {
			continue
		}
		measured = true
		reported, other := compare.Worse, compare.Better
		if e.Reported == exhibits.Better {
			reported, other = other, reported
		}
		switch c.Verdict {
		case reported:
			as = append(as, l)
		case other:
			against = append(against, l)
		}
	}
	switch {
	case !measured:
		return notMeasured, nil, nil
	case as != nil && against != nil:
		return mixed, as, against
	case as != nil:
		return seen, as, nil
	case against != nil:
		return opposite, nil, against
	}
	return notSeen, nil, nil
}

// write writes the page.
func write(o pairs.Outcome, simulated []exhibits.Simulated) (string, error) {
	judged, err := pairs.Judge(o.Run, contests())
	if err != nil {
		return "", err
	}
	count := map[result]int{}
	var table, sections strings.Builder
	table.WriteString("| from | to | reported | result | seen by | measured for | simulated |\n|---|---|---|---|---|--:|---|\n")
	for _, e := range exhibits.All() {
		r, as, against := examine(e, judged)
		count[r]++
		best := "–"
		for _, l := range append(as, against...) {
			if c := judged[id(e, l)]; best == "–" {
				best = fmt.Sprintf("%s: %s", what(l), pairs.Ratio(c))
			}
		}
		took := took(o.Run, e)
		fmt.Fprintf(&table, "| [%s](#%s) | %s | %s | %s | %s | %s | %s |\n", e.Old.Peer, strings.ReplaceAll(e.ID, ".", "-"), e.New.Peer, e.Reported, r, best, seconds(took), simulation(e, simulated))
		section(&sections, e, r, judged, simulated)
	}
	return fmt.Sprintf(`# The museum of known differences

Written by %[1]cmake museum%[1]c. An instrument has to pass an exam: differences between two versions of a runtime that users found in production. Of %[2]d, this suite
sees %[3]d on this machine; %[4]d are not seen, %[5]d are seen the other way round, %[6]d in both directions, and %[7]d could not be measured. An exam that is failed
stays here.

Measured on %[8]s.

The loads, the units and the direction were fixed before anything was measured ([the list](../scripts/museum/exhibits/exhibits.go)). A ratio is that of the newer to the
older version, of time or CPU time, so above 1 the newer one is worse; its interval is corrected for all ratios on the page (Holm). An exhibit is seen if a load
shows a significant difference in the reported direction, and none in the other. "Measured for" is how long its launches took in all rounds. Simulated
ratios, on the machine %[9]s of [docs/machines.md](machines.md), are of the design and the option of the host that differ as the versions do; they
support no verdict.

`, '`', len(exhibits.All()), count[seen], count[notSeen], count[opposite], count[mixed], count[notMeasured], pairs.Machine(o.Run), exhibits.Machine) +
		table.String() + sections.String() + tail(o), nil
}

func section(b *strings.Builder, e exhibits.Exhibit, r result, judged map[string]compare.Comparison, simulated []exhibits.Simulated) {
	fmt.Fprintf(b, "\n<a id=%q></a>\n\n## %s\n\n", strings.ReplaceAll(e.ID, ".", "-"), e.Title)
	fmt.Fprintf(b, "- From %s to %s, reported as %s: [%s](%s): %s.\n", e.Old.Peer, e.New.Peer, e.Reported, e.By, e.Link, e.Said)
	fmt.Fprintf(b, "- Result: %s.\n", r)
	if r != seen && e.Few != "" {
		fmt.Fprintf(b, "- On two CPUs it may not be there: %s.\n", e.Few)
	}
	for _, s := range spreads(e, simulated) {
		fmt.Fprintf(b, "- Simulated, %s, %s with %d CPUs: %s (%s to %s with %s).\n", e.Simulation.What, e.Simulation.New.Workload, s.cpus,
			pairs.Number(s.median), pairs.Number(s.lo), pairs.Number(s.hi), plural(s.seeds, "seed"))
	}
	b.WriteString("\n| load | ratio | rounds | |\n|---|--:|--:|---|\n")
	for _, l := range e.Looks {
		c, ok := judged[id(e, l)]
		if !ok {
			fmt.Fprintf(b, "| %s | – | – | not measured |\n", what(l))
			continue
		}
		verdict := string(c.Verdict)
		if c.Verdict == compare.Better || c.Verdict == compare.Worse {
			verdict = "**" + verdict + "**"
		}
		if c.Reason != "" {
			verdict += ": " + c.Reason
		}
		fmt.Fprintf(b, "| %s | %s | %d | %s |\n", what(l), pairs.Ratio(c), c.Pairs, verdict)
	}
}

func tail(o pairs.Outcome) string {
	if o.LeftOut == nil {
		return ""
	}
	text := "\n## Left out\n\n"
	for _, n := range o.LeftOut {
		text += "- " + n + "\n"
	}
	return text
}

// took is how long the launches of an exhibit took: in each round those of a load live at
// the same time.
func took(run record.Run, e exhibits.Exhibit) (sum time.Duration) {
	type group struct {
		load  string
		round int
	}
	begin, end := map[group]time.Time{}, map[group]time.Time{}
	for _, l := range run.Recorded {
		if l.Cell.Impl != e.Old.Peer && l.Cell.Impl != e.New.Peer {
			continue
		}
		for _, look := range e.Looks {
			old, new := sides(e, look)
			name, _ := old.Name()
			other, _ := new.Name()
			if got := l.Cell.Name(); got != name && got != other {
				continue
			}
			g := group{name, l.Round}
			if b, ok := begin[g]; !ok || l.Start.Before(b) {
				begin[g] = l.Start
			}
			if e := l.Start.Add(l.Duration); e.After(end[g]) {
				end[g] = e
			}
		}
	}
	for g, b := range begin {
		sum += end[g].Sub(b)
	}
	return sum
}

func seconds(d time.Duration) string {
	if d == 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// A spread is the ratios of a simulation with several seeds.
type spread struct {
	cpus, seeds    int
	lo, median, hi float64
}

// spreads sums up an exhibit's simulations, by the number of CPUs.
func spreads(e exhibits.Exhibit, all []exhibits.Simulated) (list []spread) {
	if e.Simulation == nil {
		return nil
	}
	for _, cpus := range e.Simulation.CPUs {
		s := spread{cpus: cpus, lo: math.Inf(1), hi: math.Inf(-1)}
		var ratios []float64
		for _, v := range all {
			if v.Exhibit == e.ID && v.CPUs == cpus {
				ratios = append(ratios, v.Ratio)
				s.lo, s.hi = min(s.lo, v.Ratio), max(s.hi, v.Ratio)
			}
		}
		if s.seeds = len(ratios); s.seeds > 0 {
			s.median = compare.Median(ratios)
			list = append(list, s)
		}
	}
	return list
}

// simulation is the median ratios by the number of CPUs, in short.
func simulation(e exhibits.Exhibit, all []exhibits.Simulated) string {
	var parts []string
	for _, s := range spreads(e, all) {
		parts = append(parts, fmt.Sprintf("%s with %d", pairs.Number(s.median), s.cpus))
	}
	if parts == nil {
		return "–"
	}
	return strings.Join(parts, ", ") + " CPUs"
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
