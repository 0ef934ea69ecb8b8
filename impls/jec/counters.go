package jec

// A counters is a value of the word: the jobs-event counter in the upper half, then
// the number of inactive workers, then the number of those among them that sleep.
type counters uint64

const (
	threadBits = 16
	threads    = 1<<threadBits - 1 // as many workers as there can be

	sleeping counters = 1
	inactive counters = 1 << threadBits
	jobs     counters = 1 << (2 * threadBits)
)

func (c counters) sleepers() int { return int(c & threads) }

// idle returns the number of workers that look for work.
func (c counters) idle() int { return int(c/inactive&threads) - c.sleepers() }

// events returns the jobs-event counter. After its greatest value comes 0.
func (c counters) events() uint32 { return uint32(c / jobs) }

// sleepy reports whether a worker has become sleepy since the last task was
// published: then the counter is even.
func (c counters) sleepy() bool { return c.events()%2 == 0 }

// valid reports whether c can occur with the given number of workers.
func (c counters) valid(workers int) bool {
	return c.idle() >= 0 && c.idle()+c.sleepers() <= workers
}
