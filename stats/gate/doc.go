// Package gate decides whether a change may land: whether anything became slower
// by more than is allowed.
//
// # The decision
//
// Each judged comparison of an old and a new revision has a [Status]:
//
//   - Regressed: it is known to be worse, and the estimate is beyond the threshold
//     of its unit.
//   - Held: it is known not to be worse by more than the threshold, since the far
//     bound of its interval is within it. It may be better, the same, or a little
//     worse.
//   - Unresolved: neither is known. More rounds may tell, or a quieter machine. So is
//     what package compare bars from a verdict, whatever its interval: two sides
//     that were not interleaved, or a load that was too much for one of them.
//   - Invalid: there is no pair of launches to compare, or no ratio.
//
// The outcome of all is the first of these that applies: regressed if one is;
// invalid if one is, or if there is nothing to judge; unresolved if one is; passed.
// A gate that has measured nothing has not passed.
//
// What is known is known at the level of the family (package compare), however many
// comparisons there are and however often the run is judged: the probability that
// anything at all is said to be worse that is not, or to have held that is worse by
// more than the threshold, is at most its alpha, 5 %. By how much something became
// worse is the estimate's word, not the test's: what is worse by a little less than
// the threshold is called regressed now and then.
//
// # Thresholds
//
// A threshold is a share by which a metric may become worse, 0.05 for 5 %; it is
// above 0 and below 1. One holds for all units; a file may give others, one on a
// line, with what it is for:
//
//	# unit          may become worse by
//	p99-ns/wake     20%
//	cost-ns/task    10%
package gate
