// Package spin finds out how long idle workers should spin before they sleep: it records
// the idle gaps of one cell, has package stats/spinbudget compute what every budget would
// cost, and measures a few budgets to see whether that is true.
//
// # What is measured
//
// Each round has three launches in random order, with the same arrivals: one whose workers
// sleep at once and record their gaps; one like it without recording; and one whose workers
// spin until they are woken. These are the two ends of the curves. Then each round has a
// launch for each budget that is confirmed, with the arrivals of the round again. A
// disturbed launch is repeated, at most twice; without a valid one the round does not count.
//
// # What is confirmed
//
// The break-even, half of it, and the budget at which the latency falls most steeply. The
// error of a prediction is the predicted mean over the measured one, minus 1. Up to 10 % in
// CPU time and in mean latency is what the method claims ([Tolerance]); a larger error
// is said, and then the whole curve is not to be trusted for this load.
package spin
