// Package machine reads and writes files that describe a machine for package simulate:
// its topology, and what operations cost on it.
//
//	f, err := machine.Load("epyc-rome") // a preset, or the name of a file
//	stats, err := simulate.Run(f.All(), 1, program)
//
// # Where figures come from
//
// A simulation is worth as much as the figures that it starts from. So each figure has
// a source, which is one of three:
//
//   - measured: on that machine. It says how.
//   - cited: published. It says where, and what was done to the figure.
//   - assumed: neither. It says why this figure and not another.
//
// A file without sources is refused, and so is a source that no figure refers to.
//
// # Format
//
// A file is TOML. docs/machines.md describes it with an example.
//
//	format = 2
//	name = "epyc-rome"
//	title = "AMD EPYC 7742 (Rome), 2 sockets of 64 cores"
//
//	[topology]
//	sockets = 2
//	caches = 16 # last-level caches of a socket
//	cores = 4   # that share one
//	threads = 2 # of a core
//	source = "core-to-core"
//
//	[costs]
//	same_cache = { value = "19 ns", source = "core-to-core" }
//	…
//
//	[sources.core-to-core]
//	cited = "github.com/…"
//
// Values are text with a unit, because a number without one is read wrong sooner or
// later. They are kept as integers: picoseconds, thousandths, or counts. So what is
// written and read again is the same, exactly.
//
// # Mistakes
//
// [Read] reports all mistakes of a file, each with its line, field and what is allowed
// there. Unknown fields are mistakes, since a misspelt one would be a missing one.
// Constants have limits that no machine comes near; they catch wrong units. A cost that
// the topology has no use for, such as other_socket on one socket, is a mistake too: the
// figure would be for a machine that the file does not describe.
//
// # Order of CPUs
//
// The CPUs of a [simulate.Machine] are those of one socket after those of another, in a
// socket those of one cache after those of another, one CPU of each core; after them, in
// the same order, the second of each core. So the first n CPUs are as close to each
// other as they can be without sharing a core, which is how one would pin n workers.
package machine
