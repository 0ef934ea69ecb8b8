package verdict

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/internal/phrase"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/record/environ"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/stats/compare"
	"github.com/idlebench/idlebench/stats/family"
)

// Options say what to compare. The zero value is what the package documentation
// says.
type Options struct {
	Column   string // a key as in golang.org/x/perf/benchproc/syntax, such as /park or .file
	Baseline string // a value of it
	Row      string // the keys that make a row, as for benchstat; "" is .fullname
	Ignore   string // keys of the configuration that may differ within a row
}

// A Group is a comparison of some columns with one of them.
type Group struct {
	Inputs   []string `json:"inputs"`   // as they were given
	Column   string   `json:"column"`   // the key, such as /impl
	Baseline string   `json:"baseline"` // the value of it that the others are compared with

	// Impl is the implementation whose parkers are compared, in the group Parkers of
	// another; "" elsewhere.
	Impl string `json:"impl,omitempty"`

	// None says why nothing is compared; "" if something is. Failed says that the
	// request was wrong, rather than that the input has nothing to compare.
	None   string `json:"none,omitempty"`
	Failed bool   `json:"failed,omitempty"`

	// Premise says what the verdicts rest on that the data does not show; "" if nothing
	// of the kind.
	Premise string `json:"premise,omitempty"`

	// Headline is the group in three sentences.
	Headline Headline `json:"headline"`

	Questions []Question `json:"questions"` // in the order of the rows
	Ranking   []Rank     `json:"ranking"`   // the best column first

	// Family has the same comparisons and those in other units, what has no
	// counterpart, and warnings. References compares references with the baseline,
	// without verdicts; nil if there are none.
	Family     compare.Family  `json:"family"`
	References *compare.Family `json:"references,omitempty"`

	// Parkers compares the parkers of the baseline, a family of its own; nil if
	// implementations are not what is compared, or the baseline has one parker only.
	Parkers *Group `json:"parkers,omitempty"`

	// Submitters says whether it matters who submits; nil if implementations are not
	// what is compared, or no cell was measured with several.
	Submitters *Submitters `json:"submitters,omitempty"`

	// Audit says which comparisons depend on the harness; nil if the group is not of
	// one result folder, which is what an audit belongs to.
	Audit *Audit `json:"audit,omitempty"`
}

// A Question is a workload with its parameters.
type Question struct {
	Title    string         `json:"title"`    // "wake, gap=200us, 1 worker"
	Short    string         `json:"-"`        // the title without what all questions of the workload have in common
	Workload string         `json:"workload"` // or the name before the first slash
	Params   []record.Param `json:"params,omitempty"`
	Config   string         `json:"config,omitempty"`  // as in compare.Comparison, if the name is of the suite's form
	Workers  int            `json:"workers,omitempty"` // 0 if the columns differ in it, or the name is not of the suite's form
	Unit     string         `json:"unit"`              // in which it is judged; "" if it is not
	Answers  []Answer       `json:"answers"`

	only string // the unit, if the rows are judged in several; it is in the title
}

// An Answer is what is known of a question, for one parker, and for one
// implementation if it is not implementations that are compared.
type Answer struct {
	Row    string               `json:"row"`            // of the comparisons
	Impl   string               `json:"impl,omitempty"` // of the baseline, unless the columns differ in it
	Park   string               `json:"park,omitempty"` // likewise
	Judged []compare.Comparison `json:"-"`              // in the question's unit; the family has them too
	Others []compare.Comparison `json:"-"`              // in other units, not judged

	// Reported are those of the others that stand for a workload which is reported
	// and not judged.
	Reported []compare.Comparison `json:"-"`

	// Marks say of each comparison in Shown whether it depends on the harness; nil
	// without an audit.
	Marks []Mark `json:"marks,omitempty"`

	Winner string `json:"winner,omitempty"` // a column; "" if there is none
	Text   string `json:"text"`             // the answer in words, one line without a full stop
}

// fileKey is the key of files.
const fileKey = ".file"

// Of compares what is in a source.
func Of(s *source.Source, o Options) []Group {
	if s.Measured > 0 && s.Selected() == 0 {
		err := fmt.Errorf("the filter %s matches none of %s: check its spelling", s.Filter, phrase.Count(s.Measured, "benchmark line"))
		return []Group{failed(cmp.Or(o.Column, family.ImplKey), err, s.Inputs...)}
	}
	var groups []Group
	var files []*source.Input
	for _, in := range s.Inputs {
		if in.Kind != source.Folder && in.Kind != source.Benchmark || len(in.Cells) == 0 {
			continue
		}
		switch {
		case o.Column == fileKey, o.Column == "" && !hasImpl(in):
			files = append(files, in)
		case in.Run != nil && cmp.Or(o.Column, family.ImplKey) == family.ImplKey && o.Row == "":
			groups = append(groups, o.group(compare.FromRun(*in.Run), family.ImplKey, in))
		default:
			groups = append(groups, o.fromFiles(s.Filter, cmp.Or(o.Column, family.ImplKey), in))
		}
	}
	if len(files) > 0 {
		groups = append(groups, o.fromFiles(s.Filter, fileKey, files...))
	}
	return groups
}

// hasImpl reports whether an input names implementations.
func hasImpl(in *source.Input) bool {
	return slices.ContainsFunc(in.Cells, func(c *source.Cell) bool { return strings.Contains(c.Name, family.ImplKey+"=") })
}

