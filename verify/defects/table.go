package main

// A defect is a known one of the canonical design. Its name is from the
// documentation of package bitmap.
type defect struct {
	name, title, story string

	scenario string   // of package verify
	args     []string // of the exploration

	// The faithful variant, if the defect was repaired: file with new in place of
	// old.
	file, old, new string
}

const intro = `# The original's defects, as schedules

Idle managers are compared by how fast they wake a worker, and one that sometimes fails to wake any looks fast. These are the known ways in
which the canonical design loses a core or parallelism. Each was found by exploring the source that is benchmarked.
[work-conservation.md](work-conservation.md) is about their cost.
B11 takes a program of its own to be found: ` + "`go test -tags explore ./verify -run TestFailedClaim`" + `.

Thread T0 is the scenario, which submits tasks and waits for them, or shuts down. It starts the others in the order of their numbers: workers,
then further publishers. Each line is one operation; ` + "`*`" + ` marks a switch away from a thread that could have continued. After the last line of a
table no thread can take a step. The command below a table replays the schedule, prints it, and fails in the same way. A repaired defect needs
its variant for that.

Written by ` + "`go run ./verify/defects -update`" + `.
`

var defects = []defect{
	{
		name: "B1", title: "a core is given to a worker that has left",
		story: `
A worker that starts to wait after the close joins the sleepers, sees the close, and leaves without removing itself from the list. A
notification that comes after the close, but before the remaining cores are collected, assigns a core to that worker. The core is never shut
down, and in the original the shutdown waits for it forever.`,
		scenario: "shutdown_against_submit",
		args:     []string{"-strategy", "reduced"},
		file:     "impls/bitmap/park.go",
		old: `		i.lock.Unlock()
		return nil, impls.Closed`,
		new: `		s.sleepers = append(s.sleepers, worker)
		i.lock.Unlock()
		return nil, impls.Closed`,
	},
	{
		name: "B2", title: "the note is set without the lock",
		story: `
A worker that was searching takes two tasks, one to run and one into its run queue. It was the last searcher, so it notifies: no worker
searches and no core is idle, so it sets the note. Between its look at the number of idle cores and the note, another worker releases its
core, reads no note, and falls asleep although that core is idle. The second task waits until the first has ended; here the first waits for
the second.`,
		scenario: "two_wait_for_each_other",
		args:     []string{"-strategy", "random", "-executions", "100000"},
	},
	{
		name: "B4", title: "a batch wakes fewer workers than it could, and sets no note",
		story: `
One of two workers is asleep; the other has released its core and is about to sleep. A batch of two tasks wakes the first. That is at least
one, so no note is set, and the second worker, which reads none, falls asleep. The first was woken to run, not to search, so it wakes no other
worker when it takes both tasks.`,
		scenario: "batch",
		args:     []string{"-bound", "2"},
	},
	{
		name: "B9", title: "the last look finds work and no core",
		story: `
This takes more workers than cores. The last searcher releases its core, leaves the count, looks once more, finds a task, and needs a core,
but another worker has taken the last one. The searcher goes to sleep without setting the note. The worker that took the core was refused as a
searcher because the other was still counted, and goes to sleep too.`,
		scenario: "fork_fewer_cores",
		args:     []string{"-strategy", "pct", "-depth", "3", "-executions", "20000", "-minimise", "20000"},
	},
	{
		name: "B10", title: "the last look leaves out the injection queue",
		story: `
Two tasks from outside come while both workers are about to sleep, and leave one note. The worker that finds the note takes one of the tasks. It
is not the last to search, so it wakes no worker for the other task. The last searcher looks at every run queue but not at the injection queue,
and falls asleep. In the original a worker takes its share of the injection queue, so this needs more tasks; in this scenario a worker takes one.`,
		scenario: "two_wait_and_are_taken_one_by_one",
		args:     []string{"-bound", "3"},
	},
}
