package explore

// A turn is what is kept of a thread so that threads which spin make way for the
// others. Without it two of them could yield to each other forever, while a third
// never goes on that would end their wait. No scheduler that deserves the name
// does that, so it is no livelock of the program.
//
// The rule is that of Musuvathi and Qadeer (Fair Stateless Model Checking, PLDI
// 2008): at a yield, the thread has to wait for those that could have gone on
// ever since its yield before, or that it kept from going on, and that did not
// get a step meanwhile. The first yield has none before it and costs nothing.
// Schedules in which each thread yields at most once between two steps of any
// other are all explored.
type turn struct {
	yields bool      // the thread's last step was a yield
	after  threadSet // the thread waits while one of these can go on

	// Since the last yield:
	could    threadSet // could go on all the time
	disabled threadSet // cannot go on because of this thread
	did      threadSet // took a step
}

var firstTurn = turn{disabled: all, did: all}

// A threadSet is a set of threads of an execution.
type threadSet uint64

const (
	maxThreads = 64
	all        = ^threadSet(0)
)

func only(t *thread) threadSet { return 1 << t.id }

// account is called after each step with the threads whose next operation is
// possible now.
func (x *execution) account(possible threadSet) {
	t := x.last
	for _, other := range x.threads {
		u := &other.turn
		u.after &^= only(t)
		u.could &= possible
		u.did |= only(t)
	}
	u := &t.turn
	u.disabled |= x.possible &^ possible
	if u.yields {
		u.after |= (u.could | u.disabled) &^ u.did
		u.could, u.disabled, u.did, u.yields = possible, 0, 0, false
	}
}

// turns returns a number for what is kept of all turns.
func (x *execution) turns() history {
	var sum history
	for _, t := range x.threads {
		for i, set := range [...]threadSet{t.turn.after, t.turn.could, t.turn.disabled, t.turn.did} {
			for _, other := range x.threads {
				if set&only(other) != 0 {
					sum += t.history.after(other.history).after(history(i))
				}
			}
		}
	}
	return sum
}
