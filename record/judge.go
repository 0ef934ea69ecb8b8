package record

import (
	"flag"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// A Judge says in which unit to judge some workloads, instead of their primary units. It is
// a flag: each use of the flag is for one workload, such as "poisson=tail-ns/task". All
// judged comparisons share an error rate, so a choice is valid only if it was made before
// the results were seen.
type Judge map[string]string

// Flag declares -judge.
func (j *Judge) Flag(flags *flag.FlagSet) {
	flags.Var(j, "judge", "`workload=unit`: judge a workload in another unit; repeat for other workloads. Choose before you see results")
}

// String is the value as a command line has it.
func (j *Judge) String() string {
	var all []string
	for _, w := range slices.Sorted(maps.Keys(*j)) {
		all = append(all, w+"="+(*j)[w])
	}
	return strings.Join(all, ",")
}

// Set takes one "workload=unit".
func (j *Judge) Set(text string) error {
	workload, unit, ok := strings.Cut(text, "=")
	if !ok || workload == "" || unit == "" {
		return fmt.Errorf("want workload=unit, such as poisson=tail-ns/task")
	}
	if before, twice := (*j)[workload]; twice && before != unit {
		return fmt.Errorf("%s is judged in one unit: %s or %s", workload, before, unit)
	}
	if *j == nil {
		*j = Judge{}
	}
	(*j)[workload] = unit
	return nil
}

// Check returns an error if a workload is not one of those measured, or if a unit is
// unknown or has no better direction.
func (j Judge) Check(primary map[string]string, units []Unit) error {
	for _, workload := range slices.Sorted(maps.Keys(j)) {
		unit := j[workload]
		if _, ok := primary[workload]; !ok {
			return fmt.Errorf("-judge %s=%s: no such workload is measured; there are %s", workload, unit, strings.Join(slices.Sorted(maps.Keys(primary)), ", "))
		}
		at := slices.IndexFunc(units, func(u Unit) bool { return u.Name == unit })
		switch {
		case at < 0:
			return fmt.Errorf("-judge %s=%s: there is no such unit; names are those in %s, such as p99-ns/task", workload, unit, BenchFile)
		case units[at].Better == Neither:
			return fmt.Errorf("-judge %s=%s: the unit has no better direction", workload, unit)
		}
	}
	return nil
}

// Apply returns the primary units with those of the judge, for the workloads that are
// measured.
func (j Judge) Apply(primary map[string]string) map[string]string {
	if len(j) == 0 {
		return primary
	}
	primary = maps.Clone(primary)
	for workload, unit := range j {
		if _, ok := primary[workload]; ok {
			primary[workload] = unit
		}
	}
	return primary
}
