package bitmap

import "github.com/idlebench/idlebench/impls"

// Shutdown closes the manager. It wakes every sleeper, with a core to shut down
// as long as there are cores, and returns the cores that are left.
func (i *Idle) Shutdown() []*impls.Core {
	s := &i.synced
	i.lock.Lock()
	if s.closed {
		i.lock.Unlock()
		return nil
	}
	s.closed = true
	// Unlike a notification, the original wakes these workers under the lock.
	for len(s.sleepers) > 0 {
		core := i.TryAcquireAvailableCore()
		if core == nil {
			break
		}
		i.parkers[i.assign(core, false)].Unpark()
	}
	for n := len(s.sleepers) - 1; n >= 0; n-- {
		worker := s.sleepers[n]
		s.sleepers = s.sleepers[:n]
		i.parkers[worker].Unpark()
	}
	i.lock.Unlock()
	return i.ShutdownUnassignedCores()
}

// ShutdownUnassignedCores takes the cores that no worker holds or is about to
// receive, each in a critical section of its own. The manager is closed, so no
// core becomes available any more.
func (i *Idle) ShutdownUnassignedCores() []*impls.Core {
	var cores []*impls.Core
	for {
		i.lock.Lock()
		core := i.TryAcquireAvailableCore()
		i.lock.Unlock()
		if core == nil {
			return cores
		}
		cores = append(cores, core)
	}
}
