package wakingtoken

import (
	"github.com/idlebench/idlebench/impls"
	"github.com/idlebench/idlebench/impls/tied"
)

// Park makes the worker a sleeper, unless there is a note.
func (i *Idle) Park(w int, core *impls.Core) (*impls.Core, impls.Reason) {
	if core == nil {
		return i.Enter(w)
	}
	core.Searching = false
	if !i.lieDown(w, &i.holds[core.Index].token) {
		return i.Leave(core, impls.Kept)
	}
	i.Sleep(w)
	i.holds[core.Index].token = true
	i.clearNote()
	return i.Leave(core, impls.Woken)
}

// lieDown makes the worker a sleeper without a token and reports true, or clears the
// note and reports false.
func (i *Idle) lieDown(w int, hasToken *bool) bool {
	for {
		word := i.word.Load()
		switch {
		case word&closed != 0:
			return false
		case word&note != 0:
			if i.replace(word, word&^note) {
				return false
			}
		default:
			asleep := i.pushed(word, w)
			if *hasToken {
				asleep -= token
			}
			if i.replace(word, asleep) {
				*hasToken = false
				return true
			}
		}
	}
}

// clearNote is for a worker that wakes, which will look into all queues.
func (i *Idle) clearNote() {
	for {
		word := i.word.Load()
		if word&note == 0 || word&closed != 0 || i.replace(word, word&^note) {
			return
		}
	}
}

// Shutdown closes the manager and returns the cores that no worker has taken.
func (i *Idle) Shutdown() []*impls.Core { return i.ShutdownBy(i.wakeAll) }

// wakeAll closes the word, which takes all sleepers from the stack, and wakes them. No
// worker changes the links any more.
func (i *Idle) wakeAll() {
	word := i.word.Load()
	for !i.replace(word, word&^tied.TopMask|closed|note) {
		word = i.word.Load()
	}
	for n := top(word); n != 0; {
		w := n - 1
		n = int(i.links[w].below.Load())
		i.Choose(w, nil)
	}
}
