// Package audit finds results that depend on the harness: it measures the effect of each
// property of the harness on each result that a report judges.
//
// # The model
//
// A harness has properties that may be different in a user's program although its
// scheduler is the same: who submits, whether workers are locked to threads, timer slack,
// the CPUs of the runtime's threads and the generator, GOMAXPROCS, a spare worker, how the
// clock is read, whether launches measure in slices. A result that depends on one of them is not wrong, but it is a result
// about both, and a page that shows it must say so.
//
// So the audit measures each cell of a report's first section, an [evidence.Subject], as
// usual and in variations that change one property each. The properties are those of
// loadgen.Harnesses, the other submitters of the workload, and whether workers are
// goroutines: with a parker that returns to Go's scheduler, workers are ordinary
// goroutines (go-cond) or are locked to a thread each (cond); a futex blocks its thread
// either way. Properties are not combined: the number of cells would be the product of
// the numbers of values.
//
// # What is compared
//
// The move of a value: varied/usual, for each cell. A property may move all values
// without changing a verdict, as a slower clock does.
//
// The move of a verdict: the ratio of two cells, varied, over the same ratio as usual.
// For implementations the two cells are an implementation and the baseline with the same
// parker. An implementation with its own parker is compared with the baseline on the
// baseline's first parker, and so is Go's scheduler, as in package verdict. For parkers
// the two cells are the baseline with a parker and with a futex. If such a ratio moves, a
// comparison between designs, or between parkers, has a different result for a user whose
// program has the property. If one of the two cells cannot have the property, that cell
// stays as usual.
//
// Both moves are computed in the workload's primary unit, and also in CPU time per task
// if that is another unit.
//
// # Why the intervals are right
//
// An audit is a run like any other: fresh processes, rounds, a journal. Values are paired
// by round, so drift of the machine cancels, and the interval is that of the signed-rank
// test ([compare]), at 95 %, for each result alone. The test requires that usual and
// varied are exchangeable within a round if the property has no effect. They are: a cell
// and its variations form one group of package order, and each permutation of a group is
// equally likely in each round ([Order]). The launches of a group live at the same time
// and measure in slices. Only the variation "whole" measures in one piece, at a random
// point among the slices of the others. That averages the noise of a round in another way,
// so the two are not exchangeable, and the interval of this one property is approximate. A ratio of ratios has four launches in two
// groups. Exchanging usual and varied in both groups changes the sign of its logarithm, so
// the same test applies.
//
// An audit has hundreds of intervals, and one in twenty misses. The text says how many
// that is. It also marks results that are moved according to simultaneous intervals
// (Bonferroni); in a full audit these need more rounds than 20 minutes allow.
//
// # Statuses
//
// The margin is 10 %, a factor from 1/1.1 to 1.1. A result is moved if its interval lies
// entirely beyond the margin on one side, steady if it lies entirely within, and undecided
// otherwise: the audit was too short, or the machine too noisy. Undecided does not mean
// steady.
//
// # What it cannot find
//
// Properties that it does not vary, and properties that all variations share, such as a
// generator in the same process as the pool. Also two properties that have an effect only
// together. Its tests and the self-test plant an artefact ([Short]) and check that the
// audit finds it.
package audit
