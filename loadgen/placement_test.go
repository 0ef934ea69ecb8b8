package loadgen

import (
	"fmt"
	"slices"
	"testing"

	"github.com/idlebench/idlebench/loadgen/cpu"
)

// Threads that submit have CPUs of their own as long as there are any, and share
// them evenly when there are not.
func TestBesideCPUs(t *testing.T) {
	for _, test := range []struct {
		cpus, workers, beside int
		want                  []int // the CPUs to which they are dealt
		share                 bool
	}{
		{cpus: 8, workers: 4, beside: 0},
		{cpus: 8, workers: 4, beside: 1, want: []int{4}},
		{cpus: 8, workers: 4, beside: 3, want: []int{4, 5, 6}},
		{cpus: 8, workers: 4, beside: 4, want: []int{4, 5, 6, 7}, share: true},
		{cpus: 8, workers: 4, beside: 63, want: []int{4, 5, 6, 7}, share: true},
		{cpus: 2, workers: 1, beside: 1, want: []int{1}, share: true},
		{cpus: 2, workers: 2, beside: 1, share: true}, // oversubscribed: anywhere
		{cpus: 1, workers: 1, beside: 1, share: true},
	} {
		t.Run(fmt.Sprintf("%d CPUs, %d workers, %d beside", test.cpus, test.workers, test.beside), func(t *testing.T) {
			var use cpu.Set
			for i := range test.cpus {
				use = append(use, i)
			}
			plan, err := cpu.NewPlan(use, cpu.Topology{}, test.workers)
			if err != nil {
				t.Fatal(err)
			}
			p := &placement{Plan: plan, beside: test.beside}
			if got := p.besideCPUs(); !slices.Equal(got, test.want) {
				t.Errorf("on CPUs %v, want %v", got, test.want)
			}
			if p.generatorsShare() != test.share {
				t.Errorf("share: %v", !test.share)
			}
			told := slices.Contains(p.facts(), Fact{"generators-share", yes(test.share)})
			if told != (test.beside > 0) {
				t.Errorf("facts: %v", p.facts())
			}
		})
	}
}
