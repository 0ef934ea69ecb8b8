package workload

// DefaultWorkers returns the number of workers if the user gives none, on a machine
// with that many CPUs: the workload's own number; or else as many as leave a CPU
// for the generator, for each thread beside it, and on 4 CPUs and more one for the
// other threads of the process. With 2 or 3 CPUs these share the generator's: a
// worker more is worth more there. Half of the CPUs is enough for all that are no
// workers, however many there are.
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

// Needs returns the number of CPUs from which on the workload tells what it is
// meant to, with these values and that many workers; 0 if it tells something on
// any machine.
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
