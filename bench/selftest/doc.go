// Package selftest checks, on the machine at hand, that the chain from launches to
// verdicts can be trusted. It measures cases whose answer is known and counts how often
// the chain gives that answer.
//
// # What is measured
//
// A self-test is one run like any other: fresh processes, randomized rounds (package
// order), a result folder with its journal. Its cells form rows of one workload with one
// parker. Each row has the implementation twice, under its own name and under another
// (package variant). Some rows have it four times more, with injected delays of 2, 5, 10
// and 20 % of the row's p50. A short pilot measures that p50 first ([Row].Pilot), since
// the delays are part of the plan. The evidence reports each delay as a share of the p50
// in the run itself.
//
// The rounds are divided into blocks, usually of 12 rounds. Blocks share no launches, so
// their verdicts are independent. Each block is judged twice: each comparison alone, as a
// family of one, by package compare at its level of 5 %; and all of the block's
// comparisons as one family, as a report does. The two halves of the blocks also act as
// two runs, independent except for the machine and the pilot, and are judged in the same
// two ways.
//
// # Claims
//
// A/A: comparisons of the implementation with itself, each judged alone, are better or
// worse at a rate of at most 5 %. All such verdicts are false positives. The claim covers
// valid launches, which a report uses, and separately all launches including the invalid
// ones: noise that affects both sides equally costs power but makes no verdict false.
//
// Families: they have a wrong verdict at a rate of at most 5 %. Wrong are a direction
// in an A/A comparison, a delay that is better, and a delay that is equivalent although
// it exceeds twice the margin.
//
// Sensitivity: some delay, and all larger ones, are detected (judged worse) with a power
// of at least 80 %. The smallest such delay is the result. In addition, at most 5 % of
// delays may be judged faster. And a delay as large as the smallest detectable effect of
// its comparison ([compare.Comparison].MDE) must be detected in at least 60 % of the
// cases: the MDE promises 80 %, but is itself an estimate.
//
// Repeatability: the verdicts on the two halves agree. They contradict each other if one
// is better and the other worse. They differ if one is equivalent and the other has a
// direction; both can be true. If one of the two is unresolved the pair is unresolved,
// which is not agreement. More than half must agree, and at most 5 % may contradict.
//
// Audit: package audit classifies variations of the first row's cell whose effect is
// known: the same again; a planted artefact (the submitter holds the scheduler's lock for
// twice the p50 at each arrival), which must be moved; and the smallest timer slack,
// although no timer takes part in a wake. A wrong answer to the first two fails the claim.
// If the slack moves the p50, that is unresolved: that it has no effect is plausible, but
// not known.
//
// Slices: launches of a group live at the same time and measure in slices (package engine).
// For each parker, and for each kind of workload, a cell is also measured in one piece, in
// twelve rounds, as a member of the same group. The ratio of the two ways must be
// within 5 %. The claim fails if an interval that holds for all cells at once lies outside
// of that, passes if the interval of each cell lies inside, and is unresolved otherwise.
//
// # When a claim holds
//
// A claim is about a rate, and the observed share is its estimate. If the true rate is
// 5 %, four in ten self-tests see a larger share in 100 comparisons. So the exact binomial
// test decides:
//
//   - [Failed]: if the claim were true, this many cases would occur in less than 1 % of
//     all self-tests
//   - [Passed]: there are enough cases, and this many would occur in 5 % or more
//   - [Unresolved]: neither, or the machine was too noisy for verdicts
//
// The interval of a share is that of Clopper and Pearson (The use of confidence or
// fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934). A claim
// that passed is not proven. Its text has the share, the interval and the result of the
// test: whether a share above 5 % is distinguishable from 5 %, and which true rate would
// have been detected.
//
// The test is exact for A/A comparisons: no two of them share a launch, and their orders
// are randomized independently. The delays of one row and block share their baseline. So
// most counts are per delay; those over all delays are somewhat less certain than their
// interval says.
//
// # What may be quoted
//
// A share of few cases means little: "6 of 6" is compatible with a rate of 54 %. And a
// comparison judged alone detects more than the same comparison within a family, which is
// how a report judges. So the evidence has sentences to quote ([Evidence].Statements), with
// the number of cases, how they were judged, which rows of a default run they cover, and
// how long a launch measured.
//
// # What it cannot detect
//
// An error that is the same in all launches, such as a clock that runs at the wrong rate,
// changes no ratio. All delays are in one place, the notification from outside. That an
// effect is detected here in 12 rounds says nothing about noisier workloads.
package selftest
