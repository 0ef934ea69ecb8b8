package sections

import "github.com/idlebench/idlebench/report/profile"

// How to read the figures, in two sentences each.
const (
	howForest = "Marks are estimated ratios to the baseline, and lines their family-wise intervals; a line that does not cross 1 is significant. " +
		"A triangle that points down is better, one that points up worse, a square equivalent, a circle unresolved."
	howMultiples = "A panel is a workload, and each mark a design, in the order of the ranking: the first place is on the left. " +
		"Below the line is better; a triangle that points down is significantly better, one that points up worse, a square equivalent, a circle unresolved."
	howSpectrum = "Read upwards from a percentile to the latency that this share of tasks did not exceed; each step to the right has ten times fewer tasks beyond it. " +
		"A line that turns up early has a long tail, and lines end where fewer than ten samples are left."
	howECDF = "The height is the share of tasks that took no longer than the time below; the further left a line, the faster. " +
		"A step is a latency that many tasks share; two steps mean two kinds of wake-ups."
	howCCDF = "The height is the share of tasks that took longer than the time below, in powers of ten; lower is better. " +
		"A straight tail is a power law, and a steep drop is a bound."
	howLetters = "The widest box holds the middle half of the samples, and each further pair of boxes half of the rest, as long as the letter values are reliable. " +
		"Compare boxes of the same width between implementations: the outer ones are the tails."
	howHeat = "A column is a launch, in the order of the rounds, and a row a range of latencies; the stronger the colour, the larger the share of the column's samples. " +
		"Moving bands are a drift, two bands in one column are two kinds of wake-ups, and an empty column is an invalid launch."
	howLoad = "Each panel is one percentile against the offered load, with an interval over launches. " +
		"Where a line bends up the queue grows; hollow points are saturated, and their latency has no other meaning."
	howGap = "Each panel is one percentile against how long the pool was idle before the task came. " +
		"After short gaps workers may still be searching; a step at longer ones is the CPU or the hypervisor entering a deeper idle state."
	howPareto = "Left is cheaper and down is faster, both logarithmic; the line is the Pareto front: nothing beats it in both. " +
		"Several marks of one implementation are its parkers, labelled where there is room; grey marks are references, and bars are 95 % intervals."
	howSplit = "Length is the CPU time of the process per task, without the generator's busy-waiting, split by user; parts are medians, so their sum is only about the median of the whole. " +
		"A part is known only where a thread does nothing else: goroutines share threads, and what cannot be separated is one part."
	howWakes = "Length is the number of workers woken per task, split by what they found. " +
		"A wake-up that found nothing costs CPU time and gains no latency."
	howCPU = "Length is the CPU time in a profile, split by the code that caused it; system calls count as their caller's. " +
		"A CPU profile has a hundred samples per second, so small parts are rough."
	howScaling = "A panel is one metric against the number of workers, with an interval over launches where there are six or more. " +
		"Where time falls, more workers help; where CPU time rises, they pay for coordination."
	howWall = "Length is the wall-clock time in a profile, split by the code that caused it; system calls count as their caller's. " +
		"Threads are sampled, so small parts are rough."
	howTimeDiff = "Width is the mean of both profiles, and colour shows how much more or less time the second spent there. " +
		"Shares are of a profile's whole time, where a duration is not known."
	howCPUTree = "Width is the time in a function and its callees, which are below it; the order from left to right has no meaning. " +
		"Colours show the origin of the code, as in the bars."
	howIcicle = "Width is the time waited in a function and its callees, which are below it; the order from left to right has no meaning. " +
		"Colours show the origin of the code: follow the widest frame down to the implementation's own code."
	howDiff = "Width is the mean of both profiles, and colour shows how much more or less the second waited there. " +
		"Look for wide frames with a strong colour; narrow ones may be chance, since each profile is from one launch."
	howStages = "Parts are the mean durations of consecutive stages; they add up to the mean of the covered wake-ups. " +
		"A few long wake-ups move a mean, so check the median before you blame a stage."
	howLaunches = "Marks are launches in run order; hollow ones are invalid and excluded everywhere else. " +
		"A slope is a drift of the machine, and two rows of one colour are two kinds of launches, which a median hides."
)

// howContention is of the bars by call site.
var howContention = map[profile.Kind]string{
	profile.Mutex: "A bar is the time that others waited for a lock released at this call site, with the count. " +
		"It attributes the wait to the holder of the lock; shorten the critical section there.",
	profile.Block: "A bar is the time waited at this call site, with the count; waits of idle workers are excluded. " +
		"It shows who waited, not for what: the mutex profile has the other side.",
}
