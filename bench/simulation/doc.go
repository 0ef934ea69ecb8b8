// Package simulation carries out runs on simulated machines. It is to simulated cores
// what package engine is to this computer: it plans, starts a process for each launch,
// records, and resumes. The result folder has the form of a measured one, says in its
// configuration that it was simulated, and has some files more (package
// record/simulated).
//
// # Two programs from one source
//
// A program that simulates is built with the tag simulate, which gives the idle
// managers, the host and the workloads other primitives. So the ordinary program cannot
// simulate, and the one that simulates cannot measure. Both are the same main package:
//
//	go build -o bin/bench ./bench
//	go build -tags simulate -o bin/simulate ./bench
//
// The first starts the second for each launch, with the arguments of a [Request]. So a
// module with managers of its own simulates them too: it builds its program twice.
//
// # What is the same again
//
// A launch depends on the program, the machine's file, the cell, the seed and the times,
// and on nothing else: not on this computer, nor on how many launches go on at the same
// time. Launches are recorded in the order of the plan, whichever ends first. Two runs of
// the same plan differ in dates and durations, and in nothing else.
//
// There is no noise to average or to exclude, so launches are neither repeated, nor
// invalid, nor in random order. A seed takes the place of a launch's process as the
// unit of replication. Round r of all cells has the run's seed plus r.
//
// # What is not simulated
//
// Cells that depend on what the simulator does not have: Go's scheduler (workers that are
// goroutines, the reference, submitters that the network poller wakes), variations of the
// measuring setup, and calibrations of this computer. [Cells] leaves them out and says
// so, or refuses them if they were asked for by name.
package simulation
