// Package recording is the file format of recorded loads: when tasks arrived at a
// scheduler, how long each took, and which task spawned which. It reads, checks, writes
// and identifies such files. A load replays them (workload.Recorded); package
// bench/convert makes them from what other programs have written.
//
// # The file
//
// A recording is text, one item to a line, each line ended by \n:
//
//	idlebench-load 1
//	source csv
//	duration 2000000
//	tasks 4
//
//	0 4000
//	1200 300
//	+150 500 1
//	1900000 300
//
// The header says the version of the format, what the recording was made from (go-trace,
// csv, or another word), how long it lasted in nanoseconds, and the number of tasks. A
// task is a line of its own, and its number is its position, from 0:
//
//	AT SERVICE             it arrives from outside, AT ns after the start
//	+AFTER SERVICE PARENT  task PARENT spawns it when that has run for AFTER ns
//
// SERVICE is how long it keeps a worker busy, in nanoseconds. Numbers are decimal, without
// signs or leading zeros. Arrivals are in ascending order, and a task comes after its
// parent. There is nothing else in the file: no names, arguments, stacks or addresses.
//
// # Trees
//
// An arrival and the tasks spawned from it, directly or not, are a tree. A replay submits
// the first task when it is due and lets the others happen: a tree is what one external
// event causes. So a tree has to be short, as compared with the time for which a load is
// measured: see the limits.
//
// # What a file is identified by
//
// [Recording.Digest] is taken of the bytes of the file. Two files with the same digest are
// the same load, whatever their names; a changed byte is another load.
//
// # Limits
//
// A reader that is given anything else than a recording fails at the first line that is
// wrong, with its number. What it uses of memory grows with the tasks that are there, not
// with what the header says, and a file with the most tasks takes about 100 MB while it is
// read and 32 MiB from then on. Constants of this package are the limits.
package recording
