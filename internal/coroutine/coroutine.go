// Package coroutine has threads of control of which exactly one runs at any time.
// The one that runs hands over to another directly: there is no scheduler in
// between, so a switch costs one swap of goroutines.
//
// Go has coroutines only as [iter.Pull]. It makes a goroutine and a seat, in which
// one goroutine is parked; a call of next or yield swaps the caller with the one in
// the seat. The runtime does not care who calls, as long as next and yield
// alternate. So with n goroutines besides the first there are n seats, one
// goroutine runs and each of the others sits in some seat, not necessarily its own.
// To hand over is to swap in the seat of the goroutine that is to run.
package coroutine

import "iter"

// A Coroutine is a thread of control. The zero value is the goroutine that hands
// over to another first.
type Coroutine struct {
	own   seat
	at    *seat // where it is parked, unless it runs
	group *Group
}

// A seat is the two ends of an iter.Pull.
type seat struct {
	next   func() (struct{}, bool)
	yield  func(struct{}) bool
	stop   func()
	pulled bool // the last swap was a call of next
}

// A Group is the coroutines that hand over to each other. Its first member is the
// goroutine that made the group.
type Group struct {
	main    Coroutine
	members []*Coroutine
	closing bool
}

// Main returns the goroutine that made the group, as a coroutine.
func (g *Group) Main() *Coroutine {
	g.main.group = g
	return &g.main
}

// A Released is the panic that unwinds a coroutine in HandOver when its group is
// released. It must be let through.
type Released struct{}

// Create makes c a coroutine of the group. When another hands over to it for the
// first time it calls f. At its end f returns the coroutine that goes on.
func (g *Group) Create(c *Coroutine, f func() (next *Coroutine)) {
	c.group = g
	c.own.next, c.own.stop = iter.Pull(func(yield func(struct{}) bool) {
		c.own.yield = yield
		defer func() {
			if r := recover(); r != nil && r != (Released{}) {
				panic(r)
			}
		}()
		if !g.closing {
			next := f()
			c.HandOver(next)
		}
	})
	c.at = &c.own
	g.members = append(g.members, c)
}

// HandOver parks c, the caller, and runs another coroutine of its group. It returns
// when another hands over to c. It panics with Released if the group is released
// instead.
func (c *Coroutine) HandOver(to *Coroutine) {
	if next, yield := c.Take(to); next != nil {
		next()
	} else {
		yield(struct{}{})
	}
	c.Resumed()
}

// Take and Resumed are what HandOver does before and after it calls one of the two
// functions, that which is not nil. After a switch the processor predicts returns from
// the stack of the other goroutine, so each call that is open at the switch costs a
// misprediction. A caller that hands over very often can make the call itself.
func (c *Coroutine) Take(to *Coroutine) (next func() (struct{}, bool), yield func(struct{}) bool) {
	s := to.at
	c.at = s
	if s.pulled = !s.pulled; s.pulled {
		return s.next, nil
	}
	return nil, s.yield
}

// Resumed is documented with Take.
func (c *Coroutine) Resumed() {
	if c.group.closing && c != &c.group.main {
		c.leave()
	}
}

// leave is HandOver's return in a group that is released. First the coroutine goes
// to its own seat, and lets the one that sits there do the same; control comes
// back to the main coroutine at the end of the cycle. From its own seat it is
// resumed by stop, and unwinds.
func (c *Coroutine) leave() {
	if c.at == &c.own {
		panic(Released{})
	}
	to := &c.group.main
	for _, m := range c.group.members {
		if m != c && m.at == &c.own {
			to = m
		}
	}
	c.HandOver(to)
}

// Release unwinds all coroutines of the group and ends their goroutines. Only Main
// may call it, and no coroutine of the group may be used afterwards.
func (g *Group) Release() {
	g.closing = true
	for _, c := range g.members {
		if c.at != &c.own {
			g.Main().HandOver(c)
		}
	}
	stop(g.members)
}

// stop is a recursion so that it reaches all even if one passes on a
// runtime.Goexit, such as that of testing.T.FailNow.
func stop(members []*Coroutine) {
	if len(members) > 0 {
		defer stop(members[1:])
		members[0].own.stop()
	}
}
