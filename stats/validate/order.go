package validate

import (
	"slices"
	"strings"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/stats/compare"
)

// hostParam is the parameter of a cell that names the options of the host; cells
// without it have the default ones.
const (
	hostParam   = "host"
	defaultHost = "default"
)

// orders returns the pairs that count, with the simulated order.
func orders(measured record.Run, model map[string]*values, judged map[string]bool) ([]Order, error) {
	all := []Order{}
	designs := onlyPrimary(compare.FromRun(measured), judged)
	for _, t := range []compare.Table{designs, byHost(designs)} {
		pairs, err := everyPair(t)
		if err != nil {
			return nil, err
		}
		for _, c := range pairs {
			if o, counts := orderOf(c, model); counts {
				all = append(all, o)
			}
		}
	}
	return all, nil
}

// onlyPrimary returns the part of a table that is judged: cells of which both sides are
// known, in the units of their workloads.
func onlyPrimary(t compare.Table, judged map[string]bool) compare.Table {
	return compare.Table{Primary: t.Primary, Series: slices.DeleteFunc(t.Series, func(s compare.Series) bool {
		return !judged[s.Name] || s.Unit != t.Primary[s.Workload]
	})}
}

// byHost returns a table with a column for each set of options of the host.
func byHost(t compare.Table) compare.Table {
	hosts := compare.Table{Primary: t.Primary}
	for _, s := range t.Series {
		c, err := record.ParseName(s.Name)
		if err != nil {
			continue
		}
		s.Column = defaultHost
		c.Params = slices.DeleteFunc(slices.Clone(c.Params), func(p record.Param) bool {
			if p.Name == hostParam {
				s.Column = p.Value
			}
			return p.Name == hostParam
		})
		s.Row = c.Name()
		hosts.Series = append(hosts.Series, s)
	}
	return hosts
}

// everyPair compares every two columns: each is the baseline of those after it.
func everyPair(t compare.Table) (all []compare.Comparison, err error) {
	columns := t.Columns()
	for i := range columns {
		later := columns[i:]
		if len(later) < 2 {
			break
		}
		rest := compare.Table{Primary: t.Primary}
		for _, s := range t.Series {
			if slices.Contains(later, s.Column) {
				rest.Series = append(rest.Series, s)
			}
		}
		f, err := compare.Compare(rest, columns[i], compare.Options{})
		if err != nil {
			return nil, err
		}
		all = append(all, f.Comparisons...)
	}
	return all, nil
}

// orderOf returns the order of a pair, if it counts.
func orderOf(c compare.Comparison, model map[string]*values) (o Order, counts bool) {
	if !c.Judged || c.Barred || c.Effect == nil || c.Effect.Interval == nil {
		return o, false
	}
	ratio, interval := c.Effect.Ratio, c.Effect.Interval
	if interval.Lo <= 1 && interval.Hi >= 1 || factor(ratio, 1) <= Differ {
		return o, false
	}
	var ratios []float64
	old, new := model[c.Old.Name].byUnit[c.Unit], model[c.New.Name].byUnit[c.Unit]
	for round, was := range old {
		if is, both := new[round]; both && was > 0 && is > 0 {
			ratios = append(ratios, is/was)
		}
	}
	simulated, some := bandOf(ratios)
	if !some {
		return o, false
	}
	return Order{
		Row: strings.TrimSpace(c.Row), Old: c.Old.Column, New: c.New.Column,
		HeldOut: heldOut(c.Old.Name) && heldOut(c.New.Name), Unit: c.Unit,
		Measured: ratio, Lo: interval.Lo, Hi: interval.Hi,
		Simulated: simulated, Verdict: verdict(ratio, simulated),
	}, true
}

func heldOut(name string) bool {
	c, err := record.ParseName(name)
	return err == nil && HeldOut(c)
}
