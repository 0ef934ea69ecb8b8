package workload

import (
	"time"

	"github.com/idlebench/idlebench/impls/prim"
	"github.com/idlebench/idlebench/loadgen/host"
)

var pingPong = Workload{
	Name:  "ping_pong",
	About: "tasks that each spawn another and exchange two messages with it",
	Doc: "Tokio's benchmark of the same name (benches/rt_multi_threaded.rs): one task spawns 1,000; each of " +
		"these spawns an inner one, sends to it and waits for its answer, over two oneshot channels; 4 " +
		"workers. An operation is all of it. A sample is the time from the message to the answer, for every " +
		"8th pair. Most of this could stay on one worker, so waking another has to pay for itself here.",
	Submits: "One goroutine submits the first task and blocks until the last has run. The pool's own workers " +
		"submit everything else, so what submits the first task matters little.",
	Sample:  "task",
	Primary: "ns/op",
	Params: []Param{
		{
			Name:    "pings",
			About:   "pairs of tasks",
			Default: "1000",
			Parse:   count(1, 1_000_000),
		},
		submitterParam(Block),
	},
	Workers:    tokioWorkers,
	MinWorkers: tokioWorkers,
	New: func(v Values) Load {
		l := &pingPongLoad{pings: make([]ping, v.Int("pings"))}
		for i := range l.pings {
			p := &l.pings[i]
			p.load = l
			p.inner.ping = p
			p.sampled = i%sampleEvery == 0
		}
		return l
	},
}

type pingPongLoad struct {
	g         *Generator
	pings     []ping
	remaining prim.Int64
}

func (l *pingPongLoad) Run(g *Generator, limit time.Duration) (Totals, error) {
	l.g = g
	return g.Repeat(limit, 1+2*len(l.pings), l.op) // the spawning task and two for each ping
}

func (l *pingPongLoad) op() (int64, error) {
	l.remaining.Store(int64(len(l.pings)))
	l.g.own().arrive()
	start := l.g.Now()
	if err := l.g.Submit(start, (*pingPongTask)(l)); err != nil {
		return 0, err
	}
	return l.g.Finish(start), nil
}

// A pingPongTask is the load as the task that spawns the others.
type pingPongTask pingPongLoad

func (l *pingPongTask) Run(w host.Worker) {
	for i := range l.pings {
		p := &l.pings[i]
		p.sent = false
		p.message.reset()
		p.answer.reset()
		w.Spawn(p)
	}
}

// A ping is the outer task of a pair. It runs twice if the answer has not arrived when
// it first checks.
type ping struct {
	load            *pingPongLoad
	inner           pong
	message, answer oneshot
	sent            bool
	sampled         bool
	start           int64
}

func (p *ping) Run(w host.Worker) {
	if !p.sent {
		p.sent = true
		w.Spawn(&p.inner)
		if p.sampled {
			p.start = p.load.g.Now()
		}
		p.message.send(w)
		if !p.answer.receive(p) {
			return // spawned again by the answer
		}
	}
	if p.sampled {
		p.load.g.Sample(w, p.start)
	}
	if p.load.remaining.Add(-1) == 0 {
		p.load.g.Done()
	}
}

// A pong is the inner task of a pair.
type pong struct{ ping *ping }

func (p *pong) Run(w host.Worker) {
	if !p.ping.message.receive(p) {
		return // spawned again by the message
	}
	p.ping.answer.send(w)
}

// A oneshot is a channel for one message without contents. A task that receives
// before the message was sent is spawned again by the sender.
type oneshot struct {
	state    prim.Int32
	receiver host.Task // set before state becomes oneshotAwaited
}

const (
	oneshotEmpty = iota
	oneshotAwaited
	oneshotSent
)

func (o *oneshot) reset() { o.state.Store(oneshotEmpty) }

func (o *oneshot) send(w host.Worker) {
	if o.state.Swap(oneshotSent) == oneshotAwaited {
		w.Spawn(o.receiver)
	}
}

// receive reports whether the message is there. If not, t will be spawned when
// it is.
func (o *oneshot) receive(t host.Task) bool {
	o.receiver = t
	return !o.state.CompareAndSwap(oneshotEmpty, oneshotAwaited)
}
