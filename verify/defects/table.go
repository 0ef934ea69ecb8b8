package main

// A defect is one of the canonical design, under the name that package bitmap's
// documentation has for it.
type defect struct {
	name, title, story string

	// scenario is one of package verify's, args how to explore it.
	scenario string
	args     []string

	// The faithful variant, if the defect was repaired: in file, new in place of
	// old.
	file, old, new string
}

const intro = `# The original's defects, as schedules

Idle managers are compared by how fast they wake somebody; one that wakes nobody now and then looks fast. These are the known ways in which
the canonical design loses a core or parallelism, each found by exploring the source that is benchmarked. What they cost is another question,
which [work-conservation.md](work-conservation.md) is about.

Threads: T0 is the scenario, which submits tasks and waits for them, or shuts down; the others it starts, in the order of their numbers:
workers, then further publishers. A line is one operation; ` + "`*`" + ` marks a switch away from a thread that could have gone on. The last line of a
table is the last thing that anybody does. A command below the table replays it, prints it, and fails as the table does; a defect that was repaired
needs its variant for that.

Written by ` + "`go run ./verify/defects -update`" + `.
`

var defects = []defect{
	{
		name: "B1", title: "a core is given to a worker that has left",
		story: `
A worker that comes to wait after the close joins the sleepers, sees the close, and leaves without taking itself off the list. A notification
that comes between the close and the moment at which the rest of the cores are collected gives that worker a core. Nobody will ever shut this
core down, and in the original the shutdown waits for it forever.`,
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
		name: "B2", title: "the note is left without the lock",
		story: `
A worker that was searching takes two tasks, one to run and one into its run queue. It was the last to search, so it notifies: nobody
searches, no core is idle, so it leaves the note that somebody should. Between the look at the idle cores and the note another worker parks:
it saw no note, and now sleeps beside an idle core. The second task waits until the first has ended; here the first waits for the second.`,
		scenario: "two_wait_for_each_other",
		args:     []string{"-strategy", "random", "-executions", "50000"},
	},
	{
		name: "B4", title: "a batch wakes fewer than it could, and leaves no note",
		story: `
Of two workers one is asleep, the other on its way there. A batch of two tasks wakes the first; that is at least one, so there is no note.
The second sees none and falls asleep. The first was woken to run, not to search, so it wakes nobody when it takes both tasks.`,
		scenario: "batch",
		args:     []string{"-bound", "2"},
	},
	{
		name: "B9", title: "the last look finds work and no core",
		story: `
It takes more workers than cores. The last searcher gives back its core, is counted off, looks once more, finds a task, and wants a core: but
somebody else took it meanwhile. It goes to sleep without leaving a note. Who took the core was not allowed to search, because of the one that
was just leaving, and goes to sleep too.`,
		scenario: "fork_fewer_cores",
		args:     []string{"-strategy", "random", "-executions", "110000"},
	},
	{
		name: "B10", title: "the last look is not at the injection queue",
		story: `
Two tasks from outside find both workers on their way to sleep, and leave one note. The worker that takes the note takes one of the tasks; it
is not the last to search, so it wakes nobody for the other. The last searcher looks into every run queue, not into the injection queue, and
falls asleep. In the original a worker takes its share of the injection queue, so it needs more tasks than that; here a worker takes one.`,
		scenario: "two_wait_and_are_taken_one_by_one",
		args:     []string{"-bound", "3"},
	},
}
