// Package pairs measures cells in pairs, of which either side may be a peer's, and judges the
// ratio of each pair. It is what the pages have in common that compare runtimes with our
// designs, or versions of a runtime with each other: docs/bridge.md, docs/museum.md and
// docs/runtimes.md.
//
// # How it measures
//
// The cells of a group live at the same time and measure in slices, as in "bench run"; the
// order of groups, and of cells in a group, is random in each round. The program that
// measures our designs is bin/bench. The results are an ordinary result folder. A run that
// was interrupted goes on where it was; a finished one is only judged. To measure again,
// remove the folder.
//
// A peer that is not there, and a cell that a peer cannot do, are left out, and the run says
// why ([Outcome].LeftOut).
//
// # How it judges
//
// All contests of a page are one family: exact signed-rank tests on rounds, Holm's procedure
// ([compare.Compare]).
package pairs
