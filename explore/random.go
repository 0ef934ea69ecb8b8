package explore

import "math/bits"

// Random chooses uniformly, from a seed. The same seed gives the same executions
// of a program in one version of this package.
func Random(seed uint64) Strategy { return &random{newGenerator(seed)} }

type random struct{ rng generator }

// A generator is SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), which costs less
// than a step does; math/rand/v2 costs about as much.
type generator uint64

func newGenerator(seed uint64) generator { return generator(mix(seed)) }

// intN returns a number from 0 to n-1. Its bias is less than n/2⁶⁴.
func (g *generator) intN(n int) int {
	*g += golden
	high, _ := bits.Mul64(mix(uint64(*g)), uint64(n))
	return int(high)
}

func (r *random) samples()                      {}
func (r *random) begin(*execution)              {}
func (r *random) end(*execution) bool           { return true }
func (r *random) complete() bool                { return false }
func (r *random) value(_ *execution, n int) int { return r.rng.intN(n) }

func (r *random) thread(x *execution, can threadSet) *thread {
	return x.threads[can.nth(r.rng.intN(can.len()))]
}

// PCT gives each thread a random priority and always runs the highest; at depth-1
// random steps it lowers the priority of the thread that is running. It finds a bug
// that needs depth orderings with a probability of at least
// 1/(threads × steps^(depth-1)) in each execution.
func PCT(depth int, seed uint64) Strategy {
	return &pct{
		random:  random{newGenerator(seed)},
		changes: make([]int, max(0, depth-1)),
		steps:   50,
	}
}

type pct struct {
	random
	steps    int             // of the longest execution so far, to place the changes
	changes  []int           // the steps at which priorities are lowered, to 0, -1, …
	priority [maxThreads]int // by thread; higher goes first
	assigned threadSet       // have a priority
}

func (p *pct) begin(*execution) {
	p.assigned = 0
	for i := range p.changes {
		p.changes[i] = p.rng.intN(p.steps)
	}
}

func (p *pct) thread(x *execution, can threadSet) *thread {
	best := p.best(x, can)
	for i := len(p.changes) - 1; i >= 0; i-- { // of two at one step the later is lower
		if p.changes[i] == len(x.trace) {
			p.priority[best.id] = -i // below all initial priorities
			return p.best(x, can)
		}
	}
	return best
}

func (p *pct) best(x *execution, can threadSet) *thread {
	var best *thread
	for ; can != 0; can &= can - 1 {
		t := x.threads[can.first()]
		if !p.assigned.has(t) {
			p.assigned |= only(t)
			p.priority[t.id] = 1 + p.rng.intN(1<<30)
		}
		if best == nil || p.priority[t.id] > p.priority[best.id] {
			best = t
		}
	}
	return best
}

func (p *pct) end(x *execution) bool {
	p.steps = max(p.steps, len(x.trace))
	return true
}
