package host

import "sync/atomic"

// Counters counts what workers did since the scheduler started.
type Counters struct {
	Tasks        uint64 // tasks run
	Parks        uint64 // calls of Park
	Wakes        uint64 // times Park returned impls.Woken: the worker was chosen, asleep or not
	NoopWakes    uint64 // of these, times the worker parked again without a task
	Searches     uint64 // times the manager allowed a search
	Steals       uint64 // times a steal gave a task
	Stolen       uint64 // tasks taken by steals
	Overflows    uint64 // times half a run queue moved to the injection queue
	SlotSteals   uint64 // steals that took a task from a slot
	Maintenances uint64 // times a worker did maintenance
}

// Sub returns c - d, for d read earlier.
func (c Counters) Sub(d Counters) Counters {
	c.each(&d, func(x, y *uint64) { *x -= *y })
	return c
}

// Add returns the sum of two counts.
func (c Counters) Add(d Counters) Counters {
	c.add(&d)
	return c
}

func (c *Counters) add(d *Counters) { c.each(d, func(x, y *uint64) { *x += *y }) }

func (c *Counters) each(d *Counters, f func(x, y *uint64)) {
	f(&c.Tasks, &d.Tasks)
	f(&c.Parks, &d.Parks)
	f(&c.Wakes, &d.Wakes)
	f(&c.NoopWakes, &d.NoopWakes)
	f(&c.Searches, &d.Searches)
	f(&c.Steals, &d.Steals)
	f(&c.Stolen, &d.Stolen)
	f(&c.Overflows, &d.Overflows)
	f(&c.SlotSteals, &d.SlotSteals)
	f(&c.Maintenances, &d.Maintenances)
}

// publish copies the worker's counters to where others can read them. The worker counts
// in plain fields and publishes before it parks and at each maintenance, so counting
// needs no atomic operation per task.
func (w *worker) publish() {
	w.published.each(&w.counters, func(to, from *uint64) { atomic.StoreUint64(to, *from) })
}

// Counters returns the sums over all workers. They lag behind by what a worker does
// between two maintenances, and are exact after [Scheduler.Settle].
func (s *Scheduler) Counters() Counters {
	var sum Counters
	for _, w := range s.workers {
		var c Counters
		c.each(&w.published, func(to, from *uint64) { *to = atomic.LoadUint64(from) })
		sum.add(&c)
	}
	return sum
}
