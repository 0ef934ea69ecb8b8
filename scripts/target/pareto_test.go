package main

import (
	"math"
	"strings"
	"testing"
)

// A design is behind if another is as good in every dimension and better in one. Rows
// that one of the designs lacks count for none.
func TestFront(t *testing.T) {
	against := func(bitmap, multithread, gosched float64) map[string]comparison {
		return map[string]comparison{"bitmap": {ratio: bitmap}, "multithread": {ratio: multithread}, "gosched": {ratio: gosched}}
	}
	o := &outcome{rows: []row{
		{name: "skynet workers=2 futex", unit: "ns/op", pace: true, against: against(0.5, 1, 0.25)},
		{name: "fork_join workers=2 futex", unit: "ns/op", pace: true, against: against(0.5, 1, 0.25)},
		{name: "burst workers=2 futex", unit: "p50-ns/task", against: against(1, 1, 0.5)},
		{name: "burst workers=2 futex", unit: "tail-ns/task", against: against(1, 1, 0.5)},
		{name: "skynet workers=2 futex", unit: "cost-ns/task", against: against(2, 1, 2)},
		{name: "skynet workers=2 go-cond", unit: "cost-ns/task", against: against(9, 9, 9)},
		{name: "idle workers=2 futex", unit: "cost-ns/sec", against: map[string]comparison{"bitmap": {ratio: 7}}},
	}}
	want := map[string]struct {
		at    []float64
		front bool
	}{
		design:        {[]float64{0.5, 1, 1, 2}, true},
		"bitmap":      {[]float64{1, 1, 1, 1}, true},
		"multithread": {[]float64{0.5, 1, 1, 2}, true},
		"gosched":     {[]float64{2, 2, 2, 1}, false},
	}
	for _, p := range o.front("futex") {
		w := want[p.design]
		for i, v := range p.at {
			if math.Abs(v-w.at[i]) > 1e-9 {
				t.Errorf("%s: %s %v, want %v", p.design, dimensions[i].name, v, w.at[i])
			}
		}
		if p.front != w.front {
			t.Errorf("%s is on the front: %v", p.design, p.front)
		}
	}
	text := o.frontText("futex")
	for _, line := range []string{"| `relay` | 0.50 | 1.00 | 1.00 | 2.00 |", "| `gosched` (behind) | 2.00 | 2.00 | 2.00 | 1.00 |"} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %q in:\n%s", line, text)
		}
	}
}
