// Package result is what a measurement leaves on disk.
//
// # The words
//
// A cell is one combination of workload, implementation, parker, number of
// workers and workload parameters ([Cell]). A launch is a fresh process that
// measured one cell once ([Launch]). A round launches every cell once. A run
// is a number of rounds in an order fixed beforehand ([Plan]), and it owns one
// result folder.
//
// # The folder
//
//	bench.txt           one benchmark line per launch, in the order they ran
//	latency/<cell>.hlog one histogram per launch of the cell, HdrHistogram log
//	run.json            the plan, the state, the failures ([Manifest])
//
// bench.txt is in the Go benchmark format, so benchstat and everything else
// built on golang.org/x/perf reads it. It begins with configuration lines,
// which say where and how it was measured, and with a Unit line for every unit
// that has a better direction. Before each benchmark line stands a comment
// with what is true of that launch alone:
//
//	# round=0 start=2026-11-23T08:07:09.123Z duration=1.2s gc=0
//	BenchmarkWake/impl=bitmap/park=futex/workers=1/gap=100us	5000	812 p50-ns/wake	…
//
// It is a comment, and not configuration lines, because benchstat makes a
// table of its own for every distinct configuration.
//
// # What survives
//
// A launch is recorded when its benchmark line is: that is the commit. The
// histogram is written before it, and [Read] ignores a histogram that has no
// line. Each record is one write, followed by a sync. If the write fails, as on
// a full disk, the file is cut back to where it was, so that it holds whole
// records only. If the process or the machine dies in the middle, at most the
// last line is torn: it lacks its newline. Read drops it and says so in
// [Run].Dropped; other readers take it for a syntax error in the last line.
// run.json is replaced as a whole, by renaming. It says [Running] until
// [Writer.Close], and a folder that still says so after its process has ended
// was killed: bench.txt has the launches nevertheless.
//
// An existing folder is never written to by [Create].
//
// # From child to parent
//
// The launch's process sends its measurement as one line of JSON
// ([EncodeLaunch], [DecodeLaunch]); the parent alone writes to the folder.
package result
