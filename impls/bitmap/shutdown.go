package bitmap

import "github.com/idlebench/idlebench/impls"

// Shutdown closes the manager: it wakes every sleeper, with a core to shut down
// as long as there are cores, and returns the cores that are left.
func (i *Idle) Shutdown() []*impls.Core {
	s := &i.synced
	i.lock.Lock()
	if s.closed {
		i.lock.Unlock()
		return nil
	}
	s.closed = true
	var wake []int
	for {
		worker, ok := i.assign(false)
		if !ok {
			break
		}
		wake = append(wake, worker)
	}
	wake = append(wake, s.sleepers...)
	s.sleepers = s.sleepers[:0]
	i.lock.Unlock()

	for _, worker := range wake {
		i.parkers[worker].Unpark()
	}
	return i.ShutdownUnassignedCores()
}

// ShutdownUnassignedCores takes the cores that no worker holds or is about to
// receive. The manager is closed, so no core becomes available any more.
func (i *Idle) ShutdownUnassignedCores() []*impls.Core {
	var cores []*impls.Core
	i.lock.Lock()
	defer i.lock.Unlock()
	for {
		core := i.TryAcquireAvailableCore()
		if core == nil {
			return cores
		}
		cores = append(cores, core)
	}
}
