// Package gate decides whether a change may land: whether any metric became worse by
// more than it may.
//
// # Two limits
//
// A unit has a threshold, 5 % unless stated otherwise, and a limit of twice that. Below the
// threshold a change is tolerated, even if it is certain. A regression as large as the
// limit must not land unnoticed. What is between the two may be called either.
//
// # The decision
//
// Each judged comparison of an old and a new revision has a [Status]:
//
//   - Regressed: it is significantly worse, and the estimate exceeds the threshold of
//     its unit.
//   - Within: it is within the threshold, since the upper bound of its interval in the
//     family is. It may be better, the same, or a little worse.
//   - Bounded: a regression of the limit or more is excluded, since the upper bound that
//     this comparison has alone is below it. It may even be significantly worse, by less;
//     the text says so.
//   - Unresolved: none of these is known. More rounds may decide it, or a quieter machine.
//     Comparisons that package compare excludes (not interleaved, or saturated) are also
//     unresolved, whatever their interval.
//   - Invalid: there is no pair of launches to compare, or no ratio.
//
// The outcome is the first of these that applies: regressed if a comparison is; invalid
// if one is, or if there is nothing to judge; unresolved if one is; passed if all are
// within or bounded. A gate that measured nothing does not pass. One that passes says what
// it excludes: "a regression of 10 % or more is excluded in all 15 comparisons; 13 within
// 5 %".
//
// # Error rates
//
// Families are one-sided (package compare). There are two rates of 5 %, both over all
// comparisons and all interim analyses:
//
//   - In at most 5 % of all decisions is anything called regressed that is not worse, or
//     called within its threshold that is not. A decision fails if one of m comparisons
//     is worse, so each has 5 % / m.
//   - A change that makes anything worse by its limit or more passes in at most 5 % of the
//     cases. A decision passes only if all comparisons do, the one that is worse too. So
//     each is tested at 5 %, without a correction for the others (an intersection–union
//     test: Berger, Multiparameter hypothesis testing and acceptance sampling,
//     Technometrics 24, 1982).
//
// The second is a statement about the decision. Of a single comparison among many that are
// bounded, in a decision that does not pass, it says only 95 % for that one.
//
// The first controls the direction, not the size: a true slowdown slightly below the
// threshold is sometimes reported as regressed. One between the threshold and the limit
// regresses or passes, the more often the former the larger it is.
//
// A regression is stated as an interval, "between +1.3 % and +25 %", and not by its
// estimate. What is reported because its estimate is large has a smaller true size on
// average: a true slowdown of 5 % that is found in one of 20 runs is then estimated at 9 %,
// one that is found in one of 120 runs at 17 %. The interval of the family has the true
// size in practically all, and in 93 % of these cases (package compare).
//
// How often the same code passes, and how often a slowdown is caught, depends on the
// machine's noise. The tests of package compare simulate it with the noise of real runs.
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
