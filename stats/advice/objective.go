package advice

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// An Objective has the weights of latency and CPU time, whose sum is 1. It is a flag.
type Objective struct {
	Latency float64 `json:"latency"`
	CPU     float64 `json:"cpu"`
}

// Balanced has equal weights.
var Balanced = Objective{0.5, 0.5}

// String is the objective as a command line has it.
func (o *Objective) String() string {
	switch *o {
	case Balanced:
		return "balanced"
	case Objective{1, 0}:
		return "latency"
	case Objective{0, 1}:
		return "cpu"
	}
	return fmt.Sprintf("latency=%.3g,cpu=%.3g", o.Latency, o.CPU)
}

// Set reads a name, or weights, which need not sum to 1.
func (o *Objective) Set(text string) error {
	switch text {
	case "balanced":
		*o = Balanced
		return nil
	case "latency":
		*o = Objective{1, 0}
		return nil
	case "cpu":
		*o = Objective{0, 1}
		return nil
	}
	weights := map[string]float64{}
	for part := range strings.SplitSeq(text, ",") {
		name, number, ok := strings.Cut(part, "=")
		w, err := strconv.ParseFloat(number, 64)
		_, twice := weights[name]
		if !ok || err != nil || twice || name != "latency" && name != "cpu" || !(w >= 0) || math.IsInf(w, 0) {
			return fmt.Errorf("want latency, cpu, balanced, or weights such as latency=0.7,cpu=0.3")
		}
		weights[name] = w
	}
	sum := weights["latency"] + weights["cpu"]
	if !(sum > 0) || math.IsInf(sum, 0) {
		return fmt.Errorf("the weights sum to %v: want a positive sum", sum)
	}
	*o = Objective{weights["latency"] / sum, weights["cpu"] / sum}
	return nil
}
