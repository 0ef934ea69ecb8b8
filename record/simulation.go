package record

import "slices"

// SimulatedDir has what package record/simulated writes, in a simulated run's folder.
const SimulatedDir = "simulated"

// The configuration lines of a simulated run: the name of the machine, and the digest of
// its file.
const (
	SimulatedKey = "simulated"
	DigestKey    = "simulated-digest"
)

// Simulated returns the name of the machine if the run was simulated, "" if it was
// measured.
func (m Manifest) Simulated() string { return Simulated(m.Config) }

// Simulated returns the name of the machine if the configuration is that of a simulated
// run, "" if it was measured.
func Simulated(config []Pair) string {
	if i := slices.IndexFunc(config, func(p Pair) bool { return p.Key == SimulatedKey }); i >= 0 {
		return config[i].Value
	}
	return ""
}

// SimulatedUnits returns the units that simulated runs have besides those of [Units]: how
// long the workers' CPUs were in each state, for each task.
func SimulatedUnits() []Unit {
	var units []Unit
	for _, s := range []struct {
		state  string
		better Better
		about  string
	}{
		{"idle", Neither, "the workers' CPUs had nothing to run"},
		{"waking", Lower, "the workers' CPUs came back from being idle, or changed to another thread"},
		{"running", Lower, "the workers ran tasks, the host or the idle manager"},
		{"searching", Lower, "the workers searched for tasks"},
		{"spinning", Lower, "the workers waited without giving up their CPUs"},
		{"stalled", Lower, "the workers waited for a line of memory"},
	} {
		units = append(units, Unit{s.state + "-ns/task", s.better, "time for which " + s.about})
	}
	return units
}
