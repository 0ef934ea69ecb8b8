package loadgen

import (
	"slices"
	"testing"

	"github.com/idlebench/idlebench/loadgen/stages"
)

func TestStaged(t *testing.T) {
	two := []stages.Stage{{Name: "lock", Mean: 100}, {Name: "decide", Mean: 300}}
	for _, test := range []struct {
		name    string
		summary stages.Summary
		mean    float64
		want    []string
	}{
		{"none", stages.Summary{}, 0, []string{"stages-covered=0.0000"}},
		{"none covered", stages.Summary{Wakes: 7}, 400, []string{"stages-covered=0.0000"}},
		{"all", stages.Summary{Wakes: 8, Covered: 8, Overlapped: 2, Stages: two}, 400,
			[]string{"stages-covered=1.0000", "stages=lock,decide", "stages-overlapped=0.2500", "stages-sum=1.0000", "stages-agree=yes"}},
		{"just", stages.Summary{Wakes: 8, Covered: 6, Stages: two}, 420,
			[]string{"stages-covered=0.7500", "stages=lock,decide", "stages-overlapped=0.0000", "stages-sum=0.9524", "stages-agree=yes"}},
		{"too little", stages.Summary{Wakes: 8, Covered: 6, Stages: two}, 500,
			[]string{"stages-covered=0.7500", "stages=lock,decide", "stages-overlapped=0.0000", "stages-sum=0.8000", "stages-agree=no"}},
		{"too much", stages.Summary{Wakes: 8, Covered: 6, Stages: two}, 320,
			[]string{"stages-covered=0.7500", "stages=lock,decide", "stages-overlapped=0.0000", "stages-sum=1.2500", "stages-agree=no"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			var got []string
			for _, f := range staged(test.summary, test.mean) {
				got = append(got, f.Key+"="+f.Value)
			}
			if !slices.Equal(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}
