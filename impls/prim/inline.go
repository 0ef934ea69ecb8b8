//go:build !explore && !perturb && !simulate

package prim

// The compiler tells the importers of a package how to inline a function of
// another package only if it has been inlined in this one (exportBody in
// cmd/compile/internal/noder/linker.go). To name a type does not count. So
// without these calls, which are never made, every atomic load of an idle manager
// that imports this package alone would be a call, and so would be every lock
// that is free.
var _ = func(m *Mutex, b *Bool, i *Int32, j *Int64, u *Uint32, l *Uint64) {
	m.Lock()
	m.TryLock()
	m.Unlock()

	b.Load()
	b.Store(true)
	b.Swap(true)
	b.CompareAndSwap(false, true)

	i.Load()
	i.Store(1)
	i.Add(1)
	i.Swap(1)
	i.CompareAndSwap(0, 1)

	j.Load()
	j.Store(1)
	j.Add(1)
	j.Swap(1)
	j.CompareAndSwap(0, 1)

	u.Load()
	u.Store(1)
	u.Add(1)
	u.Swap(1)
	u.CompareAndSwap(0, 1)

	l.Load()
	l.Store(1)
	l.Add(1)
	l.Swap(1)
	l.CompareAndSwap(0, 1)
	l.And(1)
	l.Or(1)
}
