package explore

// A turn is the state of a thread that makes scheduling fair to the threads that
// do not spin. Without it two threads could yield to each other forever, while a
// third that would end their wait never runs. No real scheduler does that for long,
// so it is no livelock of the program.
//
// The rule is that of Musuvathi and Qadeer (Fair Stateless Model Checking, PLDI
// 2008): after a yield, the thread has to wait for those that could have gone on
// ever since its previous yield, or that it disabled, and that took no step
// meanwhile. The first yield has no previous one and costs nothing. Schedules in
// which each thread yields at most once between two steps of any other are all
// explored.
type turn struct {
	yields bool      // the thread's last step was a yield
	after  threadSet // the thread waits while one of these can go on

	// Since the last yield:
	could    threadSet // could go on all the time
	disabled threadSet // cannot go on because of this thread
	did      threadSet // took a step
}

var firstTurn = turn{disabled: all, did: all}

// account is called after each step with the threads whose next operation is
// possible now.
func (x *execution) account(possible threadSet) {
	t := x.running
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

// turns returns a hash of the turns of all threads.
func (x *execution) turns() history {
	var sum history
	for _, t := range x.threads {
		for i, set := range [...]threadSet{t.turn.after, t.turn.could, t.turn.disabled, t.turn.did} {
			for _, other := range x.threads {
				if set.has(other) {
					sum += t.history.after(other.history).after(history(i))
				}
			}
		}
	}
	return sum
}
