// Package annotate makes accesses to plain memory take time in a simulation: it writes
// copies of source files in which each access is also a call of package access, and an
// overlay with which the go command builds these in place of the originals. The
// originals, and builds without the overlay, stay as they are.
//
//	files, err := annotate.Packages("simulate", "./...")
//	overlay, err := annotate.Write("bin/overlay", files)
//	// go build -tags simulate -overlay bin/overlay/overlay.json
//
// # What is charged
//
// A load or a store of what other threads may reach: beyond a pointer, in a slice, in a
// global variable, or in a local variable that is captured and changed or whose address
// is taken. It costs an access to each line that it touches. Whether such a variable
// is on the heap after all is for the compiler to say, so access asks at run time: what
// is on a stack is free.
//
//	x.f = y.g        *access.Store(&x.f) = *access.Load(&y.g)
//	x.n++            *access.Update(&x.n)++
//	x.list[i]        *access.Load(&(*access.Load(&x.list))[i])
//	range x.list     range access.Elements(*access.Load(&x.list))
//	append, copy, clear, make, new and &T{}
//	                 the lines that they read and write
//	m[k]             the map's header
//	sync/atomic      an atomic access to its first argument
//
// The type checker says what each expression is, and every kind of statement and
// expression has its rule. What has none is an error ([Unclassified]) with its place, and so
// is what a simulation has no part in: go statements, channels, locks of package sync,
// and loops over maps, whose order differs from run to run.
//
// # What is not
//
// Local variables that are the function's alone are in registers, or in lines that
// never move. Strings, boxes of interfaces, the code and the captured values of
// closures do not change once they are made. What the standard library does with
// memory is its own, and so is where Go's allocator keeps its lists. Loads that the
// compiler combines into one are charged each; that is what [simulate.Costs].Overlap
// is for.
//
// # The same each time
//
// Files have the same text for the same source, and their lines keep their numbers, so
// that a panic names the right one. A store is charged before the right side of its
// statement is evaluated. Since the language leaves open whether an index on the left
// is evaluated before a variable on the right changes, this changes no program that
// does not depend on the compiler.
package annotate
