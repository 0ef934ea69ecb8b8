package cpu

// Allowed returns the CPUs this process was given: its initial affinity, without CPUs
// that were offline. [Confine] and [PinThread] do not change it.
//
// On systems that cannot pin it returns as many CPUs, from 0, as
// runtime.NumCPU says.
func Allowed() (Set, error) { return allowed() }

// Confine sets the affinity of every thread of the process to the given CPUs, and
// thereby that of future threads. It returns a function that undoes this: it restores
// the affinity of the threads that are still there, and gives newer threads the
// process's initial affinity ([Allowed]). Like Confine itself it includes pinned
// threads, so their goroutines should have ended.
//
// If it fails, it has undone its changes. Where threads cannot be pinned it does
// nothing.
func Confine(to Set) (restore func() error, err error) { return confine(to) }

// PinThread pins the calling thread to one CPU, and verifies that the kernel
// says so and that the thread is running there. The caller must have locked its
// goroutine to the thread and must never unlock it, but return; see the package
// documentation for what happens otherwise. This holds after an error, too: the
// thread may have been pinned.
//
// Where threads cannot be pinned the error is errors.ErrUnsupported.
func PinThread(cpu int) error { return pinThread(cpu) }

// ConfineThread lets a thread of this process run on the given CPUs only. It is no
// error if the thread has ended. Where threads cannot be pinned it does nothing.
func ConfineThread(tid int, to Set) error { return confineThread(tid, to) }

// A Thread is a thread of this process.
type Thread struct {
	ID       int // as from [ThreadID]
	Affinity Set
}

// Strays returns the threads of this process, other than those whose ids are
// given, that may run on some of the reserved CPUs. Before measuring, call it
// with [Plan.Reserved] and the ids of the pinned workers: if it returns any, the
// measurement is not valid.
//
// Where threads cannot be pinned it returns none, which proves nothing.
func Strays(reserved Set, pinned ...int) ([]Thread, error) { return strays(reserved, pinned) }

// Threads returns all threads of this process with their affinities. A CPU that
// was taken offline is in none.
//
// Where threads cannot be pinned it returns none, which proves nothing.
func Threads() ([]Thread, error) { return threadAffinities() }

// ThreadID returns the kernel's id of the calling thread. It is useful only to a
// goroutine that is locked to its thread. On systems other than Linux it is 0.
func ThreadID() int { return threadID() }

// CurrentCPU returns the CPU the caller was running on when asked; unless pinned it may
// be on another by now. It costs a system call. It returns -1 if the CPU is unknown.
func CurrentCPU() int { return currentCPU() }

// Migrations returns how often a thread of this process has moved from one CPU to
// another since it began. Being pinned can be such a move. So compare two readings
// taken while the thread was pinned: they are equal unless its affinity was changed in
// between.
//
// Only Linux counts them, and not every kernel shows the count. If it is not available
// the error is errors.ErrUnsupported.
func Migrations(tid int) (int64, error) { return migrations(tid) }

// Yield lets another thread run on the calling thread's CPU, if one wants to. Where the
// system's call for that is not known, it yields to another goroutine.
func Yield() { yield() }
