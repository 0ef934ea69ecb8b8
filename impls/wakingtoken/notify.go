package wakingtoken

import "github.com/idlebench/idlebench/impls"

// NotifyLocal makes sure that a worker will look into all queues.
func (i *Idle) NotifyLocal(*impls.Core) { i.notify() }

// NotifyRemote does the same.
func (i *Idle) NotifyRemote() { i.notify() }

// NotifyMult does the same: those that find a task wake the others.
func (i *Idle) NotifyMult(int) { i.notify() }

// notify takes the publisher's steps. The first is apart so that it can be inlined.
func (i *Idle) notify() {
	if i.word.Load()&note == 0 {
		i.leaveNote()
	}
}

// leaveNote sets the note, and wakes a worker if none is waking.
func (i *Idle) leaveNote() {
	for {
		word := i.word.Load()
		switch {
		case word&note != 0:
			return
		case word&tokens == 0 && top(word) != 0:
			if rest, w := i.popped(word); i.replace(word, rest|note) {
				i.Choose(w, nil)
				return
			}
		case i.replace(word, word|note):
			return
		}
	}
}

// Found ends the search of the worker with core, which has found work.
func (i *Idle) Found(core *impls.Core) {
	core.Searching = false
	if holds := &i.holds[core.Index]; holds.token {
		holds.token = false
		i.pass()
	} else if i.Queues.Stealable(core.Index) || i.Queues.Injected() > 0 {
		i.notify()
	}
}

// pass gives a token to the next sleepers, or back if there are none. Then the note
// says that there may be more work.
func (i *Idle) pass() {
	for {
		word := i.word.Load()
		if word&closed != 0 {
			return // Shutdown has woken all
		}
		var woken [maxFanOut]int
		n, rest := 0, word-token|note
		for n < i.fanOut && top(rest) != 0 {
			rest, woken[n] = i.popped(rest)
			n++
		}
		if i.replace(word, rest) {
			for _, w := range woken[:n] {
				i.Choose(w, nil)
			}
			return
		}
	}
}
