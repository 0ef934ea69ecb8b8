// Package selftest proves, on the machine at hand, that the chain from launches to
// verdicts can be trusted. It measures what it knows the answer to, and counts how
// often the chain gives it.
//
// # What is measured
//
// One run, as any other: fresh processes, rounds in the order that package order
// draws, a result folder with its journal. Its cells are rows of one workload with one
// parker. In each row the implementation stands under its own name and, as
// package variant has it, again under another; in some rows it stands four times
// more, with a delay of 2, 5, 10 and 20 % of the row's p50. That p50 is measured
// first, by a short pilot ([Row].Pilot), since the delays are part of the plan. The
// evidence says what share of the p50 in the run itself each delay came to be.
//
// The rounds are divided into blocks, of 12 rounds say. A block has launches of
// its own, so that what is decided in one tells nothing about what is decided in
// another. It is judged twice. Each comparison is judged alone, as a family of
// one, by package compare at its level of 5 %. And all of the block's comparisons
// are judged as the one family that a report would make of them. The first half of
// the blocks and the second are also two runs of their own, independent but for
// the machine and the pilot, and are judged in the same two ways.
//
// # What is claimed
//
// A/A: comparisons of the implementation with itself, each judged alone, are better
// or worse, which is false, at a rate of at most 5 %. This is claimed of valid
// launches, as a report uses them, and also with the invalid ones taken for valid:
// noise that is the same for both sides costs power and makes no verdict false.
//
// Families: they have a wrong verdict at a rate of at most 5 %. Wrong is a direction
// between the same, a delay that is better, and one that is equivalent although it
// is more than twice the margin.
//
// Sensitivity: some delay, and all larger ones, are found at least 80 % of the
// times, that is, judged worse; the smallest is the machine's answer. Besides, a
// delay must not be found to be faster in more than 5 % of the times. And what a
// comparison says that it could have seen ([compare.Comparison].MDE) it must have
// seen, in at least 60 % of the cases: 80 % are promised there, of an estimate that
// has an error of its own.
//
// Repeatability: the verdicts on the two halves agree. They contradict each other if
// one says better and the other worse; they differ if one says equivalent and the
// other has a direction, which can both be true. A verdict that one of the two
// could not give is unresolved; that is not agreement. Most must agree, and at most
// 5 % contradict.
//
// # When a claim holds
//
// What is claimed is a rate, and what is observed is a share, its estimate. Of a
// chain whose rate is 5 %, four in ten show more than that in 100 comparisons. So
// the exact binomial test decides:
//
//   - [Failed]: if the claim were true, so many cases would be seen in less than
//     1 % of all self-tests
//   - [Passed]: there are enough cases, and such a number is seen in 5 % or more
//   - [Unresolved]: neither, or the machine was too noisy for verdicts
//
// The share has its interval by Clopper and Pearson (The use of confidence or
// fiducial limits illustrated in the case of the binomial, Biometrika 26, 1934).
// A claim that passed is not proven. Its text tells the share, the interval, and
// what the test says: a share above 5 % is told as such, though it may be not
// distinguishable from 5 %; and what rate the test would have found.
//
// The test is exact for A/A comparisons, since no two of them share a launch, and
// the order of each is drawn independently. The delays of one row and block share
// their baseline, so that their counts are taken for one delay at a time, or,
// where they are not, are somewhat less certain than the interval says.
//
// # What may be quoted
//
// A share of few cases says little: "6 of 6" is compatible with a rate of 54 %. And a
// comparison judged alone finds more than the same one within a family, which is how a
// report judges. So the evidence has sentences to be quoted ([Evidence].Statements),
// with the number of cases and how they were judged, which rows of a default run they
// cover, and how long a launch measured.
//
// # What it cannot tell
//
// A mistake that is the same for all launches, such as a clock that runs at the
// wrong rate, changes no ratio and is not seen. The delays are in one place, the
// notification from outside. That an effect is found here in 12 rounds says nothing
// about workloads that are noisier.
package selftest
