package cli

import (
	"fmt"

	"github.com/idlebench/idlebench/record"
	"github.com/idlebench/idlebench/report/source"
)

// An origin is where the launches of an input come from.
type origin struct {
	name   string
	config []record.Pair
}

// origins returns those of the inputs that have launches.
func origins(src *source.Source) (all []origin) {
	for _, in := range src.Inputs {
		if len(in.Launches) > 0 {
			all = append(all, origin{in.Argument(), append([]record.Pair{}, in.Config...)})
		}
	}
	return all
}

// unmixed returns an error if some of the inputs were simulated and others measured.
func unmixed(inputs ...origin) error {
	var simulated, measured *origin
	for i := range inputs {
		if in := &inputs[i]; record.Simulated(in.config) != "" {
			simulated = in
		} else if in.config != nil {
			measured = in
		}
	}
	if simulated == nil || measured == nil {
		return nil
	}
	return fmt.Errorf("%s was simulated, on %s, and %s was measured: a model and a machine are not compared",
		simulated.name, record.Simulated(simulated.config), measured.name)
}
