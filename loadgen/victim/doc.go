// Package victim measures what a pool does to others: by how much a fixed piece of work
// slows down while the pool is there.
//
// # Why
//
// The CPU time of a pool is what its owner pays. A worker that spins also takes execution
// units from the other CPU of its core, power and frequency from other cores, and turns
// from a thread on its own CPU. The owner of that thread pays for this, and no figure of
// the pool shows it.
//
// # The work
//
// A piece is one pass over a table of 256 KiB with arithmetic that depends on what was
// read, some 50 µs. It needs a core's execution units, its first- and second-level cache,
// and no kernel: other work would suffer more or less, and so a slowdown compares pools
// beside this work and is no property of a machine. Each piece does the same, which the
// number of instructions shows where it can be counted.
//
// # Alone and beside
//
// The victim is a process of its own with one busy thread, which is pinned (cpu.Seat); the
// pool is in a child. A launch is a series of pairs of segments: in one the victim is
// alone, since the pool's process is stopped (SIGSTOP), in the other the pool runs its
// load: the segment lies within what the child measures, by a clock that processes share, or
// the pair is dropped as not-under-way. Every second pair has them in the other order, so a steady drift cancels. A pair
// is dropped if one of its segments was disturbed from outside (package noise), never for
// what it measured. The slowdown is the time of a piece beside the pool divided by the time
// of a piece alone, each over all kept pairs. So both times are of the same launch, the
// same memory and the same tenths of a second.
//
// # Energy and counters
//
// Where the machine has them, the energy of all packages (powercap, RAPL) and the cycles,
// instructions and cache misses of the victim in user mode (perf_event_open(2)) are
// measured over the same segments. Where it has not, or they may not be read, the
// conditions victim-energy and victim-counters say why. Packages are whole: their energy
// contains whatever else the machine does.
package victim
