package impls

// An Idle is an idle manager. All methods may be called concurrently. The
// comment of each says who calls it.
//
// A *Core that is passed in is held by the calling worker; one that is returned
// is held by the receiver from then on. Nobody else reads or writes its fields,
// and the manager must order one holder's accesses before the next one's.
type Idle interface {
	// NotifyLocal is told, by the worker that holds c, that it has put tasks
	// where others can take them: into its run queue, or, when that was full,
	// into the injection queue. The tasks are visible before the call. The
	// lock is not held.
	NotifyLocal(c *Core)

	// NotifyRemote is told that one task has been put into the injection
	// queue. It is called with the lock held, in the critical section in which
	// the task became visible, by any goroutine, and returns with the lock
	// released.
	NotifyRemote()

	// NotifyMult is NotifyRemote for n tasks put into the injection queue in
	// one critical section; n is at least 1.
	NotifyMult(n int)

	// Search is told by the worker that holds c, and is not searching, that
	// its own run queue and the injection queue are empty. If the worker may
	// steal from others, it sets c.Searching and returns true; otherwise the
	// worker goes on to Park.
	Search(c *Core) bool

	// Found is told by the worker that holds c, and is searching, that it has
	// found a task and will run it. It clears c.Searching, and wakes another
	// searcher if L4 asks for it.
	Found(c *Core)

	// Park is told by worker w that it found nothing to do with c, and blocks
	// until w should look again. The core it returns with, not always the same,
	// is held by w; if its Searching is set, w is to go on by stealing.
	// A worker may come here without having asked for Search, for example when
	// it has no room for what it would steal. A worker that has just started holds no core: it passes nil.
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

// A Core is a permit to run tasks. Its fields belong to whoever holds it.
type Core struct {
	Index     int  // 0 ≤ Index < number of cores; never changes
	Searching bool // the holder is looking for work in other cores' queues

	_ [CacheLine]byte // the holders of two cores are on different CPUs
}

// CacheLine is the distance in bytes at which two words are not known to
// disturb each other: two lines of 64, because x86 fetches them in pairs.
const CacheLine = 128

// A Reason says why Park returned.
type Reason uint8

const (
	// Kept: the worker did not sleep. There is, or may be, something to do.
	Kept Reason = iota
	// Woken: the worker slept, and was woken to look for work.
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
	// state with it too.
	Lock *Mutex

	// Queues is the host's work, to be looked at before a worker sleeps.
	Queues Queues

	// Parkers has one parker for each worker; nil for an implementation that
	// prescribes its own ([Implementation].Parker).
	Parkers []Parker
}

// Queues is the host's work as an idle manager sees it.
type Queues interface {
	// Injected returns the number of tasks in the injection queue: exact while
	// the lock is held, otherwise a hint that is never torn.
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
