// Package trend finds where a series of runs changed: the slow drift, and the
// step that no single comparison was large enough to show.
//
// # The model
//
// A Series has a value for each run, in the order of the commits. The value is one
// number for a whole run, the median of its launches: launches of one run share the
// machine's day, so more of them make the value more precise, but are not more
// observations of the code.
//
// A series consists of segments, and between two of them is a Change. Within a
// segment the values are exchangeable, that is, any order of them is as likely.
// They need not be normal, nor have the same spread in all segments. Logarithms
// are looked at, so a change is a factor.
//
// # The method
//
// E-divisive of Matteson and James (A nonparametric approach for multiple change
// point analysis of multivariate data, JASA 109, 2014), the method that MongoDB
// uses for its own history (Daly et al., The use of change point detection to
// identify software performance regressions in a continuous integration system,
// ICPE 2020). For each place where a segment could be cut in two, with at least
// Least values on both sides, the energy distance of the two parts is computed,
//
//	q = nm/(n+m) · (2·E|X−Y| − E|X−X'| − E|Y−Y'|)
//
// with the exponent 1 of the paper. The largest q of all segments is the candidate. It
// is tested by permutation: the values are shuffled within each segment, and the
// largest q is recomputed; p is the share of shuffles, and of the series itself, whose q is
// at least as large. While p is at most the level the segment is cut, and the search
// continues. Then the cuts are tested once more, each with its final neighbours only, since
// an early one may only reflect another that was found later; those that fail are removed,
// the weakest first.
//
// # The error rate
//
// If nothing changed, a report shows any change with a probability of at most Level, 5 %:
// in any metric, of any machine. If some metrics changed, that holds for the others. A
// further change in a metric that has one has the level of a single metric.
//
//   - The first test of a series is of all places at once, so the probability to find
//     anything in it is that test's level, whatever its length.
//   - The level is Level divided by the number of metrics (Bonferroni). They may depend on
//     each other in any way.
//   - Runs are correlated if the machine is slow on some days. Then values are not
//     exchangeable, but what is new in each run is, in a first-order autoregression. That is
//     shuffled, and the series is put together again with the correlation of the machine's
//     runs. [Correlation] estimates it from all metrics together.
//
// Without these corrections all reports of 96 metrics without a change show one. With them
// 0.7 % of 150 simulated reports of 16 runs without correlation did, and 4 % with a
// correlation of 0.5 where 70 % of the variance is shared by all metrics; TestRate would
// fail at 10 %. A step of four standard deviations is found in 69 % and 25 % of them.
//
// # What it cannot do
//
// The correlation is that of the median metric: where some metrics are much more
// correlated than the others, these have more false changes than stated. Noise that is not
// like a first-order autoregression, such as a machine that is slow for one whole week in
// the year, is not covered. So a change point is a reason to look, not a verdict: for a
// verdict, compare the two revisions side by side.
//
// With a single metric a slow drift cannot be distinguished from correlated noise; among
// many metrics it can. With fewer than 2·Least runs no change can be found, and with few
// runs only a large one can: Detectable says from which number of runs on p can be as small
// as the level at all, 8 for one metric and 15 for 96.
package trend
