package main

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/benchstat"
)

// A view selects what is shown of a workload: a row for each subject, and for each
// value of a parameter whose values are words. Of a parameter whose values are numbers,
// such as a gap, the middle is shown: the page has all.
type view struct {
	workload string
	name     string // of the benchmark
	unit     string // primary
	cells    []*source.Cell
	chosen   []record.Param // parameters of several numbers, with the value that is shown
	varying  []string       // names of the parameters that are words, with several values
	numbers  []string       // names of all parameters that are numbers
}

// latencyView is that of wake.
func (d *data) latencyView() (view, error) { return d.view("wake") }

// batchView is the view of a workload in which many tasks arrive at once, and which is
// judged by the time for all: the one that the README is about, or else the first. It
// has no cells if there is none, as in a quick run.
func (d *data) batchView() (view, error) {
	var all []string
	for _, c := range d.sample.Cells {
		if w := c.Parsed; w != nil && c.Role == record.Implementation && w.Workers > 1 && d.sample.Primary[w.Workload] == "ns/op" {
			all = append(all, w.Workload)
		}
	}
	if len(all) == 0 {
		return view{}, nil
	}
	if usual := "spawn_many_remote_idle"; slices.Contains(all, usual) {
		return d.view(usual)
	}
	return d.view(all[0])
}

func (d *data) view(workload string) (view, error) {
	v := view{workload: workload, unit: d.sample.Primary[workload]}
	values := map[string][]string{}
	for _, c := range d.sample.Cells {
		if c.Parsed == nil || c.Parsed.Workload != workload || c.Role == record.Calibration {
			continue
		}
		v.cells = append(v.cells, c)
		for _, p := range c.Parsed.Params {
			if !slices.Contains(values[p.Name], p.Value) {
				values[p.Name] = append(values[p.Name], p.Value)
			}
		}
	}
	if len(v.cells) == 0 {
		return v, fmt.Errorf("the sample has no %s", workload)
	}
	v.name, _, _ = strings.Cut(v.cells[0].Name, "/")
	var seen []string
	for _, c := range v.cells {
		for _, p := range c.Parsed.Params {
			if slices.Contains(seen, p.Name) {
				continue
			}
			seen = append(seen, p.Name)
			switch list := values[p.Name]; {
			case !areNumbers(list):
				if len(list) > 1 {
					v.varying = append(v.varying, p.Name)
				}
			default:
				v.numbers = append(v.numbers, p.Name)
				if len(list) > 1 {
					v.chosen = append(v.chosen, record.Param{Name: p.Name, Value: middle(list)})
				}
			}
		}
	}
	v.cells = slices.DeleteFunc(v.cells, func(c *source.Cell) bool {
		return slices.ContainsFunc(c.Parsed.Params, func(p record.Param) bool {
			return slices.ContainsFunc(v.chosen, func(o record.Param) bool { return o.Name == p.Name && o.Value != p.Value })
		})
	})
	return v, nil
}

// number reads a count, a share or a time.
func number(s string) (float64, bool) {
	if d, err := time.ParseDuration(s); err == nil {
		return float64(d), true
	}
	x, err := strconv.ParseFloat(s, 64)
	return x, err == nil
}

func areNumbers(values []string) bool {
	return !slices.ContainsFunc(values, func(s string) bool { _, ok := number(s); return !ok })
}

// middle is the median of numbers, the lower one of two.
func middle(values []string) string {
	sorted := slices.Clone(values)
	slices.SortStableFunc(sorted, func(a, b string) int {
		x, _ := number(a)
		y, _ := number(b)
		return cmp.Compare(x, y)
	})
	return sorted[(len(sorted)-1)/2]
}

// where says which values are shown of parameters that have others.
func (v view) where() (text string) {
	for _, p := range v.chosen {
		text += " at " + p.Name + "=" + p.Value
	}
	return text
}

// tables are benchstat's tables of both workloads, made with the same code as the
// report's.
func (d *data) tables() (string, error) {
	var all []string
	for _, find := range []func() (view, error){d.latencyView, d.batchView} {
		v, err := find()
		if err != nil {
			return "", err
		}
		if len(v.cells) == 0 {
			continue
		}
		text, err := v.table(d.sample.Text)
		if err != nil {
			return "", err
		}
		all = append(all, text)
	}
	return fence(strings.Join(all, "\n")), nil
}

// table has the primary unit and what it costs.
func (v view) table(bench *record.Text) (string, error) {
	filter := fmt.Sprintf(".name:%s .unit:(%s OR cost-ns/task OR cpu-ns/task)", v.name, v.unit)
	for _, p := range v.chosen {
		filter += " /" + p.Name + ":" + p.Value
	}
	keys := []string{".name"}
	for _, name := range v.numbers {
		keys = append(keys, "/"+name)
	}
	var rows []string
	row := func(key string, value func(record.Cell) string) {
		var values []string
		for _, c := range v.cells {
			if s := value(*c.Parsed); !slices.Contains(values, s) {
				values = append(values, s)
			}
		}
		rows = append(rows, fmt.Sprintf("%s@(%s)", key, strings.Join(values, " ")))
	}
	for _, name := range v.varying {
		row("/"+name, func(c record.Cell) string {
			for _, p := range c.Params {
				if p.Name == name {
					return p.Value
				}
			}
			return `""`
		})
	}
	row("/impl", func(c record.Cell) string { return c.Impl })
	row("/park", func(c record.Cell) string { return c.Park })
	text, err := benchstat.Text(benchstat.Options{
		Filter: filter, Table: strings.Join(append(keys, "/workers"), " "), Row: strings.Join(rows, " "),
	}, benchstat.File{Name: "median", Text: bench})
	if err != nil {
		return "", err
	}
	return withoutMeans(text), nil
}

// withoutMeans leaves out the geometric means: a mean over floors, references and
// implementations is meaningless.
func withoutMeans(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "geomean") {
			lines = append(lines, strings.TrimRight(line, " \n")+"\n")
		}
	}
	return strings.Join(lines, "")
}
