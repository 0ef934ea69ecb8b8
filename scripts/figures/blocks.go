package main

import (
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"

	"github.com/idlebench/idlebench/bench/selftest"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/plot"
	"github.com/idlebench/idlebench/report/source"
	"github.com/idlebench/idlebench/report/verdict"
	"github.com/idlebench/idlebench/stats/compare"
)

// data are what the figures come from.
type data struct {
	sample   *source.Input
	groups   []verdict.Group // of the sample, as its page has them
	selftest selftest.File
	hosts    *hostsData // nil if they were not measured yet
	proof    *proofData // likewise
}

// open reads the data of the repository at root.
func open(root string) (*data, error) {
	var d data
	s, err := source.Open("", filepath.Join(root, sampleFolder))
	if err != nil {
		return nil, err
	}
	if len(s.NotUsed) > 0 {
		return nil, fmt.Errorf("the sample: %v: \"make figures-sample\" measures another", s.NotUsed[0])
	}
	d.sample, d.groups = s.Inputs[0], verdict.Of(s, verdict.Options{})
	if d.selftest, err = selftest.Read(filepath.Join(root, selftestFolder)); err != nil {
		return nil, fmt.Errorf("%w: \"make figures-selftest\" measures one", err)
	}
	if d.selftest.Evidence == nil {
		return nil, fmt.Errorf("the self-test has no evidence: \"make figures-selftest\" measures another")
	}
	if d.hosts, err = openHosts(root); err != nil {
		return nil, err
	}
	if proof, err := readProof(filepath.Join(root, proofFolder)); err == nil {
		d.proof = &proof
	} else if !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	return &d, nil
}

// block returns the text with a name.
func (d *data) block(name string) (string, error) {
	e := d.selftest.Evidence
	switch name {
	case "sample-machine":
		return paragraph(d.sampleMachine()), nil
	case "sample-rows":
		return d.rows()
	case "sample-tables":
		return d.tables()
	case "sample-findings":
		return d.findings()
	case "audit-findings":
		return d.audited(), nil
	case "audit-summary":
		return d.auditSummary(), nil
	case "selftest-statements":
		return list(e.Statements...), nil
	case "selftest-machine":
		return paragraph(fmt.Sprintf("What `make selftest` says on %s.", machine(e.Config))), nil
	case "hosts-summary":
		return d.hosts.summary(), nil
	case "hosts-table":
		return d.hosts.table(), nil
	case "proof":
		return d.proof.text(), nil
	case "selftest-text":
		return fence(e.Text(d.selftest.Design, selftestFolder) + "\n" + e.Advice(d.selftest.Design)), nil
	}
	return "", fmt.Errorf("there is no such block")
}

// audited is what the audit of the sample's machine says about the sample's
// comparisons.
func (d *data) audited() string {
	var items []string
	for _, g := range d.groups {
		if g.Audit == nil {
			continue
		}
		items = append(items, g.Audit.Summary())
		for _, sentence := range g.Audit.BetweenParkers() {
			items = append(items, sentence+".")
		}
	}
	return list(items...)
}

// auditSummary is the first of its sentences, with all counts.
func (d *data) auditSummary() string {
	var items []string
	for _, g := range d.groups {
		if g.Audit != nil {
			items = append(items, g.Audit.Summary())
		}
	}
	return list(items...)
}

// fact returns the value of a configuration key, and "unknown" without one.
func fact(config []record.Pair, key string) string {
	for _, p := range config {
		if p.Key == key {
			return p.Value
		}
	}
	return "unknown"
}

// machine names the machine, the program and the day.
func machine(config []record.Pair) string {
	kind := "a machine"
	if v, ok := strings.CutPrefix(fact(config, "virtualised"), "yes"); ok {
		kind = "a virtual machine" + strings.NewReplacer("(kvm)", "(KVM)").Replace(v)
	}
	system := map[string]string{"linux": "Linux", "darwin": "macOS", "windows": "Windows"}[fact(config, "goos")]
	commit, modified, _ := strings.Cut(fact(config, "commit"), "+")
	commit = commit[:min(len(commit), 7)]
	if modified != "" {
		commit += ", " + modified
	}
	date, _, _ := strings.Cut(fact(config, "date"), "T")
	return fmt.Sprintf("%s with %s CPUs (%s), %s %s, Go %s; commit %s, %s",
		kind, fact(config, "cpus"), fact(config, "cpu"), system, fact(config, "kernel"),
		strings.TrimPrefix(fact(config, "go"), "go"), commit, date)
}

