//go:build !explore && !perturb && !simulate

package prim

// A Var is a plain variable that threads take turns with. In an exploration it
// notices accesses that nothing orders, which are data races; here it is just the
// variable. Most plain variables are under a lock and need no Var.
type Var[T any] struct{ v T }

// Get returns the value.
func (v *Var[T]) Get() T { return v.v }

// Set changes the value.
func (v *Var[T]) Set(to T) { v.v = to }
