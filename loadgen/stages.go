package loadgen

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/idlebench/idlebench/loadgen/stages"
)

// agreement is how far the sum of the stages may be from the mean of the recorded
// latency, as a share of it.
const agreement = 0.05

// staged reports how reliable the stages are: for how many of the wakes they are known,
// and whether they add up to the latency recorded for all. The mean is that of the
// latency, which is recorded independently of stages.
func staged(s stages.Summary, mean float64) []Fact {
	share := func(part, whole float64) string {
		return strconv.FormatFloat(part/max(whole, 1), 'f', 4, 64)
	}
	facts := []Fact{{"stages-covered", share(float64(s.Covered), float64(s.Wakes))}}
	if s.Covered == 0 {
		return facts
	}
	names := make([]string, len(s.Stages))
	for i, stage := range s.Stages {
		names[i] = stage.Name
	}
	return append(facts,
		Fact{"stages", strings.Join(names, ",")},
		Fact{"stages-overlapped", share(float64(s.Overlapped), float64(s.Covered))},
		Fact{"stages-sum", fmt.Sprintf("%.4f", s.Sum()/mean)},
		Fact{"stages-agree", yes(math.Abs(s.Sum()/mean-1) <= agreement)},
	)
}
