package sections

import (
	"slices"

	"github.com/idlebench/idlebench/report/page"
)

// terms are the words that the page explains where they stand, and all together in the
// section on how to read it.
var terms = []page.Term{
	{Word: "cell", Also: []string{"cells"}, Meaning: "What is measured as one: a workload with its parameters, a manager, a parker and a number of workers."},
	{Word: "manager", Also: []string{"managers"}, Meaning: "An implementation of idle management: it decides which worker sleeps, and which is woken for a task."},
	{Word: "parker", Also: []string{"parkers"}, Meaning: "How a worker sleeps and is woken, such as futex or a condition variable. " + aboutParkers},
	{Word: "submitter", Also: []string{"submitters"}, Meaning: "The source of tasks. " + aboutSubmitters},
	{Word: "launch", Also: []string{"launches"}, Meaning: "A fresh process that measures one cell once."},
	{Word: "round", Also: []string{"rounds"}, Meaning: "One launch of every cell, in random order. Comparisons are paired within rounds."},
	{Word: "invalid", Meaning: "Of a launch: something disturbed it beyond a limit, such as stolen CPU time. It is excluded and repeated."},
	{Word: "baseline", Meaning: "What the others are compared with: a ratio is other over baseline, estimated from the ratios within rounds, and 1 is no difference."},
	{Word: "family", Also: []string{"families"}, Meaning: "Comparisons that share an error rate. The managers are one family and the parkers of the baseline another."},
	{Word: "family-wise error rate", Also: []string{"error rate", "family-wise"}, Meaning: "The probability of any wrong verdict in a family is at most this. Intervals and verdicts are corrected for the number of comparisons."},
	{Word: "significant", Meaning: "The whole interval is on one side of 1, at a level corrected for the family."},
	{Word: "equivalent", Meaning: "The whole interval is within the margin, so any difference is too small to matter."},
	{Word: "unresolved", Meaning: "Neither better, worse nor equivalent. This does not mean that there is no difference."},
	{Word: "detectable", Also: []string{"smallest detectable change"}, Meaning: "The smallest change that such a comparison detects with 80 % power."},
	{Word: "judged", Meaning: "Compared with a verdict, in a family. What is not judged is shown for information, and its intervals are not corrected."},
	{Word: "saturated", Meaning: "The offered load was not achieved, so the queue grew, and latencies have no other meaning."},
	{Word: "harness", Meaning: "What measures: the host scheduler, its threads and where they run, clock and load generator. An audit says which results depend on it."},
	{Word: "oversubscribed", Meaning: "There were more busy threads than CPUs, so latencies include waiting for a CPU."},
	{Word: "floor", Also: []string{"floors"}, Meaning: "The same measurement without an idle manager, such as a bare futex: no manager can be faster."},
	{Word: "reference", Also: []string{"references"}, Meaning: "Another way to run tasks, such as goroutines, for scale. References are not judged."},
	{Word: "cost", Meaning: "The CPU time that a user pays for, of workers, Go's runtime and the submitter, without the generator's busy-waiting. Runs from before the submitter was a parameter have CPU time without the submitter; the two are not comparable."},
	{Word: "percentile", Also: []string{"percentiles", "quantile", "quantiles"}, Meaning: "p99 is the value that 99 % of the samples do not exceed. Tables show the median over launches; distributions pool the samples of all valid launches."},
	{Word: "latency", Also: []string{"wake-up latency", "task latency"}, Meaning: "Measured from when a task was due, not from when it was sent, so it includes time in a queue in front of the system (no coordinated omission)."},
	{Word: "letter values", Also: []string{"letter value"}, Meaning: "The median, the quarters, the eighths and so on: boxes that hold half of the samples, then half of the rest on each side, as far out as the samples allow."},
	{Word: "offered load", Meaning: "The rate at which tasks arrive, whether or not the workers keep up."},
	{Word: "Pareto front", Meaning: "The choices that no other beats in both respects at once."},
	{Word: "stages", Meaning: "Consecutive parts of a wake, from the lock of the manager to the worker that runs."},
}

// words are the terms with their meanings, for a list.
func words(terms []page.Term) (list page.List) {
	for _, t := range terms {
		list = append(list, capital(t.Word)+": "+t.Meaning)
	}
	return list
}

// terms are those of a page: of files of other programs they do not claim what the files
// do not say.
func (b *builder) terms() []page.Term {
	if !b.foreign() {
		return terms
	}
	theirs := slices.Clone(terms)
	for i := range theirs {
		switch t := &theirs[i]; t.Word {
		case "launch":
			t.Meaning = "A benchmark line. In a result folder it is of a fresh process that measured one cell once."
		case "round":
			t.Meaning = "One launch of every cell. Comparisons are paired within rounds."
		case "family-wise error rate":
			t.Meaning = "If launches that are paired were measured close together and in random order, the probability of any wrong verdict in a family is at most this."
		}
	}
	return theirs
}