// sampleMachine says what the sample was measured on, and how often.
func (d *data) sampleMachine() string {
	disturbed := 0
	for _, l := range d.sample.Launches {
		if !l.Valid() {
			disturbed++
		}
	}
	plan := d.sample.Run.Plan
	return fmt.Sprintf("It was measured on %s: %d cells in %s rounds, in launches of %v; %.2g %% of %d launches were disturbed beyond a limit and repeated.",
		machine(d.sample.Config), len(plan.Cells), plan.RoundsText(), plan.Time, 100*float64(disturbed)/float64(max(1, len(d.sample.Launches))), len(d.sample.Launches))
}

// findings state the content of the tables in sentences, and the verdicts.
func (d *data) findings() (string, error) {
	var items []string
	wake, err := d.latencyView()
	if err != nil {
		return "", err
	}
	batch, err := d.batchView()
	if err != nil {
		return "", err
	}
	for _, g := range d.groups {
		items = append(items,
			wake.sentence(g.Baseline, wake.unit, fmt.Sprintf("`%s` of `%s`", wake.unit, wake.workload)),
			batch.sentence(g.Baseline, "wakes/task", fmt.Sprintf("`wakes/task` of `%s`", batch.workload)))
		items = append(items, verdicts(g))
	}
	return list(slices.DeleteFunc(items, func(s string) bool { return s == "" })...), nil
}

// sentence has the medians of the baseline with each of its parkers, and of floors and
// references, which have no choice of parker.
func (v view) sentence(baseline, unit, what string) string {
	var values []string
	for _, c := range v.cells {
		if c.Parsed.Impl != baseline && c.Role != record.Floor && c.Role != record.Reference || len(c.Values(unit)) == 0 {
			continue
		}
		words := []string{c.Parsed.Impl, c.Parsed.Park}
		for _, p := range c.Parsed.Params {
			if slices.Contains(v.varying, p.Name) {
				words = append(words, p.Name+"="+p.Value)
			}
		}
		written := unit
		if _, per, ok := strings.Cut(unit, "-ns/"); ok {
			written = "ns/" + per
		}
		values = append(values, strings.Join(words, " ")+" "+plot.Quantity{Unit: written}.Format(compare.Median(c.Values(unit))))
	}
	if len(values) == 0 {
		return ""
	}
	return "Median " + what + v.where() + ": " + strings.Join(values, ", ") + "."
}

// mostVerdicts is how many are named.
const mostVerdicts = 8

// verdicts counts the judged comparisons of a group, and names the significant ones.
func verdicts(g verdict.Group) string {
	judged := 0
	var decided []string
	for _, c := range g.Family.Comparisons {
		if !c.Judged {
			continue
		}
		judged++
		if c.Verdict == compare.Unresolved || c.Effect == nil || c.Effect.Interval == nil {
			continue
		}
		where := c.Row
		if cell, ok := g.Cell(c); ok {
			where = cell.Workload
			for _, p := range cell.Params {
				where += " " + p.Name + "=" + p.Value
			}
			where += " " + cell.Park
		}
		decided = append(decided, fmt.Sprintf("%s in `%s` is %s, with %s %s",
			c.New.Column, where, c.Verdict, verdict.Size(c), verdict.Unit(c)))
	}
	are := "are"
	if len(decided) == 1 {
		are = "is"
	}
	text := fmt.Sprintf("Of %d comparisons with %s, %d %s decided at a family-wise error rate of %.0f %%", judged, g.Baseline, len(decided), are, 100*g.Family.Alpha)
	if len(decided) == 0 {
		return text + "."
	}
	more := ""
	if n := len(decided) - mostVerdicts; n > 0 {
		more = fmt.Sprintf("; and %d more, on the page", n)
	}
	if note := g.AtMaxNote(); note != "" && strings.Contains(strings.Join(decided, ""), compare.Dagger) {
		more += " (" + note + ")"
	}
	return text + ": " + strings.Join(decided[:min(len(decided), mostVerdicts)], "; ") + more + "."
}
