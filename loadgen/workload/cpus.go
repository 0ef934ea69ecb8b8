package workload

// DefaultWorkers returns the number of workers if the user gives none, on a machine
// with that many CPUs: the workload's own number; or else as many as leave a CPU
// for the generator and for each thread beside it. Half of the CPUs is enough for
// these threads, however many there are.
func (w Workload) DefaultWorkers(v Values, cpus int) int {
	if w.Workers > 0 {
		return w.Workers
	}
	n := max(1, cpus-1)
	for n > max(1, cpus/2) && n+w.generators(v, n) > cpus {
		n--
	}
	return n
}

// Needs returns the number of CPUs from which on the workload tells what it is
// meant to, with these values and that many workers; 0 if it tells something on
// any machine.
func (w Workload) Needs(v Values, workers int) int {
	if w.Least == 0 {
		return 0
	}
	workers = max(workers, w.Least)
	return workers + w.generators(v, workers)
}

// generators returns the number of threads that submit.
func (w Workload) generators(v Values, workers int) int {
	if w.Threads == nil {
		return 1
	}
	return 1 + w.Threads(v, workers)
}
