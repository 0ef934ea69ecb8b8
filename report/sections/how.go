package sections

import "github.com/idlebench/idlebench/report/profile"

// How to read the figures, in two sentences each.
const (
	howForest = "A mark is the estimated ratio to the baseline and its line the interval that holds for the whole family; a line that stays clear of 1 is a verdict. " +
		"The shape says which: a triangle that points down is better, one that points up worse, a square equivalent, a circle unresolved."
	howSpectrum = "Read upwards from a percentile to the latency that so many tasks did not exceed; each step to the right has ten times fewer tasks beyond it. " +
		"A line that turns up early has a long tail, and it ends where fewer than ten samples are left to know it by."
	howECDF = "The height is the share of tasks that took no longer than the time below; the further left a line, the faster. " +
		"A step is a latency that many tasks share, and two steps are two ways in which a wake can go."
	howCCDF = "The height is the share of tasks that took longer than the time below, in powers of ten; lower is better. " +
		"A tail that falls straight goes on in the same proportion, and one that drops steeply has an end."
	howLetters = "The widest box holds the middle half of the samples, and each next pair of boxes half of what is left, down to where letter values can no longer be trusted. " +
		"Compare boxes of the same width between implementations: the outer ones are the tails."
	howHeat = "A column is a launch, in the order of the rounds, and a row a range of latencies; the stronger the colour, the larger the share of the column's samples. " +
		"Bands that move are a drift, two bands in one column are wakes of two kinds, and an empty column is a launch that was invalid."
	howLoad = "Each panel is one percentile against the load that was due, with an interval over launches. " +
		"Where a line bends up the queue grows; hollow points achieved less than was offered, so that their latency says nothing but that."
	howGap = "Each panel is one percentile against how long the pool was idle before the task came. " +
		"After short gaps workers may still be searching; a step at longer ones is the CPU, or the hypervisor, going into a deeper sleep."
	howPareto = "Further left is cheaper and further down is faster, both logarithmic; the line joins what no other implementation beats in both. " +
		"Several marks of one implementation are its parkers, which are written beside them where there is room; grey marks are references, and lines intervals at 95 %."
	howSplit = "The length is the CPU time of the process for one task, less what the generator burnt by waiting, in parts by who used it; parts are medians, so they add up to about the median of the whole. " +
		"A part is known only where a thread does nothing else: goroutines share their threads, and what is not separable is one part."
	howWakes = "The length is how many workers were woken for one task, in parts by what they found. " +
		"What found nothing to do is CPU time spent for no latency."
	howCPU = "The length is the CPU time of a profile, in parts by whose code caused it, system calls counting as their caller's. " +
		"A CPU profile has a hundred samples a second, so that small parts are rough."
	howScaling = "A panel is one metric against the number of workers, with an interval over launches where there are six or more. " +
		"Where time falls, more workers help; where CPU time rises, they pay for coordination."
	howCPUTree = "The width of a frame is the CPU time spent in it and in what it called, which stands below; the order from left to right means nothing. " +
		"Colours say whose code it is, as in the bars."
	howIcicle = "The width of a frame is the time waited in it and in what it called, which stands below; the order from left to right means nothing. " +
		"Colours say whose code it is: follow the widest frame down to where the implementation's own begins."
	howDiff = "The width of a frame is the mean of both, and its colour how much more or less the second waited there. " +
		"Look for wide frames with a strong colour; narrow ones may be chance, since each profile is of one launch."
	howStages = "The parts are the mean times of the stages, which follow each other and add up to the mean of the wakes that were covered. " +
		"A few long wakes move a mean, so compare with the median before a stage is blamed."
	howLaunches = "A mark is one launch, in the order they ran; hollow ones were invalid and count nowhere else. " +
		"A slope is a drift of the machine, and two rows of one colour are launches of two kinds, of which a median tells only one."
)

// howContention is of the bars by call site.
var howContention = map[profile.Kind]string{
	profile.Mutex: "A bar is the time that others waited for a lock which this place released, and how often. " +
		"It blames who held the lock, not who waited; shorten what is done there.",
	profile.Block: "A bar is the time that was waited at this place, and how often; waits of workers that had no task are left out. " +
		"It shows who waited, not for whom: the mutex profile has the other side.",
}
