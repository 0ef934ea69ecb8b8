package main

// beyond is the factor from which on a ratio needs an explanation.
const beyond = 1.5

// Causes that several rows have.
const (
	malloc = "the C library's malloc. The submitter allocates each task and the worker frees it, and both take the lock of one arena for that: of the worker's " +
		"sleeps 97 % were below malloc and free when they were profiled (findings/tokio-spawn-malloc-lock.sh). The row of the same runtime with mimalloc has what is left"
	tokioTask = "what a task is. A Tokio task is put into a list of all tasks, under the lock of a shard of that, and taken out again, and its state is a word that changes " +
		"atomically four to six times; what it costs to allocate is in the rows with mimalloc. Ours is two objects and one counter"
	tokioPing = tokioTask + ". Each ping also has two channels there, which are allocated, each with a waker and a state of its own; ours is a word in the task"
	tokioJoin = tokioTask + ". A parent that awaits a child there is suspended and scheduled again; here the child that ends last runs what follows"
	inline    = "no task is made there. The second half of rayon's join is a pointer to the stack in the worker's own queue, and unless a thief took it, the same function " +
		"calls it next. Here each half is a task of the host, with an atomic counter for the two"
	inPlace = "what a task is. A std::function of 16 bytes or less lies in the queue itself, with neither an allocation nor a pointer to follow; larger ones " +
		"come from the thread's cache of malloc, on the CPU that frees them. Ours are two objects of Go's heap; with tasks that are allocated once the ratio is nearer to 1"
	boxed = "what a task is: one box of malloc's thread cache, allocated and freed on the same CPU, and a closure that is called directly. Ours are two objects " +
		"of Go's heap, a counter, and a call through an interface"
	trees = "what a fork is. Eigen's is a std::function in a queue and one object for the two halves, from the thread's cache of malloc; ours is a task for each half, " +
		"which the host counts, and publishes through a slot and a bounded queue"
	lowest = "where the submitter runs. rayon wakes the worker with the lowest number, which is on the first CPU, and the peer's submitter is pinned to the last, so each " +
		"wake-up crosses over. On the first CPU the same peer took 18 and 20 µs, on the last 33 and 34 (by hand, 2026-11-29, two runs each). `jec` wakes the same worker, but our submitter is a goroutine, " +
		"which the kernel places where it likes with as many workers as CPUs"
	eigenSpin = "how long a worker looks before it sleeps. With one thread Eigen polls its own queue up to 5,000 times (NonBlockingThreadPool.h, the branch num_threads_ == 1), " +
		"and a task that arrives meanwhile wakes nobody. Ours spins for 12 µs, as Eigen does with more threads"
	unpinned = "where threads run. A pool in Java cannot be pinned, so the kernel may put the worker on the submitter's CPU, where no other CPU has to be woken " +
		"(peers.md); its interval shows that it does so at times"
	compiled = "what a task is. Java's compiler inlines the load's closure, a task is one object of a bump allocator, and an idle worker that scans takes tasks " +
		"one after the other without a lock; ours come through the injection queue in batches under a lock, each with two objects of Go's heap"
)

// explanations say why a ratio is beyond that, by row. They are written by hand, from what
// was counted and from the source of the runtime, and have no figures that a new measurement
// would make wrong. A ratio without one is marked on the page, and so is an explanation
// without such a ratio.
var explanations = map[string]string{
	"tokio-alt: spawn_many_local":     malloc,
	"tokio-alt: chained_spawn":        tokioTask,
	"tokio-alt: ping_pong, 2 workers": tokioPing,
	"tokio-alt: fork_join, 2 workers": tokioJoin,

	"tokio-alt-mimalloc: spawn_many_local":     tokioTask,
	"tokio-alt-mimalloc: ping_pong, 2 workers": tokioPing,
	"tokio-alt-mimalloc: fork_join, 2 workers": tokioJoin,

	"tokio: spawn_many_local":     malloc,
	"tokio: chained_spawn":        tokioTask,
	"tokio: ping_pong, 2 workers": tokioPing,
	"tokio: fork_join, 2 workers": tokioJoin,

	"tokio-mimalloc: ping_pong, 2 workers": tokioPing,
	"tokio-mimalloc: fork_join, 2 workers": tokioJoin,

	"tokio-io: spawn_many_local": malloc,

	"rayon: wake, gap 1 ms, 2 workers":               lowest,
	"rayon: chained_spawn":                           boxed,
	"rayon: chained_spawn, ours preallocated":        boxed,
	"rayon: fork_join, 2 workers":                    inline,
	"rayon: fork_join, 2 workers, ours preallocated": inline,

	"eigen: wake, gap 20 µs":                         eigenSpin,
	"eigen: poisson":                                 eigenSpin,
	"eigen: chained_spawn":                           inPlace,
	"eigen: fork_join, 2 workers":                    trees,
	"eigen: fork_join, 2 workers, ours preallocated": trees,

	"forkjoin: wake, gap 200 µs":     unpinned,
	"forkjoin: wake, gap 1 ms":       unpinned,
	"forkjoin: spawn_many_local":     compiled,
	"forkjoin: fork_join, 2 workers": compiled,
}
