package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/idlebench/idlebench/bench/catalog"
	"github.com/idlebench/idlebench/bench/matrix"
	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/scripts/pairs"
	"github.com/idlebench/idlebench/stats/compare"
)

// Our side of each row can be measured, and what is written about rows is about rows that
// there are.
func TestSpans(t *testing.T) {
	c := catalog.Default()
	var ids []string
	for _, s := range spans() {
		if s.why == "" {
			t.Errorf("%s: it is not said why its host is %s", s.peer, s.host)
		}
		for _, r := range s.rows {
			if slices.Contains(ids, s.id(r)) {
				t.Errorf("two rows are called %s", s.id(r))
			}
			ids = append(ids, s.id(r))
			name, err := s.ours(r).Name()
			if err != nil {
				t.Fatal(err)
			}
			cell, err := record.ParseName(name)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := matrix.Spec(c, cell, nil); err != nil {
				t.Errorf("%s: %v", s.id(r), err)
			}
		}
	}
	for what, about := range map[string]map[string]string{"explained": explanations, "counted": counted} {
		for id := range about {
			if !slices.Contains(ids, id) {
				t.Errorf("there is no row %s, but it is %s", id, what)
			}
		}
	}
}

// A ratio beyond the limit on either side needs an explanation, and no other may have one.
func TestExplain(t *testing.T) {
	s := span{peer: "peer"}
	saved := explanations
	defer func() { explanations = saved }()
	explanations = map[string]string{"peer: known": "because"}
	for _, test := range []struct {
		row   string
		ratio float64
		mark  string
	}{
		{"known", 1.6, explainedMark},
		{"known", 0.6, explainedMark},
		{"known", 1.4, staleMark},
		{"new", 1.6, unexplainedMark},
		{"new", 0.6, unexplainedMark},
		{"new", 0.7, ""},
	} {
		c := compare.Comparison{Effect: &compare.Effect{Ratio: test.ratio}}
		if mark, _ := s.explain(row{name: test.row}, c, true); mark != test.mark {
			t.Errorf("%s at %v: %q, want %q", test.row, test.ratio, mark, test.mark)
		}
	}
	if mark, _ := s.explain(row{name: "new"}, compare.Comparison{}, true); mark != "" {
		t.Errorf("without a ratio: %q", mark)
	}
}

// A page of a run without any of the cells still has all rows, and says that nothing was
// measured.
func TestWriteNothing(t *testing.T) {
	text, err := write(pairs.Outcome{LeftOut: []string{"peer rayon: no such file"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"## `rayon` and `jec`", "| yield_many | ns/op | – | – | – |", "- peer rayon: no such file", "| 3.97 |"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page lacks %q:\n%s", want, text)
		}
	}
}
