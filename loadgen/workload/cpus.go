package workload

// DefaultWorkers returns the number of workers when the user gives none, on a machine
// with that many CPUs. It is the workload's own number if it has one. Otherwise it
// leaves a CPU for the generator, one for each further submitting thread and, on 4 CPUs
// or more, one for the housekeeping threads. With 2 or 3 CPUs those share the
// generator's CPU: another worker is worth more there. Threads that are not workers get
// at most half of the CPUs, however many they are.
func (w Workload) DefaultWorkers(v Values, cpus int) int {
	if w.Workers > 0 {
		return w.Workers
	}
	others := 0
	if cpus >= 4 {
		others = 1 // the Go runtime's threads
	}
	n := max(1, cpus-1-others)
	for n > max(1, cpus/2) && n+w.generators(v, n)+others > cpus {
		n--
	}
	return n
}

// Needs returns the number of CPUs that the workload needs to be meaningful, with these
// values and that many workers; 0 if any number will do.
func (w Workload) Needs(v Values, workers int) int {
	if w.MinWorkers == 0 {
		return 0
	}
	workers = max(workers, w.MinWorkers)
	return workers + w.generators(v, workers)
}

// generators returns the number of threads that submit.
func (w Workload) generators(v Values, workers int) int {
	if w.Threads == nil {
		return 1
	}
	return 1 + w.Threads(v, workers)
}
