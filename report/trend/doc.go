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
// largest q is recomputed; p is the share of Permutations shuffles, and of the series
// itself, whose q is at least as large. While p is at most Level the segment is cut,
// and the search continues. Then the cuts are tested once more, each with its final
// neighbours only, since an early one may only reflect another that was found later;
// those that fail are removed, the weakest first.
//
// The first test is of all places at once. So the probability to find anything
// in a series that never changed is at most Level, whatever its length. Of each
// further cut the same is true, given those before.
//
// # What it cannot do
//
// Runs whose noise is correlated, such as those of a machine that is slow on some days,
// are not exchangeable, and too many changes are found. A trend on shared machines is a
// reason to look, not a verdict: for a verdict, compare the two revisions side by side.
// With fewer than 2·Least runs no change can be found, and with few runs only a large
// one can: Detectable says from which number of runs p can be as small as Level at all.
package trend
