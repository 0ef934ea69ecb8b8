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
// the logarithm of a factor, free of what slows the machine for that round. Only rounds in
// which both have a valid launch in every situation count.
//
// # Chosen on one part, confirmed on the other
//
// The first third of the rounds chooses: the candidate with the lowest median difference to
// the current one. After one round that is not used, the others confirm: they compare this one
// candidate with the current one, by the exact signed-rank test of package compare. It becomes
// the advice if it is better at 1 %, one-sided, and by an estimated 2 % or more; otherwise the
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
// nothing in at most 1 % of the runs.
//
// That argument needs noise that belongs to the launches of a round. What stays with one
// candidate from round to round, independent of where its launches run, is in the rounds that
// choose and in those that confirm, which alternate. With such noise, autocorrelated by 0.5
// and as large as that of launches, package planted finds a change for nothing in 2.0 % of the
// runs in which all candidates are equal (40 of 2,000, with each of two seeds), and in 0.5 and
// 0.8 % without autocorrelation. So 1 % is not promised on a machine that has it.
//
// Candidates that the same rounds do not show to be worse than the chosen one, each at 1 %,
// are its rivals. The best candidate is missing there only if its own test errs, so with a
// probability of at most 1 %. That is why these tests are not corrected either. An advice
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
