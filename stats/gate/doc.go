// Package gate decides whether a change may land: whether any metric became worse by
// more than a threshold.
//
// # The decision
//
// Each judged comparison of an old and a new revision has a [Status]:
//
//   - Regressed: it is significantly worse, and the estimate exceeds the threshold of
//     its unit.
//   - Within: it is within the threshold, since the upper bound of its interval is. It
//     may be better, the same, or a little worse.
//   - Unresolved: neither is known. More rounds may decide it, or a quieter machine.
//     Comparisons that package compare excludes (not interleaved, or saturated) are also
//     unresolved, whatever their interval.
//   - Invalid: there is no pair of launches to compare, or no ratio.
//
// The outcome is the first of these that applies: regressed if a comparison is; invalid
// if one is, or if there is nothing to judge; unresolved if one is; passed. A gate that
// measured nothing does not pass.
//
// The family-wise error rate (package compare) covers all comparisons and all interim
// analyses: the probability that any comparison is wrongly called worse, or wrongly
// called within the threshold, is at most alpha, 5 %. The test controls the direction,
// not the size. A true slowdown slightly below the threshold is sometimes reported as
// regressed.
//
// A regression is stated as an interval, "between +1.3 % and +25 %", and not by its
// estimate. What is reported because its estimate is large has a smaller true size on
// average: a true slowdown of 5 % that is found in one of 20 runs is then estimated at 9 %,
// one that is found in one of 120 runs at 17 %. The interval of the family has the true
// size in practically all, and in 93 % of these cases (package compare).
//
// # Thresholds
//
// A threshold is the share by which a metric may become worse, 0.05 for 5 %. It is above
// 0 and below 1. One threshold applies to all units; a file may give others, one line for
// each unit:
//
//	# unit          may become worse by
//	p99-ns/wake     20%
//	cost-ns/task    10%
package gate
