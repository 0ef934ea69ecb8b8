package explore

import "math/rand/v2"

// Random chooses uniformly, from a seed.
func Random(seed uint64) Strategy { return &random{rng: rand.New(rand.NewPCG(seed, 0))} }

type random struct{ rng *rand.Rand }

func (r *random) draws()                                     {}
func (r *random) begin(*execution)                           {}
func (r *random) end(*execution) bool                        { return true }
func (r *random) complete() bool                             { return false }
func (r *random) thread(_ *execution, can []*thread) *thread { return can[r.rng.IntN(len(can))] }
func (r *random) value(_ *execution, n int) int              { return r.rng.IntN(n) }

// PCT gives each thread a random priority and lets the highest go on; at
// depth-1 random steps it lowers that of the thread that is running. It finds a
// bug that needs depth orderings with a probability of at least
// 1/(threads × steps^(depth-1)) in each execution.
func PCT(depth int, seed uint64) Strategy {
	return &pct{random: random{rng: rand.New(rand.NewPCG(seed, 1))}, depth: depth, steps: 50}
}

type pct struct {
	random
	depth    int
	steps    int         // of the longest execution so far, to place the changes
	priority map[int]int // by thread; higher goes first
	changes  map[int]int // by step, the new priority
}

func (p *pct) begin(*execution) {
	p.priority = make(map[int]int)
	p.changes = make(map[int]int)
	for i := range p.depth - 1 {
		p.changes[p.rng.IntN(p.steps)] = -i // below all that threads begin with
	}
}

func (p *pct) thread(x *execution, can []*thread) *thread {
	best := p.best(can)
	if low, ok := p.changes[len(x.trace)]; ok {
		p.priority[best.id] = low
		best = p.best(can)
	}
	return best
}

func (p *pct) best(can []*thread) *thread {
	var best *thread
	for _, t := range can {
		if _, ok := p.priority[t.id]; !ok {
			p.priority[t.id] = 1 + p.rng.IntN(1<<30)
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
