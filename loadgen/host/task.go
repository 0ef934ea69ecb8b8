package host

// A Task is a piece of work. The scheduler runs it once for each time it was
// submitted or spawned.
type Task interface {
	Run(w Worker)
}

// A Worker is what a running task sees of the worker it runs on. It is valid
// until Run returns.
type Worker interface {
	// Spawn publishes a task on the worker's own core. It never blocks.
	Spawn(t Task)

	// Yield publishes the running task again, to run after what is waiting on
	// this core. It is called last in Run, at most once.
	Yield(t Task)

	// ID numbers the workers from 0. No two tasks run at the same time with
	// the same number.
	ID() int
}
