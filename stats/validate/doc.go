// Package validate says how far a simulation is from what it simulates: it compares two
// result folders that have the same cells, one measured on a machine, the other simulated
// on a description of the same machine.
//
// # Errors
//
// A cell's value is the median over launches, in the unit in which its workload is judged.
// Its error is max(s/r, r/s) of the simulated and the real value: 1.15 is 15 % too much, or
// as much too little. The error of several cells is given as its median and its worst, not
// as a mean, which a few cells at a limit of the model would make meaningless.
//
// The same for wakes/task, in which a design decides what it does; how long that takes is
// decided by the machine.
//
// # Two halves
//
// A cell is held out if the lowest bit of the first byte of the SHA-256 of its name is 1.
// That is known before anything is measured, and can be chosen only by renaming workloads.
// Whoever fits a constant of the model to cells may use the others only, and the error
// that counts is that of the cells that are held out. If nothing was fitted the two halves
// are two samples of the same error. A pair of cells is held out if both are.
//
// # Orders
//
// Times may be wrong by a factor and a comparison still right. So every two cells that
// differ only in the design, or only in the options of the host, are a pair. A pair counts
// if the measured difference is certain and large: package compare's interval of the ratio
// excludes 1, and the ratio is beyond 1.3 in either direction. Compare judges one column
// against others, so each column in turn is the baseline of those after it: each is a
// family with an error rate of 5 %. That is strict about which pairs count, and leaves none
// out because of the others. The order is right if the median of the simulated ratios, seed
// by seed, is on the same side of 1, by at least 2 %; less is a tie, which is not right.
//
// # What is not judged
//
// Cells that one side lacks, for which no valid launch was measured, or whose measured
// load was not sustained: then latency is that of a queue that grows for as long as it is
// measured. Each is listed with its reason, so that nothing disappears.
//
// # Targets
//
// [Judge] also says whether the suite's own targets are met: for cells that are held out a
// median error of at most 15 % and a worst of at most 1.5 times; for all pairs that count
// the right order; for all cells wakes/task within a factor of 2.
package validate