// fromFiles compares by what is written in benchmark files.
func (o Options) fromFiles(filter, column string, inputs ...*source.Input) Group {
	var files []compare.File
	for _, in := range inputs {
		files = append(files, compare.File{Name: in.Column(), Text: in.Text})
	}
	t, err := compare.FromBenchmarks(compare.Selection{Filter: filter, Col: column, Row: o.Row, Ignore: o.Ignore}, files...)
	if err != nil {
		return failed(column, err, inputs...)
	}
	t.Primary = map[string]string{}
	for _, in := range inputs {
		for w, unit := range in.Primary {
			t.Primary[w] = unit
		}
	}
	return o.group(t, column, inputs...)
}

// failed is a group without a comparison because the request was wrong.
func failed(column string, err error, inputs ...*source.Input) Group {
	g := none(column, err.Error(), inputs...)
	g.Failed = true
	return g
}

// none is a group in which nothing is compared.
func none(column, why string, inputs ...*source.Input) Group {
	return Group{
		Inputs:    names(inputs),
		Column:    column,
		None:      why,
		Questions: []Question{},
		Ranking:   []Rank{},
		Family:    compare.Family{Comparisons: []compare.Comparison{}, Unmatched: []compare.Unmatched{}, Warnings: []string{}},
	}
}

func names(inputs []*source.Input) (names []string) {
	for _, in := range inputs {
		names = append(names, in.Name)
	}
	return names
}

// group judges a table.
func (o Options) group(t compare.Table, column string, inputs ...*source.Input) Group {
	var references compare.Table
	whole := t
	whole.Series = slices.Clone(t.Series) // rows and columns are changed below
	if column == family.ImplKey {
		t, references = family.Split(t)
	}
	all := t.Columns()
	switch {
	case len(all) == 0 && len(t.Unmatched) > 0:
		return failed(column, fmt.Errorf("no benchmark has the key %s", column), inputs...)
	case len(all) == 0 && len(references.Series) == 0 && column != family.ImplKey:
		return none(column, "there is no measurement", inputs...)
	case len(all) == 0:
		return none(column, "there are only references, floors and calibrations, which are not compared with each other", inputs...)
	}
	baseline := cmp.Or(o.Baseline, usual(t, column))
	if !slices.Contains(all, baseline) {
		err := fmt.Errorf("there is no %s to compare with: choose a baseline from %s", baseline, strings.Join(all, ", "))
		return failed(column, err, inputs...)
	}
	var how compare.Options
	if column == fileKey {
		how.NotJudged = Elsewhere(inputs)
	}
	references.Series = append(family.Only(t, baseline), references.Series...)
	if column == family.ImplKey {
		family.Beside(&t, baseline)
		family.Beside(&references, baseline)
	}
	g := Group{Inputs: names(inputs), Column: column, Baseline: baseline}
	var err error
	if g.Family, err = judge(t, baseline, how, inputs); err != nil {
		return failed(column, err, inputs...)
	}
	g.Questions = g.questions(t.Primary, inputs)
	g.Ranking = g.ranking()
	g.Premise = Premise(g.Family, o, inputs)
	if column == family.ImplKey {
		g.Submitters = submitters(whole, g.Family)
		g.Parkers = parkers(whole, baseline, how, inputs, o)
	}
	if len(references.Columns()) > 1 {
		f, err := compare.Compare(references, baseline, how)
		if err != nil {
			return failed(column, err, inputs...)
		}
		f.Warnings = []string{} // that it is not judged
		g.References = &f
	} else if len(all) == 1 {
		g.None = fmt.Sprintf("there is only %s, and nothing to compare it with", baseline)
		if column == fileKey && o.Column == "" {
			g.None = "it is one file, and its benchmarks have no key impl: name the key to compare by, or another file"
		}
	}
	if len(inputs) == 1 && inputs[0].Kind == source.Folder && column != fileKey && g.None == "" {
		g.audit(inputs[0])
	}
	if g.Parkers != nil && len(inputs) == 1 && inputs[0].Kind == source.Folder {
		g.Parkers.audit(inputs[0])
		g.Parkers.Audit.Parkers = []ParkerMove{} // they are this group's comparisons
	}
	g.Headline = g.headline(inputs)
	return g
}

// judge judges a table: that of a run with interim analyses by these, and any other by all
// launches.
func judge(t compare.Table, baseline string, o compare.Options, inputs []*source.Input) (compare.Family, error) {
	if len(inputs) == 1 && inputs[0].Run != nil {
		if looks := inputs[0].Run.Plan.Looks; len(looks) > 0 {
			return compare.Replay(compare.Schedule{Looks: looks}, t, baseline, o, compare.Comparison.Settled)
		}
	}
	return compare.Compare(t, baseline, o)
}

// usual is the baseline unless another one is chosen: the first of several files, or as
// package family says.
func usual(t compare.Table, column string) string {
	if column == fileKey {
		return t.Columns()[0]
	}
	return family.Usual(t, column)
}

// Elsewhere says how the machines of some files differ; "" if they do not, or if that
// is not known. A fact that differs within a file tells its rows apart, and is no
// property of the file.
func Elsewhere(inputs []*source.Input) string {
	for _, fact := range environ.Read(environ.System{}) {
		if fact.Scope != environ.Machine {
			continue
		}
		var values []string
		several := false
		for _, in := range inputs {
			own := 0
			for _, c := range in.Config {
				if c.Key != fact.Key {
					continue
				}
				if !slices.ContainsFunc(values, func(v string) bool { return environ.Same(c.Key, v, c.Value) }) {
					values = append(values, c.Value)
					own++
				}
			}
			several = several || own > 1
		}
		if len(values) > 1 && !several {
			for i, v := range values {
				values[i] = strconv.Quote(v)
			}
			return fmt.Sprintf("the files are from different machines, or the machine changed: %s is %s", fact.Key, strings.Join(values, " and "))
		}
	}
	return ""
}
