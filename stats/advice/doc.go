// Package advice chooses a design and a parker from the values of a run, and says what the
// choice gains, how sure that is, and where another one would be better.
//
// # Model
//
// A situation is a workload with its parameters and number of workers. A candidate is a
// design with a parker. In each situation and round a candidate has a latency (or the time of
// an operation) and a CPU time. Its score in a round is the mean over the situations of
//
//	weight of latency × log(latency) + weight of CPU × log(CPU time)
//
// Situations of one workload share the weight of that workload, so that a workload with many
// gaps does not outvote the others. The difference of two candidates' scores in a round is
// the logarithm of a factor, free of what slows the machine for that round. Where one of the two
// has no valid launch, the median of that situation's other rounds is put in its place; a round
// with less than half of the weight measured does not count.
//
// # Chosen on one part, confirmed on the other
//
// The first third of the rounds chooses: the candidate with the lowest median difference to
// the current one. The others confirm: they compare this one candidate with the current one, by the exact signed-rank test of package compare. It becomes
// the advice if it is better at 0.25 %, one-sided, and by an estimated 2 % or more; otherwise the
// advice is to keep the current one. Gains are those of the rounds that confirm, so they are
// not inflated by the choice.
//
// # Error rates
//
// If the chosen candidate is equal to the current one, each difference is as likely as its
// opposite: launches take their places in a round by fair coins, independent between
// situations and rounds. A sum of such differences has the same property. The coins of the
// rounds that choose say nothing about those that confirm. So whatever was chosen, the test
// is exact, needs no correction for the number of candidates, and advises a change for
// nothing in at most 0.25 % of the runs.
//
// That argument needs noise that belongs to the launches of a round. Noise that stays with a
// candidate from round to round makes the rounds that confirm agree with each other. With such
// noise, autocorrelated by 0.5 and as large as that of launches, package planted finds a change
// for nothing in 0.9 and 1.4 % of 2,000 runs each in which all candidates are equal. At a level of
// 0.5 % it was 1.6 %. To choose on every third round, or on the first third with a gap after it, is
// no remedy. So the level is a quarter of the 1 % that is aimed at.
//
// Candidates that the same rounds do not show to be worse than the chosen one, each at 0.25 %,
// are its rivals. The best candidate is missing there only if its own test errs, so with a
// probability of at most 0.25 %. That is why these tests are not corrected either. An advice
// with rivals says so.
//
// A run with interim analyses stops measuring a cell because of what was seen. Only its
// rounds up to the first analysis are used; all cells were to be measured in these.
//
// # What is not confirmed
//
// The Pareto set and the ratios in single situations are estimates with 95 % intervals that are
// not corrected for their number. They show where to look, not what is proven. In each
// situation the best candidate is also chosen on the one part of the rounds and compared on
// the other.
//
// # What it cannot know
//
// The run has its workloads, not yours; equal weights of workloads are an assumption. A
// candidate that lacks a situation is not considered. The number of workers is a part of a
// situation, unless each situation was measured with the same two numbers or more: then it is
// chosen with the design and the parker. The harness moves ratios between parkers (docs/audit.md).
// Simulated runs are refused: their spread is that of seeds, and says nothing about a
// machine.
package advice
