//go:build explore

package verify

import (
	_ "embed"
	"fmt"
	"reflect"
	"testing"

	"github.com/idlebench/idlebench/explore"
	"github.com/idlebench/idlebench/verify/journal"
)

// table is the source of the scenarios. A scenario is kept under its own part of it, so
// that a new one costs no others.
//
//go:embed scenarios.go
var table []byte

// kept is what the journal has for a target.
type kept struct {
	source string // without the scenario's
	record journal.Record
}

// open reads the record, if there is one, and finds out what results depend on, if
// that is needed.
func (o *Options) open(t *testing.T, m target) (k kept) {
	t.Helper()
	if o.record == "" && o.plan == "" {
		return k
	}
	var err error
	if k.source, err = o.source(m); err != nil {
		t.Fatal(err)
	}
	if o.record != "" {
		if k.record, err = journal.ReadRecord(o.record); err != nil {
			t.Fatal(err)
		}
	}
	return k
}

// source is a hash of what the explorations of a target depend on: this package and
// the manager's, with all that they import, and the options. Of the list known it is
// the manager's part, and the scenarios are left out.
func (o *Options) source(m target) (string, error) {
	this := reflect.TypeFor[Options]().PkgPath()
	return journal.Source([]string{this, m.in}, []string{"verify/known.go", "verify/scenarios.go"}, m.wrapper, fmt.Sprint(known[m.Name]),
		fmt.Sprint(o.strategy, o.bound, o.depth, o.seed, o.executions, o.limit, o.every, o.strict, o.futex))
}

// playOnce is play, unless the record has the result or it is only planned.
func (o *Options) playOnce(t *testing.T, k kept, who subject, s scenario) {
	e := journal.Exploration{Strategy: o.strategy, Subject: who.Name + "/" + who.parker, Scenario: s.name}
	if k.source != "" {
		row, err := journal.Row(table, s.name)
		if err != nil {
			t.Fatal(err)
		}
		e.Source = k.source + "-" + row
	}
	if o.strategy == "bounded" {
		e.Strategy = fmt.Sprint("bound ", o.bound)
	}
	if o.plan != "" {
		if err := journal.Append(o.plan, e); err != nil {
			t.Fatal(err)
		}
		return
	}
	if k.record.Has(e) {
		t.Skip("it is in the record")
	}
	r, failed := o.play(t, who, s)
	if o.record == "" {
		return
	}
	err := journal.Append(o.record, journal.Result{
		Exploration: e,
		Outcome:     outcome(r, failed),
		Executions:  r.Executions,
		Known:       r.Known,
		Took:        r.Elapsed,
	})
	if err != nil {
		t.Error(err)
	}
}

func outcome(r explore.Result, failed bool) journal.Outcome {
	switch {
	case failed:
		return journal.Failed
	case r.Complete:
		return journal.Complete
	}
	return journal.Cut
}
