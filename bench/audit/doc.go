// Package audit finds out which results are made by the harness: it measures what
// each of the harness's properties does to each result that a report judges.
//
// # The model
//
// A harness has properties that a user could have otherwise without another
// scheduler: who submits, whether workers are locked to threads, the slack of
// timers, which CPUs the runtime's threads and the generator have, GOMAXPROCS, a
// spare worker, how the clock is read. A result that depends on one of them is not
// wrong, but it is a result about both, and a page that shows it has to say so.
//
// So each cell that a report has in its first section, a [evidence.Subject], is
// measured as usual and in variations that change one property each. The
// properties are those of loadgen.Harnesses, the other submitters that the
// workload offers, and the other way of holding workers: a parker that goes back
// to Go's scheduler has workers that are ordinary goroutines (go-cond) or are
// locked to a thread each (cond); a futex blocks its thread either way. Properties
// are not combined, since the number of cells would be multiplied by that of the
// values of each.
//
// # What is compared
//
// The move of a value: varied/usual, for each cell. A property may well move all
// values and leave every verdict as it is, as a slower clock does.
//
// The move of a verdict: the ratio of two cells, varied, over the same ratio as
// usual. For implementations the two are an implementation and the baseline with
// the same parker; one that sleeps in its own way is compared with the baseline on
// the baseline's first parker, and so is Go's scheduler, as package verdict has it.
// For parkers the two are the baseline with a parker, and with a futex. If this
// moves, a comparison between designs, or between parkers, would come out
// differently for a user whose program has the property. A property that one of
// the two cells cannot have leaves that cell as it is.
//
// Both are taken in the workload's primary unit, and in CPU time per task where
// that is something else.
//
// # Why the intervals are right
//
// An audit is a run as any other: fresh processes, rounds, a journal. What is
// compared is paired by round, so a drift of the machine cancels, and the interval
// is that of the signed-rank test ([compare]), at 95 %, each alone. The test
// needs usual and varied to be exchangeable within a round if the property does
// nothing. They are: a cell and its variations are one group of package order,
// each permutation of which is equally likely, in each round anew (order). A ratio
// of ratios has four launches in two groups; to exchange usual and varied in both
// changes the sign of its logarithm, so that the same test holds.
//
// Some hundred intervals are shown, and one in twenty misses. The text says how
// many that is. A result that is moved by intervals that hold all together
// (Bonferroni) is marked as well; that takes more rounds than 20 minutes have, if
// everything is audited.
//
// # What is said
//
// The margin is 10 %, a factor from 1/1.1 to 1.1. A result is moved if its interval
// lies wholly beyond the margin on one side, steady if it lies wholly within, and
// undecided otherwise: there the audit was too short, or the machine too noisy.
// Undecided is not steady.
//
// # What it cannot find
//
// Properties that it does not vary, and those that every variation shares, such as
// a generator that is in the same process as the pool. Two properties that do
// nothing alone and something together. That it finds an artefact as such is shown
// by its tests and by the self-test, which plant one ([Short]).
package audit
