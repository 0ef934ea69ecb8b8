package relay

import "time"

// A budget is how long a worker spins before it sleeps.
type budget struct {
	time  time.Duration
	limit time.Duration // learned: from this wait on sleeping is cheaper
}

const (
	minBudget = 1 * time.Microsecond
	maxBudget = 50 * time.Microsecond
)

func newBudget() budget { return budget{time: 20 * time.Microsecond, limit: 20 * time.Microsecond} }

// paid is called after a wait that ended while the worker was spinning.
func (b *budget) paid() { b.time = b.limit }

// woke adapts the limit to what a wake-up took: twice that, because it keeps both
// sides busy. One that took very long had to wait for a CPU: then spinners keep others
// from theirs.
func (b *budget) woke(took time.Duration) {
	limit := min(max(2*took, minBudget), maxBudget)
	if took > maxBudget {
		limit = minBudget
	}
	b.limit += (limit - b.limit) / 4
}

// slept is called after a wait in which the worker slept. Would it have been worth
// while to spin on? A wait includes the wake-up, half the limit.
func (b *budget) slept(waited time.Duration) {
	if waited <= b.limit+b.limit/2 {
		b.time = b.limit
		return
	}
	b.time = max(b.time-b.time/8, minBudget)
}

// A pacer delays a worker that keeps stealing what is not worth it.
type pacer struct {
	queue int           // that the worker went to last, or nowhere
	since time.Duration // when it found a task there; 0: it has not
	next  time.Duration // the length of the next pause
}

const (
	worthwhile = 1 * time.Microsecond
	minPause   = 500 * time.Nanosecond
	maxPause   = 8 * time.Microsecond
)

func newPacer() pacer { return pacer{queue: nowhere, next: minPause} }

// begin is called when the worker goes to a queue, and found when it has found a task.
func (p *pacer) begin(queue int)         { p.queue, p.since = queue, 0 }
func (p *pacer) found(now time.Duration) { p.since = now }

// pause returns how long a worker that has nothing to do waits before it becomes idle.
// It does so if it went to a run queue, the first so many, and came back with nothing or
// was done within a microsecond.
func (p *pacer) pause(now time.Duration, runQueues int) (d time.Duration) {
	stole := p.queue >= 0 && p.queue < runQueues
	p.queue = nowhere
	if !stole || p.since != 0 && now-p.since >= worthwhile {
		p.next = minPause
		return 0
	}
	d, p.next = p.next, min(2*p.next, maxPause)
	return d
}
