package impls

// An Idle is an idle manager. All methods may be called concurrently. The
// comment of each says who calls it.
//
// A *Core that is passed in is held by the calling worker; one that is returned
// is held by the receiver from then on. Only the holder reads or writes its
// fields, and the manager must order one holder's accesses before the next
// one's.
type Idle interface {
	// NotifyLocal is called by the worker that holds c, after it has put one or
	// more tasks where others can take them: into its run queue, or, when that
	// was full, into the injection queue. The tasks are visible before the call.
	// The lock is not held.
	NotifyLocal(c *Core)

	// NotifyRemote is called after one task has been put into the injection
	// queue, by any goroutine. With a lock, it is called with the lock held, in
	// the critical section in which the task became visible, and returns with
	// the lock released. For a design without one
	// ([Implementation].Lockless) the task is visible before the call.
	NotifyRemote()

	// NotifyMult is NotifyRemote for n tasks put into the injection queue at
	// once; n is at least 1.
	NotifyMult(n int)

	// Search is called by the worker that holds c, and is not searching, when
	// its own run queue and the injection queue are empty. If the worker may
	// steal from others, it sets c.Searching and returns true; otherwise the
	// worker goes on to Park.
	Search(c *Core) bool

	// Found is called by the worker that holds c, and is searching, when it has
	// found a task, before it runs it. What it took along is visible in its run
	// queue before the call (M2). Found clears c.Searching, and wakes another
	// searcher if L4 asks for it.
	Found(c *Core)

	// Park is called by worker w when it found nothing to do with c. It blocks
	// until w should look again. The core it returns with, not always the same,
	// is held by w; if its Searching is set, w is to go on by stealing. A worker
	// may come here without having asked for Search, for example when it has no
	// room for what it would steal. A worker that has just started holds no core
	// and passes nil.
	//
	// With Closed the worker must not run any more tasks. If the core is not
	// nil, the worker shuts it down; then it ends.
	Park(w int, c *Core) (*Core, Reason)

	// Shutdown wakes every sleeper for good and returns the cores that no
	// worker holds or is about to receive; the caller shuts them down. The
	// second call and later ones do nothing and return nil.
	// The lock is not held.
	Shutdown() []*Core
}

// A Snapshotter is an Idle that can tell a thief which cores are available,
// and so not worth a look.
type Snapshotter interface {
	// Snapshot overwrites dst with the set of available cores. It is a hint:
	// each word is read once, at no common instant.
	Snapshot(dst *Snapshot)
}

// A Core is a permit to run tasks. Its fields belong to its holder, or to the
// manager while no worker holds it.
type Core struct {
	Index     int  // 0 ≤ Index < number of cores; never changes
	Searching bool // the holder is looking for work in other cores' queues

	// Look may be set by a manager that hands this core to a worker to search
	// with: the core on which the worker should look for work first, because a
	// task was published there. Nil means anywhere. It is a hint. The host clears
	// it when it has looked there, and reads no field but Index through it.
	Look *Core

	_ [CacheLine]byte // the holders of two cores are on different CPUs
}

// CacheLine is the distance in bytes beyond which two words do not share a cache
// line or a prefetched pair of lines: two lines of 64 bytes, because x86 fetches
// them in pairs.
const CacheLine = 128

// A Reason says why Park returned.
type Reason uint8

const (
	// Kept: the worker was not chosen by anyone. It took itself back, because
	// there is, or may be, something to do.
	Kept Reason = iota
	// Woken: the worker was chosen to look for work by a notifier, or by another
	// worker that relays. It need not have slept: a worker that spun in Park and
	// was handed a wake-up was chosen, and so was one that was about to leave by
	// itself and lost the race against a notifier that chose it. This is what the
	// host counts as a wake, so that designs with spinners are compared fairly
	// with designs without.
	Woken
	// Closed: the scheduler is shutting down.
	Closed
)

// String returns the reason's name in lower case.
func (r Reason) String() string {
	switch r {
	case Kept:
		return "kept"
	case Woken:
		return "woken"
	case Closed:
		return "closed"
	}
	return "invalid"
}

// A Config is what the host gives a new idle manager.
type Config struct {
	// Cores holds every core, each at its Index, none searching. All are
	// available at first and belong to the manager.
	Cores []*Core

	// Workers is the number of workers, at least len(Cores). Their numbers run
	// from 0. Each will call Park with a nil core once.
	Workers int

	// Lock guards the host's injection queue. A manager may guard its own
	// state with it too. It is nil for a design that keeps no lock
	// ([Implementation].Lockless).
	Lock *Mutex

	// Queues is the host's work, to be looked at before a worker sleeps.
	Queues Queues

	// Parkers has one parker for each worker; nil for an implementation that
	// prescribes its own ([Implementation].Parker).
	Parkers []Parker
}

// Queues is the host's work as an idle manager sees it. All reads are sequentially
// consistent. To be sure that there is no work, read Injected first and then
// Stealable for every core (M1).
type Queues interface {
	// Injected returns the number of tasks in the injection queue. It is exact
	// while the lock is held. At any other time the number may be old as soon as
	// it is returned, but zero means that at that instant the queue had no task
	// whose notification had begun. A task that a worker moves to its run
	// queue is counted until it can be seen there.
	Injected() int

	// Stealable reports whether a thief would find a task in the run queue of
	// the core with this index. The read is sequentially consistent.
	Stealable(core int) bool
}

// A Parker blocks one worker: a token that is there or not.
type Parker interface {
	// Park blocks until there is a token, and takes it. Only the parker's own
	// worker calls it. It may return without a token, for no reason.
	Park()

	// Unpark makes the token available, and wakes the worker if it sleeps. A
	// token that is there already stays one. Whatever the caller did before
	// is visible to the worker after Park took the token.
	Unpark()
}
