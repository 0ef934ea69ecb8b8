package profile

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// A Wait is what a goroutine or thread waits for.
type Wait string

const (
	Lock        Wait = "lock"         // a mutex of package sync
	RuntimeLock Wait = "runtime lock" // a lock inside Go's runtime, of its scheduler or a channel
	Event       Wait = "event"        // a channel, a condition variable, a wait group
	Idle        Wait = "idle"         // an event, by a worker that has nothing to do
)

// Waits returns all of them, from the one of most interest.
func Waits() []Wait { return []Wait{Lock, RuntimeLock, Event, Idle} }

// A Contention is who waited for whom.
type Contention struct {
	Blames string  `json:"blames"` // "unlockers" or "waiters": whose the sites are
	Totals []Total `json:"totals"` // of each wait that there is, in the order of Waits
	Sites  []Site  `json:"sites"`  // by wait as in Totals, then the longest waits first
}

// A Total is of all sites with the same wait.
type Total struct {
	Wait        Wait          `json:"wait"`
	Contentions int64         `json:"contentions"`
	Waited      time.Duration `json:"waited_ns"`
}

// A Site is a place in the code: the innermost call on the stack that is not
// Go's own, sync and impls/prim included.
type Site struct {
	Frame
	Through     string        `json:"through"` // what was called there: sync.(*Mutex).Unlock
	Wait        Wait          `json:"wait"`
	Contentions int64         `json:"contentions"`
	Waited      time.Duration `json:"waited_ns"`
	Share       float64       `json:"share"` // of the time of all sites with the same wait, 0 to 1
}

// Contention returns the sites of a mutex or block profile.
func (p *Profile) Contention() (Contention, error) {
	if !p.Kind.Waits() {
		return Contention{}, fmt.Errorf("profile %s: a %s profile has no contention: give a mutex or a block profile", p.File, p.Kind)
	}
	type key struct {
		function, file string
		line           int64
		through        string
		wait           Wait
	}
	sites := make(map[key]*Site)
	totals := make(map[Wait]*Total)
	for _, s := range p.stacks {
		at, through := site(s.frames)
		k := key{at.Function, at.File, at.Line, through, s.wait}
		if sites[k] == nil {
			sites[k] = &Site{Frame: *at, Through: through, Wait: s.wait}
		}
		sites[k].Contentions += s.events
		sites[k].Waited += time.Duration(s.time)
		if totals[s.wait] == nil {
			totals[s.wait] = &Total{Wait: s.wait}
		}
		totals[s.wait].Contentions += s.events
		totals[s.wait].Waited += time.Duration(s.time)
	}
	c := Contention{Blames: Blames(p.Kind), Totals: []Total{}, Sites: []Site{}}
	for _, w := range Waits() {
		total := totals[w]
		if total == nil {
			continue
		}
		c.Totals = append(c.Totals, *total)
		var of []Site
		for _, s := range sites {
			if s.Wait == w {
				if total.Waited > 0 {
					s.Share = float64(s.Waited) / float64(total.Waited)
				}
				of = append(of, *s)
			}
		}
		slices.SortFunc(of, func(a, b Site) int {
			return cmp.Or(
				cmp.Compare(b.Waited, a.Waited),
				cmp.Compare(b.Contentions, a.Contentions),
				cmp.Compare(a.Function, b.Function),
				cmp.Compare(a.File, b.File),
				cmp.Compare(a.Line, b.Line),
				cmp.Compare(a.Through, b.Through),
			)
		})
		c.Sites = append(c.Sites, of...)
	}
	return c, nil
}

// site returns where a stack left the user's code, and what it called there. A
// stack that is Go's own all through has the caller of the innermost function.
func site(frames []*Frame) (at *Frame, through string) {
	for i, f := range frames {
		if f.Class != Runtime {
			return f, frames[max(0, i-1)].Name
		}
	}
	return frames[min(1, len(frames)-1)], frames[0].Name
}

// wait returns what a stack waits for.
func wait(k Kind, frames []*Frame) Wait {
	leaf := frames[0].Function
	switch {
	case isRuntimeUnlock(leaf):
		return RuntimeLock
	case k == Mutex || isLock(leaf):
		return Lock
	}
	for _, f := range frames {
		_, method := receiver(f.Function)
		if method == "Park" && (f.Class == Parker || f.Class == Implementation) {
			return Idle
		}
	}
	return Event
}

// evidence reports whether stacks end where those of mutex profiles do, and whether
// some end where those of block profiles do. An unknown end says nothing.
func evidence(stacks []stack) (unlock, block bool) {
	for _, s := range stacks {
		switch leaf := s.frames[0].Function; {
		case isRuntimeUnlock(leaf) || isUnlock(leaf):
			unlock = true
		case isLock(leaf) || blocks[leaf]:
			block = true
		}
	}
	return unlock, block
}

// blocks are functions in which a goroutine waits for an event.
var blocks = set(`sync.(*Cond).Wait sync.(*WaitGroup).Wait runtime.chanrecv1 runtime.chanrecv2
	runtime.chansend1 runtime.selectgo`)

func isRuntimeUnlock(function string) bool {
	return function == "runtime._LostContendedRuntimeLock" || function == "runtime.unlock" || function == "runtime.unlock2"
}

func isUnlock(function string) bool {
	of, method := receiver(function)
	return isMutex(of) && (method == "Unlock" || method == "RUnlock" || method == "unlockSlow" || method == "rUnlockSlow")
}

func isLock(function string) bool {
	of, method := receiver(function)
	return isMutex(of) && (method == "Lock" || method == "RLock" || method == "lockSlow")
}

func isMutex(of string) bool {
	return of == "sync.(*Mutex)" || of == "sync.(*RWMutex)" || of == "internal/sync.(*Mutex)"
}

// receiver splits "a/b.(*T).M" after the receiver. A function that is no method,
// or is inside of one, has no method.
func receiver(function string) (of, method string) {
	pkg, name := split(function)
	if of, method, ok := strings.Cut(name, ")."); ok && !strings.Contains(method, ".") {
		return pkg + "." + of + ")", method
	}
	if of, method, ok := strings.Cut(name, "."); ok && !strings.Contains(method, ".") && !strings.HasPrefix(name, "(") {
		return pkg + "." + of, method
	}
	return "", ""
}
