// Package compare says whether one thing is faster than another, by how much, with what
// confidence, and which difference could not have been detected.
//
// # The words
//
// A run has rounds; a round launches every cell once, each in a fresh process. The
// launches of cells that are compared live at the same time and measure in slices, one
// launch after the other in each pass. Their values are each launch's, over its slices. A
// [Series] is one metric of one cell over the rounds. Series that answer the same
// question form a row of a [Table], in different columns: the implementations of one
// run, or the old and the new of two. A [Comparison] compares one column with the
// baseline, in one row and one unit. All comparisons made from one table are a
// [Family], and share its error rate. Each workload has one primary unit, in which it
// is judged. Other units are shown with an estimate and an individual interval, and are
// not judged.
//
// # The model
//
// The launches of a round share the same stretch of time, in random order. What slows
// the machine for longer than a slice slows all of them, so the ratio new/old of a round
// is free of it. The package works with the differences of the
// logarithms, d = log(new) − log(old), one for each round in which both launches
// are valid.
//
// Under the null hypothesis it makes no difference which of the two a launch measures.
// Package order assigns the two positions of a pair within a round by a fair coin,
// independently in each round: where each begins, and which is first in each pass. A slice
// that is dropped and repeated was disturbed beyond a limit; that does not depend on what
// it measured. So each d is as likely as −d, whatever its size, and
// independent of the signs of the others. The test needs nothing else: no normal
// distribution, no equal variances, no rounds that are independent of each other in
// size. It is the argument of Fisher's randomisation test. Properties of the machine,
// be it a drift, autocorrelation, a period, a bimodal distribution of launches or
// outliers, cannot invalidate it.
//
// It needs independent coins, not just balance. An order that is balanced over the
// rounds errs on the safe side if there is a drift, but on the other side if the noise
// is periodic in the rounds: with every second round the reverse of the one before, and
// a period of two rounds, 14 % of equal cells differ at 5 %. The package's tests
// simulate that, and the orders that runs and A/B runs really have, with noise that
// carries over from launch to launch: autoregression with coefficients of 0.3, 0.5 and
// 0.9, drift, periods of 1, 2 and 3 rounds, bimodal launches, heavy tails, and
// workloads that disturb the next one; in slices also with slices that disturb the next
// one and that are dropped and repeated. There the share of false verdicts is what the
// exact test promises, within the error of the simulation.
//
// This holds for any two cells of a run with the same workload, parameters and
// number of workers, and for the two sides of a duel.
//
// For the estimate and the interval the model is that new is old times a factor,
// with noise of the same distribution. Then d is symmetric about the logarithm
// of the factor.
//
// # Carry-over, and launches that share a round
//
// In carry-over a launch depends on the one that ran before it. If two launches are equal in
// all respects, they also leave the machine in the same state; then swapping their names
// changes nothing, and the argument above covers carry-over. If they leave different
// states, they are equal in speed only, and with random permutations alone the comparison
// is biased: within a round no launch follows itself, so that what a launch does to its
// successor is counted against the others only. With k launches and a carry-over of γ
// times the state, the bias is γ/k times the difference of the two states. More rounds do
// not reduce it, so that sooner or later it is significant.
//
// Launches of a group may also be alive together and take turns in slices of time, in
// several passes through the group; each pass has an independent random permutation. A
// launch stays the unit of replication: it is one process, whose memory layout all its
// slices share. Its value is the midmean of its slices' values, the mean of the middle
// half. That is nearly as precise as the mean if slices are normal, and more precise than
// the median if there are outliers. More slices reduce the noise that changes within a
// launch, not the difference between two processes that run the same program.
//
// Slices have the bias of carry-over too, and less noise to hide it. The remedy is a
// lead-in: each pass begins with a slice of its first launch that does not count. Then a
// launch is equally likely to follow each of the k, itself included, and the bias is zero.
// γ is what remains of an effect after the part at the beginning of a slice that is not
// counted: leaving that out makes carry-over smaller, and the lead-in makes the rest
// harmless.
//
// The package's tests simulate six equally fast launches that leave different states, in
// six passes and 14 rounds. The noise has equal parts on the scales of a round and of 300,
// 30 and 3 slices, and half of that in each slice; the states vary like one part. Of 2,000
// families this share had a wrong verdict, at a level of 5 %:
//
//	order of the slices                      γ = 0   γ = 0.3   γ = 0.5   standard deviation of d, γ = 0
//	permutations                             2.8 %     5.5 %     8.7 %            0.057
//	permutations with a lead-in              3.9 %     3.4 %     3.4 %            0.058
//	rows of a Williams square, lead-in       3.2 %     3.8 %     3.9 %            0.058
//	serially balanced sequence               3.8 %     3.8 %     4.0 %            0.076
//
// In the last each launch follows each launch once, itself too, but has its slices less
// evenly in time. With whole launches that measure as long, one after the other, the
// deviation is 0.133. A layout with a standard deviation of 0.1 raises that of slices from
// 0.058 to 0.155, and the level is kept.
//
// # Test, estimate, interval
//
// All three are read from the n(n+1)/2 Walsh averages (dᵢ+dⱼ)/2, i ≤ j. The
// number of them that are negative is the statistic of Wilcoxon's signed-rank
// test [1], and its distribution is computed exactly, up to 500 pairs. Their median is
// the estimate of Hodges and Lehmann [2]. The k-th from below and from above are
// the interval that belongs to the test [3, 4]: it holds exactly those factors
// that the test would not reject. So the interval and the p-value cannot
// disagree.
//
// Ties and zeros: an average that is zero counts on both sides, that is, against
// a difference. The distribution is that without ties. This is right for
// every pattern of ties: break ties in |d| in any fixed order and give each zero
// a sign by a coin; the statistic then has the tieless distribution, and the one
// used here is never smaller. It is also what makes the closed interval cover in
// the discrete case [5]. Histograms round to three digits, so ties are not rare,
// but few; the loss is small. The conditional distribution over the
// ranks with ties was rejected: it depends on the factor that is tested, so that
// the factors it accepts need not be an interval.
//
// With n pairs no p-value is below 2^(1−n), see [LeastP] and [LeastPairs]: at
// least 6 pairs for 0.05, 10 pairs for a family of 20.
//
// # Families
//
// A verdict states a direction, so each comparison consists of two one-sided
// hypotheses, "not larger" and "not smaller". Holm's procedure [6] is applied to these
// 2m, with two-sided p-values: sort them; the s-th, s from 1, is rejected if it is at
// most α/(m−(s−1)/2) and all before it were. It holds for any dependence between the
// comparisons, such as sharing the baseline. The more usual form for m two-sided
// hypotheses goes up to α itself, but only guarantees that no exact equality is falsely
// rejected; for directions it is not known to be valid without further assumptions. Two
// revisions are never exactly equal, so the direction is what matters.
//
// When the procedure stops after r rejections, every judged comparison gets the
// interval at confidence 1−c, with the same c = α/(m−r/2); c of the last step, if
// all are rejected. It agrees with the verdict: the rejected p-values are at most
// c, the others are not. The verdict is:
//
//   - [Equivalent]: the interval lies inside the margin, ±2 % unless stated
//     otherwise; a difference that small is of no interest even if it is proven
//   - [Better], [Worse]: the interval lies on one side of 1
//   - [Unresolved]: none of these, or it cannot be said; Reason says why
//
// Some comparisons have no verdict whatever was measured: they are excluded. That costs
// the others nothing, and can make none of them wrong.
//
// With a probability of at least 1−α all verdicts of the family are right,
// equivalence included. Proof: a comparison with a true factor of 1 has a wrong
// verdict only if its interval is to one side of 1, which has probability c. One
// with another factor has a wrong verdict (the other direction, or equivalent
// beyond the margin) only if the interval's bound on the far side misses the
// factor, which has probability c/2. Let R be the number of factors that are not
// 1. Up to the first wrong verdict at most R directions were found, rightly, so
// c ≤ c* = α/(m−R/2), which is a fixed number. Intervals at c* are inside those at
// c, so that a wrong verdict is wrong at c* too. By the union bound the
// probability is at most (m−R)·c* + R·c*/2 = α. ∎
//
// A gate asks only whether anything is worse. Its families are one-sided
// ([Options].OneSided): each bound of each interval has a probability of at most α/m to be
// wrong, without steps. With a probability of at least 1−α nothing is called worse that is
// not, and nothing is called within a limit that is beyond it. Proof: the first can be wrong
// only of what is not worse, and only if the near bound is; the second only of what is worse,
// and only if the far bound is. So each comparison has one bound that can lead to an error,
// and the union bound gives α. ∎ Nothing is called better, since of what is equal to the
// baseline both bounds could lead to an error then. The same level is 2α/m in a two-sided
// family: a change that is found in 80 % of the runs there is found in 86 % here, with 15
// comparisons.
//
// [Comparison].Alone has the bounds at α, without a correction for m. The conclusion that
// all comparisons are below their limits is wrong only if one of them is beyond, and then
// only if that one's bound is wrong too: it has an error rate of α however many there are.
// The conclusion about a single one of them has that only if the one was chosen before.
//
// In the same sense "at most x % worse" may be read from an interval's far bound.
// The bound on the near side, "at least x % worse", is not part of that: with it
// all intervals of the family hold together with a probability of 1−2α, each on
// its own with 1−c. Intervals that belong to Holm's procedure and keep α do not
// say more than the direction there [7, 8].
//
// # The size of what was found
//
// The estimate of a comparison that was selected because it is significant is too large on
// average, the more the less likely it was to be found (the winner's curse). So where
// something is better or worse, reports give the interval instead: with α for a family of
// 30 and 16 pairs, a true 5 % is
//
//	found in    estimated on average at    in the interval
//	  99 %              5.0 %                  100 %
//	  30 %              6.3 %                  100 %
//	   5 %              9.2 %                  100 %
//	 0.8 %             17.3 %                   93 %
//
// The interval misses only if it is wrong about one of the bounds, which has a probability
// of c in all, and so at most c/π among those that are found, π being the probability to be
// found. With the small c of a family that is little unless π is as small as c.
//
// # What could be seen
//
// MDE is the minimal detectable effect: the change that such a comparison, with the
// same number of pairs, the observed spread and the family's level, finds in 80 % of
// the cases. It comes from a bootstrap of the test itself: residuals about the estimate
// are resampled with random signs, and the MDE is the quantile of how far the
// interval's near bound lies from the truth. It is an estimate with an error of its
// own: in the package's simulations, with 10 to 20 pairs, the claimed effect is found
// in 65 to 90 % of the cases. If the pairs are too few for any verdict there is no MDE,
// and Needed says how many it takes at least.
//
// # What it cannot say
//
// It compares the launches that were made. If the launches of the two sides were not
// interleaved, a difference may be the machine's: a comparison whose launches are known
// to be [Apart] is not judged, and one for which this is unknown says so. It does not
// check in what order interleaved launches ran within a round: in other programs' files
// the order may always be the same, and then a slow first position in a round is part
// of the difference. Cells of one run with different workloads, parameters or workers
// are in a balanced order, and such comparisons have the error of that.
//
// An open loop that did not achieve 99 % of the offered load is saturated: its latency
// is that of a queue that grows for as long as it is measured. If at least half of the
// valid launches of a side are saturated, comparisons of times are excluded. One or two
// among many are outliers, which do not affect the test; a throughput can be compared
// nevertheless.
//
// It drops invalid launches without knowing why they were invalid; if one
// implementation makes its own launches invalid more often than the other, the
// remaining rounds are a biased selection, and the count of dropped rounds shows it. If
// the new distribution has another shape, for example a second mode, the p-value is
// valid as a test of "no difference at all", but the factor is that of the pseudomedian
// and not of any particular launch. A series with any value that is not positive has no
// ratios and is unresolved as a whole, since leaving out such rounds would select by
// the outcome. That a difference is not resolved does not mean that there is none.
//
// # Use
//
// [FromRun], [FromRuns] and [FromBenchmarks] make tables, [Compare] makes the family.
// To judge a run while it goes on, use a [Sequence].
//
// # Sources
//
//  1. Wilcoxon, Individual comparisons by ranking methods, Biometrics Bulletin 1 (1945).
//  2. Hodges and Lehmann, Estimates of location based on rank tests, Annals of Mathematical Statistics 34 (1963).
//  3. Lehmann, Nonparametrics: Statistical Methods Based on Ranks, Holden-Day (1975), chapter 4.
//  4. Hollander, Wolfe and Chicken, Nonparametric Statistical Methods, Wiley (2014), chapter 3.
//  5. Noether, Wilcoxon confidence intervals for location parameters in the discrete case, JASA 62 (1967).
//  6. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6 (1979).
//  7. Guilbaud, Simultaneous confidence regions corresponding to Holm's step-down procedure and other closed-testing
//     procedures, Biometrical Journal 50 (2008).
//  8. Strassburger and Bretz, Compatible simultaneous lower confidence bounds for the Holm procedure and other
//     Bonferroni-based closed tests, Statistics in Medicine 27 (2008).
package compare
